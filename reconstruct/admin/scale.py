"""Keeps the admin's list fast for a million cars: all that it sorts and filters by has an index of the model's.

`make bench-scale` measures it.
"""

import json
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Min, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from reconstruct.models import Reconstruction

SORTABLE = ("created_at", "psnr", "code_bytes", "familiar")  # the columns of the list that have an index
PAGES = 1000  # at most: PostgreSQL reads all pages before the one that is asked for
COUNTED = 1000  # rows to count exactly; above that, PostgreSQL's planner estimates the number


class EstimatingPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs alone
    @cached_property
    def count(self) -> int:
        """Exact up to COUNTED. Causes a query, or two."""
        queryset: Any = self.object_list
        counted: int = queryset.order_by()[: COUNTED + 1].count()
        return counted if counted <= COUNTED else max(counted, estimated(queryset))

    @cached_property
    def num_pages(self) -> int:
        """Filters lead to the cars on later pages."""
        return min(super().num_pages, PAGES)


def estimated(queryset: QuerySet[Any]) -> int:
    """The number of rows, by PostgreSQL's planner; on SQLite, which is for local use, the exact number."""
    if connection.vendor != "postgresql":
        return queryset.count()
    (explained,) = json.loads(queryset.order_by().explain(format="json"))
    return int(explained["Plan"]["Plan Rows"])


class ModelVersionFilter(admin.SimpleListFilter):
    title = "model version"
    parameter_name = "model_version"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The versions, one query for each, by the index: there are few versions and many cars."""
        versions: list[str] = []
        while version := Reconstruction.objects.filter(model_version__gt=(versions or [""])[-1]).aggregate(
            least=Min("model_version")
        )["least"]:
            versions.append(version)
        return [(version, version[:12]) for version in versions]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        version = self.value()
        if not version:
            return queryset
        # PostgreSQL takes the cars of a version to be spread over all. Those of an earlier one are all old, and it
        # would read every newer car before the first of them. The order is that of the index: this reads one row.
        up_to = Reconstruction.objects.filter(model_version__gte=version).order_by("model_version", "-pk")
        newest = up_to.values_list("pk", flat=True).first()
        return queryset.filter(model_version=version, pk__lte=newest or 0)
