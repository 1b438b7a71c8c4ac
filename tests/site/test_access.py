"""The access matrix: every route, asked by everyone, for a car in every state."""

import itertools

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from ml.serving.runtime import load
from reconstruct import links
from reconstruct.api.operations import OPERATIONS
from reconstruct.models import Place, Reconstruction, Report
from reconstruct.visitors import COOKIE, key_of
from tests.site.access import STATES, TABLE

API = "api/v1/"
METHODS = {"GET", "POST", "DELETE"}
OPEN_IN_ADMIN = {"login/", "logout/"}


def routes():
    return {str(pattern.pattern) for pattern in get_resolver("reconstruct.urls").url_patterns}


@pytest.fixture
def askers(visitor, stranger, staff, store_car, db):
    """By their names: a function that sends a request as they would. Each visitor has a car of their own."""
    owner, other = store_car(visitor).visitor, store_car(stranger, public=False).visitor
    tampered = Client()
    tampered.cookies[COOKIE] = f"{owner}x{visitor.cookies[COOKIE].value.removeprefix(owner)}"
    clients = {"owner": visitor, "staff": staff, "other": stranger, "anonymous": Client(), "tampered": tampered}
    keys = {"owner's key": key_of(owner), "other's key": key_of(other)}

    def asker(client, **headers):
        def ask(method, address, data):
            send = getattr(client, method.lower())
            return send(address, data, headers=headers | {"if-none-match": f'W/"{load().version}"'})

        return ask

    bearers = {name: asker(Client(), authorization=f"Bearer {key}") for name, key in keys.items()}
    return {name: asker(client) for name, client in clients.items()} | bearers


@pytest.fixture
def cars(askers, visitor, store_car):
    """The owner's cars, one in each state; the deleted one is gone from the database."""
    cars = {state: store_car(visitor, public=state != "private") for state in STATES}
    now = timezone.now()
    columns = {
        "hidden": {"shared": True, "approved": False, "hidden_at": now, "looked_at": now},
        "waiting": {"approved": False, "needs_look": True},
        "reported": {"needs_look": True},
        "shared": {"public": False, "shared": True},
    }
    for state, changed in columns.items():
        Reconstruction.objects.filter(pk=cars[state].pk).update(**changed)
    Report.objects.create(car=cars["reported"], visitor="someone", reason="rude")
    for x, car in enumerate(cars.values()):
        Place.objects.filter(car=car).update(x=x / 2 - 1)  # the map without JavaScript shows one of each place
    Reconstruction.objects.filter(pk=cars["deleted"].pk).delete()
    return cars


@pytest.fixture
def public(store_car):
    """Someone else's car in the gallery."""
    return store_car(Client())


def answer(response, line, car):
    """The word or the status that the table has for this answer."""
    if response.status_code == 404 and line.expected("anonymous", "private") != "404":
        return "no"
    if response.status_code >= 400 or line.rule.isdecimal():
        return str(response.status_code)
    if line.lists:
        return "yes" if car.slug in response.content.decode() else "no"
    return "yes"


@pytest.mark.slow
@pytest.mark.no_cover
def test_everyone_gets_what_the_table_says(askers, cars, public):
    names = {"PUBLIC": public.slug, "LINK": links.link_to(public, "")}
    wrong = []
    for line in TABLE:
        asked = {}
        for (state, car), who in itertools.product(cars.items(), askers):
            address, data = line.address(names | {"CAR": car.slug})
            asking = who, address, *data.items()
            if asking not in asked:
                asked[asking] = ask_and_forget(askers[who], line.method, address, data)
            response, expected = asked[asking], line.expected(who, state)
            if (got := answer(response, line, car)) != expected:
                wrong.append(f"{line}: {who}, {state}: {got} instead of {expected}")
            if line.rule == "seen" and state not in ("public", "reported") and "public" in response["Cache-Control"]:
                wrong.append(f"{line}: {who}, {state}: a shared cache keeps it")
    assert wrong == []


def ask_and_forget(ask, method, address, data):
    """The response; what the request has changed is undone."""
    if method == "GET":  # a picture answers 304, instead of being made
        data = data | {"v": load().version}
    with transaction.atomic():
        response = ask(method, address, data)
        transaction.set_rollback(True)
    return response


def test_every_route_has_a_line_and_no_line_is_for_a_route_that_is_gone():
    missing = routes() - {line.route for line in TABLE}
    assert missing == set(), "add a line to tests/site/access.py for each"
    assert {line.route for line in TABLE} - routes() == set()


def test_every_operation_of_the_api_has_a_line():
    operations = {(operation.method, API + operation.route) for operation in OPERATIONS}
    assert {(line.method, line.route) for line in TABLE if line.route.startswith(API)} == operations


def test_a_method_without_a_line_is_refused(visitor, public):
    names = {"PUBLIC": public.slug, "CAR": public.slug}
    for route in routes():
        lines = [line for line in TABLE if line.route == route]
        for method in METHODS - {line.method for line in lines}:
            address, data = lines[0].address(names)
            assert getattr(visitor, method.lower())(address, data).status_code == 405, (method, route)


def admin_routes():
    yield from (route.removesuffix("$").replace(r"^(?P<url>.*)", "no-such-page") for route in below(admin.site.urls[0]))


def below(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from (f"{pattern.pattern}{route}" for route in below(pattern.url_patterns))
        else:
            yield str(pattern.pattern)


def test_the_admin_asks_all_but_staff_to_log_in(askers, public):
    placeholders = {"<path:object_id>": str(public.pk), "<int:content_type_id>": "1", "<id>": "1"}
    for route, who in itertools.product(set(admin_routes()) - OPEN_IN_ADMIN, set(askers) - {"staff"}):
        address = f"/admin/{route}"
        for placeholder, text in placeholders.items():
            address = address.replace(placeholder, text)
        response = askers[who]("GET", address, {})
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/admin/login/"), (address, who)
