"""The storage for pictures in S3: one request for each picture, with timeouts, and two kinds of failure."""

from __future__ import annotations

import logging
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

from reconstruct.unavailable import UnavailableError

# With the second attempt at most twice as long, which is still less than servers wait for the site.
TIMEOUTS = {"connect_timeout": 3, "read_timeout": 10, "retries": {"mode": "standard", "total_max_attempts": 2}}
# A role that may list only one prefix gets AccessDenied for a missing object as well.
MISSING = ("NoSuchKey", "AccessDenied")

logger = logging.getLogger(__name__)


class PictureBucket(S3Storage):  # type: ignore[misc]  # it has no types
    """`options` are those of S3Storage."""

    def __init__(self, **options: Any) -> None:
        config = Config(
            s3={"addressing_style": options["addressing_style"]},
            signature_version=options["signature_version"],
            **TIMEOUTS,
        )
        super().__init__(client_config=config, **options)

    def _open(self, name: str, mode: str = "rb") -> ContentFile[bytes]:
        """The whole object in one request, where S3Storage itself sends a HEAD first.

        Raises FileNotFoundError, and logs it, where the object is lost; UnavailableError where S3 does not answer.
        """
        try:
            content = self.bucket.Object(self._normalize_name(name)).get()["Body"].read()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in MISSING:
                raise UnavailableError(f"S3 refuses {name}: {error}") from error
            logger.warning("The bucket has lost %s, or the site may not read it: %s", name, code)
            raise FileNotFoundError(name) from error
        except BotoCoreError as error:
            raise UnavailableError(f"S3 does not answer: {error}") from error
        return ContentFile(content, name)

    def _save(self, name: str, content: File[bytes]) -> str:
        """Raises UnavailableError where S3 does not answer."""
        try:
            key: str = super()._save(name, content)
        except BotoCoreError as error:
            raise UnavailableError(f"S3 does not answer: {error}") from error
        return key
