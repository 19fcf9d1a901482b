"""One settings file, driven by the environment, safe by default. Sections follow Django's own order.

`ASSEMBLY_LOCAL` is set by ./run and manage.py on a developer's machine; production never sets it.
"""

from pathlib import Path
from typing import Any

from assembly.config import env, errors

# Core ---------------------------------------------------------------------------------------------
BASE_DIR = Path(__file__).resolve().parent.parent.parent
LOCAL = env.flag("ASSEMBLY_LOCAL")
DEMO = env.flag("ASSEMBLY_DEMO")
DEMO_DAY = env.text_setting("ASSEMBLY_DEMO_DAY", "")
DEBUG = env.flag("ASSEMBLY_DEBUG")
STRICT_FETCH = env.flag("ASSEMBLY_STRICT_FETCH", default=LOCAL)
DATA_DIR = Path(env.text_setting("DATA_DIR", str(BASE_DIR / ".local" / "data") if LOCAL else None))
SECRET_KEY = env.text_setting("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list_setting("SECRET_KEY_FALLBACKS")
SITE_URL = env.text_setting("SITE_URL", "http://localhost:8000" if LOCAL else None).rstrip("/")
ALLOWED_HOSTS = env.list_setting("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if LOCAL else "")
ADMINS = env.list_setting("ADMINS")
INTERNAL_IPS: list[str] = []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "anymail",
    "channels",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "assembly.local",
    "assembly.web",
    "assembly.jobs",
    "assembly.fragments",
    "assembly.audit",
    "assembly.identity",
    "assembly.institution",
    "assembly.calendar",
    "assembly.imports",
    "assembly.indicators",
    "assembly.open_data",
    "assembly.documents",
    "assembly.notifications",
    "assembly.saved_views",
    "assembly.correspondence",
    "assembly.search",
    "assembly.directory",
    "assembly.tasks",
    "assembly.collab",
    "assembly.portal",
    "members",
    "draws",
    "sessions",
    "consultations",
    "opinions",
    "answers",
    "mission",
    "demo",
]

MIDDLEWARE = [
    "assembly.web.middleware.FrameStackMiddleware",
    "assembly.web.middleware.RequestIdMiddleware",
    "assembly.identity.middleware.SendAfterResponseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "assembly.web.middleware.StaticFilesMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "assembly.web.middleware.HeadersMiddleware",
    "assembly.speed.page_cache.PublicPageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "assembly.identity.http.SuspendedRequestMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "assembly.web.middleware.UnreadableMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "assembly.identity.middleware.AccountStandingMiddleware",
    "assembly.institution.menu.AreaMiddleware",
    "assembly.institution.pages.TermMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "assembly.web.middleware.RefusalMiddleware",
    "assembly.documents.responses.MissingBlobMiddleware",
]

ROOT_URLCONF = "assembly.config.urls"
ASGI_APPLICATION = "assembly.config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "assembly.text.typography.Templates",
        "NAME": "django",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "assembly.institution.pages.institution",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "assembly.web.templatetags.ui",
            ],
        },
    }
]
FORM_RENDERER = "assembly.web.forms.FormRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "incoming"  # `/tmp` of a container is memory
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Database and cache -------------------------------------------------------------------------------
DATABASE_POOL = env.whole_number_setting("DATABASE_POOL", 10)
DATABASES = {"default": env.database(env.text_setting("DATABASE_URL"), DATABASE_POOL)}
# Given to the owner of the tables alone (migrate, restore): the role that gets the application's rights, and no more.
DATABASE_APPLICATION_ROLE = env.text_setting("DATABASE_APPLICATION_ROLE", "")
REDIS_URL = env.text_setting("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "assembly.identity.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "assembly",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}
PUBLIC_PAGE_SECONDS = env.whole_number_setting("PUBLIC_PAGE_SECONDS", 0 if LOCAL else 60)
# A constraint of the table refuses an opening twelve hours before the planned beginning.
SITTING_OPENS_HOURS_BEFORE = min(env.whole_number_setting("SITTING_OPENS_HOURS_BEFORE", 2), 11)
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
}

# Sign-in ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["assembly.identity.backends.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:area"
LOGOUT_REDIRECT_URL = "portal:home"

ACCOUNT_ADAPTER = "assembly.identity.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "assembly.identity.forms.LoginForm",
    "request_login_code": "assembly.identity.forms.RequestLoginCodeForm",
    "confirm_login_code": "assembly.identity.forms.ConfirmLoginCodeForm",
    "reauthenticate": "assembly.identity.forms.ReauthenticateForm",
    "change_password": "assembly.identity.forms.ChangePasswordForm",
    "set_password": "assembly.identity.forms.SetPasswordForm",
    "reset_password": "assembly.identity.forms.ResetPasswordForm",
    "reset_password_from_key": "assembly.identity.forms.ResetPasswordKeyForm",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # the sign-in form has a password field only with password1 here
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 3
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_USER_DISPLAY = "assembly.identity.queries.display_name"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# 160 members may sign in at one meeting, hence from one address, within two minutes. These are limits per network;
# those per account and device are counted in the database (`identity.attempts`).
ACCOUNT_RATE_LIMITS: dict[str, str | None] = {
    "login": "400/2m/ip",
    "login_failed": None,  # one guest of a meeting would lock out everybody else at it
    "request_login_code": "400/2m/ip,2000/d/ip",
    "reauthenticate": "10/m/user",
    "reset_password": "20/m/ip",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "signup": "1/m/ip",
    "confirm_email": "1/3m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole_number_setting("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "assembly.identity.adapter.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "assembly.identity.forms.PasskeyForm",
    "authenticate_webauthn": "assembly.identity.forms.PasskeyProofForm",
    "login_webauthn": "assembly.identity.forms.PasskeyLoginForm",
    "reauthenticate_webauthn": "assembly.identity.forms.PasskeyAgainForm",
    "authenticate": "assembly.identity.forms.SecondProofForm",
    "reauthenticate": "assembly.identity.forms.SecondProofAgainForm",
    "activate_totp": "assembly.identity.forms.CodeGeneratorForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
MFA_TOTP_ISSUER = "Hémicycle"
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = False  # it would write on every page read

# Sessions and cookies -----------------------------------------------------------------------------
SESSION_ENGINE = "assembly.identity.backends"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_NAME = "sessionid" if LOCAL else "__Host-sessionid"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_NAME = "csrftoken" if LOCAL else "__Host-csrftoken"
CSRF_FAILURE_VIEW = "assembly.web.errors.csrf_failure"
DEVICE_COOKIE_NAME = "device" if LOCAL else "__Host-device"
LANGUAGE_COOKIE_SECURE = not LOCAL
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Security -----------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
SECURE_SSL_REDIRECT = not LOCAL and env.flag("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.whole_number_setting("TRUSTED_PROXY_COUNT", 0) else None
)
SECURE_HSTS_SECONDS = 0 if LOCAL else 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

# Language and time --------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# Static files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text_setting("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_ROOT = BASE_DIR / "static" / "dist" / "root"  # /favicon.ico and /apple-touch-icon.png
WHITENOISE_AUTOREFRESH = LOCAL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5"]
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Mail ---------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text_setting("DEFAULT_FROM_EMAIL", "assemblee@example.org" if LOCAL else None)
SERVER_EMAIL = env.text_setting("SERVER_EMAIL", DEFAULT_FROM_EMAIL)
LOCAL_MAILER = {"BACKEND": "assembly.notifications.mailbox.MailboxBackend"}
MAILERS = {
    "default": LOCAL_MAILER if LOCAL else env.mailer(env.text_setting("SMTP_URL"), conversation_seconds=5),
    "bulk": LOCAL_MAILER if LOCAL else env.mailer(env.text_setting("SMTP_BULK_URL", env.text_setting("SMTP_URL"))),
}
MAIL_SENDERS = env.whole_number_setting("MAIL_SENDERS", 2)
MAIL_MOST_MEGABYTES = env.whole_number_setting("MAIL_MOST_MEGABYTES", 10)
MAIL_SETTLE_SECONDS = env.whole_number_setting("MAIL_SETTLE_SECONDS", 30)
MAIL_RELAY_LOG_FILE = env.text_setting("MAIL_RELAY_LOG_FILE", "")
MAIL_RELAY_LOG = "assembly.notifications.relay_log." + (
    "LocalMailboxLog" if LOCAL else "PostfixLog" if MAIL_RELAY_LOG_FILE else "ProviderEvents"
)
MAIL_PROVIDER = env.text_setting("MAIL_PROVIDER", "brevo")
ANYMAIL: dict[str, str] = {"WEBHOOK_SECRET": env.text_setting("MAIL_WEBHOOK_SECRET", "local:local" if LOCAL else None)}

# Celery -------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.celery_broker(REDIS_URL)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_TIME_LIMIT = 120
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    # Untrusted files have a worker of their own, so that they never block the worker that seals.
    "assembly.documents.tasks.read_unknown_file": {"queue": "verify"},
    "assembly.documents.tasks.check_seal": {"queue": "verify"},
    "assembly.documents.tasks.read_text": {"queue": "verify"},
    "assembly.documents.tasks.*": {"queue": "pdf"},
    "demo.tasks.*": {"queue": "pdf"},
    "assembly.notifications.tasks.*": {"queue": "mail"},
}
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 1 if DATABASE_POOL else 10,  # a page blocks while it enqueues; a worker waits for messages
    "socket_connect_timeout": 2,
    # A hint to a broker that is down fails at once instead of blocking a page for six seconds: sweeps need no hint.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# Documents and proof ------------------------------------------------------------------------------
BLOB_DIR = DATA_DIR / "blobs"
SEAL_P12_FILE = env.text_setting("SEAL_P12_FILE", str(DATA_DIR / "keys" / "seal.p12") if LOCAL else "")
SEAL_P12_PASSWORD = env.text_setting("SEAL_P12_PASSWORD", "local" if LOCAL else "")
SEAL_TRUST_FILE = env.text_setting("SEAL_TRUST_FILE", str(DATA_DIR / "keys" / "root.pem") if LOCAL else "")
SEAL_PKCS11_MODULE = env.text_setting("SEAL_PKCS11_MODULE", "")
# A token without its name or its PIN stops the start rather than the first seal.
SEAL_PKCS11_TOKEN = env.text_setting("SEAL_PKCS11_TOKEN", None if SEAL_PKCS11_MODULE else "")
SEAL_PKCS11_PIN = env.text_setting("SEAL_PKCS11_PIN", None if SEAL_PKCS11_MODULE else "")
SEAL_PKCS11_CERTIFICATE = env.text_setting("SEAL_PKCS11_CERTIFICATE", "cachet")
SEAL_PKCS11_CHAIN = env.text_setting("SEAL_PKCS11_CHAIN", "")
TSA_URL = env.text_setting("TSA_URL", "")
CLAMD_ADDRESS = env.text_setting("CLAMD_ADDRESS", "")
BACKUP_DIR = Path(env.text_setting("BACKUP_DIR", str(DATA_DIR / "backups")))
BACKUP_STATUS_FILE = DATA_DIR / "last-backup.json"
SEAL_STATUS_FILE = DATA_DIR / "seal.json"
JOURNAL_WITNESSES = env.list_setting("JOURNAL_WITNESSES")
JOURNAL_HEADS_FILE = Path(env.text_setting("JOURNAL_HEADS_FILE", str(DATA_DIR / "journal-heads.jsonl")))
JOURNAL_STATUS_FILE = DATA_DIR / "journal.json"

# Errors and logs ----------------------------------------------------------------------------------
ERROR_DSN = env.text_setting("ERROR_DSN", "")
errors.watch(ERROR_DSN)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "assembly.web.logs.JsonFormatter"},
        "plain": {"format": "%(levelname)s %(name)s %(message)s"},
    },
    "filters": {"once": {"()": "assembly.web.logs.OnceFilter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain" if LOCAL else "json"},
        "mail_admins": {"class": "assembly.web.logs.AdministratorMailHandler", "level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "celery": {"level": "WARNING" if LOCAL else "INFO"},
        "django": {"handlers": [], "level": "INFO"},  # Django's own mail to administrators quotes what people typed
        "django.request": {"handlers": [] if LOCAL else ["mail_admins"], "level": "WARNING", "filters": ["once"]},
        "assembly": {"handlers": [] if LOCAL else ["mail_admins"], "level": "INFO"},
        "assembly.security": {"level": "INFO"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "ERROR"},
    },
}
# W021 asks for HSTS preload: the owner of the domain decides, since browsers keep it for months.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
