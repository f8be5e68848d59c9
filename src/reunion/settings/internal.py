"""The internal site: everybody who works in an agency, after sign-in with two factors."""

from __future__ import annotations

from pathlib import Path

from reunion.base.attachments.rules import LARGEST
from reunion.base.keyring import Keyring
from reunion.settings.common import *  # noqa: F403  # a settings module is the sum of its parts
from reunion.settings.common import HOME, KEYS, MODE, PACKAGE, TLS
from reunion.settings.environment import value
from reunion.settings.headers import (  # noqa: F401  # Django reads them here
    CONTENT_SECURITY_POLICY,
    PERMISSIONS_POLICY,
    SECURE_CROSS_ORIGIN_OPENER_POLICY,
    SECURE_HSTS_INCLUDE_SUBDOMAINS,
    SECURE_HSTS_SECONDS,
    SECURE_REDIRECT_EXEMPT,
    SECURE_REFERRER_POLICY,
    SECURE_SSL_REDIRECT,
)
from reunion.settings.logs import LOGGING  # noqa: F401  # the same

KEYRING = Keyring(KEYS / "internal")
SECRET_KEY = KEYRING.secret_text("site")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "reunion.base.pages",
    "reunion.base.audit",
    "reunion.base.keys",
    "reunion.base.units",
    "reunion.base.permissions",
    "reunion.base.accounts",
    "reunion.base.jobs",
    "reunion.base.notices",
    "reunion.base.searches",
    "reunion.base.tokens",
    "reunion.base.webhooks",
    "reunion.base.attachments",
    "reunion.base.approvals",
    "reunion.base.assignments",
    "reunion.base.emergency",
    "reunion.base.rights",
    "reunion.base.exports",
    "reunion.base.published",
    "reunion.base.inbox",
    "reunion.base.publication",
    "reunion.base.correspondence",
    "reunion.base.operations",
]
# In production the demonstration is not there at all: no sign-in shows a code or does without key.
KEY_WAIVER = ""
if MODE == "demo":
    INSTALLED_APPS += ["reunion.demo"]
    KEY_WAIVER = "reunion.demo.access.is_demo_account"
PUBLIC_ADDRESS = value("PUBLIC_ADDRESS")
AUTH_USER_MODEL = "accounts.Account"
AUDIT_SOURCES: tuple[str, ...] = ("audit.AuditEntry", "inbox.SettledEntry")

ROOT_URLCONF = "reunion.web.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "reunion.web.headers.PrivatePages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "reunion.web.refusals.Refusals",
    "reunion.base.accounts.middleware.Gate",
    "reunion.web.bodies.BodyLimit",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],  # first: it restyles the pages of allauth
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "reunion.web.context.site",
            ],
        },
    },
]
DJANGO_TABLES2_TEMPLATE = "components/table.html"
STATICFILES_DIRS = [
    PACKAGE / "web" / "static",
    # The outlines of each country, for maps: boundaries/CODE/LEVEL.topojson.
    *(
        (f"boundaries/{folder.parent.name}", folder)
        for folder in sorted((PACKAGE / "packs" / "data").glob("*/boundaries"))
    ),
]
# `reunion serve` and `reunion run` collect them, under names that hold their sums, compressed.
STATIC_ROOT: Path | None = HOME / "static"
STORAGES = {"staticfiles": {"BACKEND": "reunion.web.static_files.Storage"}}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

# What is sent is held in memory: a file of 2.5 MB would lie in clear on a disk otherwise.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20  # the fields of a form
LARGEST_BODY = LARGEST + DATA_UPLOAD_MAX_MEMORY_SIZE  # one attachment, and a form with it
FILE_UPLOAD_MAX_MEMORY_SIZE = LARGEST_BODY
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# Sessions and cookies (docs/decisions/0009).
SESSION_ENGINE = "reunion.base.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-s" if TLS else "s"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = TLS
CSRF_COOKIE_NAME = "__Host-c" if TLS else "c"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "__Host-l" if TLS else "l"
LANGUAGE_COOKIE_SECURE = TLS
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# What all processes of the site must remember together: used codes and counts of failures.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_remembered",
        "KEY_FUNCTION": "reunion.base.accounts.cache.hidden_key",
        # So many that a flood of failed sign-ins cannot push a used code out.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
}

# Passwords.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login",)},
    },
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# django-allauth: sign-in and second factors only; nothing by mail, no sign-up.
ACCOUNT_ADAPTER = "reunion.base.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "reunion.base.accounts.forms.SignInForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# By name alone: an office behind one address must not be locked out as one. `login_failed` counts
# codes of second factors too; five in an hour leave a guesser 5e-6.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "5/h/key",
    "reauthenticate": "20/h/user",
}
MFA_ADAPTER = "reunion.base.accounts.adapters.FactorAdapter"
MFA_FORMS = {
    "add_webauthn": "reunion.base.accounts.forms.AddKeyForm",
    "edit_webauthn": "reunion.base.accounts.forms.RenameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = "Reunion"
# 0: a code is remembered as used for one period only, so it must not be good for longer.
MFA_TOTP_TOLERANCE = 0
MFA_RECOVERY_CODES_SHOW_ONCE = True

# django-axes: five wrong passwords shut a name for an hour, whoever tried, from wherever.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "reunion.base.accounts.attempts.name_of"
AXES_CLIENT_IP_CALLABLE = "reunion.base.accounts.attempts.no_address"
AXES_LOCKOUT_CALLABLE = "reunion.base.accounts.attempts.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["password", "csrfmiddlewaretoken", "login", "code", "credential"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # that addresses do not count is meant: see above
