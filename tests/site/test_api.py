"""The API as programs use it: no cookies, no CSRF tokens, and every error a problem."""

import json

import pytest
from django.test import Client
from PIL import Image

from reconstruct.models import Reconstruction
from reconstruct.storage import NotSavedError
from tests.cars import as_file
from tests.site.programs import CARS, assert_fits, assert_problem, send


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
