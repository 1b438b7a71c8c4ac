"""Steering: a car moved along the model's directions by the amounts of sliders."""

import numpy as np
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ml.serving.runtime import Runtime, load
from reconstruct.latents import code_of
from reconstruct.limits.requests import limited
from reconstruct.models import Origin, Reconstruction
from reconstruct.pictures.files import File, png, sheet
from reconstruct.views.params import depth_or_404
from reconstruct.views.responses import created, versioned_picture
from reconstruct.visitors import get_car_or_404


def amounts_or_404(request: HttpRequest, _: None) -> dict[str, float]:
    """Amounts by direction: everything in the query except version and depth."""
    try:
        return {name: float(amount) for name, amount in request.GET.dict().items() if name not in ("v", "depth")}
    except ValueError:
        raise Http404 from None


def is_moved(amounts: dict[str, float], **_: object) -> bool:
    """Whether this is not what the car's page itself begins with."""
    return bool(amounts)


@versioned_picture(endless=is_moved, depth=depth_or_404, amounts=amounts_or_404)
def steered(car: Reconstruction, runtime: Runtime, depth: int, amounts: dict[str, float]) -> File:
    """The car moved by the amounts that the query names, each from -1 to 1."""
    code = code_of(car, runtime)
    try:
        z = runtime.steer(code.mean, amounts)
    except ValueError:
        raise Http404 from None
    return sheet(code.decoded(z, depth))


@versioned_picture(slow=True)
def ends(car: Reconstruction, runtime: Runtime) -> File:
    """The car at both ends of every direction, side by side."""
    code = code_of(car, runtime)
    far = [runtime.steer(code.mean, {direction.name: end}) for direction in runtime.directions for end in (-1, 1)]
    return sheet(code.decoded(np.concatenate(far)))


@require_POST
@limited("kept")
def keep_steered(request: HttpRequest, slug: str) -> HttpResponse:
    """Saves the car, moved by the amounts of the form, as a new car of the visitor's."""
    car, runtime = get_car_or_404(request, slug), load()
    try:
        code = code_of(car, runtime)
        amounts = {d.name: float(request.POST.get(d.name, 0)) for d in runtime.directions}
        z = runtime.steer(code.mean, amounts)
    except FileNotFoundError:
        raise Http404 from None
    except ValueError as error:
        raise BadRequest(str(error)) from error
    if not any(amounts.values()):
        messages.warning(request, "Move a slider first: as it stands this would be the same car again.")
        return redirect(f"{car.get_absolute_url()}#steer")

    picture = code.decoded(z)[0]
    return created(
        request,
        picture,
        upload_bytes=len(png(picture).content),
        public="public" in request.POST,
        origin=Origin.STEERED,
        parent=car,
    )
