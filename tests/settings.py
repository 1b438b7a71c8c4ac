"""The site as tests run it, whatever the shell around them has set.

TEST_DATABASE_URL, TEST_S3_BUCKET and TEST_AWS_ENDPOINT_URL name services in place of SQLite and the disk.
"""

import os

for name in ("ALLOWED_HOSTS", "AWS_LAMBDA_FUNCTION_NAME", "CSRF_TRUSTED_ORIGINS", "DEBUG", "FORCE_SCRIPT_NAME"):
    os.environ.pop(name, None)
for name in ("FORWARDED_HOST", "GALLERY_REQUIRES_APPROVAL", "MAX_UPLOAD_BYTES", "ORIGIN_SECRET"):
    os.environ.pop(name, None)
for name in ("S3_CDN_DOMAIN", "S3_PREFIX", "SECRET_KEY"):
    os.environ.pop(name, None)
for name in [name for name in os.environ if name.startswith("LIMIT_")] + ["TRUSTED_PROXIES"]:
    os.environ.pop(name, None)
os.environ["LOCAL"] = "1"
for name in ("AWS_ENDPOINT_URL", "DATABASE_URL", "S3_BUCKET"):
    os.environ[name] = os.environ.get(f"TEST_{name}", "")

from carsite.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose
