"""Morphs: the pictures between two cars, one by one, and as an animation."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PIL import Image

from ml.serving.transforms import Frame
from reconstruct.addresses import versioned
from reconstruct.latents import Code
from reconstruct.models import Reconstruction
from reconstruct.pictures import films
from reconstruct.pictures.files import File

FRAMES = 25  # of a morph, both ends included
SHOWN = 7  # of them, side by side: every fourth, as car.css knows
FRAME_MS = 60
END_MS = 900  # how long a film shows each end


@dataclasses.dataclass(frozen=True)
class Morph:
    """The morph from a car to `other`, in pictures of `tile` pixels, into which both cars fit."""

    other: Reconstruction
    tile: tuple[int, int]
    strip_url: str
    webp_url: str
    gif_url: str

    last_frame: ClassVar = FRAMES - 1
    middle_frame: ClassVar = FRAMES // 2
    shown: ClassVar = range(SHOWN)

    @classmethod
    def between(cls, car: Reconstruction, other: Reconstruction, version: str) -> Morph:
        slugs = (car.slug, other.slug)
        (width, height), (other_width, other_height) = car.tile, other.tile
        return cls(
            other,
            (max(width, other_width), max(height, other_height)),
            versioned("strip", *slugs, version=version),
            *(versioned("film", *slugs, format, version=version) for format in films.FORMATS),
        )


def at(start: Code, end: Code, t: float) -> Image.Image:
    """The picture at a fraction t between both, in proportions between theirs; it faces as the first car does."""
    left, top, right, bottom = (round(a + t * (b - a)) for a, b in zip(start.frame, end.frame, strict=True))
    runtime = start.runtime
    return start.pictures(runtime.decode(runtime.mix(start.mean, end.mean, t)), (left, top, right, bottom))[0]


def frames(start: Code, end: Code) -> list[Image.Image]:
    """FRAMES pictures of one size, into which both cars fit; all of them face as the first car does."""
    runtime = start.runtime
    way = [runtime.mix(start.mean, end.mean, t) for t in np.linspace(0, 1, FRAMES).tolist()]
    return start.pictures(runtime.decode(np.concatenate(way)), union(start.frame, end.frame))


def film(pictures: Sequence[Image.Image], format: str, name: str) -> File:
    """The pictures forwards and backwards, one of films.FORMATS."""
    there = films.frames(pictures, format)
    there_and_back = [*there, *there[-2:0:-1]]
    waits_ms = [END_MS if frame in (0, FRAMES - 1) else FRAME_MS for frame in range(len(there_and_back))]
    return films.film(there_and_back, waits_ms, format, name)


def union(a: Frame, b: Frame) -> Frame:
    """The smallest frame that holds both."""
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
