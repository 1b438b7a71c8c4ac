"""Explore: cars that do not exist, twelve on a page."""

import secrets
from io import BytesIO

import numpy as np
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from PIL import Image

from ml.serving import density
from ml.serving.runtime import MAX_TEMPERATURE, SAMPLE_PRICE, Runtime, load
from ml.serving.transforms import to_image
from reconstruct.addresses import versioned
from reconstruct.limits.requests import limited
from reconstruct.models import Origin
from reconstruct.pictures.files import File, png, sheet
from reconstruct.views.params import temperature_or_404, whole_number_or_404, within
from reconstruct.views.responses import created, versioned_picture

CARS = 12  # of a roll
COLUMNS = 4
DRAWS = 4  # from the prior, beside a roll
ROLLS = 1_000_000
MAX_SEED = CARS * ROLLS - 1
TEMPERATURES = ("0", "0.25", "0.5", "0.75", "1", "1.25", "1.5")  # of the slider; an address may have any in between


def roll_or_404(request: HttpRequest, _: None = None) -> int:
    return whole_number_or_404(request, "roll", 0, low=0, high=ROLLS - 1)


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """A roll of dreams, which the address names; without it, the address redirects to a random one."""
    if "roll" not in request.GET:
        query = request.GET.copy()
        query["roll"] = str(secrets.randbelow(ROLLS))
        return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")

    roll, temperature = roll_or_404(request), f"{temperature_or_404(request):g}"
    context = {
        "roll": roll,
        "rolls": ROLLS,
        "seeds": seeds_of(roll),
        "temperature": temperature,
        "temperatures": TEMPERATURES,
        "sheet_url": versioned("dreams", version=load().version, roll=str(roll), temperature=temperature),
        "draws_url": versioned("draws", version=load().version, roll=str(roll)),
        "numbers": sum(load().level_sizes),
        "draw_price": SAMPLE_PRICE,
    }
    return render(request, "explore.html", context)


@versioned_picture(endless=True, roll=roll_or_404, temperature=temperature_or_404)
def dreams(runtime: Runtime, roll: int, temperature: float) -> File:
    """The cars of a roll in one picture, four in a row, so that the page needs one request."""
    return sheet(dreamt(runtime, seeds_of(roll), temperature), columns=COLUMNS)


@versioned_picture(endless=True, roll=roll_or_404)
def draws(runtime: Runtime, roll: int) -> File:
    """Draws from the prior, N(0, I), side by side, with the first seeds of a roll."""
    return sheet([to_image(x) for x in runtime.sample(seeds_of(roll)[:DRAWS])])


@versioned_picture(endless=True, roll=roll_or_404)
def dream_codes(runtime: Runtime, roll: int) -> File:
    """The codes of a roll's cars, for browsers that decode them themselves; arrays of NumPy.

    `columns` of their sheet; `upper`, the levels that the temperature changes, at a temperature of 0; `warmth`, what
    one degree adds; `lower`, in half precision, as they are stored.
    """
    cold, warm = (runtime.dream(seeds_of(roll), temperature) for temperature in (0.0, 1.0))
    end = sum(runtime.level_sizes[: density.LEVELS])
    file = BytesIO()
    upper, warmth, lower = cold[:, :end], (warm - cold)[:, :end], cold[:, end:].astype(np.float16)
    np.savez(file, columns=np.array(COLUMNS), upper=upper, warmth=warmth, lower=lower)
    return File(file.getvalue(), "application/octet-stream")


@versioned_picture(endless=True, temperature=temperature_or_404, seed=within(0, MAX_SEED))
def dream(runtime: Runtime, seed: int, temperature: float) -> File:
    """One car that does not exist."""
    return png(dreamt(runtime, [seed], temperature)[0])


@require_POST
@limited("kept")
def keep_dream(request: HttpRequest) -> HttpResponse:
    """Saves a dream as a car of the visitor's, which is private until they publish it."""
    try:
        seed, temperature = int(request.POST.get("seed", "")), float(request.POST.get("temperature", ""))
    except ValueError:
        raise BadRequest("seed or temperature is no number") from None
    if not (0 <= seed <= MAX_SEED and 0 <= temperature <= MAX_TEMPERATURE):
        raise BadRequest("seed or temperature is beyond its range")
    (picture,) = dreamt(load(), [seed], temperature)
    upload_bytes = len(png(picture).content)
    return created(request, picture, upload_bytes=upload_bytes, public=False, origin=Origin.DREAMT)


def dreamt(runtime: Runtime, seeds: range | list[int], temperature: float) -> list[Image.Image]:
    """A car that does not exist for each seed."""
    return [to_image(x) for x in runtime.decode(runtime.dream(seeds, temperature))]


def seeds_of(roll: int) -> range:
    return range(CARS * roll, CARS * (roll + 1))
