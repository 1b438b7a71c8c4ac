"""Where a car lies among the others, and which are nearest to it.

Nearest by pgvector where PostgreSQL has it, else by a search in this process's memory.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import threading
from collections.abc import Iterable, Iterator

import numpy as np
from django.db import IntegrityError, connection, transaction
from numpy.typing import NDArray

from ml.serving.principal import COMPONENTS
from ml.serving.runtime import Runtime
from ml.serving.transforms import Array
from reconstruct import code_file
from reconstruct.latents import code_of
from reconstruct.models import Place, Reconstruction
from reconstruct.unavailable import UnavailableError

COMPARED = 250_000  # in memory, the newest cars, at most, which take 36 MB
OVERLAP = 64  # rows to read again: with as many writers, a row may be committed after one with a higher id
MOST_CANDIDATES = 1000  # in one pass of pgvector's search, which continues where they are too few

ALIKE = 6
# Of the typical distance between two cars. Copies of a photograph, smaller and compressed again, were 0.10 apart at
# most, and the nearest two of 40 held-out cars 0.29.
SAME = 0.1
LOOKED_THROUGH = (32, 320, 3200)  # how many nearest cars are searched for six of the gallery: many can be private


def place_of(code: Array, runtime: Runtime) -> Place:
    """The place of a code, (L,), of this model; not saved, and without a car yet."""
    vector = runtime.principal_components.vector(code)
    x, y = runtime.principal_components.place(vector)
    return Place(model_version=runtime.version, vector=vector.astype("<f4").tobytes(), x=x, y=y)


def place_again(car: Reconstruction, runtime: Runtime) -> Place:
    """Encodes the car's photograph, and saves where this model places it, and how long it makes its file.

    Raises FileNotFoundError where the storage has lost the photograph, and UnavailableError where it does not answer.
    """
    place = place_of(code_of(car, runtime).mean[0], runtime)
    code_file.measure(car)
    # Another request may place the car at the same time, or delete it.
    with contextlib.suppress(IntegrityError), transaction.atomic():
        place.take(car)
    return place


def alike(car: Reconstruction, runtime: Runtime) -> list[Reconstruction]:
    """The six cars of the gallery that are most similar to this one and no copies of it, best first. A few queries.

    Places the car where this model has not yet. Fewer than six cars where the gallery has no more or place_cars has not
    come to them, and none where the photograph of this one cannot be read.
    """
    try:
        place = Place.objects.by(runtime.version).filter(car=car).first() or place_again(car, runtime)
    except (FileNotFoundError, UnavailableError):
        return []
    cars: list[Reconstruction] = []
    for at_most in LOOKED_THROUGH:
        keys = nearest(place, at_most)
        shown = Reconstruction.objects.in_gallery().exclude(pk=car.pk).select_related("place").in_bulk(keys)
        found = (shown[pk] for pk in keys if pk in shown)
        cars = list(itertools.islice(distinct(found, car, runtime), ALIKE))
        if len(cars) == ALIKE or len(keys) < at_most:
            break
    return cars


def distinct(cars: Iterable[Reconstruction], car: Reconstruction, runtime: Runtime) -> Iterator[Reconstruction]:
    """Those that show another photograph than `car` and than those before them. Causes no query where they have places.

    A car that this model has not placed cannot be compared, and counts as another.
    """
    same = SAME * runtime.principal_components.typical_distance
    seen = [vector for vector in [vector_of(car, runtime)] if vector is not None]
    for other in cars:
        vector = vector_of(other, runtime)
        if vector is not None:
            if any(np.linalg.norm(vector - earlier) < same for earlier in seen):
                continue
            seen.append(vector)
        yield other


def vector_of(car: Reconstruction, runtime: Runtime) -> Array | None:
    place: Place | None = getattr(car, "place", None)
    if place is None or place.model_version != runtime.version:
        return None
    return np.frombuffer(place.vector, "<f4")


def nearest(place: Place, count: int) -> list[int]:
    """The primary keys of the `count` cars nearest to this place, best first; the car at this place is among them."""
    search = nearest_by_pgvector if has_pgvector() else index.nearest
    return search(place, count)


@functools.cache
def has_pgvector() -> bool:
    """Whether migration 0004 found the extension, and added the column. Causes a query, once in a process."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'embedding')",
            [Place._meta.db_table],
        )
        (exists,) = cursor.fetchone()
    return bool(exists)


def nearest_by_pgvector(place: Place, count: int) -> list[int]:
    """Approximate: the index may miss some. Causes two queries in a transaction of their own."""
    candidates = min(2 * count, MOST_CANDIDATES)
    vector = str(np.frombuffer(place.vector, "<f4").tolist())
    with transaction.atomic(), connection.cursor() as cursor:
        # The index also holds places of earlier models until place_cars replaces them: the scan continues past those.
        cursor.execute(
            "SELECT set_config('hnsw.iterative_scan', 'strict_order', true), set_config('hnsw.ef_search', %s, true)",
            [str(candidates)],
        )
        cursor.execute(
            "SELECT car_id FROM reconstruct_place WHERE model_version = %s ORDER BY embedding <-> %s::vector LIMIT %s",
            [place.model_version, vector, count],
        )
        return [car for (car,) in cursor.fetchall()]


class Index:
    """The vectors of one model's places, in this process's memory. The search is exact: it compares with all of them.

    Each search first reads the rows that were added since the last one. Whether the nearest cars still exist and may
    be shown is a query of `alike`.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        self.model_version = ""
        self.ids: NDArray[np.int64] = np.empty(0, np.int64)
        self.cars: NDArray[np.int64] = np.empty(0, np.int64)
        self.vectors: Array = np.empty((0, COMPONENTS), np.float32)

    def refresh(self, model_version: str) -> None:
        """Causes a query."""
        if model_version != self.model_version:
            self.clear()
            self.model_version = model_version
        settled = max(0, len(self.ids) - OVERLAP)
        newer = Place.objects.by(model_version).filter(pk__gt=self.ids[settled - 1] if settled else 0).order_by("-pk")
        rows = list(newer.values_list("pk", "car_id", "vector")[:COMPARED])[::-1]
        ids = np.array([pk for pk, _, _ in rows], np.int64)
        if np.array_equal(ids, self.ids[settled:]):
            return
        cars = np.array([car for _, car, _ in rows], np.int64)
        vectors = np.frombuffer(b"".join(vector for _, _, vector in rows), "<f4").reshape(-1, COMPONENTS)
        self.ids = np.concatenate([self.ids[:settled], ids])[-COMPARED:]
        self.cars = np.concatenate([self.cars[:settled], cars])[-COMPARED:]
        self.vectors = np.concatenate([self.vectors[:settled], vectors])[-COMPARED:]

    def nearest(self, place: Place, count: int) -> list[int]:
        """Causes a query."""
        with self.lock:
            self.refresh(place.model_version)
            cars, vectors = self.cars, self.vectors
        distance = np.square(vectors - np.frombuffer(place.vector, "<f4")).sum(axis=1)
        first = np.argpartition(distance, count)[:count] if count < len(distance) else np.arange(len(distance))
        keys: list[int] = cars[first[np.argsort(distance[first])]].tolist()
        return keys


index = Index()
