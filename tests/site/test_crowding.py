"""Requests of one address that are worked on at the same time."""

import contextlib

import pytest

from reconstruct.limits import crowding
from reconstruct.models import Reconstruction
from tests.cars import upload
from tests.site.test_limits import keep_dream, open_code

HERE, ELSEWHERE = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def busy():
    """As many requests as one address may have under way."""
    with contextlib.ExitStack() as stack:
        assert all(stack.enter_context(crowding.admitted(HERE)) for _ in range(crowding.AT_ONCE))
        yield stack


def from_address(client, address):
    client.defaults["REMOTE_ADDR"] = address
    return client


@pytest.mark.parametrize("ask", [upload, keep_dream, open_code])
def test_an_address_that_has_too_many_under_way_comes_back_in_two_seconds(visitor, busy, ask):
    response = ask(from_address(visitor, HERE))
    assert response.status_code == 429
    assert response["Retry-After"] == "2"
    assert not Reconstruction.objects.exists()
    assert ask(from_address(visitor, ELSEWHERE)).status_code in (303, 422)


def test_it_may_go_on_when_one_of_them_has_ended(visitor, busy):
    busy.close()
    assert upload(from_address(visitor, HERE)).status_code == 303
    assert crowding.busy == {}


def test_what_it_only_looks_at_is_not_held_up(visitor, busy, car):
    assert from_address(visitor, HERE).get(car.get_absolute_url()).status_code == 200
    assert from_address(visitor, HERE).get(car.thumbnail_url).status_code == 200


SLOW = ["files", "circles", "steer/ends", "link", "qr", "morph/{slug}/strip", "morph/{slug}/film.gif"]


@pytest.mark.parametrize("kind", SLOW)
def test_of_slow_pictures_an_address_has_no_more_under_way_either(visitor, busy, car, kind):
    address = f"/cars/{car.slug}/{kind.format(slug=car.slug)}?v={car.model_version}"
    response = from_address(visitor, HERE).get(address)
    assert (response.status_code, response["Retry-After"]) == (429, "2")
    assert from_address(visitor, ELSEWHERE).get(address).status_code in (200, 302)


def test_a_slow_picture_waits_for_the_one_before_but_not_for_ever(visitor, car, monkeypatch):
    monkeypatch.setattr(crowding, "PATIENCE_S", 0.01)
    address = f"/cars/{car.slug}/steer/ends?v={car.model_version}"
    with crowding.turn(ELSEWHERE) as has_turn:
        assert has_turn
        assert visitor.get(address).status_code == 429
    assert visitor.get(address).status_code == 200
    assert crowding.busy == {}
