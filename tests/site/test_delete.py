import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from reconstruct.models import Reconstruction
from reconstruct.uploads import reconstruct_again

pytestmark = pytest.mark.django_db(transaction=True)


def delete(client, car):
    return client.post(f"/cars/{car.slug}/delete/", follow=True)


def test_it_removes_the_row_and_both_pictures(visitor, car, stored_files):
    assert len(stored_files()) == 2
    response = delete(visitor, car)
    assert response.redirect_chain == [("/history/", 302)]
    assert "deleted" in response.content.decode()
    assert not Reconstruction.objects.exists()
    assert stored_files() == []


def test_someone_elses_car_is_a_404_and_stays(stranger, staff, car, stored_files):
    assert delete(stranger, car).status_code == 404
    assert delete(staff, car).status_code == 404
    assert Reconstruction.objects.get() == car
    assert len(stored_files()) == 2


def test_it_rejects_get(visitor, car):
    assert visitor.get(f"/cars/{car.slug}/delete/").status_code == 405
    assert Reconstruction.objects.exists()


def test_a_second_click_is_a_404(visitor, car):
    delete(visitor, car)
    assert delete(visitor, car).status_code == 404


def test_a_rollback_keeps_the_pictures(car, stored_files):
    with transaction.atomic():
        car.delete()
        transaction.set_rollback(True)
    assert Reconstruction.objects.exists()
    assert len(stored_files()) == 2


def test_many_rows_at_once_take_their_pictures_along(visitor, store_car, stored_files):
    for _ in range(3):
        store_car(visitor)
    Reconstruction.objects.all().delete()
    assert stored_files() == []


def test_a_storage_that_fails_does_not_bring_the_row_back(visitor, car, monkeypatch, caplog):
    def fail(name):
        raise OSError("The storage is away")

    monkeypatch.setattr(default_storage._wrapped, "delete", fail)
    assert delete(visitor, car).status_code == 200
    assert not Reconstruction.objects.exists()
    assert "The storage is away" in caplog.text


def test_reconstructing_again_removes_the_replaced_picture(car, stored_files):
    before = car.reconstruction.name
    reconstruct_again(car)
    assert car.reconstruction.name != before
    assert len(stored_files()) == 2
    assert Reconstruction.objects.get().reconstruction.name == car.reconstruction.name
