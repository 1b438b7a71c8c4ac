"""A car's code as a file, to download, and to open again."""

from io import BytesIO

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ml.serving import coding
from ml.serving.directions import FILE
from ml.serving.runtime import Runtime
from reconstruct import code_file
from reconstruct.forms import CodeForm
from reconstruct.latents import at_every_price, code_of
from reconstruct.limits.requests import limited, only_looks
from reconstruct.models import Origin, Reconstruction
from reconstruct.pictures.files import File
from reconstruct.views.params import price_or_404
from reconstruct.views.responses import created, versioned_picture


def at_another_price(price: float, **_: object) -> bool:
    """Whether it is not the file that the car's page itself gives."""
    return price != code_file.PRICE


@versioned_picture(price=price_or_404, endless=at_another_price)
def code(car: Reconstruction, runtime: Runtime, price: float) -> File:
    """The car as a file, from which it can be decoded again."""
    disposition = f'attachment; filename="{car.slug}.{code_file.SUFFIX}"'
    return File(code_file.file_of(car, price), code_file.MEDIA_TYPE, disposition)


@versioned_picture()
def tables(runtime: Runtime) -> File:
    """What the files of this model's cars are read with, by browsers that do it themselves: docs/format.md."""
    return File((runtime.folder / coding.FILE).read_bytes(), code_file.MEDIA_TYPE)


@versioned_picture()
def directions(runtime: Runtime) -> File:
    """What cars are steered with, by browsers that do it themselves: the arrays of ml.serving.directions."""
    return File((runtime.folder / FILE).read_bytes(), code_file.MEDIA_TYPE)


@versioned_picture()
def latents(car: Reconstruction, runtime: Runtime) -> File:
    """What the encoder makes of the car, for browsers that decode it themselves: float32, little-endian.

    The frame in the square, left, top, right, bottom; 1 where it was mirrored; the mean, and the logvar.
    """
    code = code_of(car, runtime)
    numbers = np.concatenate([(*code.frame, code.mirrored), code.mean[0], code.logvar[0]])
    return File(numbers.astype("<f4").tobytes(), code_file.MEDIA_TYPE)


@versioned_picture()
def posteriors(car: Reconstruction, runtime: Runtime) -> File:
    """What the encoder makes of the car at each price that there are tables for; arrays of NumPy.

    `mean` and `logvar`, (prices, L), in half precision, and `prices`.
    """
    mean, logvar = at_every_price(str(car.original), car.mirrored, runtime)
    file = BytesIO()
    prices = np.array(coding.load().prices)
    np.savez_compressed(file, prices=prices, mean=mean.astype(np.float16), logvar=logvar.astype(np.float16))
    return File(file.getvalue(), code_file.MEDIA_TYPE)


@require_http_methods(["GET", "HEAD", "POST"])
@limited("codes", unless=only_looks)
def open_code(request: HttpRequest) -> HttpResponse:
    """The page to open a code's file; a POST creates the car that is decoded from it."""
    if request.method != "POST":
        return render(request, "open_code.html", {"form": CodeForm()})
    form, picture = CodeForm(request.POST, request.FILES), None
    if form.is_valid():
        try:
            picture = code_file.picture_in(form.cleaned_data["code"])
        except code_file.CodeFileError as error:
            form.add_error("code", str(error))
    if picture is None:
        return render(request, "open_code.html", {"form": form}, status=422)

    public = form.cleaned_data["public"]
    return created(request, picture, upload_bytes=form.upload_bytes, public=public, origin=Origin.CODE)
