"""What all processes have in common."""

from __future__ import annotations

from pathlib import Path

from reunion.settings.environment import check_variables, databases, home, keys_folder, value

check_variables()

HOME = home()
KEYS = keys_folder()
MODE = value("MODE")
JURISDICTION = value("JURISDICTION")
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
ALLOWED_HOSTS = value("ALLOWED_HOSTS").split(",")
DATABASES = databases()
DATABASE_ROUTERS = ["reunion.base.stores.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = value("LANGUAGE")
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
TLS = value("TLS") == "on"
