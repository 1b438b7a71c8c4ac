"""What happens at the same time; run by test_postgresql.py: SQLite lets one write after the other."""

import threading

import pytest
from django.db import connection

from reconstruct import uploads
from reconstruct.models import Origin, Reconstruction
from tests.cars import draw_car

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 12


def at_once(*tasks):
    """Does these tasks in threads that start together; raises what one of them raised."""
    start, errors = threading.Barrier(len(tasks)), []

    def run(task):
        try:
            start.wait()
            task()
        except Exception as error:  # noqa: BLE001 - raised again below, where the test sees it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def steer(parent):
    picture = draw_car((32, 20))
    return uploads.create(picture, upload_bytes=1, visitor="v", public=True, origin=Origin.STEERED, parent=parent)


def delete_by_query(car):
    Reconstruction.objects.filter(pk=car.pk).delete()


@pytest.mark.parametrize("delete", [Reconstruction.delete, delete_by_query])
def test_a_car_is_deleted_while_others_are_steered_from_it(visitor, store_car, delete):
    for _ in range(ROUNDS):
        car = store_car(visitor)
        children = []
        steerers = [lambda car=car, children=children: children.append(steer(car)) for _ in range(3)]
        at_once(lambda car=car: delete(car), *steerers)
        assert len(children) == 3
        assert not Reconstruction.objects.filter(pk=car.pk).exists()
        assert not Reconstruction.objects.filter(parent__isnull=False).exists()


def test_a_car_whose_parent_is_gone_is_kept_without_it(car):
    Reconstruction.objects.filter(pk=car.pk).delete()
    assert steer(car).parent is None
