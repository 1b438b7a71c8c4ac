"""The circle around a car's code: cars on it, and a drawing of it."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from ml.serving.runtime import Runtime
from reconstruct.latents import code_of
from reconstruct.limits.requests import limited
from reconstruct.models import Reconstruction
from reconstruct.painting.circle import MAX_SEED, RADIUS, Points
from reconstruct.painting.files import File, png, sheet
from reconstruct.views.params import depth_or_404, radius_or_404, within
from reconstruct.views.responses import versioned_picture


def is_first(request: HttpRequest, slug: str, seed: int) -> bool:
    """Whether these are the points that the car's page starts with."""
    return seed == 0 and request.GET.get("radius", f"{RADIUS:g}") == f"{RADIUS:g}"


@limited("pictures", but=is_first)
@versioned_picture(seed=within(0, MAX_SEED), radius=radius_or_404, depth=depth_or_404)
def circle(car: Reconstruction, runtime: Runtime, seed: int, radius: float, depth: int) -> File:
    """Eight cars on the car's circle, side by side in one picture."""
    return sheet(Points(seed, radius, depth).cars(code_of(car, runtime)))


@limited("pictures", but=is_first)
@versioned_picture(seed=within(0, MAX_SEED), radius=radius_or_404, depth=depth_or_404)
def circle_drawing(car: Reconstruction, runtime: Runtime, seed: int, radius: float, depth: int) -> File:
    """The circle in the two most active numbers of the code at this depth, with the eight points; SVG."""
    points = Points(seed, radius, depth)
    drawing = render_to_string("circle.svg", points.drawing(code_of(car, runtime)))
    return File(drawing.encode(), "image/svg+xml")


@limited("pictures")
@versioned_picture(radius=radius_or_404)
def variation(car: Reconstruction, runtime: Runtime, seed: int, radius: float) -> File:
    """One car on the circle, at a radius in standard deviations of the posterior."""
    code = code_of(car, runtime)
    return png(code.decoded(code.around(radius, code.noise(seed)))[0])
