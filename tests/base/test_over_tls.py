"""With TLS on, cookies are bound to this host and Django's own check for deployment is content."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import json, django
django.setup()
from django.conf import settings
from django.core import checks
found = checks.run_checks(include_deployment_checks=True)
names = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_SAMESITE",
         "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT")
print(json.dumps([[c.id for c in found if not c.is_silenced()],
                  {name: getattr(settings, name) for name in names}]))
"""


def test_cookies_and_checks_over_tls(tmp_path: Path) -> None:
    environment = os.environ | {
        "REUNION_HOME": str(tmp_path),
        "REUNION_TLS": "on",
        "DJANGO_SETTINGS_MODULE": "reunion.settings.internal",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    complaints, values = json.loads(ran.stdout)
    assert set(complaints) <= {"security.W021"}  # preloading is the operator's own decision
    assert values == {
        "SESSION_COOKIE_NAME": "__Host-s",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_NAME": "__Host-c",
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_SSL_REDIRECT": True,
    }
