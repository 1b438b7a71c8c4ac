"""Pictures by URL: pure GETs that caches may keep for a year, because the address names the model that made them."""

import math
from collections.abc import Sequence

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from PIL import Image

import ml.serving.runtime
from reconstruct.heat import errors
from reconstruct.latents import code_or_404
from reconstruct.limits import limited
from reconstruct.models import Reconstruction, encoded
from reconstruct.views.params import number_or_404
from reconstruct.visitors import get_car_or_404

MAX_RADIUS = 4.0
THUMBNAIL_SIDE = 480  # pixels: a card on a dense screen
THUMBNAIL_QUALITY = 80
SHEET_QUALITY = 92  # 43 dB off the exact picture, in a quarter of its bytes and a twentieth of the time


@require_safe
def original(request: HttpRequest, slug: str) -> HttpResponseBase:
    car = get_car_or_404(request, slug)
    return redirect_to_version(request, car.model_version) or stored(car, car.original, f"{slug}.jpg", "image/jpeg")


@require_safe
def thumbnail(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The photograph at the size of a card: a page of them would otherwise weigh ten megabytes."""
    car = get_car_or_404(request, slug)
    if moved := redirect_to_version(request, car.model_version):
        return moved
    picture = original_or_404(car)
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    jpeg = encoded(picture, "JPEG", quality=THUMBNAIL_QUALITY)
    return kept_for_a_year(HttpResponse(jpeg, content_type="image/jpeg"), car)


@require_safe
def reconstruction(request: HttpRequest, slug: str) -> HttpResponseBase:
    car = get_car_or_404(request, slug)
    return redirect_to_version(request, car.model_version) or stored(
        car, car.reconstruction, f"{slug}.png", "image/png"
    )


@require_safe
def depth(request: HttpRequest, slug: str, n: int) -> HttpResponseBase:
    """The car from the first n levels of its code."""
    car = get_car_or_404(request, slug)
    if not 1 <= n <= ml.serving.runtime.load().depths:
        raise Http404
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved

    code = code_or_404(car)
    return drawn(code.decoded(code.mean, depth=n)[0], car)


@require_safe
def difference(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Where the reconstruction is wrong, and how much: dark is far off."""
    car = get_car_or_404(request, slug)
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved

    code = code_or_404(car)
    return drawn(code.drawn(errors(code, ml.serving.runtime.load().decode(code.mean)))[0], car)


@require_safe
@limited("pictures")
def variation(request: HttpRequest, slug: str, seed: int) -> HttpResponseBase:
    """A neighbour: as far from the car's code as the radius says, in units of the model's own uncertainty."""
    car = get_car_or_404(request, slug)
    radius = number_or_404(request, "radius", 1, low=0, high=MAX_RADIUS)
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved

    code = code_or_404(car)
    return drawn(code.decoded(code.around(radius, code.noise(seed)))[0], car)


@require_safe
@limited("pictures")
def morph(request: HttpRequest, slug: str, other: str, percent: int) -> HttpResponseBase:
    """The car on its way to another: 0 is itself, 100 the other, turned to face as this one does."""
    car, target = get_car_or_404(request, slug), get_car_or_404(request, other)
    if percent > 100:
        raise Http404
    if moved := redirect_to_version(request, ml.serving.runtime.load().version):
        return moved

    start, end, t = code_or_404(car), code_or_404(target), percent / 100
    left, top, right, bottom = (round(a + t * (b - a)) for a, b in zip(start.frame, end.frame, strict=True))
    runtime = ml.serving.runtime.load()
    picture = runtime.decode(runtime.mix(start.mean, end.mean, t))
    return drawn(start.drawn(picture, (left, top, right, bottom))[0], car, target)


def original_or_404(car: Reconstruction) -> Image.Image:
    """The stored photograph. Raises Http404 where the storage has lost it."""
    try:
        return car.open_original()
    except FileNotFoundError:
        raise Http404 from None


def redirect_to_version(request: HttpRequest, version: str) -> HttpResponseRedirect | None:
    """None where the address names this version: only then may its picture be cached for a year."""
    if request.GET.get("v") == version:
        return None
    query = request.GET.copy()
    query["v"] = version
    response = HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
    response.headers["Cache-Control"] = "no-store"
    return response


def stored(car: Reconstruction, file: FieldFile, filename: str, content_type: str) -> HttpResponseBase:
    """The stored picture; from a bucket, a redirect to its signed address, for half as long as that is valid."""
    if settings.S3_BUCKET:
        response = HttpResponseRedirect(file.url)
        response.headers["Cache-Control"] = f"private, max-age={settings.S3_LINK_LIFETIME_S // 2}"
        return response
    try:
        return kept_for_a_year(FileResponse(file.open(), content_type=content_type, filename=filename), car)
    except FileNotFoundError:
        raise Http404 from None


def drawn(picture: Image.Image, *cars: Reconstruction) -> HttpResponseBase:
    return kept_for_a_year(HttpResponse(encoded(picture, "PNG"), content_type="image/png"), *cars)


def drawn_sheet(pictures: Sequence[Image.Image], *cars: Reconstruction, columns: int | None = None) -> HttpResponseBase:
    """Pictures of one size, drawn fast; all their colours are kept, which small pictures need."""
    sheet = side_by_side(pictures, columns or len(pictures))
    jpeg = encoded(sheet, "JPEG", quality=SHEET_QUALITY, subsampling="4:4:4")
    return kept_for_a_year(HttpResponse(jpeg, content_type="image/jpeg"), *cars)


def side_by_side(pictures: Sequence[Image.Image], columns: int) -> Image.Image:
    """Row by row."""
    width, height = pictures[0].size
    sheet = Image.new("RGB", (width * columns, height * math.ceil(len(pictures) / columns)))
    for number, picture in enumerate(pictures):
        row, column = divmod(number, columns)
        sheet.paste(picture, (column * width, row * height))
    return sheet


def kept_for_a_year(response: HttpResponseBase, *cars: Reconstruction) -> HttpResponseBase:
    """By shared caches as well, where everyone may see all the cars in it."""
    scope = "public" if all(car.in_gallery for car in cars) else "private"
    response.headers["Cache-Control"] = f"{scope}, max-age={settings.YEAR_S}, immutable"
    return response
