"""The storage of collected static files: each under a name with its hash, and compressed once."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PreparedCompressor(Compressor):  # type: ignore[misc]
    """gzip, and Brotli's smallest where deploy/player.mjs has prepared it."""

    def compress(self, path: str) -> list[str]:
        compressed: list[str] = super().compress(path)
        prepared = settings.BASE_DIR / "build" / "compressed" / f"{sha256(path)}.br"
        if prepared.is_file():
            compressed.append(shutil.copy(prepared, f"{path}.br"))
        return compressed


class CompressedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def create_compressor(self, **options: Any) -> Compressor:
        return PreparedCompressor(**options)


def sha256(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
