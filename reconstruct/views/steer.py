"""Steering: a car moved along the directions that the model knows, as far as sliders say."""

import numpy as np
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

import ml.serving.runtime
from reconstruct.latents import code_or_404
from reconstruct.limits import limited
from reconstruct.models import Origin, encoded
from reconstruct.uploads import recorded
from reconstruct.views.params import depth_or_404
from reconstruct.views.pictures import drawn_sheet, redirect_to_version
from reconstruct.visitors import get_car_or_404


def stays_in_place(request: HttpRequest, slug: str) -> bool:
    """Whether no slider has been moved: so the car's page itself begins."""
    return request.GET.keys() <= {"v", "depth"}


@require_safe
@limited("pictures", but=stays_in_place)
def steered(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The car moved by the amounts that the query names, each from -1 to 1."""
    car, depth = get_car_or_404(request, slug), depth_or_404(request)
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved

    code = code_or_404(car)
    try:
        amounts = {name: float(amount) for name, amount in request.GET.dict().items() if name not in ("v", "depth")}
        z = ml.serving.runtime.load().steer(code.mean, amounts)
    except ValueError:
        raise Http404 from None
    return drawn_sheet(code.decoded(z, depth), car)


@require_safe
def ends(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The car at both ends of every direction, side by side."""
    car, runtime = get_car_or_404(request, slug), ml.serving.runtime.load()
    if moved := redirect_to_version(request, runtime.version):
        return moved

    code = code_or_404(car)
    far = [runtime.steer(code.mean, {direction.name: end}) for direction in runtime.directions for end in (-1, 1)]
    return drawn_sheet(code.decoded(np.concatenate(far)), car)


@require_POST
@limited("kept")
def keep_steered(request: HttpRequest, slug: str) -> HttpResponse:
    """The car moved by the amounts of the form becomes a new car of the visitor's."""
    car, runtime = get_car_or_404(request, slug), ml.serving.runtime.load()
    code = code_or_404(car)
    try:
        amounts = {d.name: float(request.POST.get(d.name, 0)) for d in runtime.directions}
        z = runtime.steer(code.mean, amounts)
    except ValueError as error:
        raise BadRequest(str(error)) from error
    if not any(amounts.values()):
        messages.warning(request, "Move a slider first: as it stands this would be the same car again.")
        return redirect(f"{car.get_absolute_url()}#steer")

    picture = code.decoded(z)[0]
    return recorded(
        request,
        picture,
        upload_bytes=len(encoded(picture, "PNG")),
        public="public" in request.POST,
        origin=Origin.STEERED,
        parent=car,
    )
