"""The API as programs use it: no cookies, no CSRF tokens, and every error a problem."""

import json
import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from jsonschema import Draft202012Validator, ValidationError
from openapi_spec_validator import validate
from PIL import Image

import ml.serving.runtime
from reconstruct.models import Reconstruction
from reconstruct.storage import NotSavedError
from tests.cars import as_file, draw_car, fetch
from tests.site.test_code_json import code_of as old_code

CARS = "/api/v1/cars"


@pytest.fixture
def program(db):
    """A client without cookies, which fails wherever a CSRF token is required."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def document(program):
    return program.get("/api/openapi.json").json()


def send(client, content=None, *, key=None, **data):
    content = as_file(draw_car()) if content is None else content
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return client.post(CARS, {"image": SimpleUploadedFile("car.jpg", content)} | data, headers=headers)


def assert_problem(response, status, words=""):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert words in problem["detail"]
    return problem


def assert_fits(document, name, instance):
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema).validate(instance)


def picture(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    with Image.open(BytesIO(response.body)) as image:
        return image.convert("RGB")


def follow(client, address, query=None, **headers):
    """The answer to a GET at the end of its redirects, with its bytes as `body`."""
    response = client.get(address, query, follow=True, headers=headers)
    response.body = b"".join(response)
    return response


def test_the_document_is_valid_openapi(document):
    validate(document)
    assert document["openapi"] == "3.1.0"


def test_the_document_names_every_operation_once(document):
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names)) == 12


def test_every_address_of_the_document_is_there(program, document):
    for path, operations in document["paths"].items():
        address = path.format(slug="none", other="none", n=1, seed=1, percent=1)
        for method in operations:
            assert program.generic(method.upper(), address).status_code != 405, (method, path)
        assert_problem(program.put(address), 405)


def test_the_page_shows_every_operation(program, document):
    html = program.get("/api/").content.decode()
    assert all(path in html for path in document["paths"])
    assert "/api/openapi.json" in html


def test_a_picture_becomes_a_car(program, document):
    response = send(program)
    car = response.json()
    assert response.status_code == 201
    assert response["Location"] == f"{CARS}/{car['slug']}"
    assert_fits(document, "Car", car)
    assert car["psnr_db"] > 12
    assert car["in_gallery"] is False
    assert Reconstruction.objects.get().upload_bytes == car["upload_bytes"]


def test_an_upload_sets_no_cookie(program):
    assert not send(program).cookies


@pytest.mark.parametrize(("public", "shown"), [("true", True), ("false", False), ("", False)])
def test_it_is_in_the_gallery_only_if_asked_for(program, public, shown):
    assert send(program, public=public).json()["in_gallery"] is shown


@pytest.mark.parametrize("public", ["0", "1", "no", "True"])
def test_what_is_neither_true_nor_false_is_refused(program, public):
    problem = assert_problem(send(program, public=public), 422, "either true or false")
    assert list(problem["errors"]) == ["public"]
    assert not Reconstruction.objects.exists()


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 422, "This file is empty"),
        (b"text", 422, "not a picture"),
        (as_file(Image.new("RGB", (8, 99))), 422, "too small"),
    ],
)
def test_bad_pictures_are_refused_in_the_words_of_the_page(program, stored_files, content, status, words):
    problem = assert_problem(send(program, content), status, words)
    assert problem["errors"]["image"] == [problem["detail"]]
    assert not Reconstruction.objects.exists()
    assert stored_files() == []


def test_no_picture_at_all_is_refused(program):
    assert_problem(program.post(CARS, {}), 422, "Choose a photograph")
    assert_problem(program.post(CARS, b"nonsense", content_type="multipart/form-data"), 400)
    assert_problem(program.post(CARS, "{}", content_type="application/json"), 422, "Choose a photograph")


def test_too_large_a_file_is_a_413(program, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    assert_problem(send(program), 413, "limit")


def test_too_large_a_body_is_a_413_before_it_is_read(program, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    assert_problem(send(program, bytes(200_000)), 413, "At most 1000")


def test_a_storage_that_fails_is_a_503(program, monkeypatch):
    def fail(*args, **options):
        raise NotSavedError

    monkeypatch.setattr("reconstruct.uploads.create", fail)
    assert_problem(send(program), 503, "Nothing was saved")


def test_an_error_of_ours_is_a_500_that_tells_nothing(db, monkeypatch):
    def fail(*args):
        raise RuntimeError("a bug")

    monkeypatch.setattr(Reconstruction.objects, "in_gallery", fail)
    problem = assert_problem(Client(raise_request_exception=False).get(CARS), 500)
    assert "bug" not in json.dumps(problem)


def test_an_unknown_host_is_a_400(program):
    assert_problem(program.get(CARS, headers={"host": "evil.example"}), 400)


@pytest.mark.parametrize(
    "address", ["/api/v1/", "/api/v1/nothing", f"{CARS}/none", f"{CARS}/none/alike", f"{CARS}/none/code"]
)
def test_what_is_not_there_is_a_404(program, address):
    assert_problem(program.get(address), 404)


def test_an_address_that_does_not_take_the_method_says_which_it_takes(program):
    response = program.put(CARS)
    assert_problem(response, 405)
    assert response["Allow"] == "POST, GET"


def test_pages_keep_their_own_errors(program):
    assert program.get("/api/nothing")["Content-Type"].startswith("text/html")
    assert program.get("/cars/none/")["Content-Type"].startswith("text/html")


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


@pytest.mark.parametrize("kind", ["difference", "depth/2", "variation/3?radius=2", "morph/{slug}/40"])
def test_a_car_is_painted(program, car, kind):
    assert picture(follow(program, f"{CARS}/{car.slug}/{kind.format(slug=car.slug)}")).size == (128, 80)


@pytest.mark.parametrize("kind", ["depth/6", "variation/3?radius=9", "morph/none/40", "morph/{slug}/101"])
def test_what_cannot_be_painted_is_a_404(program, car, kind):
    assert_problem(follow(program, f"{CARS}/{car.slug}/{kind.format(slug=car.slug)}"), 404)


def test_a_dream_is_painted(program):
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
    assert_problem(program.post("/api/v1/decode", b" " * 70_000, content_type="application/json"), 413)


@pytest.mark.parametrize("depth", ["0", "6", "x"])
def test_a_code_has_no_other_depths(program, depth):
    assert_problem(program.post(f"/api/v1/decode?depth={depth}", b"{}", content_type="application/json"), 404)


def test_the_most_alike_are_listed(program, visitor, store_car, document):
    red, also_red, blue = (
        store_car(visitor, as_file(draw_car(paint=paint))) for paint in ((200, 30, 30), (190, 35, 30), (20, 40, 190))
    )
    answer = program.get(f"{CARS}/{red.slug}/alike").json()
    assert_fits(document, "Cars", answer)
    assert [car["slug"] for car in answer["cars"]] == [also_red.slug, blue.slug]


def test_the_document_knows_the_limits_of_the_model(document):
    depth = document["paths"]["/api/v1/decode"]["post"]["parameters"][0]["schema"]
    assert depth["maximum"] == ml.serving.runtime.load().depths


def test_every_operation_has_a_name_of_its_own(document):
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names) == 12
    assert all(re.fullmatch(r"(list|read|sample|decode|delete|reconstruct)[A-Z][a-zA-Z]+", name) for name in names)


def test_the_document_has_the_redirects_that_are_answered_first(program, car, document):
    redirecting = set()
    for address, methods in document["paths"].items():
        if "get" in methods:
            response = program.get(address.format(slug=car.slug, other=car.slug, n=1, seed=3, percent=40))
            redirecting |= {address} if response.status_code == 302 else set()
            assert ("302" in methods["get"]["responses"]) == (response.status_code == 302), address
    assert len(redirecting) == 6


def test_the_document_refuses_what_the_site_refuses(program, document):
    code = json.loads(json.dumps(old_code(draw_car(), mirrored=False)))
    for refused in (
        {"model": "older"},
        {"mean": code["mean"][:-4]},
        {"frame": [0, 0, 129, 80]},
        {"frame": [0, 0, 0, 0]},
    ):
        with pytest.raises(ValidationError):
            assert_fits(document, "Code", code | refused)
    form = document["paths"]["/api/v1/cars"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    with pytest.raises(ValidationError):
        Draft202012Validator(form).validate({"image": ""})
    assert_problem(send(program, b""), 422, "empty")
