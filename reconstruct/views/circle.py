"""The circle around a car's code: eight cars drawn from it, and a drawing of it with the eight points.

A code is a mean and a spread for each of its numbers. Measured in spreads, what lies around the mean is round.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from numpy.typing import NDArray

import ml.serving.runtime
from ml.serving.runtime import kl_divergence
from reconstruct.addresses import versioned
from reconstruct.latents import Code, code_or_404
from reconstruct.limits import limited
from reconstruct.models import Reconstruction
from reconstruct.views.params import depth_or_404, number_or_404, whole_number_or_404
from reconstruct.views.pictures import MAX_RADIUS, drawn_sheet, kept_for_a_year, redirect_to_version
from reconstruct.visitors import get_car_or_404

CARS = 8
MAX_SEED = 999_999
RADIUS = 1.0  # where an address names none

# Of the drawing, circle.svg: how far it reaches in standard deviations, and where all codes lie in it.
REACH = 8.0
ALL_REACH, ALL_MIDDLE, ALL_SCALE = 5.0, (72, 115), 13


@dataclasses.dataclass(frozen=True)
class Roll:
    """What an address asks for: eight points by their seed, how far off, and at which depth to look at them."""

    seed: int
    radius: float
    depth: int

    def panel(self, car: Reconstruction) -> dict[str, object]:
        """What car/circle.html shows of the car."""
        return {
            "roll": self,
            "next_seed": (self.seed + 1) % (MAX_SEED + 1),
            "max_seed": MAX_SEED,
            "circle_url": self._url("circle", car),
            "drawing_url": self._url("circle_drawing", car),
            "version": ml.serving.runtime.load().version,
        }

    def _url(self, name: str, car: Reconstruction) -> str:
        return versioned(name, car.slug, self.seed, radius=f"{self.radius:g}", depth=str(self.depth))


def is_first(request: HttpRequest, slug: str, seed: int) -> bool:
    """Whether these are the points that the car's page itself begins with."""
    return seed == 0 and request.GET.get("radius", "1") == "1"


@require_safe
@limited("pictures", but=is_first)
def circle(request: HttpRequest, slug: str, seed: int) -> HttpResponseBase:
    """Eight cars from the car's circle in one picture, side by side."""
    car, roll = get_car_or_404(request, slug), roll_or_404(request, seed)
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved

    code = code_or_404(car)
    codes = code.around(roll.radius, code.noise(roll.seed, CARS))
    return drawn_sheet(code.decoded(codes, roll.depth), car)


@require_safe
@limited("pictures", but=is_first)
def circle_drawing(request: HttpRequest, slug: str, seed: int) -> HttpResponseBase:
    """The circle in the two numbers of the code that say most at this depth, with the eight points; SVG."""
    car, roll = get_car_or_404(request, slug), roll_or_404(request, seed)
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved

    response = render(request, "circle.svg", drawing(code_or_404(car), roll), content_type="image/svg+xml")
    return kept_for_a_year(response, car)


def drawing(code: Code, roll: Roll) -> dict[str, object]:
    """What the template draws: `points` in standard deviations; `near`, the car among all codes, in the drawing's."""
    pair = most_active(code, roll.depth)
    points = roll.radius * code.noise(roll.seed, CARS)[:, pair]
    x, y = np.clip(code.mean[0, pair], -ALL_REACH, ALL_REACH).tolist()
    return {
        "numbers": [int(index) + 1 for index in pair],
        "near": {"x": ALL_MIDDLE[0] + ALL_SCALE * x, "y": ALL_MIDDLE[1] + ALL_SCALE * y},
        "points": np.clip(points, -REACH, REACH).tolist(),
        "radius": roll.radius,
    }


def most_active(code: Code, depth: int) -> NDArray[np.intp]:
    """Where the two numbers of the first `depth` levels stand that cost most bytes: they say most of this car."""
    size = sum(ml.serving.runtime.load().level_sizes[:depth])
    mean, logvar = code.mean[0, :size], code.logvar[0, :size]
    return np.argsort(-kl_divergence(mean, logvar))[:2]


def roll_or_404(request: HttpRequest, seed: int | None = None) -> Roll:
    """The roll that the query asks for; a picture has its seed in its path instead."""
    if seed is None:
        seed = whole_number_or_404(request, "seed", 0, low=0, high=MAX_SEED)
    elif seed > MAX_SEED:
        raise Http404
    radius = number_or_404(request, "radius", RADIUS, low=0, high=MAX_RADIUS)
    return Roll(seed, radius, depth_or_404(request))
