"""Who is asking, and what they may see. A visitor is a signed cookie with a random name in it, and nothing more."""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from reconstruct.models import Reconstruction, Standing, today

COOKIE = "visitor"
KEYS = Signer(salt="key")


def visitor_of(request: HttpRequest) -> str | None:
    """The visitor's name; None where cookie and key are missing, or too old or tampered with."""
    visitor: str | None = request.get_signed_cookie(COOKIE, default=None, salt=COOKIE, max_age=lifetime_s())
    return visitor or keyholder_of(request)


def keyholder_of(request: HttpRequest) -> str | None:
    """The name of the visitor whose key a program sent; None without one, or with one that we did not give.

    A browser sends cookies by itself, whichever site made it ask, but a key never: what the key allows needs no token.
    """
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return holder_of(key) if scheme.lower() == "bearer" else None


def holder_of(key: str) -> str | None:
    """The visitor whose key this is; None if we did not give it."""
    try:
        return KEYS.unsign(key)
    except BadSignature:
        return None


def visitor_by(text: str) -> str | None:
    """The visitor whose key this is, or whose link with a key; None if we did not give it."""
    return holder_of(text.rpartition("key=")[2].strip())


def key_of(visitor: str) -> str:
    """What a program sends to be this visitor. It does not end."""
    return KEYS.sign(visitor)


def new_visitor() -> str:
    return secrets.token_urlsafe(16)


def remember(response: HttpResponse, visitor: str) -> None:
    """Sets the cookie anew, and notes that the visitor was here today. Causes a query, and once a day another."""
    see(visitor)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_signed_cookie(
        COOKIE, visitor, salt=COOKIE, max_age=lifetime_s(), secure=secure, httponly=True, samesite="Lax"
    )


def forget(response: HttpResponse) -> None:
    """Removes the cookie. The cars stay, and the visitor's key still opens them."""
    response.delete_cookie(COOKIE, samesite="Lax")


def lifetime_s() -> int:
    """Of the cookie: as long as what it opens is kept."""
    return int(settings.KEEP_PRIVATE_DAYS) * 24 * 3600


def see(visitor: str) -> None:
    """What the visitor keeps to themselves is kept for KEEP_PRIVATE_DAYS from today."""
    if not Standing.objects.filter(visitor=visitor, seen_on=today()).exists():
        Standing.objects.update_or_create(visitor=visitor, defaults={"seen_on": today()})


def get_car_or_404(request: HttpRequest, slug: str) -> Reconstruction:
    """The car, if everyone with its address may see it, it is the visitor's own, or the visitor is staff.

    Causes a query, for staff more.
    """
    reachable = Reconstruction.objects.reachable_by(visitor_of(request))
    if car := reachable.filter(slug=slug).first():
        return car
    if request.user.is_staff:  # asked last: it makes the answer depend on the session, and shared caches useless
        return get_object_or_404(Reconstruction, slug=slug)
    raise Http404


def get_gallery_car_or_404(request: HttpRequest, slug: str) -> Reconstruction:
    """The car, if it is in the gallery, whoever asks. Causes a query."""
    return get_object_or_404(Reconstruction.objects.in_gallery(), slug=slug)


def get_open_car_or_404(request: HttpRequest, slug: str) -> Reconstruction:
    """The car, if everyone with its address may see it, whoever asks. Causes a query."""
    return get_object_or_404(Reconstruction.objects.reachable_by(None), slug=slug)


def get_own_car_or_404(request: HttpRequest, slug: str, *, lock: bool = False) -> Reconstruction:
    """The car, if it is the visitor's own; locked, within a transaction, so that staff cannot decide on it meanwhile.

    Causes a query.
    """
    mine = Reconstruction.objects.mine(visitor_of(request))
    return get_object_or_404(mine.select_for_update() if lock else mine, slug=slug)


def is_mine(request: HttpRequest, car: Reconstruction) -> bool:
    return bool(car.visitor) and car.visitor == visitor_of(request)
