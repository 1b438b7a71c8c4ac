"""The site as tests run it, whatever the shell around them has set. TEST_DATABASE_URL names another database."""

import os

for name in ("ALLOWED_HOSTS", "AWS_ENDPOINT_URL", "AWS_LAMBDA_FUNCTION_NAME", "CSRF_TRUSTED_ORIGINS", "DEBUG"):
    os.environ.pop(name, None)
for name in ("GALLERY_REQUIRES_APPROVAL", "MAX_UPLOAD_BYTES", "S3_BUCKET", "S3_PREFIX", "SECRET_KEY"):
    os.environ.pop(name, None)
os.environ["LOCAL"] = "1"
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")

from carsite.settings import *  # noqa: E402, F403
