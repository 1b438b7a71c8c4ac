"""What a visitor does with several of their cars at once."""

import pytest
from django.utils import timezone

from reconstruct.models import Reconstruction

SEVERAL = "/history/several/"


@pytest.fixture
def cars(visitor, store_car):
    return [store_car(visitor, public=False) for _ in range(3)]


def act(client, deed, *cars, **data):
    return client.post(SEVERAL, {"do": deed, "car": [car.slug for car in cars]} | data, follow=True)


def words(response):
    return " ".join(message.message for message in response.context["messages"])


def test_each_car_has_a_box_to_tick_that_needs_no_script(visitor, cars):
    html = visitor.get("/history/").content.decode()
    assert all(f'name="car" value="{car.slug}" form="several"' in html for car in cars)
    assert f'action="{SEVERAL}"' in html
    assert html.index('value="hide"') < html.index('value="show"')  # Enter presses the first


def test_those_that_are_ticked_are_shown_and_hidden_again(visitor, stranger, cars):
    assert "In the gallery: 2." in words(act(visitor, "show", *cars[:2]))
    assert set(stranger.get("/gallery/").context["cars"]) == set(cars[:2])
    assert "Private from now on: 2." in words(act(visitor, "hide", *cars[:2]))
    assert stranger.get("/gallery/").context["cars"] == []


def test_what_has_to_wait_is_not_said_to_be_in_the_gallery(visitor, cars):
    Reconstruction.objects.filter(pk=cars[0].pk).update(approved=False, hidden_at=timezone.now())
    assert "In the gallery: 1. Not shown there yet: 1" in words(act(visitor, "show", *cars[:2]))


@pytest.mark.django_db(transaction=True)
def test_those_that_are_ticked_are_deleted_with_their_pictures(visitor, cars, stored_files):
    assert "Deleted, with both their pictures: 2." in words(act(visitor, "delete", *cars[:2]))
    assert Reconstruction.objects.get() == cars[2]
    assert len(stored_files()) == 2


def test_someone_elses_car_stays_as_it_is(visitor, stranger, cars, store_car):
    other = store_car(stranger)
    assert act(visitor, "delete", other).status_code == 404
    assert "1." in words(act(visitor, "delete", other, cars[0]))
    assert set(Reconstruction.objects.all()) == {other, *cars[1:]}


def test_no_car_ticked_is_said(visitor, cars):
    assert "No car was ticked" in words(act(visitor, "delete"))
    assert Reconstruction.objects.count() == 3


@pytest.mark.parametrize(("deed", "times"), [("", 1), ("explode", 1), ("hide", 101)])
def test_a_senseless_wish_is_a_400(visitor, cars, deed, times):
    assert act(visitor, deed, *cars[:1] * times).status_code == 400
    assert visitor.get(SEVERAL).status_code == 405


@pytest.mark.parametrize(("before", "address"), [("7", "?before=7"), ("//evil", ""), ("", "")])
def test_it_leads_back_to_the_page_of_the_history_that_it_came_from(visitor, cars, before, address):
    response = visitor.post(SEVERAL, {"do": "hide", "car": cars[0].slug, "before": before})
    assert (response.status_code, response["Location"]) == (302, f"/history/{address}")


def test_a_nul_in_a_slug_is_refused(visitor, cars):
    assert visitor.post(SEVERAL, {"do": "hide", "car": ["a\0b"]}).status_code == 400
