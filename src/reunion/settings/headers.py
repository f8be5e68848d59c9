"""The headers of the internal site: nothing from elsewhere, no inline script, no device."""

from __future__ import annotations

from csp.constants import NONCE, NONE, SELF

from reunion.settings.common import TLS

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "microphone", "geolocation", "usb", "payment")
}
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# no-referrer would break the check of forms over HTTPS: browsers then send `Origin: null`.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_SSL_REDIRECT = TLS
# Whoever watches over the processes asks on this machine, without a proxy.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
