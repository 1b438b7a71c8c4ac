"""The circle around a car's code: eight draws from it, a drawing of it with the eight, and a point that one moves.

Draws lie at distances in standard deviations of the posterior, so that those at the same radius lie on a circle. The
drawing and the point show two numbers of the code: those of its first level, which describes the whole car, that are
the most active at a price of 1. In them the point is the mean and an offset, in the units of the code, in which the
prior is N(0, 1).
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.serving import coding
from ml.serving.rates import kl_divergence
from ml.serving.runtime import Runtime
from reconstruct.addresses import versioned
from reconstruct.latents import Code, code_of
from reconstruct.models import Reconstruction
from reconstruct.pictures.circles import circles_in, first_level

CARS = 8
MAX_SEED = 999_999
RADIUS = 1.0  # where an address names none
MAX_RADIUS = 4.0
MAX_OFFSET = 10.0  # from one end of the disc of all codes to the other

# Of the drawing, circle.svg: the range of its circle in standard deviations, and that of the disc of all codes.
REACH, ALL_REACH = 8.0, 5.0


@dataclasses.dataclass(frozen=True)
class Points:
    """Eight points by their seed and their radius in standard deviations; the depth at which they are decoded.

    `price`: of the code that they lie around. The higher it is, the larger the circle.
    """

    seed: int
    radius: float
    depth: int
    price: float

    def panel(self, car: Reconstruction, version: str) -> dict[str, Any]:
        """The context of car/circle.html, with addresses for this version of the model."""
        return {
            "points": self,
            "next_seed": (self.seed + 1) % (MAX_SEED + 1),
            "max_seed": MAX_SEED,
            "max_radius": MAX_RADIUS,
            "circle_url": self._url("circle", car, version, depth=str(self.depth)),
            "drawing_url": self._url("circle_drawing", car, version),
            "version": version,
        }

    def _url(self, name: str, car: Reconstruction, version: str, **query: str) -> str:
        query = {"radius": f"{self.radius:g}", **query, "price": f"{self.price:g}"}
        return versioned(name, car.slug, self.seed, version=version, **query)

    def cars(self, car: Reconstruction, runtime: Runtime) -> list[Image.Image]:
        """The eight cars."""
        code = code_of(car, runtime, self.price)
        return code.decoded(code.around(self.radius, code.noise(self.seed, CARS)), self.depth)

    def drawing(self, car: Reconstruction, runtime: Runtime) -> dict[str, Any]:
        """The context of circle.svg: `points` in standard deviations, `own` in the units of the code."""
        code, pair = code_of(car, runtime, self.price), most_active(code_of(car, runtime))
        points = self.radius * code.noise(self.seed, CARS)[:, pair]
        return {
            "numbers": [int(index) + 1 for index in pair],
            "own": circles_in(pair.tolist(), np.clip(code.mean, -ALL_REACH, ALL_REACH), code.logvar)[0],
            "points": np.clip(points, -REACH, REACH).tolist(),
            "radius": self.radius,
            "reach": REACH,
            "all_reach": ALL_REACH,
        }


@dataclasses.dataclass(frozen=True)
class Point:
    """The mean at a price, moved by `x` and `y` in the two numbers of the drawing, and decoded at `depth`."""

    x: float
    y: float
    depth: int
    price: float

    @property
    def offsets(self) -> dict[str, str]:
        """As an address has them."""
        return {"x": f"{self.x:g}", "y": f"{self.y:g}"}

    def panel(self, car: Reconstruction, version: str) -> dict[str, Any]:
        """The context of car/point.html."""
        return {
            "point": self,
            "point_url": versioned(
                "point", car.slug, version=version, **self.offsets, depth=str(self.depth), price=f"{self.price:g}"
            ),
            "posterior_url": versioned("posterior", car.slug, version=version),
        }

    def decoded(self, car: Reconstruction, runtime: Runtime) -> Image.Image:
        code = code_of(car, runtime, self.price)
        z = code.mean.copy()
        z[0, most_active(code_of(car, runtime))] += np.array([self.x, self.y], dtype=np.float32)
        return code.decoded(z, self.depth)[0]


def posterior(car: Reconstruction, runtime: Runtime) -> dict[str, Any]:
    """The two numbers of the drawing, counted from 1, with mean and standard deviation of each, by price; its reach."""
    pair = most_active(code_of(car, runtime))
    circles = zip(coding.load().prices, circles_in(pair.tolist(), *first_level(car, runtime)), strict=True)
    return {
        "numbers": [int(index) + 1 for index in pair],
        "reach": {"all": ALL_REACH, "circle": REACH},
        "prices": {f"{price:g}": {"means": [c.x, c.y], "deviations": [c.across, c.up]} for price, c in circles},
    }


def most_active(code: Code) -> NDArray[np.intp]:
    """The indices of the two numbers of the first level that have the largest KL divergence."""
    size = code.runtime.level_sizes[0]
    return np.argsort(-kl_divergence(code.mean[0, :size], code.logvar[0, :size]))[:2]
