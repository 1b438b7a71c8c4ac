"""What programs read: the gallery, cars, computed pictures, and codes that they send."""

import json

import pytest

from tests.cars import as_file, draw_car, fetch
from tests.site.programs import CARS, assert_fits, assert_problem, follow, picture
from tests.site.test_code_json import code_of as old_code


def test_the_gallery_is_listed_newest_first_and_leads_to_older_ones(program, visitor, store_car, document):
    cars = [store_car(visitor) for _ in range(3)]
    store_car(visitor, public=False)
    seen, address = [], f"{CARS}?limit=2"
    while address:
        answer = program.get(address).json()
        assert_fits(document, "Cars", answer)
        seen += [car["slug"] for car in answer["cars"]]
        address = answer["older"]
    assert seen == [car.slug for car in reversed(cars)]


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"before": "x"}, {"before": "-1"}])
def test_a_senseless_page_is_a_404(program, query):
    assert_problem(program.get(CARS, query), 404)


def test_a_car_is_read(program, car, document):
    answer = program.get(f"{CARS}/{car.slug}").json()
    assert_fits(document, "Car", answer)
    assert answer["url"] == f"http://testserver{car.get_absolute_url()}"
    assert all(fetch(program, address).status_code == 200 for address in answer["pictures"].values())


def test_the_most_alike_are_listed(program, visitor, store_car, document):
    red, also_red, blue = (
        store_car(visitor, as_file(draw_car(paint=paint))) for paint in ((200, 30, 30), (150, 60, 30), (20, 40, 190))
    )
    answer = program.get(f"{CARS}/{red.slug}/alike").json()
    assert_fits(document, "Cars", answer)
    assert [car["slug"] for car in answer["cars"]] == [also_red.slug, blue.slug]


@pytest.mark.parametrize("kind", ["difference", "depth/2", "variation/3?radius=2", "morph/{slug}/40"])
def test_a_car_is_decoded(program, car, kind):
    assert picture(follow(program, f"{CARS}/{car.slug}/{kind.format(slug=car.slug)}")).size == (128, 80)


@pytest.mark.parametrize("kind", ["depth/6", "variation/3?radius=9", "morph/none/40", "morph/{slug}/101"])
def test_what_cannot_be_decoded_is_a_404(program, car, kind):
    assert_problem(follow(program, f"{CARS}/{car.slug}/{kind.format(slug=car.slug)}"), 404)


def test_a_dream_is_decoded(program):
    dream = follow(program, "/api/v1/dreams/7", {"temperature": 1})
    assert picture(dream).size == (128, 128)
    assert dream.body == follow(program, "/explore/dream/7", {"temperature": 1}).body
    assert_problem(program.get("/api/v1/dreams/7", {"temperature": 2}), 404)


def post_code(client, content, depth=5):
    response = client.post(f"/api/v1/decode?depth={depth}", content, content_type="application/octet-stream")
    response.body = response.content
    return response


def test_a_code_comes_back_as_the_car_at_any_depth(program, car):
    file = follow(program, f"{CARS}/{car.slug}/code", {"price": 1})
    assert (file.status_code, file["Content-Type"]) == (200, "application/octet-stream")
    for depth in (1, 5):
        decoded = picture(post_code(program, file.body, depth))
        exact = picture(follow(program, f"{CARS}/{car.slug}/depth/{depth}"))
        assert decoded.size == exact.size
        difference = [abs(a - b) for a, b in zip(decoded.tobytes(), exact.tobytes(), strict=True)]
        assert sum(difference) / len(difference) < 6


@pytest.mark.parametrize("body", [b"", b"nonsense", b"{}", b"[]", b'{"mean": "AAAA"}', b"\xff" * 99, b"\xca" * 99])
def test_what_is_no_code_is_a_422(program, body):
    assert_problem(post_code(program, body), 422)


def test_a_code_of_version_1_is_read_for_one_version_more(program, document):
    code = old_code(draw_car(), mirrored=False)
    assert_fits(document, "Code", json.loads(json.dumps(code)))
    response = program.post("/api/v1/decode", json.dumps(code), content_type="application/json")
    response.body = response.content
    assert picture(response).size == (128, 80)


def test_another_models_code_is_a_422_that_names_it(program):
    code = old_code(draw_car(), mirrored=False) | {"model": "older"}
    response = program.post("/api/v1/decode", json.dumps(code), content_type="application/json")
    assert_problem(response, 422, "older")


def test_too_large_a_code_is_a_413(program):
    for size in (70_000, 3_000_000):
        assert_problem(program.post("/api/v1/decode", b" " * size, content_type="application/json"), 413)


@pytest.mark.parametrize("depth", ["0", "6", "x"])
def test_a_code_has_no_other_depths(program, depth):
    assert_problem(program.post(f"/api/v1/decode?depth={depth}", b"{}", content_type="application/json"), 404)
