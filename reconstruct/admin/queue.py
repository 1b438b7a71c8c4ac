"""The queue in the admin: cars that wait for a decision of staff, large, a page at a time."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from reconstruct import moderation
from reconstruct.models import Reconstruction, Report, Standing

PAGE = 24
DECISIONS = {"approve": (moderation.approve, "Approved"), "hide": (moderation.hide, "Hidden")}
QUEUE = "admin:reconstruct_reconstruction_queue"


class QueueAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs alone
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.queue))
        return [path("queue/", view, name=QUEUE.removeprefix("admin:")), *super().get_urls()]

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *where: Any) -> HttpResponse | None:
        """What staff do with the ticked cars of the list."""
        check(request.POST.getlist(ACTION_CHECKBOX_NAME))
        return super().response_action(request, queryset, *where)

    def queue(self, request: HttpRequest) -> HttpResponse:
        """The cars that wait, the least typical first; a POST decides on some of them."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            self.decide(request)
            return HttpResponseRedirect(reverse(QUEUE), status=303)

        cars = list(Reconstruction.objects.in_queue().prefetch_related("reports")[:PAGE])
        times_hidden = standings(cars)
        context = self.admin_site.each_context(request) | {
            "title": "Cars that wait for you",
            "opts": self.opts,
            "cars": [described(car, times_hidden) for car in cars],
            "waiting": Reconstruction.objects.in_queue().count(),
        }
        return render(request, "admin/queue.html", context)

    def decide(self, request: HttpRequest) -> None:
        """Decides on one car, by its own button, or on all ticked cars, by the buttons at the end."""
        for name, (decision, words) in DECISIONS.items():
            keys = request.POST.getlist("car" if f"{name}_ticked" in request.POST else name)
            check(keys)
            if keys:
                count = decision(Reconstruction.objects.filter(pk__in=keys))
                messages.success(request, f"{words}: {count}.")


def check(keys: list[str]) -> None:
    """Raises BadRequest where one of them is not the key of any row."""
    if not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in keys):
        raise BadRequest("a car's key is no number")


def standings(cars: list[Reconstruction]) -> dict[str, int]:
    """How often cars of these cars' visitors have been hidden. Causes a query."""
    visitors = {car.visitor for car in cars}
    return dict(Standing.objects.filter(visitor__in=visitors).values_list("visitor", "times_hidden"))


def described(car: Reconstruction, times_hidden: dict[str, int]) -> dict[str, Any]:
    reports: list[Report] = [report for report in car.reports.all() if not report.settled]
    return {"car": car, "reports": reports, "times_hidden": times_hidden.get(car.visitor, 0)}
