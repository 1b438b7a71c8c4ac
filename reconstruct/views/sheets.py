"""Sheets by URL: all the pictures that a slider moves through in one, so that it never waits; and films of them."""

from collections.abc import Sequence

import numpy as np
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from PIL import Image

import ml.serving.runtime
from reconstruct.heat import errors
from reconstruct.latents import code_or_404, union
from reconstruct.limits import limited
from reconstruct.models import Reconstruction, encoded
from reconstruct.views.pictures import drawn, drawn_sheet, kept_for_a_year, redirect_to_version, side_by_side
from reconstruct.visitors import get_car_or_404

FRAMES = 25  # of a morph, both ends included
FRAME_MS = 60
END_MS = 900  # that a film rests at each end
FILM_SIDE = 256  # pixels
FILMS = {"webp": {"quality": 80, "method": 0}, "gif": {}}  # the formats, and what Pillow is told about each


@require_safe
def depths(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The car at every depth, side by side: exact, as it is for keeping as well."""
    car = get_car_or_404(request, slug)
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved

    code = code_or_404(car)
    pictures = code.drawn(code.at_every_depth())
    return drawn(side_by_side(pictures, len(pictures)), car)


@require_safe
def differences(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Where the car at every depth is wrong, side by side."""
    car = get_car_or_404(request, slug)
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved

    code = code_or_404(car)
    return drawn_sheet(code.drawn(errors(code, code.at_every_depth())), car)


@require_safe
@limited("pictures")
def strip(request: HttpRequest, slug: str, other: str) -> HttpResponseBase:
    """The way from one car to another, frame by frame, side by side."""
    car, target = get_car_or_404(request, slug), get_car_or_404(request, other)
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved

    return drawn_sheet(frames(car, target), car, target)


@require_safe
@limited("pictures")
def film(request: HttpRequest, slug: str, other: str, format: str) -> HttpResponseBase:
    """The way from one car to another and back, for ever: an animation that is larger than the model's pictures."""
    car, target = get_car_or_404(request, slug), get_car_or_404(request, other)
    if format not in FILMS:
        raise Http404
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved

    there = [enlarged(frame) for frame in frames(car, target)]
    if format == "gif":  # whose 256 colours an octree finds in a fortieth of the time that Pillow's own choice takes
        there = [frame.quantize(method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE) for frame in there]
    film = [*there, *there[-2:0:-1]]
    waits = [END_MS if frame in (0, FRAMES - 1) else FRAME_MS for frame in range(len(film))]
    options = FILMS[format]
    content = encoded(film[0], format, save_all=True, append_images=film[1:], duration=waits, loop=0, **options)
    response = HttpResponse(content, content_type=f"image/{format}")
    response.headers["Content-Disposition"] = f'inline; filename="{slug}-to-{other}.{format}"'
    return kept_for_a_year(response, car, target)


def frames(car: Reconstruction, target: Reconstruction) -> Sequence[Image.Image]:
    """FRAMES pictures of one size, in which both cars have room; all of them face as the first car does."""
    runtime, start, end = ml.serving.runtime.load(), code_or_404(car), code_or_404(target)
    way = [runtime.mix(start.mean, end.mean, t) for t in np.linspace(0, 1, FRAMES).tolist()]
    return start.drawn(runtime.decode(np.concatenate(way)), union(start.frame, end.frame))


def enlarged(picture: Image.Image) -> Image.Image:
    scale = FILM_SIDE / max(picture.size)
    width, height = (round(side * scale) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.BICUBIC)
