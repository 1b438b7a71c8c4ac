"""A car in a link: the address holds the file, and the site stores nothing."""

import base64
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from ml.serving import coding
from reconstruct import links
from reconstruct.models import Reconstruction
from reconstruct.pictures import qr
from tests.cars import as_file, fetch
from tests.site.pictures import get, mean_difference, pixels

KINDS = ["picture", "depths", "card"]


def follow(client, address):
    response = client.get(address, follow=True)
    response.body = b"".join(response)
    return response


def link_of(client, car):
    """The link that holds a stored car, without the name of the site."""
    response = get(client, car, "link")
    assert response.status_code == 302
    assert response.url.startswith("http://testserver/c/")
    return response.url.removeprefix("http://testserver")


@pytest.fixture
def link(visitor, car):
    return link_of(visitor, car)


@pytest.fixture
def orphan(link):
    """A link whose car is deleted."""
    Reconstruction.objects.all().delete()
    return link


def test_it_is_the_cars_file(visitor, car, link):
    text = link.removeprefix("/c/")
    assert base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) == get(visitor, car, "code").body
    assert fetch(visitor, f"{link}/code").body == get(visitor, car, "code").body


def test_its_page_needs_nothing_in_the_database(stranger, orphan):
    html = stranger.get(orphan).content.decode()
    size = len(fetch(stranger, f"{orphan}/code").body)
    assert f"<title>A car in {size:,} bytes, in a link" in html
    assert re.findall(r"<h1>.*</h1>", html) == [f'<h1>A car in <span class="signal">{size:,}&nbsp;bytes</span></h1>']
    shapes = [pixels(follow(stranger, f"{orphan}/{kind}")).shape for kind in KINDS]
    assert shapes == [(80, 128, 3), (80, 640, 3), (630, 1200, 3)]
    assert not Reconstruction.objects.exists()


def test_its_picture_is_the_car(stranger, visitor, car, link):
    rebuilt = pixels(get(visitor, car, "depth/5"))
    assert mean_difference(pixels(follow(stranger, f"{link}/picture")), rebuilt) < 6
    sheet = pixels(follow(stranger, f"{link}/depths"))
    assert (sheet[:, 512:] == pixels(follow(stranger, f"{link}/picture"))).all()
    assert mean_difference(sheet[:, :128], sheet[:, 512:]) > 1


def test_other_sites_are_told_of_its_card(stranger, orphan):
    html = stranger.get(orphan).content.decode()
    address = re.search(r'property="og:image" content="http://testserver([^"]+)"', html)[1]
    card = fetch(stranger, address)
    assert (card.status_code, card["Content-Type"]) == (200, "image/jpeg")


def test_a_private_cars_link_is_its_owners_to_give_and_tells_nothing_else(visitor, stranger, private_car):
    assert get(stranger, private_car, "link").status_code == 404
    assert get(stranger, private_car, "qr").status_code == 404
    link = link_of(visitor, private_car)
    assert "private" in get(visitor, private_car, "link")["Cache-Control"]
    response = stranger.get(link)
    assert response.status_code == 200
    file = fetch(stranger, f"{link}/code")
    for told in (link, response.content.decode(), str(response.headers), file["Content-Disposition"]):
        assert private_car.slug not in told


def test_kept_it_is_a_private_car_of_the_visitors(visitor, stranger, orphan):
    response = stranger.post(f"{orphan}/keep/")
    assert response.status_code == 303
    car = Reconstruction.objects.get()
    assert (car.origin, car.in_gallery) == ("code", False)
    assert car.upload_bytes == len(fetch(stranger, f"{orphan}/code").body)
    assert stranger.get(response.url).status_code == 200
    assert visitor.get(response.url).status_code == 404
    drawn = pixels(follow(stranger, f"{orphan}/picture"))
    assert mean_difference(np.asarray(car.open_original(), float), drawn) < 2


def test_keeping_needs_a_post_and_its_token(stranger, orphan):
    assert stranger.get(f"{orphan}/keep/").status_code == 405
    assert Client(enforce_csrf_checks=True).post(f"{orphan}/keep/").status_code == 403
    assert stranger.post(orphan).status_code == 405


def theirs(monkeypatch, visitor, car):
    """A link that another model wrote."""
    monkeypatch.setattr(coding.load(), "model", 0x1234)
    link = link_of(visitor, car)
    monkeypatch.undo()
    return link


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(lambda link: link[:-4], "The file is damaged: it was cut off or altered.", id="cut off"),
        pytest.param(lambda link: link[:30] + "AAAA" + link[34:], "cut off or altered", id="altered"),
        pytest.param(lambda link: "/c/" + "A" * 5, "The link is damaged", id="no base64"),
        pytest.param(lambda link: "/c/yg", "The file is cut off", id="a part of the header"),
        pytest.param(lambda link: "/c/-", "The link is damaged", id="one letter"),
        pytest.param(lambda link: "/c/nothing-of-the-kind0", "not the file of a car", id="something else"),
        pytest.param(lambda link: "/c/y" + "g" * 11_999, "longer than a car can be", id="endless"),
    ],
)
def test_what_holds_no_car_is_a_404_in_plain_words(stranger, link, change, words):
    changed = change(link)
    response = stranger.get(changed)
    assert response.status_code == 404
    html = response.content.decode()
    assert "<h1>No car in this link</h1>" in html
    assert words in html
    for kind in (*KINDS, "code"):
        assert follow(stranger, f"{changed}/{kind}").status_code == 404
    assert stranger.post(f"{changed}/keep/").status_code == 404
    assert Reconstruction.objects.count() == 1


def test_another_models_link_is_a_404_that_says_so(stranger, visitor, car, monkeypatch):
    response = stranger.get(theirs(monkeypatch, visitor, car))
    assert response.status_code == 404
    assert "The file was made by another model (1234" in response.content.decode()


def test_the_link_of_what_takes_many_bytes_costs_more_until_it_is_short_enough(visitor, store_car):
    noise = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
    car = store_car(visitor, as_file(Image.fromarray(noise), "PNG"))
    longest = len(f"http://testserver/c/{links.text_of(get(visitor, car, 'code').body)}")
    assert longest > links.CHARACTERS >= len(f"http://testserver{link_of(visitor, car)}")


def test_the_qr_code_has_the_size_that_the_page_states(visitor, car):
    response = get(visitor, car, "qr")
    assert response["Content-Type"] == "image/svg+xml"
    drawing = ElementTree.fromstring(response.body)
    assert drawing.get("width") == drawing.get("height") == str(4 * qr.SIDE)
    html = visitor.get(car.get_absolute_url()).content.decode()
    assert "as a QR code, version 20, error correction M." in html
    assert f'width="{qr.SIDE}" height="{qr.SIDE}" alt="QR code of a link that holds this car"' in html
