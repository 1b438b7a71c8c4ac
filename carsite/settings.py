"""Everything that differs between a laptop, a server and AWS Lambda, read once from the environment.

Nothing needs to be set with LOCAL=1 or DEBUG=1. Without them, a missing setting stops the start with its name.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import csp.constants
import environ
from django.core.exceptions import ImproperlyConfigured

from carsite.environment import hourly_limits, names, required, switch, text, whole_number
from carsite.static_headers import add_headers

BASE_DIR = Path(__file__).resolve().parent.parent
MIB = 2**20
YEAR_S = 365 * 24 * 3600
S3_LINK_LIFETIME_S = 3600
SHARED_CACHE_S = 300  # that a CDN may go on showing a car that its owner, or staff, have hidden
DATABASE_CONNECT_S = 3
DATABASE_SILENCE_MS = 10_000  # without an answer from the network, after which the connection counts as broken


def s3_storage(bucket: str, prefix: str, endpoint_url: str = "", cdn_domain: str = "") -> dict[str, Any]:
    """Pictures in a bucket without public access: visitors get signed addresses, which are valid for an hour.

    With a CDN's domain they get its addresses: not signed, and with a key in them that cannot be guessed and that
    changes when the car is hidden. A CDN asks again after minutes whether it is still there.
    """
    shared = f"public, s-maxage={SHARED_CACHE_S}" if cdn_domain else "private"
    options = {
        "bucket_name": bucket,
        "location": prefix,
        "custom_domain": cdn_domain or None,
        "default_acl": None,  # the bucket's own policy decides
        "file_overwrite": True,  # keys are random: asking whether one is taken would cost a request and a permission
        "querystring_auth": True,
        "querystring_expire": S3_LINK_LIFETIME_S,
        "signature_version": "s3v4",
        "addressing_style": "path" if endpoint_url else "virtual",
        "object_parameters": {"CacheControl": f"{shared}, max-age={YEAR_S}, immutable"},
    }
    return {"BACKEND": "carsite.s3.PictureBucket", "OPTIONS": options}


DEBUG = switch("DEBUG", default=False)
# On your own machine, over plain HTTP: the site as visitors see it, with its own error pages, but nothing to set.
LOCAL = DEBUG or switch("LOCAL", default=False)
ON_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME" in os.environ

# Hosts and secrets

if LOCAL:
    SECRET_KEY = text("SECRET_KEY", default=f"for this machine only: {BASE_DIR}")
    ALLOWED_HOSTS = names(text("ALLOWED_HOSTS", default=".localhost,127.0.0.1,[::1]"))
else:
    SECRET_KEY = required("SECRET_KEY", "Set it to 50 random characters or more, and keep it secret.")
    ALLOWED_HOSTS = names(required("ALLOWED_HOSTS", "Set it to the site's host names, separated by commas."))

# Behind a CDN, Host is the function's own name, and X-Forwarded-Host the name that visitors use.
USE_X_FORWARDED_HOST = switch("FORWARDED_HOST", default=False)
# The CDN sends it as X-Origin-Secret. A request without it went around the CDN, and is refused.
ORIGIN_SECRET = text("ORIGIN_SECRET")
CSRF_TRUSTED_ORIGINS = names(text("CSRF_TRUSTED_ORIGINS"))

# Database and storage

if LOCAL:
    DATABASE_URL = text("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
else:
    DATABASE_URL = required("DATABASE_URL", "Set it to postgres://user:password@host/name, or sqlite:////path/to/file.")

if not DATABASE_URL.startswith(("postgres://", "postgresql://", "sqlite:///")):
    raise ImproperlyConfigured("DATABASE_URL is neither a postgres:// nor a sqlite:/// address.")
DATABASES: dict[str, dict[str, Any]] = {"default": environ.Env.db_url_config(DATABASE_URL)}
match DATABASES["default"]["ENGINE"]:
    case "django.db.backends.sqlite3":
        if ON_LAMBDA:
            raise ImproperlyConfigured("DATABASE_URL names SQLite, which loses its data on Lambda. Name a PostgreSQL.")
        # Readers do not wait for a writer, and two writers queue instead of failing.
        DATABASES["default"]["OPTIONS"] = {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
        }
    case "django.db.backends.postgresql":
        DATABASES["default"]["ENGINE"] = "carsite.postgresql"
        # A frozen Lambda instance would hold on to a connection that others need.
        DATABASES["default"] |= {"CONN_MAX_AGE": 0 if ON_LAMBDA else 60, "CONN_HEALTH_CHECKS": True}
        # A pooler gives one connection to many instances, which a cursor on the server does not allow.
        DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = ON_LAMBDA
        DATABASES["default"]["OPTIONS"] = (
            {"connect_timeout": DATABASE_CONNECT_S, "tcp_user_timeout": DATABASE_SILENCE_MS}
            | ({} if LOCAL else {"sslmode": "require"})
            | DATABASES["default"].get("OPTIONS", {})
        )
# Nothing but serving has a limit by default: a migration may take its time.
DATABASE_ANSWER_S = whole_number("DATABASE_ANSWER_S", default=30 if ON_LAMBDA else 0, least=0)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

S3_BUCKET = text("S3_BUCKET")
S3_CDN_DOMAIN = text("S3_CDN_DOMAIN")
# boto3 reads this variable itself. It is read here too, for the Content-Security-Policy.
AWS_ENDPOINT_URL = text("AWS_ENDPOINT_URL")
if ON_LAMBDA and not S3_BUCKET:
    raise ImproperlyConfigured("S3_BUCKET is not set, and Lambda has no disk to keep pictures on. Name a bucket.")

MEDIA_ROOT = BASE_DIR / "media"
PICTURE_STORAGE: dict[str, Any] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
PICTURE_ORIGINS: list[str] = []
if S3_BUCKET:
    PICTURE_STORAGE = s3_storage(S3_BUCKET, text("S3_PREFIX"), AWS_ENDPOINT_URL, S3_CDN_DOMAIN)
    if S3_CDN_DOMAIN:
        PICTURE_ORIGINS = [f"https://{S3_CDN_DOMAIN}"]
    elif AWS_ENDPOINT_URL:
        PICTURE_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(AWS_ENDPOINT_URL))]
    else:
        region = text("AWS_REGION") or text("AWS_DEFAULT_REGION", default="us-east-1")
        PICTURE_ORIGINS = [f"https://{S3_BUCKET}.s3.amazonaws.com", f"https://{S3_BUCKET}.s3.{region}.amazonaws.com"]

# Only a finished deployment has collected its static files and their hashed names.
STATIC_STORAGE = "carsite.static.CompressedStorage"
if LOCAL:
    STATIC_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES: dict[str, dict[str, Any]] = {"default": PICTURE_STORAGE, "staticfiles": {"BACKEND": STATIC_STORAGE}}
# The path under which the site is mounted, such as the /dev of an API Gateway; nothing where it has a host to itself.
FORCE_SCRIPT_NAME = text("FORCE_SCRIPT_NAME").rstrip("/") or None
STATIC_URL = f"{FORCE_SCRIPT_NAME or ''}/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# What make puts there for browsers to decode cars themselves; where it is missing, the server makes every picture.
PLAYER_FILES = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [BASE_DIR / "static", *([PLAYER_FILES] if PLAYER_FILES.is_dir() else [])]
PLAYS: bool = ((PLAYER_FILES if LOCAL else STATIC_ROOT) / "player").is_dir()
CONVERTS_HEIC: bool = ((PLAYER_FILES if LOCAL else STATIC_ROOT) / "heic").is_dir()
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = LOCAL
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers

# Limits and approval

# Lambda takes 6 MB of JSON, and a body travels in it as base64.
MAX_UPLOAD_BYTES = whole_number("MAX_UPLOAD_BYTES", default=4 * MIB if ON_LAMBDA else 20 * MIB)
GALLERY_REQUIRES_APPROVAL = switch("GALLERY_REQUIRES_APPROVAL", default=not LOCAL)
# Thirty students behind one address, all busy for an hour, stay below these: tests/site/test_limits.py.
LIMITS = {
    "uploads": hourly_limits("LIMIT_UPLOADS", "40,400"),
    "kept": hourly_limits("LIMIT_KEPT", "60,900"),  # dreams and steered cars
    "codes": hourly_limits("LIMIT_CODES", "60,900"),
    "pictures": hourly_limits("LIMIT_PICTURES", "6000,60000"),  # those computed for a seed or a slider's position
    "reports": hourly_limits("LIMIT_REPORTS", "20,120"),
    "logins": hourly_limits("LIMIT_LOGINS", "20,20"),
}
LIMIT_CARS_PER_DAY = whole_number("LIMIT_CARS_PER_DAY", default=5000)
# Of cars that are not in the gallery, since their visitor was last here; and how long a browser remembers its visitor.
KEEP_PRIVATE_DAYS = whole_number("KEEP_PRIVATE_DAYS", default=365)
OPERATOR_CONTACT = text("OPERATOR_CONTACT")
# The number of the operator's own proxies in front of the site that append to X-Forwarded-For.
TRUSTED_PROXIES = whole_number("TRUSTED_PROXIES", default=0, least=0)

# The application

ROOT_URLCONF = "carsite.urls"
WSGI_APPLICATION = "carsite.wsgi.application"
INSTALLED_APPS = [
    "carsite.apps.SiteConfig",
    "reconstruct.apps.ReconstructConfig",
    "reconstruct.apps.SiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "carsite.middleware.origin_secret",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "carsite.middleware.Compression",
    "csp.middleware.CSPMiddleware",
    "carsite.middleware.response_headers",
    "reconstruct.api.problem.problems",
    "carsite.middleware.clean_text",
    "carsite.middleware.Unavailable",
    "carsite.middleware.upload_limit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # a visitor needs no session row
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LANGUAGE_CODE = "en"
USE_I18N = False
TIME_ZONE = "UTC"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}

# Headers and cookies

CSRF_FAILURE_VIEW = "reconstruct.views.errors.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if not LOCAL:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # In production, Lambda's function URL or a proxy speaks TLS for the site and sets this header.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # requested inside the network, without TLS
    SECURE_HSTS_SECONDS = YEAR_S
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.constants.NONE],
        "script-src": [csp.constants.SELF, csp.constants.NONCE],
        "style-src": [csp.constants.SELF],
        "img-src": [csp.constants.SELF, "blob:", "data:", *PICTURE_ORIGINS],
        "connect-src": [csp.constants.SELF],
        "font-src": [csp.constants.SELF],
        "manifest-src": [csp.constants.SELF],
        "form-action": [csp.constants.SELF],
        "base-uri": [csp.constants.NONE],
        "frame-ancestors": [csp.constants.NONE],
    },
}
