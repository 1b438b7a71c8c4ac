"""What the gallery shows: who has to wait for staff, what reports do, and what staff decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from reconstruct import storage
from reconstruct.models import Origin, Reconstruction, Report, Standing

REPORTS_THAT_HIDE = 3  # of different visitors
HIDINGS_THAT_MAKE_WAIT = 3  # of one visitor's cars


def may_show(car: Reconstruction) -> bool:
    """Whether the car may be in the gallery without approval. May cause a query.

    What hardly looks like a car has to wait, unless the site made it by itself.
    """
    if car.origin == Origin.EXAMPLE:
        return True
    if settings.GALLERY_REQUIRES_APPROVAL or (car.is_strange and car.origin != Origin.DREAMT):
        return False
    return not Standing.objects.filter(visitor=car.visitor, times_hidden__gte=HIDINGS_THAT_MAKE_WAIT).exists()


def show(car: Reconstruction) -> None:
    """The visitor publishes their car, which is locked. A decision of staff, or of reports, stays as it is."""
    car.public = True
    if car.looked_at is None and car.hidden_at is None:
        car.approved = car.approved and may_show(car)
        car.needs_look = not car.approved
    car.save(update_fields=["public", "approved", "needs_look"])


def share(car: Reconstruction) -> None:
    """The visitor takes their car, which is locked, out of the gallery, and lets whoever has its address see it."""
    car.public, car.shared = False, True
    car.save(update_fields=["public", "shared"])


def withdraw(car: Reconstruction) -> None:
    """The visitor makes their car, which is locked, private: its address leads nobody else to it any more.

    Raises NotSavedError, see close.
    """
    close([car])
    car.public = car.shared = False
    car.save(update_fields=["public", "shared"])


def report(car: Reconstruction, visitor: str, reason: str) -> None:
    """Puts the car into the queue and, with the third visitor who reports it, takes it out of sight.

    A visitor's second report of a car changes nothing. Raises Reconstruction.DoesNotExist if it was deleted meanwhile,
    and NotSavedError, see close.
    """
    with transaction.atomic():
        car = Reconstruction.objects.select_for_update().get(pk=car.pk)
        _, is_new = Report.objects.get_or_create(car=car, visitor=visitor, defaults={"reason": reason})
        if not is_new:
            return
        car.needs_look = True
        if car.hidden_at is None and car.reports.filter(settled=False).count() >= REPORTS_THAT_HIDE:
            close([car])
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
    """Staff hide these cars from the gallery; returns how many. Each counts once against its visitor.

    Raises NotSavedError, see close.
    """
    with transaction.atomic():
        locked = list(cars.order_by("pk").select_for_update())
        close(locked)
        count_against(Counter(car.visitor for car in locked if not car.hidden_at))
        return decided(locked, approved=False, hidden_at=timezone.now())


def close(cars: Iterable[Reconstruction]) -> None:
    """Gives pictures that others may have seen new keys, where a CDN hands them out to whoever knows the key.

    Within the transaction that hides these cars, which are locked: with it, the old pictures are deleted. Raises
    NotSavedError where the bucket does not answer; then nothing has changed.
    """
    if not settings.S3_CDN_DOMAIN:
        return
    with storage.files_removed_on_failure() as write:
        for car in cars:
            if car.is_open:
                car.original = storage.copied(str(car.original), car.slug, write)
                car.reconstruction = storage.copied(str(car.reconstruction), car.slug, write)
                car.save(update_fields=["original", "reconstruction"])


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
