"""The code as a file: downloaded, and opened again."""

import base64
import json
import re

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

import ml.serving.runtime
from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car
from tests.site.pictures import get, mean_difference, pixels

LENGTH = sum(ml.serving.runtime.load().level_sizes)


def open_code(client, content, **data):
    return client.post("/code/", {"code": SimpleUploadedFile("car.json", content)} | data)


@pytest.fixture
def fields(visitor, car):
    """The fields of the file of a car's code."""
    return json.loads(get(visitor, car, "code").body)


def test_it_is_a_file_that_says_which_model_wrote_it(stranger, car):
    response = get(stranger, car, "code")
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == f'attachment; filename="car-{car.slug}.json"'
    assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=300, immutable"
    fields = json.loads(response.body)
    assert fields["model"] == ml.serving.runtime.load().version
    assert fields["level_sizes"] == list(ml.serving.runtime.load().level_sizes)
    assert fields["frame"] == [0, 24, 128, 104]
    assert len(np.frombuffer(base64.b64decode(fields["mean"]), "<f2")) == LENGTH


@pytest.mark.parametrize("mirrored", [False, True])
def test_opened_again_it_is_the_car(visitor, store_car, mirrored):
    picture = draw_car().transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else draw_car()
    car = store_car(visitor, as_file(picture))
    Reconstruction.objects.update(mirrored=mirrored)
    content = get(visitor, car, "code").body
    response = open_code(visitor, content, public="on")
    assert response.status_code == 303
    painted = Reconstruction.objects.get(slug=response.url.split("/")[2])
    assert (painted.origin, painted.visitor, painted.in_gallery) == ("code", car.visitor, True)
    assert painted.upload_bytes == len(content)
    rebuilt = pixels(get(visitor, car, "depth/5"))
    assert mean_difference(np.asarray(painted.open_original(), float), rebuilt) < 2


def test_it_is_private_unless_its_visitor_says_otherwise(visitor, stranger, fields):
    response = open_code(stranger, json.dumps(fields).encode())
    assert stranger.get(response.url).status_code == 200
    assert visitor.get(response.url).status_code == 404


def changed(**changes):
    return lambda fields: json.dumps(fields | changes).encode()


def as_mean(values, kind="<f2"):
    return base64.b64encode(np.asarray(values).astype(kind).tobytes()).decode()


def with_one(value):
    numbers = np.zeros(LENGTH)
    numbers[7] = value
    return as_mean(numbers)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(changed(model="0123456789abcdef"), "another version of the model (0123456789ab)", id="model"),
        pytest.param(changed(format="auto·encoder code, version 2"), "not a code", id="format"),
        pytest.param(changed(encoding="rot13"), "not a code", id="encoding"),
        pytest.param(changed(mean=None), "not a code", id="no mean"),
        pytest.param(changed(mean=[0.0] * LENGTH), "not a code", id="a mean of numbers"),
        pytest.param(changed(mean=""), "not a code", id="an empty mean"),
        pytest.param(changed(mean="ä" * 8), "not a code", id="not base64"),
        pytest.param(changed(mean="AAA"), "not a code", id="broken base64"),
        pytest.param(changed(mean=as_mean(np.zeros(LENGTH - 1))), "not a code", id="one too few"),
        pytest.param(changed(mean=as_mean(np.zeros(LENGTH + 1))), "not a code", id="one too many"),
        pytest.param(changed(mean=as_mean(np.zeros(LENGTH), "<f4")), "not a code", id="of wider floats"),
        pytest.param(changed(mean=with_one(np.nan)), "not a code", id="nan"),
        pytest.param(changed(mean=with_one(-np.inf)), "not a code", id="infinite"),
        pytest.param(changed(mean=with_one(51)), "not a code", id="beyond what a code holds"),
        pytest.param(changed(mirrored="yes"), "not a code", id="mirrored in words"),
        pytest.param(changed(frame=[0, 0, 128]), "not a code", id="three sides"),
        pytest.param(changed(frame=[0, 0, 129, 128]), "not a code", id="outside"),
        pytest.param(changed(frame=[-1, 0, 128, 128]), "not a code", id="outside to the left"),
        pytest.param(changed(frame=[0, 60, 128, 60]), "not a code", id="nothing inside"),
        pytest.param(changed(frame=[0, 60, 128, 67]), "not a code", id="too thin"),
        pytest.param(changed(frame=[0, 0, 127.5, 128]), "not a code", id="half a pixel"),
        pytest.param(changed(frame=[False, False, True, True]), "not a code", id="truths for numbers"),
        pytest.param(changed(frame=[0, 0, 10**400, 128]), "not a code", id="absurd"),
        pytest.param(lambda fields: json.dumps(fields).encode()[:500], "not a code", id="cut off"),
        pytest.param(lambda fields: b"[" * 60_000, "not a code", id="too deep"),
        pytest.param(lambda fields: b"[]", "not a code", id="a list"),
        pytest.param(lambda fields: b"null", "not a code", id="null"),
        pytest.param(lambda fields: b"1" * 60_000, "not a code", id="a long number"),
        pytest.param(lambda fields: b"\xff\xfe\x00", "not a code", id="not text"),
        pytest.param(lambda fields: as_file(draw_car()), "not a code", id="a photograph"),
        pytest.param(lambda fields: b"", "This file is empty", id="empty"),
        pytest.param(lambda fields: b" " * 65_537, "no code is larger than 64.0", id="too large"),
    ],
)
def test_what_is_no_code_is_refused_in_plain_words(visitor, fields, content, words):
    response = open_code(visitor, content(fields))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Reconstruction.objects.count() == 1


def test_the_wildest_code_that_is_let_in_is_painted(visitor, fields):
    wild = as_mean(np.where(np.arange(LENGTH) % 2, 50, -50))
    assert open_code(visitor, changed(mean=wild)(fields)).status_code == 303


@pytest.mark.parametrize("data", [{}, {"code": "text"}])
def test_nothing_or_text_in_place_of_a_file_is_refused(visitor, db, data):
    response = visitor.post("/code/", data)
    assert response.status_code == 422
    assert "Choose the file of a code first" in response.content.decode()


def test_a_form_without_its_token_is_refused(db):
    assert Client(enforce_csrf_checks=True).post("/code/").status_code == 403


def test_its_page_is_linked_from_the_cars_and_rejects_put(visitor, car):
    assert 'href="/code/"' in visitor.get(car.get_absolute_url()).content.decode()
    assert visitor.get("/code/").status_code == 200
    assert visitor.put("/code/").status_code == 405


def test_a_card_shows_both_pictures_in_the_size_that_other_sites_expect(stranger, car):
    response = get(stranger, car, "card")
    assert response["Content-Type"] == "image/jpeg"
    card = pixels(response)
    assert card.shape == (630, 1200, 3)
    for left in (48, 612):  # each tile has the car's paint in it
        tile = card[138:538, left : left + 540]
        assert ((tile[..., 0] > 150) & (tile[..., 1] < 110)).mean() > 0.1


def test_a_car_that_is_not_in_the_gallery_has_no_card_not_even_for_its_owner(visitor, private_car):
    assert get(visitor, private_car, "card").status_code == 404


def test_other_sites_are_told_of_the_card_and_only_of_a_gallery_cars(visitor, car, private_car):
    html = visitor.get(car.get_absolute_url()).content.decode()
    image = re.search(r'property="og:image" content="http://testserver([^"]+)"', html)[1]
    assert image == car.card_url
    assert "og:image" not in visitor.get(private_car.get_absolute_url()).content.decode()
