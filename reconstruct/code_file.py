"""A car's code as a JSON file, from which the model that wrote it can decode the car again."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from PIL import Image

from ml.serving.runtime import Runtime
from ml.serving.transforms import IMAGE_SIZE, Array, to_image
from reconstruct.latents import Code, in_mirror

FORMAT = "auto·encoder code, version 1"
MEAN = "base64 of 16-bit floats, little-endian, top level first"
LEAST_SIDE = 8  # of a picture in the square, in pixels: a little less than the longest photograph has
GREATEST = 50.0  # absolute value of a number of a code; those of cars stay below 15

DAMAGED = "This is not a code that we can read, or it is damaged. Choose a file that a car’s page gave you."
ANOTHER_MODEL = "This code was written by another version of the model ({version}), and only that one can read it."


class CodeFileError(Exception):
    """The message says what is wrong with the file, in words for the visitor."""


def write(code: Code) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "model": code.model_version,
        "level_sizes": code.runtime.level_sizes,
        "frame": code.frame,
        "mirrored": code.mirrored,
        "encoding": MEAN,
        "mean": base64.b64encode(code.mean[0].astype("<f2").tobytes()).decode(),
    }


def decode(content: bytes, runtime: Runtime, depth: int | None = None) -> Image.Image:
    """The car decoded from the file's content, at a depth or at full depth. Raises CodeFileError."""
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CodeFileError(DAMAGED) from error
    match fields:
        case {"format": str(format), "model": str(version)} if format == FORMAT and version != runtime.version:
            raise CodeFileError(ANOTHER_MODEL.format(version=version[:12]))
        case {
            "format": str(format),
            "encoding": str(encoding),
            "frame": [int(left), int(top), int(right), int(bottom)],
            "mirrored": bool(mirrored),
            "mean": str(text),
        } if format == FORMAT and encoding == MEAN:
            z = numbers(text, sum(runtime.level_sizes))
        case _:
            raise CodeFileError(DAMAGED)
    if not (0 <= left < right <= IMAGE_SIZE and 0 <= top < bottom <= IMAGE_SIZE):
        raise CodeFileError(DAMAGED)
    if min(right - left, bottom - top) < LEAST_SIDE:
        raise CodeFileError(DAMAGED)
    return in_mirror(to_image(runtime.decode(z, depth)[0], (left, top, right, bottom)), mirrored)


def numbers(text: str, length: int) -> Array:
    """The mean, (1, length) float32. Raises CodeFileError for a wrong count, or for numbers that no code has."""
    try:
        z = np.frombuffer(base64.b64decode(text, validate=True), "<f2").astype(np.float32)
    except ValueError as error:
        raise CodeFileError(DAMAGED) from error
    # Comparing with NaN is False, so what is not finite is refused as well.
    if len(z) != length or not np.all(np.abs(z) <= GREATEST):
        raise CodeFileError(DAMAGED)
    return z[None]
