"""What staff see of the cars, and what they may do: approve, hide, delete, reconstruct again."""

from collections.abc import Iterator
from typing import Any, ClassVar, TypeAlias

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reconstruct import moderation
from reconstruct.admin.queue import QueueAdmin
from reconstruct.admin.scale import SORTABLE, EstimatingPaginator, ModelVersionFilter
from reconstruct.models import Reconstruction
from reconstruct.orders import IN_GALLERY
from reconstruct.storage import NotSavedError
from reconstruct.uploads import reconstruct_again
from reconstruct.wording import FAMILIARITIES, QUALITIES

Cars: TypeAlias = QuerySet[Any]

PUBLIC = "public"
GALLERY_STATES = {
    PUBLIC: ("Public", Q(public=True)),
    "shown": ("In the gallery", IN_GALLERY),
    "hidden": ("Public, but not approved", Q(public=True, approved=False)),
    "private": ("Private", Q(public=False)),
    "all": ("All", Q()),
}
CODE_SIZES = (("2000 bytes or more", 2000), ("1000 to 2000", 1000), ("500 to 1000", 500), ("less than 500", 0))
THUMBNAIL_SIDE = 96


class GalleryFilter(admin.SimpleListFilter):
    """What visitors keep to themselves is listed where staff ask for it, and no sooner."""

    title = "gallery"
    parameter_name = "gallery"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state, label) for state, (label, _) in GALLERY_STATES.items()]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Those of the lookups alone: the first of them is what is listed unless another is chosen."""
        chosen = self.state(changelist.params.get("q", changelist.query))
        for state, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: state})
            yield {"selected": state == chosen, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: Cars) -> Cars:
        return queryset.filter(GALLERY_STATES[self.state(request.GET.get("q"))][1])

    def state(self, search: str | None) -> str:
        """A search is for a certain car or visitor, so it looks through all."""
        default = "all" if search else PUBLIC
        chosen = self.value()
        return chosen if chosen in GALLERY_STATES else default


class BandFilter(admin.SimpleListFilter):
    """By the bands of a figure: `bands` has the least of each, greatest first."""

    column: str
    bands: tuple[tuple[str, float], ...]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name.capitalize()) for name, _ in self.bands]

    def queryset(self, request: HttpRequest, queryset: Cars) -> Cars:
        below: float | None = None
        for name, at_least in self.bands:
            if name == self.value():
                in_band = queryset.filter(**{f"{self.column}__gte": at_least})
                return in_band if below is None else in_band.filter(**{f"{self.column}__lt": below})
            below = at_least
        return queryset


class QualityFilter(BandFilter):
    title = parameter_name = "quality"
    column, bands = "psnr_db", QUALITIES


class FamiliarityFilter(BandFilter):
    title = parameter_name = "familiarity"
    column, bands = "typicality", FAMILIARITIES


class CodeSizeFilter(BandFilter):
    title = "size of the code"
    parameter_name = "code"
    column, bands = "code_bytes", CODE_SIZES


@admin.register(Reconstruction)
class ReconstructionAdmin(QueueAdmin):
    list_display = ("pictures", "created_at", "psnr", "code_bytes", "familiar", "who_sees_it", "origin")
    list_display_links = ("created_at",)
    list_filter = (
        GalleryFilter,
        FamiliarityFilter,
        QualityFilter,
        CodeSizeFilter,
        "origin",
        ModelVersionFilter,
        "created_at",
    )
    sortable_by = SORTABLE
    list_per_page = 50
    # A million cars are listed as fast as a hundred: nothing counts them all, and a search asks an index.
    paginator = EstimatingPaginator
    show_full_result_count = False
    ordering = ("-id",)
    search_fields = ("slug__exact", "visitor__exact")
    search_help_text = "A whole slug, or a visitor’s whole name."
    actions = ("approve", "hide", "reconstruct_again")
    fields = (
        "pictures",
        "approved",
        "public",
        "shared",
        "origin",
        "parent",
        "hidden_at",
        "looked_at",
        "slug",
        "visitor",
        "created_at",
        "width",
        "height",
        "upload_bytes",
        "psnr",
        "likeness",
        "code_bytes",
        "rates",
        "mirrored",
        "familiar",
        "elapsed",
        "model_version",
    )
    # Whether a car is public is for its visitor to say, not for staff.
    readonly_fields = tuple(name for name in fields if name != "approved")

    class Media:
        css: ClassVar = {"all": ("css/admin.css",)}

    def save_model(self, request: HttpRequest, obj: Reconstruction, form: Any, change: bool) -> None:
        """The one thing that the form changes is whether the car is approved."""
        decide = moderation.approve if obj.approved else moderation.hide
        decide(Reconstruction.objects.filter(pk=obj.pk))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if delete := actions.get("delete_selected"):
            actions["delete_selected"] = (*delete[:2], "Delete, with the pictures")
        return actions

    @admin.display(description="photograph, reconstruction")
    def pictures(self, car: Reconstruction) -> SafeString:
        return format_html(
            '<span class="car-pictures">{} {}</span>',
            thumbnail(car, car.thumbnail_url, "The photograph"),
            thumbnail(car, car.reconstruction_url, "Its reconstruction"),
        )

    @admin.display(description="who sees it")
    def who_sees_it(self, car: Reconstruction) -> str:
        return car.who_sees_it.partition(":")[0]

    @admin.display(description="PSNR", ordering="psnr_db")
    def psnr(self, car: Reconstruction) -> str:
        return f"{car.psnr_db:.1f}\N{NO-BREAK SPACE}dB"

    @admin.display(description="SSIM")
    def likeness(self, car: Reconstruction) -> str:
        return f"{car.ssim:.3f}"

    @admin.display(description="rate by depth")
    def rates(self, car: Reconstruction) -> str:
        return ", ".join(f"{rate:.0f}" for rate in car.bytes_by_depth) + " bytes"

    @admin.display(description="familiarity", ordering="typicality")
    def familiar(self, car: Reconstruction) -> str:
        return f"{car.familiarity}, {car.typicality:.3f}"

    @admin.display(description="time")
    def elapsed(self, car: Reconstruction) -> str:
        return f"{car.elapsed_ms:.0f} ms"

    @admin.action(description="Publish: approve for the gallery", permissions=["change"])
    def approve(self, request: HttpRequest, queryset: Cars) -> None:
        private = queryset.filter(public=False).count()
        self.message_user(request, f"Approved: {moderation.approve(queryset)}.", messages.SUCCESS)
        if private:
            self.message_user(request, f"{private} of them stay private, as their visitors wished.", messages.WARNING)

    @admin.action(description="Hide from the gallery", permissions=["change"])
    def hide(self, request: HttpRequest, queryset: Cars) -> None:
        self.message_user(request, f"Hidden: {moderation.hide(queryset)}.", messages.SUCCESS)

    @admin.action(description="Reconstruct again with the current model", permissions=["change"])
    def reconstruct_again(self, request: HttpRequest, queryset: Cars) -> None:
        done = 0
        for car in queryset.iterator(chunk_size=100):
            try:
                reconstruct_again(car)
            except (FileNotFoundError, NotSavedError) as error:
                self.message_user(request, f"{car} stays as it is: {error}", messages.ERROR)
            else:
                done += 1
        self.message_user(request, f"Reconstructed again: {done}.", messages.SUCCESS)


def thumbnail(car: Reconstruction, url: str, alt: str) -> SafeString:
    scale = THUMBNAIL_SIDE / max(car.width, car.height)
    width, height = max(1, round(car.width * scale)), max(1, round(car.height * scale))
    return format_html('<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">', url, width, height, alt)
