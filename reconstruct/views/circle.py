"""The circle around a car's code: cars on it, a drawing of it, and the car at a point that one moves."""

import json
from typing import Any

from django.template.loader import render_to_string

from ml.serving.runtime import Runtime
from reconstruct.code_file import PRICE
from reconstruct.latents import code_of
from reconstruct.models import Reconstruction
from reconstruct.pictures.circle import MAX_SEED, RADIUS, Point, Points, posterior
from reconstruct.pictures.files import File, png, sheet
from reconstruct.views.params import depth_or_404, price_or_404, radius_or_404, within, x_or_400, y_or_400
from reconstruct.views.responses import versioned_picture


def are_others(seed: int, radius: float, price: float, **_: object) -> bool:
    """Whether these are not the points that the car's page itself begins with."""
    return (seed, radius, price) != (0, RADIUS, PRICE)


around = versioned_picture(
    endless=are_others, seed=within(0, MAX_SEED), radius=radius_or_404, depth=depth_or_404, price=price_or_404
)


@around
def circle(car: Reconstruction, runtime: Runtime, **points: Any) -> File:
    """Eight cars on the car's circle, side by side in one picture."""
    return sheet(Points(**points).cars(car, runtime))


@around
def circle_drawing(car: Reconstruction, runtime: Runtime, **points: Any) -> File:
    """The circle in the two most active numbers of the first level, with the eight points; SVG."""
    return File(render_to_string("circle.svg", Points(**points).drawing(car, runtime)).encode(), "image/svg+xml")


def has_moved(x: float, y: float, price: float, **_: object) -> bool:
    """Whether this is not the mean, which the car's page itself begins with."""
    return (x, y, price) != (0, 0, PRICE)


@versioned_picture(endless=has_moved, x=x_or_400, y=y_or_400, depth=depth_or_404, price=price_or_404)
def point(car: Reconstruction, runtime: Runtime, **point: Any) -> File:
    """The car at the mean, moved by x and y in the two numbers that the drawing shows."""
    return png(Point(**point).decoded(car, runtime))


@versioned_picture()
def posterior_of(car: Reconstruction, runtime: Runtime) -> File:
    """Mean and standard deviation of the two numbers that the drawing shows, by price; JSON."""
    return File(json.dumps(posterior(car, runtime)).encode(), "application/json")


@versioned_picture(endless=True, radius=radius_or_404)
def variation(car: Reconstruction, runtime: Runtime, seed: int, radius: float) -> File:
    """One car on the circle, at a radius in standard deviations of the posterior."""
    code = code_of(car, runtime)
    return png(code.decoded(code.around(radius, code.noise(seed)))[0])
