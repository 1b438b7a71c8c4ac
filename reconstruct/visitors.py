"""Who is asking, and what they may see. A visitor is a signed cookie with a random name in it, and nothing more."""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from reconstruct.models import Reconstruction

COOKIE = "visitor"
KEYS = Signer(salt="key")


def visitor_of(request: HttpRequest) -> str | None:
    """The visitor's name; None where cookie and key are missing, or too old or tampered with."""
    visitor: str | None = request.get_signed_cookie(COOKIE, default=None, salt=COOKIE, max_age=settings.YEAR_S)
    return visitor or keyholder_of(request)


def keyholder_of(request: HttpRequest) -> str | None:
    """The name of the visitor whose key a program sent; None without one, or with one that we did not give.

    A browser sends cookies by itself, whichever site made it ask, but a key never: what the key allows needs no token.
    """
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        return KEYS.unsign(key)
    except BadSignature:
        return None


def key_of(visitor: str) -> str:
    """What a program sends to be this visitor. It does not end."""
    return KEYS.sign(visitor)


def new_visitor() -> str:
    return secrets.token_urlsafe(16)


def remember(response: HttpResponse, visitor: str) -> None:
    """Sets the cookie, for a year from now."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_signed_cookie(
        COOKIE, visitor, salt=COOKIE, max_age=settings.YEAR_S, secure=secure, httponly=True, samesite="Lax"
    )


def get_car_or_404(request: HttpRequest, slug: str) -> Reconstruction:
    """The car, if it is in the gallery, the visitor's own, or the visitor is staff. Causes a query, for staff more."""
    visible = Reconstruction.objects.visible_to(visitor_of(request))
    if car := visible.filter(slug=slug).first():
        return car
    if request.user.is_staff:  # asked last: it makes the answer depend on the session, and shared caches useless
        return get_object_or_404(Reconstruction, slug=slug)
    raise Http404


def get_gallery_car_or_404(request: HttpRequest, slug: str) -> Reconstruction:
    """The car, if it is in the gallery, whoever asks. Causes a query."""
    return get_object_or_404(Reconstruction.objects.in_gallery(), slug=slug)


def get_own_car_or_404(request: HttpRequest, slug: str) -> Reconstruction:
    """The car, if it is the visitor's own. Causes a query."""
    return get_object_or_404(Reconstruction.objects.mine(visitor_of(request)), slug=slug)


def is_mine(request: HttpRequest, car: Reconstruction) -> bool:
    return bool(car.visitor) and car.visitor == visitor_of(request)
