"""Similar cars and the map, tested through the pages that show them."""

from io import BytesIO

import numpy as np
import pytest
from django.core.management import call_command
from django.db import IntegrityError
from PIL import Image

import ml.serving.runtime
from ml.serving.principal import COMPONENTS
from reconstruct import similarity
from reconstruct.management.commands import place_cars
from reconstruct.models import Place, Reconstruction
from reconstruct.similarity import index
from reconstruct.unavailable import UnavailableError
from tests.cars import as_file, draw_car


def painted(*paint, size=(320, 200)):
    return as_file(draw_car(size, paint=paint))


def alike(client, car):
    return client.get(car.get_absolute_url()).context["alike"]


@pytest.fixture
def cars(visitor, store_car):
    """One in red, seven others from nearly red to blue."""
    return [store_car(visitor, painted(200 - 24 * n, 30, 30 + 24 * n)) for n in range(8)]


def test_a_car_has_a_place_by_the_model_that_rebuilt_it(car):
    assert car.place.model_version == ml.serving.runtime.load().version
    vector = np.frombuffer(car.place.vector, "<f4")
    assert vector.shape == (COMPONENTS,)
    assert np.isfinite(vector).all()
    assert np.sign(car.place.x) == np.sign(vector[0])


def test_the_models_own_cars_lie_apart_on_the_map_and_not_far_out(db, capsys):
    call_command("seed_examples")
    places = np.array(Place.objects.values_list("x", "y"))
    assert np.abs(places).max() < 4
    assert places.std(axis=0).min() > 0.1


def test_a_car_lies_where_its_picture_does_whichever_way_it_faces(visitor, store_car):
    left = store_car(visitor, as_file(draw_car()))
    right = store_car(visitor, as_file(draw_car().transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    assert left.mirrored != right.mirrored
    vectors = [np.frombuffer(car.place.vector, "<f4") for car in (left, right)]
    assert np.linalg.norm(vectors[0] - vectors[1]) < 0.2 * np.linalg.norm(vectors[0])


def test_the_six_most_alike_are_on_the_cars_page_nearest_first(stranger, cars):
    assert alike(stranger, cars[0])[:2] == cars[1:3]
    assert len(alike(stranger, cars[0])) == 6
    assert f'href="{cars[1].get_absolute_url()}"' in stranger.get(cars[0].get_absolute_url()).content.decode()


def test_the_search_is_exact(cars):
    vectors = {car: np.frombuffer(car.place.vector, "<f4") for car in cars}
    for car in cars:
        others = sorted(vectors, key=lambda other: np.linalg.norm(vectors[other] - vectors[car]))
        assert similarity.alike(car, ml.serving.runtime.load()) == others[1:7]


def test_a_car_alone_has_none_alike(stranger, car):
    assert alike(stranger, car) == []
    assert "finds alike" not in stranger.get(car.get_absolute_url()).content.decode()


def test_only_cars_of_the_gallery_are_alike(visitor, stranger, cars):
    assert cars[1] in alike(stranger, cars[0])
    visitor.post(f"/cars/{cars[1].slug}/publish/", {"public": "0"})
    Reconstruction.objects.filter(pk=cars[2].pk).update(approved=False)
    visitor.post(f"/cars/{cars[3].slug}/delete/")
    assert alike(stranger, cars[0]) == cars[4:]
    visitor.post(f"/cars/{cars[1].slug}/publish/", {"public": "1"})
    assert alike(stranger, cars[0]) == [cars[1], *cars[4:]]


def test_a_private_car_finds_those_of_the_gallery(visitor, cars, store_car):
    mine = store_car(visitor, painted(224, 30, 6), public=False)
    assert alike(visitor, mine)[0] == cars[0]


def test_private_cars_in_between_do_not_hide_those_of_the_gallery(visitor, stranger, cars, monkeypatch):
    monkeypatch.setattr("reconstruct.similarity.LOOKED_THROUGH", (2, 100))
    Reconstruction.objects.filter(pk__in=[car.pk for car in cars[1:4]]).update(public=False)
    assert alike(stranger, cars[0]) == cars[4:]


def test_what_was_recorded_after_the_first_search_is_found(visitor, stranger, cars, store_car):
    alike(stranger, cars[0])
    newer = store_car(visitor, painted(224, 30, 6))
    assert newer in alike(stranger, cars[0])[:2]


def test_copies_of_a_photograph_are_neither_alike_nor_to_morph_with(stranger, visitor, cars, store_car):
    """Sent twice, or smaller and compressed again."""
    content = painted(200 - 24, 30, 30 + 24)
    with Image.open(BytesIO(content)) as picture:
        smaller = as_file(picture.resize((240, 150)), quality=60)
    copies = [store_car(visitor, content), store_car(visitor, smaller)]
    shown = alike(stranger, cars[0])
    assert len({*copies, cars[1]} & set(shown)) == 1
    assert len(shown) == 6
    assert not set(alike(stranger, copies[0])) & {*copies, cars[1]}
    choices = stranger.get(copies[0].get_absolute_url()).context["choices"]
    assert {choice.other for choice in choices} == {cars[0], *cars[2:]}


def test_the_index_in_memory_holds_no_more_than_its_bound(cars, monkeypatch):
    monkeypatch.setattr("reconstruct.similarity.COMPARED", 5)
    assert set(index.nearest(cars[-1].place, 100)) == {car.pk for car in cars[3:]}
    assert len(index.ids) == 5


def test_a_row_that_is_committed_late_is_found(cars):
    """Of two writers at the same time, the one with the higher id may commit first."""
    late = cars[1].place
    late.delete()
    index.nearest(cars[0].place, 8)
    late.save(force_insert=True)
    assert cars[1].pk in index.nearest(cars[0].place, 8)
    assert cars[1] in similarity.alike(cars[0], ml.serving.runtime.load())


def test_searching_in_memory_takes_one_query(cars, django_assert_num_queries):
    place = cars[0].place
    with django_assert_num_queries(1):
        index.nearest(place, 6)


# A new model


def test_a_car_that_this_model_has_not_placed_is_placed_when_its_page_is_opened(stranger, cars):
    Place.objects.filter(car=cars[0]).update(model_version="old")
    assert alike(stranger, cars[0])[:2] == cars[1:3]
    assert Place.objects.get(car=cars[0]).model_version == ml.serving.runtime.load().version
    places = stranger.get("/explore/map/cars.json").json()["cars"]
    assert len(places) == len(cars)


def test_a_car_that_another_request_places_at_the_same_time_is_shown(stranger, cars, monkeypatch):
    def beaten(place, car):
        raise IntegrityError

    Place.objects.filter(car=cars[0]).delete()
    monkeypatch.setattr(Place, "take", beaten)
    assert alike(stranger, cars[0])[:2] == cars[1:3]


def test_a_car_that_cannot_be_placed_has_its_page_and_none_alike(stranger, cars, monkeypatch):
    Place.objects.filter(car__in=cars[:2]).delete()
    cars[0].original.storage.delete(cars[0].original.name)
    assert alike(stranger, cars[0]) == []

    def away(key):
        raise UnavailableError("S3 does not answer")

    monkeypatch.setattr("reconstruct.latents.storage.read", away)
    assert alike(stranger, cars[1]) == []


def test_cars_without_a_place_are_placed_by_the_command(stranger, cars, capsys):
    Place.objects.filter(car__in=cars[:2]).delete()
    call_command("place_cars")
    assert "Cars placed: 2." in capsys.readouterr().out
    assert alike(stranger, cars[0])[0] == cars[1]


def test_a_new_model_places_all_cars_anew(stranger, cars, capsys):
    before = {place.car_id: bytes(place.vector) for place in Place.objects.all()}
    Place.objects.update(model_version="old", vector=b"\0" * 4 * COMPONENTS)
    assert stranger.get("/explore/map/cars.json").json()["cars"] == []
    call_command("place_cars")
    assert len(stranger.get("/explore/map/cars.json").json()["cars"]) == len(cars)
    for place in Place.objects.all():
        stored, fresh = (np.frombuffer(v, "<f4") for v in (before[place.car_id], bytes(place.vector)))
        assert np.linalg.norm(stored - fresh) < 0.1 * np.linalg.norm(stored)  # the photograph was stored as a JPEG


def test_a_second_run_has_nothing_to_do(cars, capsys, django_assert_num_queries):
    with django_assert_num_queries(1):
        call_command("place_cars")
    assert "Cars placed: 0." in capsys.readouterr().out


def test_a_run_whose_time_is_up_says_so_and_the_next_one_goes_on(cars, capsys):
    Place.objects.all().delete()
    call_command("place_cars", "--seconds", "0")
    assert capsys.readouterr().out == "The time is up, and there are more: run it again.\nCars placed: 1.\n"
    call_command("place_cars")
    assert "Cars placed: 7." in capsys.readouterr().out


def test_more_cars_than_are_read_at_once_are_all_placed(cars, capsys, monkeypatch):
    monkeypatch.setattr(place_cars, "ROWS", 3)
    Place.objects.all().delete()
    call_command("place_cars")
    assert "Cars placed: 8." in capsys.readouterr().out


def test_a_lost_photograph_is_named_and_the_others_are_placed(cars, capsys):
    Place.objects.all().delete()
    cars[0].original.storage.delete(cars[0].original.name)
    call_command("place_cars")
    captured = capsys.readouterr()
    assert cars[0].slug in captured.err
    assert "Cars placed: 7. Without a photograph: 1." in captured.out


def test_reconstructing_again_places_again(staff, car):
    Place.objects.update(model_version="old")
    staff.post("/admin/reconstruct/reconstruction/", {"action": "reconstruct_again", "_selected_action": [car.pk]})
    assert Place.objects.get().model_version == ml.serving.runtime.load().version


def test_a_place_goes_with_its_car(visitor, car):
    visitor.post(f"/cars/{car.slug}/delete/")
    assert not Place.objects.exists()


def test_a_place_is_called_by_its_coordinates():
    assert str(Place(x=1.234, y=-0.5)) == "1.23, -0.50"
