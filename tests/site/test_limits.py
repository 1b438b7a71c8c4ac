"""Limits for visitors and addresses: what is limited, and what who asks too much is told."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reconstruct import links
from reconstruct.links import held_in
from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car, fetch, upload

SMALL = as_file(draw_car((32, 20)))


def keep_dream(client):
    return client.post("/explore/dream/", {"seed": "7", "temperature": "1"})


def open_code(client):
    return client.post("/code/", {"code": SimpleUploadedFile("car.json", b"{}")})


def log_in(client):
    return client.post("/admin/login/", {"username": "admin", "password": "guess"})


def statuses(ask, times, *arguments):
    return [ask(*arguments).status_code for _ in range(times)]


def test_a_flood_of_uploads_is_refused_with_a_page_that_says_when_to_come_back(visitor, car, limit, clock):
    limit("uploads", 2, 100)
    assert statuses(upload, 2, visitor) == [303, 303]
    response = upload(visitor)
    assert response.status_code == 429
    assert response["Retry-After"] == "1800"
    assert "429.html" in [template.name for template in response.templates]
    assert "30 minutes" in response.content.decode()
    assert Reconstruction.objects.count() == 3
    clock.now += 1800
    assert upload(visitor).status_code == 303


def test_a_picture_that_is_none_takes_a_token_too(visitor, car, limit):
    limit("uploads", 1, 100)
    assert upload(visitor, b"nonsense").status_code == 422
    assert upload(visitor).status_code == 429


def test_a_visitor_is_counted_wherever_they_are(visitor, car, limit):
    limit("uploads", 1, 100)
    assert visitor.post("/upload/", REMOTE_ADDR="198.51.100.1").status_code == 422
    assert visitor.post("/upload/", REMOTE_ADDR="198.51.100.2").status_code == 429


def test_a_refusal_takes_nothing_from_the_other_buckets(visitor, car, limit, clock):
    limit("uploads", 1, 3)
    assert statuses(visitor.post, 3, "/upload/") == [422, 429, 429]
    assert statuses(Client().post, 1, "/upload/") == [422]


def test_the_whole_site_takes_so_many_cars_a_day(db, settings, clock):
    settings.LIMIT_CARS_PER_DAY = 3
    asked = [ask(Client(REMOTE_ADDR=f"203.0.113.{n}")) for n, ask in enumerate((upload, keep_dream, open_code, upload))]
    assert [response.status_code for response in asked] == [303, 303, 422, 429]
    assert asked[-1]["Retry-After"] == "28800"
    assert "8 hours" in asked[-1].content.decode()


def test_one_address_gets_a_quarter_of_them_whoever_asks(db, settings, clock):
    settings.LIMIT_CARS_PER_DAY = 8
    assert [ask(Client()).status_code for ask in (keep_dream, open_code, upload)] == [303, 422, 429]
    clock.now += 12 * 3600
    assert keep_dream(Client()).status_code == 303
    assert keep_dream(Client(REMOTE_ADDR="203.0.113.8")).status_code == 303


@pytest.mark.parametrize(
    ("kind", "ask", "allowed"), [("kept", keep_dream, 303), ("codes", open_code, 422), ("logins", log_in, 200)]
)
def test_kept_cars_codes_and_log_ins_have_their_limits(stranger, limit, kind, ask, allowed):
    limit(kind, 2, 2)
    assert statuses(ask, 3, stranger) == [allowed, allowed, 429]
    assert stranger.get("/").status_code == stranger.get("/code/").status_code == 200
    assert stranger.get("/admin/login/").status_code == 200


def test_a_steered_car_is_a_kept_one(visitor, car, limit):
    limit("kept", 1, 100)
    keep = f"/cars/{car.slug}/steer/keep/"
    assert [visitor.post(keep, {"light": "1"}).status_code for _ in range(2)] == [303, 429]


@pytest.mark.parametrize(
    "address",
    [
        "/explore/dream/1",
        "/explore/dreams?roll=1",
        "/explore/map/at?x=1&y=-0.5",
        "/explore/draws?roll=1",
        "/cars/{slug}/variation/1",
        "/cars/{slug}/circle/1",
        "/cars/{slug}/circle/0?radius=3",
        "/cars/{slug}/circle/1/drawing",
        "/cars/{slug}/point?x=1",
        "/cars/{slug}/steer?light=1",
        "/cars/{slug}/morph/{slug}/50",
        "/cars/{slug}/morph/{slug}/strip",
        "/cars/{slug}/morph/{slug}/film.gif",
    ],
)
def test_pictures_of_which_there_are_endlessly_many_are_limited(stranger, car, limit, address):
    limit("pictures", 2, 2)
    address = address.format(slug=car.slug)
    address += ("&" if "?" in address else "?") + f"v={car.model_version}"
    assert statuses(stranger.get, 3, address) == [200, 200, 429]


@pytest.mark.parametrize("part", ["", "/picture", "/depths", "/card", "/code"])
def test_decoding_a_link_takes_a_token_whether_it_holds_a_car_or_not(stranger, car, limit, monkeypatch, part):
    limit("pictures", 1, 1)
    decoded = []
    monkeypatch.setattr(links, "held_in", lambda text: decoded.append(text) or held_in(text))
    held = links.link_to(car, "")
    version = {"v": car.model_version}
    assert stranger.get(f"/c/{held}{part}", version, headers={"if-none-match": "other"}).status_code == 200
    for text in (held, f"{held}x", "nonsense"):
        assert stranger.get(f"/c/{text}{part}", version).status_code == 429
        assert stranger.get(f"/c/{text}{part}").status_code in (302, 429)
    assert decoded == [held]


def test_neither_the_way_to_a_picture_nor_that_it_is_unchanged_takes_a_token(stranger, car, limit):
    limit("pictures", 1, 1)
    for _ in range(2):
        assert stranger.get("/explore/dream/1").status_code == 302
    dream = stranger.get("/explore/dream/1", follow=True)
    for _ in range(2):
        address = f"/explore/dream/1?v={car.model_version}"
        assert stranger.get(address, headers={"if-none-match": dream["ETag"]}).status_code == 304


def test_what_a_page_itself_shows_is_not_limited(visitor, car, limit):
    limit("pictures", 1, 1)
    assert statuses(visitor.get, 2, f"/explore/dream/1?v={car.model_version}") == [200, 429]
    kinds = ("original", "thumbnail", "reconstruction", "depths", "differences", "difference", "depth/3", "card")
    kinds += ("code", "steer", "steer/ends", "circle/0?radius=1", "circle/0/drawing?radius=1")
    kinds += ("point", "posterior")
    for kind in kinds:
        address = f"/cars/{car.slug}/{kind}" + ("&" if "?" in kind else "?") + f"v={car.model_version}"
        assert fetch(visitor, address).status_code == 200, kind
    for page in ("/", "/gallery/", "/history/", "/explore/?roll=1", car.get_absolute_url()):
        assert visitor.get(page).status_code == 200


def test_a_class_of_thirty_behind_one_address_does_not_meet_the_limits(db):
    """Each of them uploads ten cars within a second, keeps twenty, opens ten codes and moves a slider to 100 places."""
    from django.contrib.auth.models import AnonymousUser
    from django.test import RequestFactory

    from reconstruct.limits import requests as limits
    from reconstruct.visitors import key_of

    requests = RequestFactory()
    for student in range(30):
        request = requests.get("/", headers={"authorization": f"Bearer {key_of(f'student {student}')}"})
        request.user = AnonymousUser()
        for kind, times in (("uploads", 10), ("kept", 20), ("codes", 10)):
            assert [limits.take(request, kind) for _ in range(times)] == [0] * times
        assert [limits.take(request, "pictures") for _ in range(100)] == [0] * 100


def test_programs_are_told_by_a_problem(db, limit):
    limit("uploads", 1, 1)
    limit("pictures", 1, 1)
    image = {"image": SimpleUploadedFile("car.jpg", SMALL)}
    assert Client().post("/api/v1/cars", image).status_code == 201
    for response in (
        Client().post("/api/v1/cars"),
        [Client().post("/api/v1/decode", b"{}", content_type="application/json") for _ in range(2)][1],
        Client().get("/api/v1/dreams/1", follow=True),
    ):
        assert response.status_code == 429
        assert response["Content-Type"] == "application/problem+json"
        assert int(response["Retry-After"]) > 0
        assert "Retry-After" in response.json()["detail"]


def test_the_document_says_where_a_program_may_be_refused(db):
    paths = Client().get("/api/openapi.json").json()["paths"]
    limited = {
        operation["operationId"]
        for path in paths.values()
        for operation in path.values()
        if "429" in operation["responses"]
    }
    assert limited == {"reconstructPicture", "readCode", "decodeCode", "sampleVariation", "readMorph", "sampleDream"}
    assert "Retry-After" in json.dumps(paths["/api/v1/cars"]["post"]["responses"]["429"]["headers"])
