"""The morph from one car to another: one picture, all pictures side by side, and a film."""

from django.http import Http404, HttpRequest

from ml.serving.runtime import Runtime
from reconstruct.latents import code_of
from reconstruct.models import Reconstruction
from reconstruct.pictures import films, morphs
from reconstruct.pictures.files import File, png, sheet
from reconstruct.views.params import within
from reconstruct.views.responses import versioned_picture


def film_format_or_404(request: HttpRequest, format: str) -> str:
    if format not in films.FORMATS:
        raise Http404
    return format


@versioned_picture(endless=True, percent=within(0, 100))
def morph(car: Reconstruction, other: Reconstruction, runtime: Runtime, percent: int) -> File:
    """One picture of the morph: 0 is the car, 100 the other one, facing as the car does."""
    return png(morphs.at(code_of(car, runtime), code_of(other, runtime), percent / 100))


@versioned_picture(endless=True, slow=True)
def strip(car: Reconstruction, other: Reconstruction, runtime: Runtime) -> File:
    """All pictures of the morph, side by side."""
    return sheet(morphs.frames(code_of(car, runtime), code_of(other, runtime)))


@versioned_picture(endless=True, slow=True, format=film_format_or_404)
def film(car: Reconstruction, other: Reconstruction, runtime: Runtime, format: str) -> File:
    """The morph and back again, as an endless animation."""
    frames = morphs.frames(code_of(car, runtime), code_of(other, runtime))
    return morphs.film(frames, format, name=f"{car.slug}-to-{other.slug}")
