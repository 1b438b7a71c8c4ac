"""Keys: what a program's own cars are opened and deleted with."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car
from tests.site.programs import CARS, assert_problem, send


def test_the_key_opens_a_private_car_and_its_pictures(program, stranger):
    car = send(program).json()
    address = f"{CARS}/{car['slug']}"
    assert_problem(stranger.get(address), 404)
    key = {"authorization": f"Bearer {car['key']}"}
    assert stranger.get(address, headers=key).json()["slug"] == car["slug"]
    picture = car["pictures"]["reconstruction"]
    assert stranger.get(picture).status_code == 404
    response = stranger.get(picture, headers=key)
    assert response.status_code == 200
    assert response["Cache-Control"].startswith("private")
    response.close()


def test_one_key_serves_for_many_uploads(program):
    first = send(program).json()
    second = send(program, key=first["key"]).json()
    assert second["key"] == first["key"]
    assert len(set(Reconstruction.objects.values_list("visitor", flat=True))) == 1
    assert send(program).json()["key"] != first["key"]


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer made-up", "Bearer a:b", "Basic dTpw", "Bearer \x00"])
def test_a_key_that_we_did_not_give_is_a_401(program, car, authorization):
    headers = {"authorization": authorization}
    data = {"image": SimpleUploadedFile("car.jpg", as_file(draw_car()))}
    assert_problem(program.post(CARS, data, headers=headers), 401, "key")
    assert_problem(program.delete(f"{CARS}/{car.slug}", headers=headers), 401, "key")
    assert Reconstruction.objects.count() == 1


def test_a_cookie_is_no_key(visitor, car):
    """Otherwise the page of any other site could make a visitor's browser upload and delete."""
    assert_problem(visitor.delete(f"{CARS}/{car.slug}"), 401)
    assert send(visitor).status_code == 201
    assert Reconstruction.objects.order_by("id").last().visitor != car.visitor


def test_the_key_deletes_its_own_cars_and_no_others(program, car, stored_files):
    own = send(program).json()
    key = {"authorization": f"Bearer {own['key']}"}
    assert_problem(program.delete(f"{CARS}/{car.slug}", headers=key), 404)
    response = program.delete(f"{CARS}/{own['slug']}", headers=key)
    assert (response.status_code, response.content) == (204, b"")
    assert Reconstruction.objects.get() == car
