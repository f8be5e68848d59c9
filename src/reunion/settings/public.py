"""The public site: everybody, without accounts. It reads what is published, and fills the inbox.

No session, no sign-in, no cookie of any kind; it holds public keys of desks, the pepper and salt of
receipts, and nothing that opens what was sent.
"""

from __future__ import annotations

import secrets

from reunion.base.inbox.receipts import KDF
from reunion.base.keyring import Keyring
from reunion.settings.common import *  # noqa: F403  # a settings module is the sum of its parts
from reunion.settings.common import DATABASES as _ALL
from reunion.settings.common import KEYS, PACKAGE, TLS

KEYRING = Keyring(KEYS / "public")
SECRET_KEY = KEYRING.secret_text("site")
RECEIPT_KDF = KDF
# Of the memory alone. The server loads the settings once, before it makes its processes, so that
# all of them have the same; it is gone with them.
CAPABILITY_KEY = secrets.token_bytes(32)

# There is no way from here to the other stores: not even their addresses are known.
DATABASES = {"default": {}, "published": _ALL["published"], "inbox": _ALL["inbox"]}
INSTALLED_APPS = ["reunion.base.published", "reunion.base.inbox", "django.forms"]

ROOT_URLCONF = "reunion.web.public_urls"
# CsrfViewMiddleware would set a cookie. There is no authority of a browser here that another site
# could abuse; each form carries a ticket, and the guard refuses forms that other sites send.
MIDDLEWARE = [
    "reunion.web.public_language.Language",  # first: the guard has something to say as well
    "reunion.web.public_guard.Guard",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.i18n",
                "reunion.web.public_context.site",
            ],
        },
    },
]
WHITENOISE_ROOT = PACKAGE / "web" / "public_files"
WHITENOISE_ALLOW_ALL_ORIGINS = False
SECURE_SSL_REDIRECT = False  # the proxy's; an answer in clear would only teach people to come so
USE_X_FORWARDED_HOST = False

# Nothing that is sent is ever written to a disk in clear.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
LARGEST_BODY = 256 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = LARGEST_BODY
DATA_UPLOAD_MAX_MEMORY_SIZE = LARGEST_BODY
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50

# No request in any record: of a fault, its class and the place in our code.
ADMINS: list[tuple[str, str]] = []
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": True,
    "formatters": {"bare": {"()": "reunion.web.public_log.Bare"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "bare"}},
    "root": {"handlers": ["stderr"], "level": "ERROR"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
HSTS = "max-age=31536000; includeSubDomains" if TLS else ""
