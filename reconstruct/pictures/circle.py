"""The circle around a car's code: eight draws from it, a drawing of it with the eight, and a point that one moves.

Draws lie at distances in standard deviations of the posterior, so that those at the same radius lie on a circle. The
drawing and the point show two numbers of the code: the most active ones of its first level, which describes the whole
car. In them the point is the mean and an offset, in the units of the code, in which the prior is N(0, 1).
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.serving.rates import kl_divergence
from reconstruct.addresses import versioned
from reconstruct.latents import Code
from reconstruct.models import Reconstruction

CARS = 8
MAX_SEED = 999_999
RADIUS = 1.0  # where an address names none
MAX_RADIUS = 4.0
MAX_OFFSET = 10.0  # from one end of the disc of all codes to the other

# Of the drawing, circle.svg: its range in standard deviations, and where the disc of all codes lies in it. Up is more.
REACH = 8.0
ALL_REACH, ALL_MIDDLE, ALL_SCALE = 5.0, (86, 115), 16


@dataclasses.dataclass(frozen=True)
class Points:
    """Eight points by their seed, their radius in standard deviations, and the depth at which they are decoded."""

    seed: int
    radius: float
    depth: int

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
        return versioned(name, car.slug, self.seed, version=version, radius=f"{self.radius:g}", **query)

    def cars(self, code: Code) -> list[Image.Image]:
        """The eight cars."""
        return code.decoded(code.around(self.radius, code.noise(self.seed, CARS)), self.depth)

    def drawing(self, code: Code) -> dict[str, Any]:
        """The context of circle.svg: `points` in standard deviations; `near`, the car's place among all codes."""
        pair = most_active(code)
        points = self.radius * code.noise(self.seed, CARS)[:, pair]
        x, y = np.clip(code.mean[0, pair], -ALL_REACH, ALL_REACH).tolist()
        return {
            "numbers": [int(index) + 1 for index in pair],
            "near": {"x": ALL_MIDDLE[0] + ALL_SCALE * x, "y": ALL_MIDDLE[1] - ALL_SCALE * y},
            "points": np.clip(points, -REACH, REACH).tolist(),
            "radius": self.radius,
        }


@dataclasses.dataclass(frozen=True)
class Point:
    """The mean, moved by `x` and `y` in the two numbers of the drawing, and decoded at `depth`."""

    x: float
    y: float
    depth: int

    @property
    def offsets(self) -> dict[str, str]:
        """As an address has them."""
        return {"x": f"{self.x:g}", "y": f"{self.y:g}"}

    def panel(self, car: Reconstruction, version: str) -> dict[str, Any]:
        """The context of car/point.html."""
        return {
            "point": self,
            "point_url": versioned("point", car.slug, version=version, **self.offsets, depth=str(self.depth)),
            "posterior_url": versioned("posterior", car.slug, version=version),
        }

    def decoded(self, code: Code) -> Image.Image:
        z = code.mean.copy()
        z[0, most_active(code)] += np.array([self.x, self.y], dtype=np.float32)
        return code.decoded(z, self.depth)[0]


def posterior(code: Code) -> dict[str, list[float]]:
    """The two numbers of the drawing, counted from 1, with mean and standard deviation of each."""
    pair = most_active(code)
    return {
        "numbers": [int(index) + 1 for index in pair],
        "means": [round(value, 4) for value in code.mean[0, pair].tolist()],
        "deviations": [round(value, 4) for value in np.exp(code.logvar[0, pair] / 2).tolist()],
    }


def most_active(code: Code) -> NDArray[np.intp]:
    """The indices of the two numbers of the first level that have the largest KL divergence."""
    size = code.runtime.level_sizes[0]
    return np.argsort(-kl_divergence(code.mean[0, :size], code.logvar[0, :size]))[:2]
