"""What decoding a stranger's file may take, and why one does not become a picture."""

import dataclasses
from enum import StrEnum


@dataclasses.dataclass(frozen=True)
class Limits:
    """Of one file: seconds of a processor, seconds of the clock, bytes of addresses."""

    cpu_s: int = 5  # the most that was seen for 40 megapixels is two
    wall_s: int = 50  # nothing in a decoder waits: only others that want the processors make it last so long
    memory_bytes: int = 2**30  # 40 megapixels of WebP take nine tenths of it


class Reason(StrEnum):
    NOT_A_PICTURE = "not_a_picture"
    HEIC = "heic"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    TOO_LONG = "too_long"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_COSTLY = "too_costly"


class RefusedError(Exception):
    """`detail`: the decoder's own message, for the log."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason, self.detail = reason, detail
