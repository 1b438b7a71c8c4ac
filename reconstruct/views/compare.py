"""What a car can be compared with: the photograph as the model saw it, and a WebP of as many bytes as its file."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from ml.serving.runtime import Runtime
from reconstruct import code_file
from reconstruct.depths import PIXEL_BYTES
from reconstruct.latents import code_of
from reconstruct.models import Reconstruction
from reconstruct.pictures import webp
from reconstruct.pictures.files import File, png
from reconstruct.views.params import whole_number_or_404
from reconstruct.views.responses import respond, versioned_picture


@versioned_picture()
def seen(car: Reconstruction, runtime: Runtime) -> File:
    """The photograph as the model saw it: 128 pixels long."""
    return png(code_of(car, runtime).seen)


def size_or_none(request: HttpRequest, _: None) -> int | None:
    """The number of bytes in the query; None where it names none."""
    return whole_number_or_404(request, "size", 1, low=1, high=PIXEL_BYTES) if "size" in request.GET else None


def has_size(size: int | None, **_: object) -> bool:
    """Whether it is another picture than the one that the car's page itself shows."""
    return size is not None


@versioned_picture(endless=has_size, size=size_or_none)
def as_webp(car: Reconstruction, runtime: Runtime, size: int | None) -> HttpResponseBase:
    """What the model saw as a WebP of at most so many bytes, or else the smallest; without a size, as many as the file.

    The header X-PSNR-dB says how close it came.
    """
    picture = code_of(car, runtime).seen
    file = webp.Ladder(picture).at_most(size or car.code_bytes or len(code_file.file_of(car)))
    response = respond(file)
    response.headers["X-PSNR-dB"] = f"{webp.closeness(file, picture):.2f}"
    return response
