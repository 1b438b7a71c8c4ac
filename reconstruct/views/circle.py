"""The circle around a car's code: cars on it, and a drawing of it."""

from django.template.loader import render_to_string

from ml.serving.runtime import Runtime
from reconstruct.latents import code_of
from reconstruct.models import Reconstruction
from reconstruct.painting.circle import MAX_SEED, RADIUS, Points
from reconstruct.painting.files import File, png, sheet
from reconstruct.views.params import depth_or_404, radius_or_404, within
from reconstruct.views.responses import versioned_picture


def are_others(seed: int, radius: float, **_: object) -> bool:
    """Whether these are not the points that the car's page itself begins with."""
    return (seed, radius) != (0, RADIUS)


@versioned_picture(endless=are_others, seed=within(0, MAX_SEED), radius=radius_or_404, depth=depth_or_404)
def circle(car: Reconstruction, runtime: Runtime, seed: int, radius: float, depth: int) -> File:
    """Eight cars on the car's circle, side by side in one picture."""
    return sheet(Points(seed, radius, depth).cars(code_of(car, runtime)))


@versioned_picture(endless=are_others, seed=within(0, MAX_SEED), radius=radius_or_404, depth=depth_or_404)
def circle_drawing(car: Reconstruction, runtime: Runtime, seed: int, radius: float, depth: int) -> File:
    """The circle in the two most active numbers of the code at this depth, with the eight points; SVG."""
    points = Points(seed, radius, depth)
    drawing = render_to_string("circle.svg", points.drawing(code_of(car, runtime)))
    return File(drawing.encode(), "image/svg+xml")


@versioned_picture(endless=True, radius=radius_or_404)
def variation(car: Reconstruction, runtime: Runtime, seed: int, radius: float) -> File:
    """One car on the circle, at a radius in standard deviations of the posterior."""
    code = code_of(car, runtime)
    return png(code.decoded(code.around(radius, code.noise(seed)))[0])
