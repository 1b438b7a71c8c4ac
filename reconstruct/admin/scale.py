"""Keeps the admin's list fast for a million cars."""

import json
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Min, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from reconstruct.models import Reconstruction

COUNTED = 1000  # rows to count exactly; above that, PostgreSQL's planner estimates the number


class EstimatingPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs alone
    @cached_property
    def count(self) -> int:
        """Exact up to COUNTED. Causes a query, or two."""
        queryset: Any = self.object_list
        counted: int = queryset.order_by()[: COUNTED + 1].count()
        return counted if counted <= COUNTED else max(counted, estimated(queryset))


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
        return queryset.filter(model_version=self.value()) if self.value() else queryset
