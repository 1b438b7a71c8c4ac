"""A car as a file of a few hundred bytes (docs/format.md): written for a stored car, read from whoever sends one."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator

from PIL import Image

from ml.serving import coding
from ml.serving.coding import Car, CodingError
from ml.serving.runtime import load
from reconstruct import code_json
from reconstruct.latents import seen
from reconstruct.models import Reconstruction

PRICE = 1.0  # β of the file that a car's page, card and address count and give if no other is asked for
SUFFIX = "vae"
MEDIA_TYPE = "application/octet-stream"
WRITTEN = 1024  # files that stay in memory, of half a KB each
OPENED = 32  # files whose codes stay in memory, of 30 KB each: a page of one asks for several pictures


class CodeFileError(Exception):
    """The message says what is wrong with the file, in words for the visitor."""


def encode(photograph: Image.Image, price: float = PRICE, *, mirrored: bool) -> bytes:
    """The file of a photograph that the model sees mirrored, or not, at the nearest price that there are tables for."""
    return coding.load().encode(photograph, price, mirrored)


def file_of(car: Reconstruction, price: float = PRICE) -> bytes:
    """The stored car's file. Raises FileNotFoundError where the storage has lost the photograph."""
    return _file_of(str(car.original), car.mirrored, coding.load().nearest(price))


# A page and its sliders ask for one car's files many times.
@functools.lru_cache(WRITTEN)
def _file_of(key: str, mirrored: bool, number: int) -> bytes:
    x, frame = seen(key, mirrored)
    return coding.load().encode_seen(x, frame, number, mirrored=mirrored)


def measure(car: Reconstruction) -> None:
    """Saves how long the car's file is with the model that is served now. Raises FileNotFoundError as file_of does."""
    car.code_bytes = len(file_of(car))
    Reconstruction.objects.filter(pk=car.pk).update(code_bytes=car.code_bytes)


@functools.lru_cache(OPENED)
def opened(content: bytes) -> Car:
    """The car that the file holds. Raises CodeFileError."""
    with in_words():
        return coding.load().decode(content)


def picture_in(content: bytes, depth: int | None = None) -> Image.Image:
    """The picture of the car that the file holds, at a depth or at full depth. Raises CodeFileError."""
    if content.lstrip().startswith(b"{"):
        with in_words():
            return code_json.decode(content, load(), depth)
    return coding.load().draw(opened(content), depth)


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """Makes a sentence for the visitor of what a reader says."""
    try:
        yield
    except CodingError as error:
        words = str(error)
        raise CodeFileError(f"{words[:1].upper()}{words[1:]}.") from error
