"""The same picture as a WebP of as many bytes as the car's file, to compare the two codecs."""

from __future__ import annotations

import bisect
import functools
from io import BytesIO

import numpy as np
from PIL import Image

from ml.serving.metrics import psnr_db
from ml.serving.transforms import Array
from reconstruct.pictures.files import File, encoded

QUALITIES = range(101)
METHOD = 6  # of 0 to 6: the smallest files


class Ladder:
    """An RGB picture as WebP at every quality; each is encoded when it is first looked at."""

    def __init__(self, picture: Image.Image) -> None:
        self.picture = picture
        self.at = functools.cache(lambda quality: encoded(picture, "WEBP", quality=quality, method=METHOD))

    def at_most(self, size: int) -> File:
        """The best WebP of at most `size` bytes; where all are larger, the smallest one.

        WebP is not asked for a size, but for a quality: files grow with it, so that seven are looked at for one.
        """
        fitting = bisect.bisect_right(QUALITIES, size, key=lambda quality: len(self.at(quality)))
        return File(self.at(max(0, fitting - 1)), "image/webp")


def closeness(file: File, picture: Image.Image) -> float:
    """PSNR in dB of the file against the picture that it was made of; infinite where they are equal."""
    with Image.open(BytesIO(file.content)) as decoded:
        return psnr_db(values(decoded.convert("RGB")), values(picture))


def values(picture: Image.Image) -> Array:
    return np.asarray(picture, dtype=np.float32) / np.float32(255)
