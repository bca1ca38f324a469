"""All settings, from the environment (launcher.variables is the table). Bad values stop the start, a line each."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

from core.pooled import PooledConnection
from launcher import checks, variables
from launcher import connection as launcher

BASE_DIR = Path(__file__).resolve().parent.parent
environ = os.environ


if problems := checks.problems(environ):
    raise ImproperlyConfigured("\n".join(problems))


def _get(name: str) -> Any:
    return variables.get(environ, name)


def _own_secret(name: str) -> str:
    """A secret this place made for itself at its first start, kept in SIGAP_HOME."""
    path = launcher.home(environ) / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)  # whoever comes first wins; everybody reads the same
        Path(file.name).unlink()
    return path.read_text(encoding="ascii")


# What kind of place this is
SIGAP_PLACE = launcher.place(environ)
SIGAP_HOME = launcher.home(environ)
SIGAP_TESTING = _get("SIGAP_TEST")
SIGAP_DEMO = _get("SIGAP_DEMO") and SIGAP_PLACE == "training"
SIGAP_TEST_CLOCK = _get("SIGAP_TEST_CLOCK") or ""
DEBUG = _get("DEBUG")
SIGAP_EXPOSURE_CHECK = "config.checks.problem"  # `up` asks it before it listens beyond loopback
SIGAP_START_CHECK = "config.zones.problem"  # `up` asks it when the database answers

SECRET_KEY = _get("SECRET_KEY") or _own_secret("secret_key")
ALLOWED_HOSTS = _get("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = _get("CSRF_TRUSTED_ORIGINS") or []
TLS = bool(_get("SIGAP_TLS_CERT")) if _get("SIGAP_TLS") is None else _get("SIGAP_TLS")

# Apps, one arrow: each may import only what stands after it
INSTALLED_APPS = [
    "config",
    "simulation",
    "dispatch",
    "directory",
    "plans",
    "staff",
    "calls",
    "units",
    "places",
    "alarms",
    "accounts",
    "core",
    "launcher",
    "bench",
    "channels",
    "ninja",
    "csp",
    "django.contrib.postgres",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "import_export",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "config.health_middleware.health_endpoints",
    "monitoring.metrics.count_requests",
    "django.middleware.security.SecurityMiddleware",
    "core.caching.NoStoreMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.problems.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "accounts.middleware.CentreZoneMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.cleaning.CleanTextMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.api.HeadMiddleware",
    "core.error_views.PageErrorMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "core.pages.place",
                "web.navigation.frame",
            ],
        },
    }
]

# PostgreSQL is the record and the queue. ATOMIC_REQUESTS stays off: core.events.transaction() opens every write.
DB_ROLE = launcher.role(environ)
_pool_max = _get("SIGAP_POOL_MAX")
DATABASES: dict[str, dict[str, Any]] = {"default": dict(launcher.database(environ, DB_ROLE))}
_options = DATABASES["default"].setdefault("OPTIONS", {})
if DB_ROLE == "app":
    _options |= launcher.LIVELY
    _options["pool"] = {
        "min_size": 2,
        "max_size": _pool_max,
        "timeout": 5,
        "connection_class": PooledConnection,
    }
    # PostgreSQL plans a statement that a connection repeats once, not each time.
    _options |= {"server_side_binding": True, "prepare_threshold": 2}
    # A test's transaction is open for as long as the test takes, on however slow a machine.
    _idle = "60s" if SIGAP_TESTING else "5s"
    _options["options"] = f"-c idle_in_transaction_session_timeout={_idle} -c lock_timeout=3s -c statement_timeout=15s"
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a pooled connection that died with its server is not handed out
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What a connection may take before a request is served (http_server)
WEB_PROCESSES = _get("SIGAP_WEB_PROCESSES")
HALF_OPEN_MAX = _get("SIGAP_HALF_OPEN_MAX")
REQUEST_SECONDS = _get("SIGAP_REQUEST_SECONDS")
LEAST_BYTES_A_SECOND = 1024

# Redis or Valkey: broker, rate limits, caches. Nothing that matters, so it may die (core.cache falls back).
REDIS_URL = launcher.redis_url(environ)
# In tests a busy machine must not pass for a server that is gone.
_cache_options = {"socket_timeout": 5, "socket_connect_timeout": 5} if SIGAP_TESTING else {}
CACHES = {"default": {"BACKEND": "core.cache.ForgivingCache", "LOCATION": REDIS_URL, "OPTIONS": _cache_options}}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["accounts.hashing.BoundedHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # one shift
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_SAVE_EVERY_REQUEST = False  # a session is not lengthened by use
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they name people: not in a cookie
CSRF_FAILURE_VIEW = "core.error_views.csrf_failed"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.allauth_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = (
    False  # a dict would be merged with allauth's own (login: 30/m/ip); accounts.sign_in_limits has ours
)
ACCOUNT_FORMS = {"login": "accounts.pages.auth_views.SignInForm"}
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_TIMEOUT = 300  # seconds between the password and the second factor
MFA_ADAPTER = "accounts.second_factor.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = MFA_PASSKEY_SIGNUP_ENABLED = MFA_TRUST_ENABLED = False
MFA_WEBAUTHN_USER_VERIFICATION = "discouraged"  # it stands beside a password
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = False

# Backups by the hour, and the free space that health asks for (monitoring.health.machine)
BACKUP_DIR = _get("BACKUP_DIR") or ""
BACKUP_EVERY = _get("BACKUP_EVERY")
DISK_FREE_PERCENT = _get("DISK_FREE_PERCENT")
DISK_FREE_MB = _get("DISK_FREE_MB")

# Maps: street tiles from one file of our own, beside the outlines that are always there
MAP_PMTILES = _get("MAP_PMTILES") or ""

# Words and times
LANGUAGE_CODE = _get("LANGUAGE_CODE")
LANGUAGES = [(code, LANG_INFO[code]["name_local"]) for code in variables.LANGUAGES]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = _get("TIME_ZONE")

# Files
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
STATIC_URL = "/static/"
STATIC_ROOT = SIGAP_HOME / "static"
STATICFILES_DIRS = [path for path in (BASE_DIR / "static", BASE_DIR / ".assets") if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if SIGAP_TESTING
        else "core.assets.HashedStaticFiles"
    },
}
WHITENOISE_USE_FINDERS = SIGAP_TESTING
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing

# Nothing on any screen comes from another host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# What a page may ask the browser for: a crew's place, the screen's lock, full screen, passkeys; nothing else.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "accelerometer": [],
    "autoplay": ["self"],
    "browsing-topics": [],
    "camera": ["self"],
    "display-capture": [],
    "encrypted-media": [],
    "fullscreen": ["self"],
    "geolocation": ["self"],
    "gyroscope": [],
    "hid": [],
    "idle-detection": [],
    "local-fonts": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
    "screen-wake-lock": ["self"],
    "serial": [],
    "usb": [],
    "xr-spatial-tracking": [],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TLS:
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_SSL_REDIRECT = _get("SIGAP_TLS_REDIRECT")

# Uploads. What is larger than this in memory waits below SIGAP_HOME, readable by nobody else.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_TEMP_DIR = SIGAP_HOME / "uploads"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)

# Mail, for notifications. A training site keeps it and sends none.
EMAIL_BACKEND = "notifications.kept.KeptMailBackend" if SIGAP_PLACE == "training" else _get("EMAIL_BACKEND")
EMAIL_HOST = _get("EMAIL_HOST")
EMAIL_PORT = _get("EMAIL_PORT")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = _get("DEFAULT_FROM_EMAIL")

# Webhooks: the secret that signs them, and hosts in private networks that they may call all the same
WEBHOOK_SECRET = _get("WEBHOOK_SECRET") or _own_secret("webhook_secret")
WEBHOOK_HOSTS = frozenset(_get("WEBHOOK_HOSTS") or ())

# django-ninja: our problem handlers speak; lists page by keyset, not by offset
SIGAP_PROXIES = _get("SIGAP_PROXIES")  # core.addresses
NINJA_NUM_PROXIES = SIGAP_PROXIES or None

# One JSON line on standard error for each thing worth logging
LOGGING_CONFIG = "core.logging.configure"
LOGGING = {
    "crashes": _get("SIGAP_LOGGED"),
    "level": "WARNING" if SIGAP_TESTING and "LOG_LEVEL" not in environ else _get("LOG_LEVEL"),
}

# auth.W004: user names are unique whatever their case, by an index that the check does not know.
# security.W021: a centre's name belongs on no public preload list.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "security.W021"] + ([] if TLS else ["security.W008"])
