"""Reads the JSON in which version 1.0 gave codes. Nothing writes it any more, and version 2.0 will not read it."""

from __future__ import annotations

import base64
import json

import numpy as np
from PIL import Image

from ml.serving.coding import CodingError
from ml.serving.runtime import Runtime
from ml.serving.transforms import IMAGE_SIZE, Array, to_image
from reconstruct.latents import in_mirror

FORMAT = "auto·encoder code, version 1"
MEAN = "base64 of 16-bit floats, little-endian, top level first"
LEAST_SIDE = 8  # of a picture in the square, in pixels: a little less than the longest photograph has
GREATEST = 50.0  # absolute value of a number of a code; those of cars stay below 15

DAMAGED = "this is not a code that we can read, or it is damaged. Choose a file that a car’s page gave you"
ANOTHER_MODEL = "this code was written by another version of the model ({version}), and only that one can read it"


def decode(content: bytes, runtime: Runtime, depth: int | None = None) -> Image.Image:
    """The car decoded from the file's content, at a depth or at full depth. Raises CodingError."""
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CodingError(DAMAGED) from error
    match fields:
        case {"format": str(format), "model": str(version)} if format == FORMAT and version != runtime.version:
            raise CodingError(ANOTHER_MODEL.format(version=version[:12]))
        case {
            "format": str(format),
            "encoding": str(encoding),
            "frame": [int(left), int(top), int(right), int(bottom)],
            "mirrored": bool(mirrored),
            "mean": str(text),
        } if format == FORMAT and encoding == MEAN:
            z = numbers(text, sum(runtime.level_sizes))
        case _:
            raise CodingError(DAMAGED)
    if not (0 <= left < right <= IMAGE_SIZE and 0 <= top < bottom <= IMAGE_SIZE):
        raise CodingError(DAMAGED)
    if min(right - left, bottom - top) < LEAST_SIDE:
        raise CodingError(DAMAGED)
    return in_mirror(to_image(runtime.decode(z, depth)[0], (left, top, right, bottom)), mirrored)


def numbers(text: str, length: int) -> Array:
    """The mean, (1, length) float32. Raises CodingError for a wrong count, or for numbers that no code has."""
    try:
        z = np.frombuffer(base64.b64decode(text, validate=True), "<f2").astype(np.float32)
    except ValueError as error:
        raise CodingError(DAMAGED) from error
    # Comparing with NaN is False, so what is not finite is refused as well.
    if len(z) != length or not np.all(np.abs(z) <= GREATEST):
        raise CodingError(DAMAGED)
    return z[None]
