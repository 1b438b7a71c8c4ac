"""What staff see of the cars, and what they may do: approve, hide, delete, reconstruct again."""

from typing import Any, TypeAlias

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reconstruct import moderation
from reconstruct.admin.queue import QueueAdmin
from reconstruct.admin.scale import EstimatingPaginator, ModelVersionFilter
from reconstruct.models import Reconstruction
from reconstruct.storage import NotSavedError
from reconstruct.uploads import reconstruct_again
from reconstruct.wording import QUALITIES

Cars: TypeAlias = QuerySet[Any]

GALLERY_STATES = {
    "shown": ("In the gallery", Q(public=True, approved=True)),
    "hidden": ("Public, but not approved", Q(public=True, approved=False)),
    "private": ("Private", Q(public=False)),
}
CODE_BANDS = ((0, 500), (500, 1000), (1000, 2000), (2000, None))  # bytes, from and below
THUMBNAIL_SIDE = 96


class GalleryFilter(admin.SimpleListFilter):
    title = "gallery"
    parameter_name = "gallery"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state, label) for state, (label, _) in GALLERY_STATES.items()]

    def queryset(self, request: HttpRequest, queryset: Cars) -> Cars:
        state = GALLERY_STATES.get(self.value() or "")
        return queryset.filter(state[1]) if state else queryset


class QualityFilter(admin.SimpleListFilter):
    title = "quality"
    parameter_name = "quality"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(quality, quality.capitalize()) for quality, _ in QUALITIES]

    def queryset(self, request: HttpRequest, queryset: Cars) -> Cars:
        below_db = float("inf")
        for quality, at_least_db in QUALITIES:
            if quality == self.value():
                return queryset.filter(psnr_db__gte=at_least_db, psnr_db__lt=below_db)
            below_db = at_least_db
        return queryset


class CodeSizeFilter(admin.SimpleListFilter):
    title = "size of the code"
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            (str(least), f"{least} bytes or more" if below is None else f"{least} to {below} bytes")
            for least, below in CODE_BANDS
        ]

    def queryset(self, request: HttpRequest, queryset: Cars) -> Cars:
        for least, below in CODE_BANDS:
            if str(least) == self.value():
                in_band = queryset.filter(code_bytes__gte=least)
                return in_band if below is None else in_band.filter(code_bytes__lt=below)
        return queryset


@admin.register(Reconstruction)
class ReconstructionAdmin(QueueAdmin):
    list_display = (
        "original_thumbnail",
        "reconstruction_thumbnail",
        "created_at",
        "psnr",
        "code_bytes",
        "public",
        "approved",
        "origin",
        "model_version",
    )
    list_display_links = ("created_at",)
    list_filter = (GalleryFilter, QualityFilter, CodeSizeFilter, "origin", ModelVersionFilter, "created_at")
    list_per_page = 50
    # A million cars are listed as fast as a hundred: nothing counts them all, and a search asks an index.
    paginator = EstimatingPaginator
    show_full_result_count = False
    ordering = ("-id",)
    search_fields = ("slug__exact", "visitor__exact")
    search_help_text = "A whole slug, or a visitor’s whole name."
    actions = ("approve", "hide", "reconstruct_again")
    fields = (
        "original_thumbnail",
        "reconstruction_thumbnail",
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
        "psnr_db",
        "ssim",
        "code_bytes",
        "bytes_by_depth",
        "mirrored",
        "typicality",
        "elapsed_ms",
        "model_version",
    )
    # Whether a car is public is for its visitor to say, not for staff.
    readonly_fields = tuple(name for name in fields if name != "approved")

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

    @admin.display(description="original")
    def original_thumbnail(self, car: Reconstruction) -> SafeString:
        return thumbnail(car, car.thumbnail_url, "The photograph")

    @admin.display(description="reconstruction")
    def reconstruction_thumbnail(self, car: Reconstruction) -> SafeString:
        return thumbnail(car, car.reconstruction_url, "Its reconstruction")

    @admin.display(description="PSNR", ordering="psnr_db")
    def psnr(self, car: Reconstruction) -> str:
        return f"{car.psnr_db:.1f} dB"

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
