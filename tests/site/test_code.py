"""A car as a file: downloaded, and opened again."""

import re
from io import BytesIO

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from ml.serving import coding
from ml.serving.runtime import load
from reconstruct.latents import code_of
from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car, fetch
from tests.site.pictures import get, mean_difference, pixels


def open_code(client, content, **data):
    return client.post("/code/", {"code": SimpleUploadedFile("car.vae", content)} | data)


def test_it_is_a_file_of_this_model_and_of_this_car(stranger, car):
    response = get(stranger, car, "code")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == f'attachment; filename="{car.slug}.vae"'
    held = coding.load().decode(response.body)
    assert (held.price, held.mirrored) == (1, car.mirrored)
    assert (held.width, held.height) == (128, 80)  # of a photograph of 320 × 200
    drawn = np.asarray(coding.load().draw(held), float)
    assert mean_difference(drawn, np.asarray(car.open_original().resize((128, 80)), float)) < 8


def test_a_higher_price_makes_a_shorter_file(stranger, car):
    sizes = [len(get(stranger, car, "code", price=price).body) for price in ("1", "10", "100")]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 1.5 * sizes[2]


def test_the_nearest_price_that_there_are_tables_for_is_taken(stranger, car):
    coder = coding.load()
    body = get(stranger, car, "code", price="97").body
    assert coder.decode(body).price == coder.prices[coder.nearest(97)]


def test_the_page_offers_every_price(stranger, car):
    html = stranger.get(car.get_absolute_url()).content.decode()
    offered = re.findall(r"<option[^>]*>([^<]+)</option>", re.search(r'name="price">(.*?)</select>', html, re.S)[1])
    assert [float(price) for price in offered] == list(coding.load().prices)
    sent = stranger.get(f"/cars/{car.slug}/code", {"price": offered[-1]}, follow=True)
    assert coding.load().decode(sent.content).price == coding.load().prices[-1]


def test_a_browser_gets_what_the_encoder_makes_of_the_car(visitor, stranger, private_car):
    assert get(stranger, private_car, "latents").status_code == 404
    response = get(visitor, private_car, "latents")
    assert "private" in response["Cache-Control"]
    (left, top, right, bottom, mirrored), codes = np.split(np.frombuffer(response.body, "<f4"), [5])
    code = code_of(private_car, load())
    assert (left, top, right, bottom) == code.frame == (0, 24, 128, 104)
    assert mirrored == private_car.mirrored
    assert np.array_equal(codes, np.concatenate([code.mean[0], code.logvar[0]]))


@pytest.mark.parametrize("price", ["0", "-1", "1000", "nan", "inf", "cheap", ""])
def test_a_price_that_the_model_does_not_know_is_a_404(stranger, car, price):
    assert get(stranger, car, "code", price=price).status_code == 404


def test_a_private_cars_file_is_for_its_owner(visitor, stranger, private_car):
    response = get(visitor, private_car, "code")
    assert response.status_code == 200
    assert "private" in response["Cache-Control"]
    assert get(stranger, private_car, "code").status_code == 404


@pytest.mark.parametrize("mirrored", [False, True])
def test_opened_again_it_is_the_car(visitor, store_car, mirrored):
    picture = draw_car().transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else draw_car()
    car = store_car(visitor, as_file(picture))
    Reconstruction.objects.update(mirrored=mirrored)
    content = get(visitor, car, "code").body
    response = open_code(visitor, content, public="on")
    assert response.status_code == 303
    decoded = Reconstruction.objects.get(slug=response.url.split("/")[2])
    assert (decoded.origin, decoded.visitor, decoded.in_gallery) == ("code", car.visitor, True)
    assert decoded.upload_bytes == len(content)
    rebuilt = pixels(get(visitor, car, "depth/5"))
    assert mean_difference(np.asarray(decoded.open_original(), float), rebuilt) < 6


def test_it_is_private_unless_its_visitor_says_otherwise(visitor, stranger, car):
    response = open_code(stranger, get(stranger, car, "code").body)
    assert stranger.get(response.url).status_code == 200
    assert visitor.get(response.url).status_code == 404


def altered(content):
    return content[:20] + bytes([content[20] ^ 1]) + content[21:]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(lambda file: file[:2] + b"\0\0" + file[4:], "altered", id="a model named anew"),
        pytest.param(lambda file: file[:-1], "The file is damaged: it was cut off or altered.", id="cut off"),
        pytest.param(lambda file: file[:5], "The file is cut off", id="a part of the header"),
        pytest.param(lambda file: file + b"\1", "cut off or altered", id="longer"),
        pytest.param(altered, "cut off or altered", id="a bit"),
        pytest.param(lambda file: file + bytes(9000), "longer than a car can be", id="much longer"),
        pytest.param(lambda file: b"[]", "not the file of a car", id="JSON of something"),
        pytest.param(lambda file: b"\xff\xfe\x00", "not the file of a car", id="noise"),
        pytest.param(lambda file: as_file(draw_car()), "not the file of a car", id="a photograph"),
        pytest.param(lambda file: b"", "This file is empty", id="empty"),
        pytest.param(lambda file: b" " * 65_537, "no code is larger than 64.0", id="too large"),
    ],
)
def test_what_is_no_file_of_a_car_is_refused_in_plain_words(visitor, car, change, words):
    response = open_code(visitor, change(get(visitor, car, "code").body))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Reconstruction.objects.count() == 1


def test_another_models_file_is_refused_and_says_so(visitor, car, monkeypatch):
    monkeypatch.setattr(coding.load(), "model", 0x1234)
    theirs = get(visitor, car, "code").body
    monkeypatch.undo()
    response = open_code(visitor, theirs)
    assert response.status_code == 422
    assert "The file was made by another model (1234, and this is" in response.content.decode()


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


def test_the_tables_of_the_model_are_for_everyone_and_for_ever(stranger, db):
    response = fetch(stranger, "/code/tables", {"v": coding.load().runtime.version})
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    with np.load(BytesIO(response.body)) as arrays:
        assert arrays["prices"].tolist() == list(coding.load().prices)
    assert stranger.get("/code/tables", {"v": "old"}).status_code == 302
    assert stranger.post("/code/tables").status_code == 405
