"""What leaves the site and comes back: the card beside a link, and the code as a file."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.views.decorators.http import require_http_methods, require_safe
from PIL import Image

import ml.serving.runtime
from reconstruct import card, code_file
from reconstruct.forms import CodeForm
from reconstruct.latents import code_or_404
from reconstruct.limits import limited
from reconstruct.models import Origin, Reconstruction, encoded
from reconstruct.uploads import recorded
from reconstruct.views.pictures import kept_for_a_year, original_or_404, redirect_to_version
from reconstruct.visitors import get_car_or_404

CARD_QUALITY = 88


@require_safe
def link_card(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What other sites show beside a link to the car, which they may only if it is in the gallery."""
    car = get_car_or_404(request, slug)
    if not car.in_gallery:
        raise Http404
    if moved := redirect_to_version(request, car.model_version):
        return moved

    size = f"{car.code_bytes:,} bytes"
    upload_size = filesizeformat(car.upload_bytes).replace("\xa0", " ")  # the card's font has no such space
    source = f"A photograph of {upload_size}" if car.is_photograph else "Made by the model"
    picture = card.draw(
        original_or_404(car), rebuilt(car), title=f"A car in {size}", captions=(source, f"Rebuilt from {size}")
    )
    jpeg = encoded(picture, "JPEG", quality=CARD_QUALITY)
    return kept_for_a_year(HttpResponse(jpeg, content_type="image/jpeg"), car)


def rebuilt(car: Reconstruction) -> Image.Image:
    """The stored reconstruction. Raises Http404 where the storage has lost it."""
    try:
        with car.reconstruction.open() as file, Image.open(file, formats=["PNG"]) as picture:
            return picture.convert("RGB")
    except FileNotFoundError:
        raise Http404 from None


@require_safe
def code(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The car's code as a file, from which the car can be painted again."""
    car = get_car_or_404(request, slug)
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved

    response = JsonResponse(code_file.write(code_or_404(car)), json_dumps_params={"indent": 1, "ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="car-{slug}.json"'
    return kept_for_a_year(response, car)


def only_looks(request: HttpRequest) -> bool:
    return request.method != "POST"


@require_http_methods(["GET", "HEAD", "POST"])
@limited("codes", but=only_looks)
def open_code(request: HttpRequest) -> HttpResponse:
    """The page where a code's file is opened, and the car that is painted from it."""
    if request.method != "POST":
        return render(request, "open_code.html", {"form": CodeForm()})
    form = CodeForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "open_code.html", {"form": form}, status=422)

    return recorded(
        request,
        form.cleaned_data["code"],
        upload_bytes=form.upload_bytes,
        public=form.cleaned_data["public"],
        origin=Origin.CODE,
    )
