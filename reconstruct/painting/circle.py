"""The circle around a car's code: eight points on it, and a drawing of it with the eight.

Distances are in standard deviations of the posterior, so that points at the same radius lie on a circle.
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

# Of the drawing, circle.svg: its range in standard deviations, and where the disc of all codes lies in it.
REACH = 8.0
ALL_REACH, ALL_MIDDLE, ALL_SCALE = 5.0, (72, 115), 13


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
            "circle_url": self._url("circle", car, version),
            "drawing_url": self._url("circle_drawing", car, version),
            "version": version,
        }

    def _url(self, name: str, car: Reconstruction, version: str) -> str:
        return versioned(name, car.slug, self.seed, version=version, radius=f"{self.radius:g}", depth=str(self.depth))

    def cars(self, code: Code) -> list[Image.Image]:
        """The eight cars."""
        return code.decoded(code.around(self.radius, code.noise(self.seed, CARS)), self.depth)

    def drawing(self, code: Code) -> dict[str, Any]:
        """The context of circle.svg: `points` in standard deviations; `near`, the car's place among all codes."""
        pair = most_active(code, self.depth)
        points = self.radius * code.noise(self.seed, CARS)[:, pair]
        x, y = np.clip(code.mean[0, pair], -ALL_REACH, ALL_REACH).tolist()
        return {
            "numbers": [int(index) + 1 for index in pair],
            "near": {"x": ALL_MIDDLE[0] + ALL_SCALE * x, "y": ALL_MIDDLE[1] + ALL_SCALE * y},
            "points": np.clip(points, -REACH, REACH).tolist(),
            "radius": self.radius,
        }


def most_active(code: Code, depth: int) -> NDArray[np.intp]:
    """The indices of the two numbers of the first `depth` levels that have the largest KL divergence."""
    size = sum(code.runtime.level_sizes[:depth])
    return np.argsort(-kl_divergence(code.mean[0, :size], code.logvar[0, :size]))[:2]
