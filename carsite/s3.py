"""The bucket that pictures are kept in: asked once for each, with an end to the wait, and two kinds of failure."""

from __future__ import annotations

import logging
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from reconstruct.unavailable import UnavailableError

# Twice as long at most, with what is in between: less than servers wait for the site.
TIMEOUTS = {"connect_timeout": 3, "read_timeout": 10, "retries": {"mode": "standard", "total_max_attempts": 2}}
# Where a role may list only what begins with a prefix, S3 does not say whether an object is missing or kept from it.
MISSING = ("NoSuchKey", "AccessDenied")

logger = logging.getLogger(__name__)


class PictureBucket(S3Storage):  # type: ignore[misc]  # it has no types
    """`addressing_style`, `signature_version` and the rest are S3Storage's own."""

    def __init__(self, **options: Any) -> None:
        config = Config(
            s3={"addressing_style": options["addressing_style"]},
            signature_version=options["signature_version"],
            **TIMEOUTS,
        )
        super().__init__(client_config=config, **options)

    def _open(self, name: str, mode: str = "rb") -> ContentFile[bytes]:
        """The whole object by one request: S3Storage asks for its head first.

        Raises FileNotFoundError where it is lost, which is in the log then; UnavailableError where S3 does not answer.
        """
        try:
            content = self.bucket.Object(self._normalize_name(name)).get()["Body"].read()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in MISSING:
                raise UnavailableError(f"S3 refuses {name}: {error}") from error
            logger.warning("The bucket has lost %s, or keeps it from the site: %s", name, code)
            raise FileNotFoundError(name) from error
        except BotoCoreError as error:
            raise UnavailableError(f"S3 does not answer: {error}") from error
        return ContentFile(content, name)
