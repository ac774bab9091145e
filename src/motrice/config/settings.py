"""Settings, read from `MOTRICE_*` variables; what an institution chooses about its work is catalogue data instead."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()

PACKAGE = Path(__file__).resolve().parent.parent
VAR = Path(env.str("MOTRICE_VAR", "var")).resolve()


def secret(name: str, default: str | None = None) -> str | None:
    """A secret from its variable, or from the file that `NAME_FILE` points to."""
    path = env.str(f"{name}_FILE", "")
    return Path(path).read_text(encoding="utf-8").strip() if path else env.str(name, default)


DEBUG = env.bool("MOTRICE_DEBUG", False)
DEMO = env.bool("MOTRICE_DEMO", False)
SECRET_KEY = secret("MOTRICE_SECRET_KEY")
if not SECRET_KEY:
    if not (DEBUG or DEMO):
        raise ImproperlyConfigured("Set MOTRICE_SECRET_KEY (or MOTRICE_SECRET_KEY_FILE) to a long random text.")
    SECRET_KEY = "not-secret-for-demonstration-and-development-only-" + "x" * 16
SECRET_KEY_FALLBACKS = (secret("MOTRICE_OLD_SECRET_KEYS") or "").split()
ALLOWED_HOSTS = env.list("MOTRICE_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("MOTRICE_TRUSTED_ORIGINS", [])
SITE_URL = env.str("MOTRICE_SITE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "motrice.core",
    "motrice.web",
    "motrice.accounts",
    "motrice.directory",
    "motrice.inventions",
    "motrice.portfolio",
    "motrice.agreements",
    "motrice.sourcing",
    "motrice.portal",
    "motrice.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "motrice.web.headers.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "motrice.accounts.middleware.ViewAsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "motrice.accounts.middleware.SecondFactorMiddleware",
    "motrice.accounts.middleware.ReadingLogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "motrice.web.errors.ErrorPageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "motrice.config.body_limit.BodyLimitMiddleware",
    "motrice.config.plain_text.PlainTextMiddleware",
    "motrice.config.once.OnceMiddleware",
]

ROOT_URLCONF = "motrice.config.urls"
WSGI_APPLICATION = "motrice.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "motrice.accounts.context.viewed_as",
                "motrice.web.context.appearance",
            ],
        },
    },
]

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR / 'motrice.sqlite3'}", conn_max_age=60)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
        " PRAGMA mmap_size=268435456;",
    }
else:
    # Where tables have no statistics yet, as after a large import, PostgreSQL takes the rights of a page for dear and
    # compiles queries of a millisecond: a quarter of all that pages asked. An address with options has its own say.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {"reset_password": "motrice.accounts.forms.ForgottenForm"}
ACCOUNT_ADAPTER = "motrice.accounts.adapter.AccountAdapter"
# Axes counts failures in the database, for all processes; this looser limit also holds for codes.
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,20/900s/key"}
MFA_ADAPTER = "motrice.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Motrice"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = env.int("MOTRICE_SIGNIN_TRIES", 8)
AXES_COOLOFF_TIME = env.float("MOTRICE_SIGNIN_COOLOFF_HOURS", 0.25)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "motrice.accounts.adapter.client_account"
AXES_RESET_ON_SUCCESS = True
SECOND_FACTOR = env.bool("MOTRICE_SECOND_FACTOR", not DEMO)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("MOTRICE_BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "motrice_language"
TIME_ZONE = env.str("MOTRICE_TIME_ZONE", "Europe/Paris")
USE_I18N = USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG or DEMO:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = VAR / "files"
SEARCH_ROOT = VAR / "search"
SEARCH_ENCODER = env.str("MOTRICE_SEARCH_ENCODER", "")
MAX_UPLOAD_BYTES = env.int("MOTRICE_MAX_UPLOAD_BYTES", 20 * 1024 * 1024)

EMAIL_CONFIG = env.dj_email_url("MOTRICE_EMAIL_URL", "console:" if DEBUG else "smtp://localhost:25")
vars().update(EMAIL_CONFIG)
if DEMO and "MOTRICE_EMAIL_URL" not in os.environ:
    EMAIL_BACKEND, EMAIL_FILE_PATH = "motrice.demo.mails.FolderBackend", str(VAR / "mails")
DEFAULT_FROM_EMAIL = env.str("MOTRICE_FROM", "Motrice <motrice@localhost>")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
GALLERY = DEBUG  # the page of all components
FORM_RENDERER = "motrice.web.forms.Renderer"
CSRF_FAILURE_VIEW = "motrice.web.errors.csrf_failure"
AXES_LOCKOUT_CALLABLE = "motrice.web.errors.too_many_requests"
API_RATE = env.str("MOTRICE_API_RATE", "1200/m")
LINK_RATE = env.str("MOTRICE_LINK_RATE", "60/m")
OPS_KEY = secret("MOTRICE_OPS_KEY") or ""
OPS_SECRET = secret("MOTRICE_OPS_SECRET") or ""
OPS_URL = env.str("MOTRICE_OPS_URL", "https://ops.epo.org/3.2")
OPS_ANSWERS = env.str("MOTRICE_OPS_ANSWERS", str(VAR / "ops"))
SITE_NAME = env.str("MOTRICE_SITE_NAME", "Motrice")
