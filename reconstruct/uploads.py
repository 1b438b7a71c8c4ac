"""Creates cars from pictures, with the model. Pages, API and example cars all use `create`."""

from __future__ import annotations

import threading
from io import BytesIO

from django.db import transaction
from PIL import Image

from ml.serving.runtime import Result, load
from reconstruct import code_file, storage
from reconstruct.models import Origin, Reconstruction
from reconstruct.moderation import may_show
from reconstruct.pictures import files
from reconstruct.similarity import place_of

ORIGINAL_QUALITY = 90

# The figures of a result, which have the same names as the columns.
FIGURES = ("psnr_db", "ssim", "bytes_by_depth", "mirrored", "typicality", "elapsed_ms", "model_version")

# Uploads take turns in a process, because each keeps a core busy: a page asked for meanwhile competes with one of them,
# and not with as many as there are threads.
TURN = threading.Lock()


def create(
    picture: Image.Image,
    *,
    upload_bytes: int,
    visitor: str = "",
    public: bool,
    origin: Origin = Origin.PHOTOGRAPH,
    parent: Reconstruction | None = None,
) -> Reconstruction:
    """A new car, with both its pictures in the storage: files first, row last. Raises NotSavedError.

    For a car that the model made, `picture` is the decoded picture, in place of a photograph.
    """
    runtime = load()
    with TURN:
        result = runtime.reconstruct(picture)
    car = Reconstruction(visitor=visitor, upload_bytes=upload_bytes, public=public, origin=origin, parent=parent)
    with storage.files_removed_on_failure() as write:
        stored = write_original(car, picture, write)
        write_reconstruction(car, result, stored, write)
        place = place_of(result.code, runtime)
        car.approved = may_show(car)
        car.needs_look = not car.approved
        with transaction.atomic():
            if parent and not Reconstruction.objects.filter(pk=parent.pk).lock():
                car.parent = None  # it was deleted meanwhile
            car.save(force_insert=True)
            place.take(car)
    return car


def earlier(picture: Image.Image, *, upload_bytes: int, visitor: str | None) -> Reconstruction | None:
    """The visitor's newest car of this same photograph, or None. Causes a query.

    Reads the photographs of their cars that came in as many bytes, which few do.
    """
    same = Reconstruction.objects.mine(visitor).filter(origin=Origin.PHOTOGRAPH, upload_bytes=upload_bytes)
    cars = same.filter(width=picture.width, height=picture.height).newest_first()
    if not cars:
        return None
    content = original_of(picture).content
    return next((car for car in cars if storage.holds(str(car.original), content)), None)


def original_of(picture: Image.Image) -> files.File:
    """The photograph as it is stored."""
    return files.jpeg(picture, ORIGINAL_QUALITY, subsampling="4:4:4")


def reconstruct_again(car: Reconstruction) -> None:
    """Replaces a car's reconstruction and figures by those of the model that is served now.

    Raises FileNotFoundError where the storage has lost the photograph, and NotSavedError.
    """
    replaced, runtime, photograph = str(car.reconstruction), load(), car.open_original()
    result = runtime.reconstruct(photograph)
    with storage.files_removed_on_failure() as write, transaction.atomic():
        write_reconstruction(car, result, photograph, write)
        car.save(update_fields=["reconstruction", "code_bytes", *FIGURES])
        place_of(result.code, runtime).take(car)
        storage.remove_after_commit(replaced)


def write_original(car: Reconstruction, picture: Image.Image, write: storage.Write) -> Image.Image:
    """Stores the photograph as a JPEG, and sets its columns without saving the row. Returns it as it is stored."""
    car.width, car.height = picture.size
    file = original_of(picture)
    car.original = write(storage.unguessable_key(car.slug, "jpg"), file.content)
    return Image.open(BytesIO(file.content))


def write_reconstruction(car: Reconstruction, result: Result, stored: Image.Image, write: storage.Write) -> None:
    """Stores the reconstruction as a PNG, and sets its columns and the figures without saving the row.

    `stored`: the photograph as it is in the storage, which the car's file is made from whenever it is asked for.
    """
    for figure in FIGURES:
        setattr(car, figure, getattr(result, figure))
    with TURN:
        car.code_bytes = len(code_file.encode(stored, mirrored=car.mirrored))
    file = files.png(result.image, optimize=True)
    car.reconstruction = write(storage.unguessable_key(car.slug, "png"), file.content)
