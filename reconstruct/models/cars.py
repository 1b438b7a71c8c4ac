"""Cars: columns and querysets. Wording, storage and inference have modules of their own."""

from __future__ import annotations

import datetime
import secrets
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from ml.serving.transforms import IMAGE_SIZE
from reconstruct import storage, wording
from reconstruct.addresses import versioned
from reconstruct.models.reports import Report, Standing
from reconstruct.orders import ALL, IN_GALLERY, NEWEST, ORDERS, PARTS, Order, Part


class Origin(models.TextChoices):
    """Where a car's picture comes from: a camera, or the model in one of four ways."""

    PHOTOGRAPH = "photograph", "Photograph"
    EXAMPLE = "example", "Made up"
    STEERED = "steered", "Steered"
    DREAMT = "dreamt", "Dreamt"
    CODE = "code", "From a code"


class ReconstructionQuerySet(models.QuerySet["Reconstruction"]):
    def newest_first(self) -> ReconstructionQuerySet:
        return self.order_by("-id")

    def older_than(self, cursor: int | None) -> ReconstructionQuerySet:
        """The cars created before the one with this id, newest first; all cars where it is None."""
        return (self if cursor is None else self.filter(id__lt=cursor)).newest_first()

    def in_gallery(self) -> ReconstructionQuerySet:
        return self.filter(IN_GALLERY)

    def gallery(self, order: Order, part: Part) -> ReconstructionQuerySet:
        """The gallery, or a part of it, in this order."""
        return self.in_gallery().filter(order.condition & part.condition).order_by(*order.columns)

    def neighbours(self, car: Reconstruction, order: Order, part: Part) -> dict[str, Reconstruction | None]:
        """The cars of the gallery, read so, just before and behind this one. Causes two queries."""
        value = getattr(car, order.column)
        if value is None or not car.in_gallery:
            return {"previous": None, "following": None}
        cars = self.gallery(order, part)
        return {
            "previous": cars.filter(order.before(value, car.pk)).reverse().first(),
            "following": cars.filter(order.behind(value, car.pk)).first(),
        }

    def in_queue(self) -> ReconstructionQuerySet:
        """The cars that wait for a decision of staff, the least typical first."""
        reported = Exists(Report.objects.filter(car=OuterRef("pk"), settled=False))
        seen_by_others = self.filter(Q(public=True) | Q(shared=True), needs_look=True)  # as the index has it
        return seen_by_others.filter(Q(public=True) | reported).order_by("typicality", "id")

    def examples(self) -> ReconstructionQuerySet:
        return self.filter(origin=Origin.EXAMPLE)

    def mine(self, visitor: str | None) -> ReconstructionQuerySet:
        return self.filter(visitor=visitor) if visitor else self.none()

    def visible_to(self, visitor: str | None) -> ReconstructionQuerySet:
        """The cars that this visitor may see: the gallery's and their own."""
        return self.filter(IN_GALLERY | Q(visitor=visitor) if visitor else IN_GALLERY)

    def reachable_by(self, visitor: str | None) -> ReconstructionQuerySet:
        """The cars that this visitor may see who has their addresses: those, and the shared ones that nobody hid."""
        return self.visible_to(visitor) | self.filter(shared=True, hidden_at=None)

    def on_map(self, model_version: str) -> ReconstructionQuerySet:
        """The cars of the gallery that this model has placed, newest first."""
        return self.in_gallery().newest_first().filter(place__model_version=model_version).select_related("place")

    def unreachable(self, since: datetime.date) -> ReconstructionQuerySet:
        """Those that the gallery does not show, and whose visitor has not been here since this day: oldest first."""
        here = Standing.objects.filter(visitor=OuterRef("visitor"), seen_on__gte=since)
        old = self.filter(created_at__date__lt=since).exclude(public=True, approved=True)
        return old.filter(~Exists(here)).order_by("id")

    def lock(self) -> list[int]:
        """Locks the rows until the transaction ends, in one order for all who do; returns the keys of those found."""
        return list(self.order_by("pk").select_for_update().values_list("pk", flat=True))

    def delete(self) -> tuple[int, dict[str, int]]:
        """Deletes the rows. A car that is being steered from one of them waits, and is then created without it."""
        with transaction.atomic():
            self.lock()
            return super().delete()


def new_slug() -> str:
    return secrets.token_urlsafe(16)


class Reconstruction(models.Model):
    slug = models.CharField(max_length=22, unique=True, default=new_slug, editable=False)
    visitor = models.CharField(max_length=22, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    public = models.BooleanField(help_text="The visitor lets it be shown in the gallery.")
    shared = models.BooleanField(
        default=False, editable=False, help_text="The visitor lets whoever has its address see it."
    )
    approved = models.BooleanField(help_text="Staff let it be shown in the gallery.")
    needs_look = models.BooleanField(default=False, editable=False, help_text="If it is public, staff have to look.")
    hidden_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when staff or reports have kept it out of the gallery."
    )
    looked_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When staff last decided on it.")
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PHOTOGRAPH)
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="children",
        help_text="The car that it was steered from.",
    )

    original = models.FileField(max_length=200)
    reconstruction = models.FileField(max_length=200)
    width = models.PositiveIntegerField(help_text="Of the stored original, in pixels.")
    height = models.PositiveIntegerField(help_text="Of the stored original, in pixels.")
    upload_bytes = models.PositiveIntegerField(help_text="Size of the file that the visitor sent.")

    psnr_db = models.FloatField("PSNR (dB)")
    ssim = models.FloatField("SSIM")
    bytes_by_depth: models.JSONField[list[float], list[float]] = models.JSONField(
        help_text="Rate of the code up to each depth, in bytes."
    )
    code_bytes = models.PositiveIntegerField(
        null=True, editable=False, help_text="Length of the car’s file. None for an older car until place_cars runs."
    )
    mirrored = models.BooleanField(help_text="The model looked at it in a mirror.")
    typicality = models.FloatField(help_text="From 0 to 1: how much it looks like the cars the model learned from.")
    elapsed_ms = models.FloatField()
    model_version = models.CharField(max_length=64)

    objects = ReconstructionQuerySet.as_manager()

    class Meta:
        verbose_name = "car"
        indexes = (
            models.Index(fields=["-id"], condition=IN_GALLERY, name="reconstruct_gallery"),
            *(
                models.Index(
                    fields=order.columns,
                    condition=IN_GALLERY & order.condition & part.condition,
                    name=f"gallery_{part_name}_{order_name}",
                )
                for order_name, order in ORDERS.items()
                for part_name, part in PARTS.items()
                if (order_name, part_name) != (NEWEST, ALL)  # that is reconstruct_gallery
            ),
            models.Index(
                fields=["-id"], condition=Q(public=True, approved=True, origin="example"), name="reconstruct_examples"
            ),
            models.Index(fields=["visitor", "-id"], name="reconstruct_history"),
            models.Index(
                fields=["typicality", "id"],
                condition=Q(Q(public=True) | Q(shared=True), needs_look=True),
                name="reconstruct_queue",
            ),
            # What staff sort and filter by: see reconstruct.admin.scale.
            models.Index(fields=["psnr_db"], name="reconstruct_psnr"),
            models.Index(fields=["code_bytes"], name="reconstruct_code_bytes"),
            models.Index(fields=["typicality"], name="reconstruct_typicality"),
            models.Index(fields=["origin", "-id"], name="reconstruct_origin"),
            models.Index(fields=["model_version", "-id"], name="reconstruct_model_version"),
            models.Index(fields=["-id"], condition=Q(public=True, approved=False), name="reconstruct_not_approved"),
        )

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("car", args=[self.slug])

    @property
    def in_gallery(self) -> bool:
        return self.public and self.approved

    @property
    def is_open(self) -> bool:
        """Whether whoever has its address may see it, as `reachable_by` says of the cars of nobody."""
        return self.in_gallery or (self.shared and self.hidden_at is None)

    @property
    def who_sees_it(self) -> str:
        return wording.who_sees_it(
            public=self.public,
            approved=self.approved,
            shared=self.shared,
            hidden=self.hidden_at is not None,
            needs_look=self.needs_look,
        )

    @property
    def is_photograph(self) -> bool:
        return self.origin == Origin.PHOTOGRAPH

    @property
    def origin_words(self) -> str:
        return wording.ORIGIN_WORDS[self.origin]

    @property
    def title(self) -> str:
        return wording.NO_CAR if self.may_be_no_car else wording.title(self.code_bytes)

    @property
    def rate_bytes(self) -> int:
        return round(self.bytes_by_depth[-1])

    @property
    def quality(self) -> str:
        return wording.quality(self.psnr_db)

    @property
    def verdict(self) -> str:
        return wording.verdict(self.psnr_db, self.typicality)

    @property
    def familiarity(self) -> str:
        return wording.familiarity(self.typicality)

    @property
    def is_strange(self) -> bool:
        return self.familiarity == "strange"

    @property
    def may_be_no_car(self) -> bool:
        """Whether the page has to say so: of a picture that the model made, it is known what it is."""
        return self.is_photograph and self.is_strange

    @property
    def familiarity_words(self) -> str:
        return wording.FAMILIARITY_WORDS[self.familiarity]

    @property
    def original_url(self) -> str:
        return versioned("original", self.slug, version=self.model_version)

    @property
    def thumbnail_url(self) -> str:
        return versioned("thumbnail", self.slug, version=self.model_version)

    @property
    def reconstruction_url(self) -> str:
        return versioned("reconstruction", self.slug, version=self.model_version)

    @property
    def card_url(self) -> str:
        return versioned("card", self.slug, version=self.model_version)

    @property
    def tile(self) -> tuple[int, int]:
        """Width and height of the model's pictures of the car, in pixels: those of to_array's frame."""
        scale = IMAGE_SIZE / max(self.width, self.height)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))

    def open_original(self) -> Image.Image:
        """The stored photograph, RGB. Reads it from the storage; raises FileNotFoundError when it is gone."""
        return storage.read(str(self.original))

    def open_reconstruction(self) -> Image.Image:
        """The stored reconstruction, RGB. Reads it from the storage; raises FileNotFoundError when it is gone."""
        return storage.read(str(self.reconstruction))

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Deletes the row. A car that is being steered from it waits, and is then created without it."""
        with transaction.atomic():
            Reconstruction.objects.filter(pk=self.pk).lock()
            return super().delete(*args, **options)


@receiver(post_delete, sender=Reconstruction)
def remove_pictures(instance: Reconstruction, **kwargs: Any) -> None:
    """Deletes a car's pictures with its row, also when the admin deletes many at once."""
    storage.remove_after_commit(str(instance.original))
    storage.remove_after_commit(str(instance.reconstruction))
