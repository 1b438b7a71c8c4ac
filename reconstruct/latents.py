"""The code of a stored car, its posterior by the encoder, and pictures of codes near it."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
from PIL import Image, ImageOps

from ml.serving import coding
from ml.serving.runtime import Runtime
from ml.serving.transforms import IMAGE_SIZE, Array, Frame, to_array, to_image, turn_around
from reconstruct import storage
from reconstruct.models import Reconstruction

CACHED = 32  # cars, of a quarter of a megabyte each


@dataclasses.dataclass(frozen=True)
class Code:
    """mean, logvar: (1, L) float32; x: (3, S, S), the photograph as the model saw it, mirrored if `mirrored`.

    `frame` is where the photograph lies in the square; `runtime` is the model that encoded it and that decodes it, both
    at `price`.
    """

    mean: Array
    logvar: Array
    x: Array
    frame: Frame
    mirrored: bool
    runtime: Runtime
    price: float = 1.0

    @property
    def model_version(self) -> str:
        return self.runtime.version

    @property
    def seen(self) -> Image.Image:
        """The photograph as the model saw it, without the bars around it, and in its own direction."""
        return self.pictures(self.x[None])[0]

    def noise(self, seed: int, count: int = 1) -> Array:
        """(count, L) standard normal numbers; the first are the same for every count."""
        return np.random.default_rng(seed).standard_normal((count, self.mean.shape[1]), dtype=np.float32)

    def around(self, radius: float, noise: Array) -> Array:
        """(N, L): codes on the circle around the mean, with a radius in standard deviations of the posterior."""
        codes: Array = self.mean + np.float32(radius) * np.exp(self.logvar / 2) * noise
        return codes

    def decoded(self, z: Array, depth: int | None = None) -> list[Image.Image]:
        """The decoded codes, in this photograph's proportions and direction."""
        return self.pictures(self.runtime.decode(z, depth, self.price))

    def at_every_depth(self) -> Array:
        """(depths, 3, S, S): the mean decoded at depth 1, at depth 2, and so on."""
        depths = range(1, self.runtime.depths + 1)
        return np.concatenate([self.runtime.decode(self.mean, depth, self.price) for depth in depths])

    def pictures(self, y: Array, frame: Frame | None = None) -> list[Image.Image]:
        """(N, 3, S, S) in the model's direction → pictures in the photograph's, cut to `frame` or to its own."""
        return [in_mirror(to_image(picture, frame or self.frame), self.mirrored) for picture in y]


def code_of(car: Reconstruction, runtime: Runtime, price: float = 1.0) -> Code:
    """The code of the car's photograph, from a cache of the last CACHED. Raises FileNotFoundError when it is gone."""
    return _code(str(car.original), car.mirrored, runtime, price)


# A slider requests one car many times, and reading its photograph takes longer than decoding. A stored photograph never
# changes, and access is decided before this is called.
@functools.lru_cache(CACHED)
def _code(key: str, mirrored: bool, runtime: Runtime, price: float) -> Code:
    x, frame = seen(key, mirrored)
    mean, logvar = runtime.encode(x[None], price)
    return Code(mean, logvar, x, frame, mirrored, runtime, price)


def at_every_price(key: str, mirrored: bool, runtime: Runtime) -> tuple[Array, Array]:
    """Mean and logvar of a photograph, (prices, L), at each price that there are tables for. Raises as seen does."""
    x, _ = seen(key, mirrored)
    prices = np.array(coding.load().prices, np.float32)
    return runtime.encode(np.repeat(x[None], len(prices), 0), prices)


@functools.lru_cache(CACHED)
def seen(key: str, mirrored: bool) -> tuple[Array, Frame]:
    """A stored photograph as the model sees it, and where it lies in the square: x and frame of Code.

    Raises FileNotFoundError when it is gone.
    """
    x, (left, top, right, bottom) = to_array(storage.read(key))
    if not mirrored:
        return x, (left, top, right, bottom)
    return turn_around(x), (IMAGE_SIZE - right, top, IMAGE_SIZE - left, bottom)


def in_mirror(picture: Image.Image, mirrored: bool) -> Image.Image:
    """The picture mirrored, if `mirrored`: from the photograph's direction to the model's, or back."""
    return ImageOps.mirror(picture) if mirrored else picture
