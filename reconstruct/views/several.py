"""What a visitor does with several of their cars at once."""

from collections.abc import Callable
from typing import TypeAlias

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from reconstruct import moderation
from reconstruct.models import Reconstruction, ReconstructionQuerySet
from reconstruct.visitors import visitor_of

Deed: TypeAlias = Callable[[ReconstructionQuerySet], str]

AT_ONCE = 100


@require_POST
def several(request: HttpRequest) -> HttpResponse:
    """Shows, hides or deletes the cars that are ticked. Of those that are gone meanwhile, it says nothing."""
    slugs, deed = request.POST.getlist("car"), DEEDS.get(request.POST.get("do", ""))
    if deed is None or len(slugs) > AT_ONCE or any("\0" in slug for slug in slugs):
        raise BadRequest("do is none of show, hide and delete, too many cars are ticked, or a slug has a NUL in it")
    if slugs:
        with transaction.atomic():
            cars = Reconstruction.objects.mine(visitor_of(request)).filter(slug__in=slugs)
            if not cars.lock():
                raise Http404
            messages.success(request, deed(cars))
    else:
        messages.warning(request, "No car was ticked, so nothing was done.")
    before = request.POST.get("before", "")
    query = f"?before={before}" if before.isascii() and before.isdecimal() else ""
    return HttpResponseRedirect(reverse("history") + query)


def show(cars: ReconstructionQuerySet) -> str:
    for car in cars:
        moderation.show(car)
    shown = cars.in_gallery().count()
    rest = cars.count() - shown
    return f"In the gallery: {shown}." + (f" Not shown there yet: {rest}; each of them says why." if rest else "")


def hide(cars: ReconstructionQuerySet) -> str:
    for car in cars:
        moderation.withdraw(car)
    return f"Private from now on: {cars.count()}."


def delete(cars: ReconstructionQuerySet) -> str:
    count = cars.count()
    cars.delete()
    return f"Deleted, with both their pictures: {count}."


DEEDS: dict[str, Deed] = {"show": show, "hide": hide, "delete": delete}
