"""Cars that are in the database and the storage without the model having run for each."""

import dataclasses

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone

from reconstruct.models import Reconstruction
from reconstruct.moderation import may_show
from reconstruct.visitors import new_visitor, remember, visitor_of
from tests.cars import upload


def columns_of(row):
    """The columns to copy: all that need not be unique."""
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: column for name, column in columns.items() if name not in ("id", "slug")}


@dataclasses.dataclass(frozen=True)
class Mould:
    """What all cars of one photograph have in common."""

    columns: dict
    place: type
    place_columns: dict
    photograph: bytes
    rebuilt: bytes

    @classmethod
    def of(cls, content):
        """Uploads the photograph, keeps the row and the files in memory, and deletes them from the site."""
        with transaction.atomic():
            assert upload(Client(), content).status_code == 303
            car = Reconstruction.objects.latest("id")
            with car.original.open() as photograph, car.reconstruction.open() as rebuilt:
                mould = cls(columns_of(car), type(car.place), columns_of(car.place), photograph.read(), rebuilt.read())
            transaction.set_rollback(True)
        for name in (car.original.name, car.reconstruction.name, f"cars/{car.slug}"):  # the files, then their folder
            default_storage.delete(name)
        return mould

    def cast(self, *, visitor, public, alone=False):
        """Another car, as an upload by this visitor would leave it; `alone`, as if it were of another photograph."""
        car = Reconstruction(
            **self.columns
            | {
                "visitor": visitor,
                "public": public,
                "created_at": timezone.now(),
            }
        )
        car.approved = may_show(car)
        car.needs_look = not car.approved
        car.original = default_storage.save(f"cars/{car.slug}/photograph.jpg", ContentFile(self.photograph))
        car.reconstruction = default_storage.save(f"cars/{car.slug}/rebuilt.png", ContentFile(self.rebuilt))
        car.save(force_insert=True)
        vector = np.frombuffer(self.place_columns["vector"], "<f4").copy()
        vector[-1] += 3 * car.pk if alone else 0  # farther apart than copies of a photograph
        columns = self.place_columns | {"car_id": car.pk, "vector": vector.tobytes()}
        self.place(**columns).save(force_insert=True)
        return car


def visitor_with(client):
    """The name of the visitor whom the client's cookie names; it is given one, if it has none."""
    request, response = HttpRequest(), HttpResponse()
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    visitor = visitor_of(request) or new_visitor()
    remember(response, visitor)
    client.cookies.update(response.cookies)
    return visitor
