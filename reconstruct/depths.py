"""A car at each depth of its code: how many bytes that takes, and the address of its picture."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

from ml.serving.transforms import IMAGE_SIZE
from reconstruct import wording
from reconstruct.addresses import versioned
from reconstruct.models import Reconstruction

# Of every picture as the model sees it. The file that was sent is no measure: a browser may have shrunk it.
PIXEL_BYTES = 3 * IMAGE_SIZE**2


@dataclasses.dataclass(frozen=True)
class Depth:
    """A car from the first `number` levels of its code, and how many times smaller than its pixels they are."""

    number: int
    bytes: int
    times_smaller: int
    url: str

    @property
    def words(self) -> str:
        return wording.depth_words(self.number)


@dataclasses.dataclass(frozen=True)
class Level:
    """One level of a car's code, and the bytes that it adds to the levels above."""

    number: int
    bytes: float


def depths_of(car: Reconstruction, version: str) -> list[Depth]:
    """The depths of the model that encoded the car; the addresses name `version`, the model that is served."""
    return [
        Depth(
            number,
            round(size),
            times_smaller=round(PIXEL_BYTES / max(1, size)),
            url=versioned("depth", car.slug, number, version=version),
        )
        for number, size in enumerate(car.bytes_by_depth, start=1)
    ]


def levels_of(car: Reconstruction) -> list[Level]:
    """The levels of the model that encoded the car, which may be another one than the model that is served."""
    added = [below - above for above, below in pairwise((0.0, *car.bytes_by_depth))]
    return [Level(number, bytes) for number, bytes in enumerate(added, start=1)]
