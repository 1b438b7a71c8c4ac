"""The code of a car: what the encoder makes of its photograph, and pictures of codes near it."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
from django.http import Http404
from PIL import Image, ImageOps

import ml.serving.runtime
from ml.serving.transforms import Array, Frame, to_array, to_image
from reconstruct.models import Reconstruction, stored_photograph

CACHED = 32  # cars, of a quarter of a megabyte each


@dataclasses.dataclass(frozen=True)
class Code:
    """mean, logvar: (1, L) float32; x: (3, 128, 128), the photograph as the model saw it, in a mirror if `mirrored`.

    `frame` is where in the square the photograph lies.
    """

    mean: Array
    logvar: Array
    x: Array
    frame: Frame
    mirrored: bool

    def noise(self, seed: int, count: int = 1) -> Array:
        """(count, L) standard normal numbers; the first are the same for every count."""
        return np.random.default_rng(seed).standard_normal((count, self.mean.shape[1]), dtype=np.float32)

    def around(self, radius: float, noise: Array) -> Array:
        """(N, L): codes on the circle around this one, as far off as `radius` says in standard deviations."""
        codes: Array = self.mean + np.float32(radius) * np.exp(self.logvar / 2) * noise
        return codes

    def decoded(self, z: Array, depth: int | None = None) -> list[Image.Image]:
        """What the codes look like, in this photograph's proportions and direction."""
        return self.drawn(ml.serving.runtime.load().decode(z, depth=depth))

    def at_every_depth(self) -> Array:
        """(depths, 3, 128, 128): what the mean looks like from its first level, from its first two, and so on."""
        runtime = ml.serving.runtime.load()
        return np.concatenate([runtime.decode(self.mean, depth) for depth in range(1, runtime.depths + 1)])

    def drawn(self, pictures: Array, frame: Frame | None = None) -> list[Image.Image]:
        """(N, 3, 128, 128) in the model's direction → pictures in the photograph's, cut to `frame` or to its own."""
        return [in_mirror(to_image(picture, frame or self.frame), self.mirrored) for picture in pictures]


def code_or_404(car: Reconstruction) -> Code:
    """Reads and encodes the photograph, if that was not done lately. Raises Http404 where the storage has lost it."""
    try:
        return code_of(str(car.original), car.mirrored)
    except FileNotFoundError:
        raise Http404 from None


# Sliders ask for one car again and again, and reading its photograph takes longer than decoding. A stored photograph
# never changes, and who may see it has been asked before.
@functools.lru_cache(CACHED)
def code_of(key: str, mirrored: bool) -> Code:
    x, frame = to_array(in_mirror(stored_photograph(key), mirrored))
    mean, logvar = ml.serving.runtime.load().encode(x[None])
    return Code(mean, logvar, x, frame, mirrored)


def in_mirror(picture: Image.Image, mirrored: bool) -> Image.Image:
    """The picture as the model needs it, or, applied again, as the visitor took it."""
    return ImageOps.mirror(picture) if mirrored else picture


def union(a: Frame, b: Frame) -> Frame:
    """The smallest frame that holds both."""
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
