"""A car's code as a file, to download, and to open again."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ml.serving.runtime import Runtime, load
from reconstruct import code_file
from reconstruct.forms import CodeForm
from reconstruct.latents import code_of
from reconstruct.limits.requests import limited
from reconstruct.models import Origin, Reconstruction
from reconstruct.painting.files import File
from reconstruct.views.responses import created, versioned_picture


@versioned_picture()
def code(car: Reconstruction, runtime: Runtime) -> File:
    """The car's code as a file, from which the car can be decoded again."""
    content = json.dumps(code_file.write(code_of(car, runtime)), indent=1, ensure_ascii=False)
    return File(content.encode(), "application/json", f'attachment; filename="car-{car.slug}.json"')


def only_looks(request: HttpRequest) -> bool:
    return request.method != "POST"


@require_http_methods(["GET", "HEAD", "POST"])
@limited("codes", but=only_looks)
def open_code(request: HttpRequest) -> HttpResponse:
    """The page to open a code's file; a POST creates the car that is decoded from it."""
    if request.method != "POST":
        return render(request, "open_code.html", {"form": CodeForm()})
    form, picture = CodeForm(request.POST, request.FILES), None
    if form.is_valid():
        try:
            picture = code_file.decode(form.cleaned_data["code"], load())
        except code_file.CodeFileError as error:
            form.add_error("code", str(error))
    if picture is None:
        return render(request, "open_code.html", {"form": form}, status=422)

    public = form.cleaned_data["public"]
    return created(request, picture, upload_bytes=form.upload_bytes, public=public, origin=Origin.CODE)
