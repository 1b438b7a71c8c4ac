"""What the gallery shows: who has to wait for staff, what reports do, and what staff decide."""

from __future__ import annotations

from collections import Counter

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from reconstruct.models import Origin, Reconstruction, Report, Standing

REPORTS_THAT_HIDE = 3  # of different visitors
HIDINGS_THAT_MAKE_WAIT = 3  # of one visitor's cars


def may_show(car: Reconstruction) -> bool:
    """Whether the car may be in the gallery without approval. May cause a query.

    What hardly looks like a car has to wait, unless the site painted it by itself.
    """
    if car.origin == Origin.EXAMPLE:
        return True
    if settings.GALLERY_REQUIRES_APPROVAL or (car.is_strange and car.origin != Origin.DREAMT):
        return False
    return not Standing.objects.filter(visitor=car.visitor, times_hidden__gte=HIDINGS_THAT_MAKE_WAIT).exists()


def show(car: Reconstruction) -> None:
    """The visitor publishes their car. A decision of staff, or of reports, stays as it is."""
    car.public = True
    if car.looked_at is None and car.hidden_at is None:
        car.approved = car.approved and may_show(car)
        car.needs_look = not car.approved
    car.save(update_fields=["public", "approved", "needs_look"])


def share(car: Reconstruction) -> None:
    """The visitor takes their car out of the gallery, and lets whoever has its address see it."""
    car.public, car.shared = False, True
    car.save(update_fields=["public", "shared"])


def withdraw(car: Reconstruction) -> None:
    """The visitor makes their car private: its address leads nobody else to it any more."""
    car.public = car.shared = False
    car.save(update_fields=["public", "shared"])


def report(car: Reconstruction, visitor: str, reason: str) -> None:
    """Puts the car into the queue and, with the third visitor who reports it, takes it out of sight.

    A visitor's second report of a car changes nothing. Raises Reconstruction.DoesNotExist if it was deleted meanwhile.
    """
    with transaction.atomic():
        car = Reconstruction.objects.select_for_update().get(pk=car.pk)
        _, is_new = Report.objects.get_or_create(car=car, visitor=visitor, defaults={"reason": reason})
        if not is_new:
            return
        car.needs_look = True
        if car.hidden_at is None and car.reports.filter(settled=False).count() >= REPORTS_THAT_HIDE:
            car.approved, car.hidden_at = False, timezone.now()
            count_against(Counter([car.visitor]))
        car.save(update_fields=["needs_look", "approved", "hidden_at"])


def approve(cars: QuerySet[Reconstruction]) -> int:
    """Staff approve these cars; returns how many. Cars that were hidden no longer count against their visitors."""
    with transaction.atomic():
        locked = list(cars.order_by("pk").select_for_update())
        count_against(Counter(car.visitor for car in locked if car.hidden_at), sign=-1)
        return decided(locked, approved=True, hidden_at=None)


def hide(cars: QuerySet[Reconstruction]) -> int:
    """Staff hide these cars from the gallery; returns how many. Each counts once against its visitor."""
    with transaction.atomic():
        locked = list(cars.order_by("pk").select_for_update())
        count_against(Counter(car.visitor for car in locked if not car.hidden_at))
        return decided(locked, approved=False, hidden_at=timezone.now())


def decided(cars: list[Reconstruction], **columns: object) -> int:
    """Saves a decision of staff: the cars leave the queue, and their reports are settled. Returns how many."""
    keys = [car.pk for car in cars]
    Report.objects.filter(car__in=keys, settled=False).update(settled=True)
    columns |= {"needs_look": False, "looked_at": timezone.now()}
    return Reconstruction.objects.filter(pk__in=keys).update(**columns)


def count_against(cars_by_visitor: Counter[str], sign: int = 1) -> None:
    for visitor, cars in sorted(cars_by_visitor.items()):  # in one order, so that two decisions cannot deadlock
        if visitor:
            Standing.objects.get_or_create(visitor=visitor)
            Standing.objects.filter(visitor=visitor).update(times_hidden=Greatest(F("times_hidden") + sign * cars, 0))
