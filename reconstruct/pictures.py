"""Pictures by URL: pure GETs that caches may keep for a year, because the address names the model that made them."""

import numpy as np
from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from PIL import Image, ImageOps

import ml.runtime
from ml.transforms import Array, Frame, to_array, to_image
from reconstruct.access import get_car_or_404
from reconstruct.models import Reconstruction, encoded

MAX_RADIUS = 4.0
THUMBNAIL_SIDE = 480  # pixels: a card on a dense screen
THUMBNAIL_QUALITY = 80

# From white for no error, ever darker: the eye ranks by lightness, which falls evenly here, and hue only helps.
HEAT = np.array([(255, 255, 255), (254, 214, 118), (244, 138, 62), (204, 64, 76), (122, 18, 108), (18, 8, 56)])
HEAT_FULL = 0.25  # the error that is drawn darkest: mean over a pixel's three channels, each in [0, 1]


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
    if not 1 <= n <= ml.runtime.load().depths:
        raise Http404
    if moved := redirect_to_version(request, ml.runtime.load().version):
        return moved

    x, frame = photograph(car)
    mean, _ = ml.runtime.load().encode(x[None])
    return drawn(seen_from(car, decoded(mean, frame, depth=n)), car)


@require_safe
def difference(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Where the reconstruction is wrong, and how much: dark is far off."""
    car = get_car_or_404(request, slug)
    if moved := redirect_to_version(request, ml.runtime.load().version):
        return moved

    x, frame = photograph(car)
    mean, _ = ml.runtime.load().encode(x[None])
    error = np.abs(ml.runtime.load().decode(mean)[0] - x).mean(axis=0)
    return drawn(seen_from(car, to_image(heat(error), frame)), car)


@require_safe
def variation(request: HttpRequest, slug: str, seed: int) -> HttpResponseBase:
    """A neighbour: as far from the car's code as the radius says, in units of the model's own uncertainty."""
    car = get_car_or_404(request, slug)
    radius = radius_or_404(request)
    if moved := redirect_to_version(request, ml.runtime.load().version):
        return moved

    x, frame = photograph(car)
    mean, logvar = ml.runtime.load().encode(x[None])
    noise = np.random.default_rng(seed).standard_normal(mean.shape, dtype=np.float32)
    return drawn(seen_from(car, decoded(mean + radius * np.exp(logvar / 2) * noise, frame)), car)


@require_safe
def morph(request: HttpRequest, slug: str, other: str, percent: int) -> HttpResponseBase:
    """The car on its way to another: 0 is itself, 100 the other, turned to face as this one does."""
    car, target = get_car_or_404(request, slug), get_car_or_404(request, other)
    if percent > 100:
        raise Http404
    if moved := redirect_to_version(request, ml.runtime.load().version):
        return moved

    (x, frame), (x_target, frame_target) = photograph(car), photograph(target)
    means, _ = ml.runtime.load().encode(np.stack([x, x_target]))
    t = percent / 100
    left, top, right, bottom = (round(a + t * (b - a)) for a, b in zip(frame, frame_target, strict=True))
    mean = means[:1] + np.float32(t) * (means[1:] - means[:1])
    return drawn(seen_from(car, decoded(mean, (left, top, right, bottom))), car, target)


def photograph(car: Reconstruction) -> tuple[Array, Frame]:
    """The car as the model sees it: (3, 128, 128), facing left."""
    return to_array(seen_from(car, original_or_404(car)))


def original_or_404(car: Reconstruction) -> Image.Image:
    """The stored photograph. Raises Http404 where the storage has lost it."""
    try:
        return car.open_original()
    except FileNotFoundError:
        raise Http404 from None


def seen_from(car: Reconstruction, picture: Image.Image) -> Image.Image:
    """The picture in the mirror that the model needs for this car, or, applied again, as the visitor took it."""
    return ImageOps.mirror(picture) if car.mirrored else picture


def decoded(z: Array, frame: Frame, depth: int | None = None) -> Image.Image:
    return to_image(ml.runtime.load().decode(z, depth=depth)[0], frame)


def heat(error: Array) -> Array:
    """(H, W) errors → colours: (3, H, W) float32 in [0, 1]."""
    at = error / HEAT_FULL * (len(HEAT) - 1)  # np.interp holds the last colour beyond the full error
    return np.stack([np.interp(at, range(len(HEAT)), channel / 255) for channel in HEAT.T]).astype(np.float32)


def radius_or_404(request: HttpRequest) -> np.float32:
    try:
        radius = float(request.GET.get("radius", "1"))
    except ValueError:
        raise Http404 from None
    if not 0 <= radius <= MAX_RADIUS:
        raise Http404
    return np.float32(radius)


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


def kept_for_a_year(response: HttpResponseBase, *cars: Reconstruction) -> HttpResponseBase:
    """By shared caches as well, where everyone may see all the cars in it."""
    scope = "public" if all(car.in_gallery for car in cars) else "private"
    response.headers["Cache-Control"] = f"{scope}, max-age={settings.YEAR_S}, immutable"
    return response
