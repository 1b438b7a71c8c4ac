"""The way from one car to another: a picture of it, all its pictures, and a film."""

from django.http import Http404, HttpRequest

from ml.serving.runtime import Runtime
from reconstruct.latents import code_of
from reconstruct.limits import limited
from reconstruct.models import Reconstruction
from reconstruct.painting import morphs
from reconstruct.painting.files import File, png, sheet
from reconstruct.views.params import within
from reconstruct.views.responses import versioned_picture


def film_format_or_404(request: HttpRequest, format: str) -> str:
    if format not in morphs.FILMS:
        raise Http404
    return format


@limited("pictures")
@versioned_picture(percent=within(0, 100))
def morph(car: Reconstruction, other: Reconstruction, runtime: Runtime, percent: int) -> File:
    """The car on its way to another: 0 is itself, 100 the other, turned to face as this one does."""
    return png(morphs.at(code_of(car, runtime), code_of(other, runtime), percent / 100))


@limited("pictures")
@versioned_picture()
def strip(car: Reconstruction, other: Reconstruction, runtime: Runtime) -> File:
    """The way from one car to another, frame by frame, side by side."""
    return sheet(morphs.frames(code_of(car, runtime), code_of(other, runtime)))


@limited("pictures")
@versioned_picture(format=film_format_or_404)
def film(car: Reconstruction, other: Reconstruction, runtime: Runtime, format: str) -> File:
    """The way from one car to another and back, for ever."""
    frames = morphs.frames(code_of(car, runtime), code_of(other, runtime))
    return morphs.film(frames, format, name=f"{car.slug}-to-{other.slug}")
