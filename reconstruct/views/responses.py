"""Responses with pictures and with new cars, for every view.

`versioned_picture` makes a view of a function that makes a picture. The address of such a picture names the model that
made it (`?v=`), so browsers may keep it for a year, and shared caches for minutes: a car can be hidden. The view does
this, in this order:

1. It finds the cars that the route names. A car that the visitor may not see is a 404, like one that does not exist.
2. Each reader checks a part of the address. What it refuses is a 404.
3. An address that does not name the right version redirects to the one that does.
4. Who has this version already is answered 304.
5. A picture of which there are endlessly many, whatever a page itself needs, takes a token, see reconstruct.limits:
   `endless` says so, or says it of the arguments of the function. Without one that is a 429.
6. The function makes the picture. Where the storage has lost a file that it needs, that is a 404. Those that are
   `slow` take turns in a process, see reconstruct.limits.crowding: a 429 where the turn does not come.

The function is called with `car` and `other`, for the route's slugs; with the other parts of the route; with what each
reader, `name=read`, returns: read(request, the part of the route with this name, or None); and with the `runtime`.
`by_its_model` is for pictures that are stored with a car: their version is that of the model that made the car, and
the function gets no runtime.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeAlias

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from PIL import Image

from ml.serving.runtime import load
from reconstruct import uploads
from reconstruct.limits import crowding
from reconstruct.limits.clients import address_of
from reconstruct.limits.requests import take, too_many
from reconstruct.models import Reconstruction
from reconstruct.pictures.files import File
from reconstruct.visitors import get_car_or_404, new_visitor, remember, visitor_of

View: TypeAlias = Callable[..., HttpResponseBase]
Maker: TypeAlias = Callable[..., File | HttpResponseBase]
FindCar: TypeAlias = Callable[[HttpRequest, str], Reconstruction]
Reader: TypeAlias = Callable[[HttpRequest, Any], Any]
NEW_CAR, NEW_S = "new_car", 60  # a cookie, and how long a page may take to come
CAR_NAMES = {"slug": "car", "other": "other"}  # by the names that routes give their slugs


def versioned_picture(
    *,
    find: FindCar = get_car_or_404,
    by_its_model: bool = False,
    endless: bool | Callable[..., bool] = False,
    slow: bool = False,
    **readers: Reader,
) -> Callable[[Maker], View]:
    """The decorator that the module's docstring describes."""

    def decorate(make: Maker) -> View:
        @require_safe
        @functools.wraps(make)
        def view(request: HttpRequest, **route: Any) -> HttpResponseBase:
            cars = {name: find(request, route.pop(slug)) for slug, name in CAR_NAMES.items() if slug in route}
            arguments = route | {name: read(request, route.get(name)) for name, read in readers.items()}
            version = cars["car"].model_version if by_its_model else load().version
            if not by_its_model:
                arguments["runtime"] = load()
            takes_token = endless(**arguments) if callable(endless) else endless
            if response := without_making(request, version, *cars.values(), takes_token=takes_token):
                return response
            with crowding.turn(address_of(request)) if slow else nullcontext(True) as has_turn:
                if has_turn:
                    return kept(made(make, **cars, **arguments), version, *cars.values())
            return too_many(request, crowding.WAIT_S)

        return view

    return decorate


def without_making(
    request: HttpRequest, version: str, *cars: Reconstruction, takes_token: bool
) -> HttpResponseBase | None:
    """The redirect, 304 or 429 that steps 3 to 5 answer with; None where the picture has to be made."""
    if request.GET.get("v") != version:
        return redirect_to_version(request, version)
    if unchanged := get_conditional_response(request, etag=etag(version)):
        return kept(unchanged, version, *cars)
    if takes_token and (wait_s := take(request, "pictures")):
        return too_many(request, wait_s)
    return None


def made(make: Maker, **arguments: Any) -> HttpResponseBase:
    """Raises Http404 where the storage has lost what it is made from."""
    try:
        picture = make(**arguments)
    except FileNotFoundError:
        raise Http404 from None
    return picture if isinstance(picture, HttpResponseBase) else respond(picture)


def redirect_to_version(request: HttpRequest, version: str) -> HttpResponseRedirect:
    """Redirects to the address of this version, the only one under which the picture may be cached for a year."""
    query = request.GET.copy()
    query["v"] = version
    response = HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
    response.headers["Cache-Control"] = "no-store"
    return response


def respond(file: File) -> HttpResponse:
    response = HttpResponse(file.content, content_type=file.media_type)
    if file.disposition:
        response.headers["Content-Disposition"] = file.disposition
    return response


def stored(file: FieldFile, filename: str, media_type: str) -> HttpResponseBase:
    """A stored picture; from a bucket, a redirect to its signed address, for half as long as that is valid.

    Raises FileNotFoundError when it is gone.
    """
    if settings.S3_BUCKET:
        response = HttpResponseRedirect(file.url)
        response.headers["Cache-Control"] = f"private, max-age={settings.S3_LINK_LIFETIME_S // 2}"
        return response
    return FileResponse(file.open(), content_type=media_type, filename=filename)


def kept(response: HttpResponseBase, version: str, *cars: Reconstruction) -> HttpResponseBase:
    """A response that may be kept; one that knows better stays as it is.

    By shared caches as well, where everyone may see all the cars in it, but not for long: then they ask again, and
    learn that a car has been hidden since, or that nothing has changed. What shows no car can never be hidden.
    """
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = cache_control(*cars)
        response.headers["ETag"] = etag(version)
    return response


def cache_control(*cars: Reconstruction) -> str:
    if not all(car.in_gallery for car in cars):
        return f"private, max-age={settings.YEAR_S}, immutable"
    shared = f"s-maxage={settings.SHARED_CACHE_S}, " if cars else ""
    return f"public, max-age={settings.YEAR_S}, {shared}immutable"


def etag(version: str) -> str:
    """Weak: another release may compress the same picture in another way."""
    return f'W/"{version}"'


def created(request: HttpRequest, picture: Image.Image, **columns: Any) -> HttpResponse:
    """Creates the visitor's car and redirects to its page. Raises NotSavedError.

    A cookie, for that page alone, tells its script that the car is new, until it has revealed it.
    """
    visitor = visitor_of(request) or new_visitor()
    car = uploads.create(picture, visitor=visitor, **columns)
    address = car.get_absolute_url()
    response = HttpResponseRedirect(address, status=303)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(NEW_CAR, "1", max_age=NEW_S, path=address, secure=secure, samesite="Lax")
    remember(response, visitor)
    return response
