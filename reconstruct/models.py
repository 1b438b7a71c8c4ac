"""A reconstructed car: its row, its two stored pictures, and who may see it."""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from PIL import Image

import ml.serving.runtime
from ml.serving.transforms import IMAGE_SIZE
from reconstruct.addresses import versioned
from reconstruct.buckets import TokenBucket  # noqa: F401 - where Django looks for models
from reconstruct.places import Place

if TYPE_CHECKING:
    from ml.serving.runtime import Result

Write: TypeAlias = Callable[[str, bytes], str]

PICTURES = "cars"  # the folder in the storage that holds a folder for each car
ORIGINAL_QUALITY = 90

# Decibels from which a reconstruction is called so, best first.
QUALITIES = (("excellent", 30.0), ("good", 26.0), ("fair", 22.0), ("poor", float("-inf")))
VERDICTS = {
    "excellent": "Excellent: you have to look closely to tell the two apart.",
    "good": "Good: shape, stance and paint came back, and only fine detail went soft.",
    "fair": "Fair: it is clearly this car, with its details smoothed over.",
    "poor": "Poor: the model only kept a rough idea of this picture.",
}

# Typicality from which a car is called so, most familiar first. Nine of ten held-out studio cars are above the first.
FAMILIARITIES = (("familiar", 0.1), ("unusual", 0.005), ("strange", 0.0))
FAMILIARITY_WORDS = {
    "familiar": "It looks much like the cars that the model learned from.",
    "unusual": "The model has seen few cars like this one.",
    "strange": "The model has hardly seen anything like it. It may not be a car, or not from the side.",
}
STRANGE = " It looks little like the cars the model learned from."

# What is said of a car that nobody photographed; of one that somebody did, there is nothing to say.
ORIGIN_WORDS = {
    "photograph": "",
    "example": "Made by the model: this car does not exist",
    "steered": "Steered: another car, moved along the model’s own directions",
    "dreamt": "Dreamt by the model: this car does not exist",
    "code": "From a code: the model painted it out of a file",
}

# What a runtime's result says about a car, under the same names here.
FIGURES = ("psnr_db", "ssim", "bytes_by_depth", "mirrored", "typicality", "elapsed_ms")


class Origin(models.TextChoices):
    """Where a car's picture comes from: a camera, or the model in one of four ways."""

    PHOTOGRAPH = "photograph", "Photograph"
    EXAMPLE = "example", "Made up"
    STEERED = "steered", "Steered"
    DREAMT = "dreamt", "Dreamt"
    CODE = "code", "From a code"


class NotSavedError(Exception):
    """The pictures or the row could not be written; nothing of them was kept."""


@dataclasses.dataclass(frozen=True)
class Depth:
    """A car from the first `number` levels of its code, and how many times smaller than its file they are."""

    number: int
    bytes: int
    times_smaller: int
    url: str


class ReconstructionQuerySet(models.QuerySet["Reconstruction"]):
    def newest_first(self) -> ReconstructionQuerySet:
        return self.order_by("-id")

    def older_than(self, cursor: int | None) -> ReconstructionQuerySet:
        """Those recorded before the car with this id, newest first; all of them without one."""
        return (self if cursor is None else self.filter(id__lt=cursor)).newest_first()

    def in_gallery(self) -> ReconstructionQuerySet:
        return self.filter(public=True, approved=True)

    def examples(self) -> ReconstructionQuerySet:
        return self.filter(origin=Origin.EXAMPLE)

    def mine(self, visitor: str | None) -> ReconstructionQuerySet:
        return self.filter(visitor=visitor) if visitor else self.none()

    def visible_to(self, visitor: str | None) -> ReconstructionQuerySet:
        in_gallery = Q(public=True, approved=True)
        return self.filter(in_gallery | Q(visitor=visitor) if visitor else in_gallery)

    def record(
        self,
        picture: Image.Image,
        result: Result,
        *,
        upload_bytes: int,
        visitor: str = "",
        public: bool,
        origin: Origin | str = Origin.PHOTOGRAPH,
        parent: Reconstruction | None = None,
    ) -> Reconstruction:
        """The new row with both its pictures in the storage: files first, row last. Raises NotSavedError.

        A car that was not photographed comes in by the same door: its decoded picture stands in for the photograph.
        """
        car = self.model(
            visitor=visitor,
            upload_bytes=upload_bytes,
            public=public,
            approved=origin == Origin.EXAMPLE or not settings.GALLERY_REQUIRES_APPROVAL,
            origin=origin,
            parent=parent,
        )
        with files_removed_on_failure() as write:
            car.write_original(picture, write)
            car.write_reconstruction(result, write)
            place = Place.of(result.code)
            with transaction.atomic():
                car.save(force_insert=True)
                place.take(car)
        return car


def new_slug() -> str:
    return secrets.token_urlsafe(16)


class Reconstruction(models.Model):
    slug = models.CharField(max_length=22, unique=True, default=new_slug, editable=False)
    visitor = models.CharField(max_length=22, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    public = models.BooleanField(help_text="The visitor lets it be shown in the gallery.")
    approved = models.BooleanField(help_text="Staff let it be shown in the gallery.")
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
        help_text="Bytes of the code up to each depth."
    )
    mirrored = models.BooleanField(help_text="The model looked at it in a mirror.")
    typicality = models.FloatField(help_text="From 0 to 1: how much it looks like the cars the model learned from.")
    elapsed_ms = models.FloatField()
    model_version = models.CharField(max_length=64, db_index=True)

    objects = ReconstructionQuerySet.as_manager()

    class Meta:
        verbose_name = "car"
        indexes = (
            models.Index(fields=["-id"], condition=Q(public=True, approved=True), name="reconstruct_gallery"),
            models.Index(
                fields=["-id"], condition=Q(public=True, approved=True, origin="example"), name="reconstruct_examples"
            ),
            models.Index(fields=["visitor", "-id"], name="reconstruct_history"),
        )

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("car", args=[self.slug])

    @property
    def in_gallery(self) -> bool:
        return self.public and self.approved

    @property
    def is_photograph(self) -> bool:
        return self.origin == Origin.PHOTOGRAPH

    @property
    def origin_words(self) -> str:
        """What the page says of a car that nobody photographed."""
        return ORIGIN_WORDS[self.origin]

    @property
    def code_bytes(self) -> int:
        return round(self.bytes_by_depth[-1])

    @property
    def quality(self) -> str:
        return next(quality for quality, at_least_db in QUALITIES if self.psnr_db >= at_least_db)

    @property
    def verdict(self) -> str:
        return VERDICTS[self.quality] + (STRANGE if self.familiarity == "strange" else "")

    @property
    def familiarity(self) -> str:
        return next(familiarity for familiarity, at_least in FAMILIARITIES if self.typicality >= at_least)

    @property
    def familiarity_words(self) -> str:
        return FAMILIARITY_WORDS[self.familiarity]

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
    def depths(self) -> list[Depth]:
        return [
            Depth(
                number,
                round(size),
                times_smaller=round(self.upload_bytes / max(1, size)),
                url=versioned("depth", self.slug, number),
            )
            for number, size in enumerate(self.bytes_by_depth, start=1)
        ]

    @property
    def tile(self) -> tuple[int, int]:
        """Width and height of the model's pictures of the car, in pixels: those of to_array's frame."""
        scale = IMAGE_SIZE / max(self.width, self.height)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))

    def open_original(self) -> Image.Image:
        """The stored photograph, RGB. Reads it from the storage; raises FileNotFoundError when it is gone."""
        return stored_photograph(str(self.original))

    def reconstruct_again(self) -> None:
        """Replaces reconstruction and figures by those of the model that is served now. Raises NotSavedError."""
        replaced = str(self.reconstruction)
        result = ml.serving.runtime.load().reconstruct(self.open_original())
        place = Place.of(result.code)
        with files_removed_on_failure() as write, transaction.atomic():
            self.write_reconstruction(result, write)
            self.save(update_fields=["reconstruction", "model_version", *FIGURES])
            place.take(self)
            remove_after_commit(replaced)

    def write_original(self, picture: Image.Image, write: Write) -> None:
        """Stores the photograph as a JPEG, and sets its fields without saving the row."""
        self.width, self.height = picture.size
        jpeg = encoded(picture, "JPEG", quality=ORIGINAL_QUALITY, subsampling="4:4:4")
        self.original = write(self.unguessable_key("jpg"), jpeg)

    def write_reconstruction(self, result: Result, write: Write) -> None:
        """Stores the reconstruction as a PNG, and sets its fields and figures without saving the row."""
        for figure in FIGURES:
            setattr(self, figure, getattr(result, figure))
        self.model_version = ml.serving.runtime.load().version
        self.reconstruction = write(self.unguessable_key("png"), encoded(result.image, "PNG", optimize=True))

    def unguessable_key(self, suffix: str) -> str:
        """Where a picture is stored. The slug alone must not lead there: who knows it may still not see the car."""
        return f"{PICTURES}/{self.slug}/{secrets.token_urlsafe(16)}.{suffix}"


def stored_photograph(key: str) -> Image.Image:
    with default_storage.open(key) as file, Image.open(file, formats=["JPEG"]) as picture:
        return picture.convert("RGB")


def encoded(picture: Image.Image, format: str, **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


@contextlib.contextmanager
def files_removed_on_failure() -> Iterator[Write]:
    """A function that stores a picture and returns its key. All that it stored goes again when the body fails.

    Raises NotSavedError.
    """
    keys: list[str] = []

    def write(key: str, content: bytes) -> str:
        keys.append(key)  # beforehand: a disk that fills up leaves half a file
        return default_storage.save(key, ContentFile(content))

    try:
        yield write
    except Exception as error:  # whichever way the storage or the database fails: S3 alone has dozens
        for key in keys:
            with contextlib.suppress(Exception):  # by the storage that has just failed; the first failure is the news
                default_storage.delete(key)
        raise NotSavedError(str(error)) from error


def remove_after_commit(key: str) -> None:
    """Deletes a stored picture once the row that named it is surely gone; a failing storage keeps it and is logged."""

    def remove() -> None:
        default_storage.delete(key)

    transaction.on_commit(remove, robust=True)


@receiver(post_delete, sender=Reconstruction)
def remove_pictures(instance: Reconstruction, **kwargs: Any) -> None:
    """Rows go one by one or in bulk, from a page or the admin: this sees each of them."""
    remove_after_commit(str(instance.original))
    remove_after_commit(str(instance.reconstruction))
