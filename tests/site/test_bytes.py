"""The bytes that the site shows: the length of a car's file, and beside it the rate, worked out by hand from the KLD.

In nats, a number of the code costs (mean² + variance − 1 − ln variance) / 2; a byte has 8 ln 2 = 5.5452 of them.
"""

import re
from html import unescape

import numpy as np
import pytest
from django.core.management import call_command
from PIL import ImageDraw

import ml.serving.runtime
from reconstruct import uploads
from reconstruct.models import Place, Reconstruction
from tests.cars import as_file, draw_car, fetch
from tests.site.pictures import get

# The first level says one number with a mean of 60: 60² / 2 = 1800 nats, or 1800 / 5.5452 = 324.61 bytes. The last
# one says a mean of 100, which is 5000 nats or 901.68 bytes, and a variance of e⁻¹⁰, (e⁻¹⁰ − 1 + 10) / 2 = 4.5 nats or
# 0.81 bytes. Every other number is the prior's, and costs nothing.
FIRST, ALL = 324.61, 324.61 + 901.68 + 0.81
UPLOAD = 12_271  # bytes, which no ratio depends on


@pytest.fixture
def car(monkeypatch, visitor, upload_car):
    """A car of such a code."""
    sizes = ml.serving.runtime.load().level_sizes

    def encode(self, x, price=1.0):
        mean, logvar = np.zeros((2, len(x), sum(sizes)), np.float32)
        mean[:, 0], mean[:, -1], logvar[:, -2] = 60, 100, -10
        return mean, logvar

    monkeypatch.setattr(ml.serving.runtime.Runtime, "encode", encode)
    content = as_file(draw_car())
    car = upload_car(visitor, content + bytes(UPLOAD - len(content)))
    Reconstruction.objects.update(typicality=0.5)
    return car


@pytest.fixture
def depths():
    """The number of depths."""
    return ml.serving.runtime.load().depths


def words_of(html):
    """The text of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", unescape(html)))


def test_a_program_gets_them_as_they_are(stranger, car, depths):
    found = stranger.get(f"/api/v1/cars/{car.slug}").json()["bytes_by_depth"]
    assert found == pytest.approx([FIRST] * (depths - 1) + [ALL], abs=0.01)


def test_a_program_gets_the_length_of_the_file_and_its_address(stranger, car):
    found = stranger.get(f"/api/v1/cars/{car.slug}").json()
    assert found["code_bytes"] == len(fetch(stranger, found["file_url"]).body)


def test_the_cars_page_says_how_long_its_file_is(stranger, car):
    size = f"{len(get(stranger, car, 'code').body):,}"
    html = stranger.get(car.get_absolute_url()).content.decode()
    assert f"<title>A car in {size} bytes" in html
    assert f'property="og:title" content="A car in {size} bytes"' in html
    assert words_of(re.search(r"<h1>.*</h1>", html)[0]) == f"A car in {size} bytes"
    assert (
        "A photograph of 12.0 KB; as the model sees it, 49,152 bytes of 128 × 128 pixels "
        f"→ became {size} bytes of file: "
        f"{round(49_152 / car.code_bytes)} × smaller than the pixels"
    ) in words_of(html)


@pytest.mark.parametrize("remeasure", ["page", "command"])
def test_a_car_from_before_there_were_files_is_measured(stranger, car, remeasure):
    Reconstruction.objects.update(code_bytes=None)
    Place.objects.all().delete()  # it is a car of an earlier model
    assert stranger.get(f"/api/v1/cars/{car.slug}").json()["code_bytes"] is None
    assert "half of it rebuilt from its code" in stranger.get("/gallery/").content.decode()
    if remeasure == "page":
        assert f"A car in {car.code_bytes:,} bytes" in stranger.get(car.get_absolute_url()).content.decode()
    else:
        call_command("place_cars")
    assert Reconstruction.objects.get().code_bytes == car.code_bytes


def test_a_car_that_cannot_be_measured_has_its_page(stranger, car, media):
    Reconstruction.objects.update(code_bytes=None)
    Place.objects.all().delete()
    (media / car.original.name).unlink()
    assert "<title>A car and its code" in stranger.get(car.get_absolute_url()).content.decode()


def test_reconstructed_again_it_is_measured_again(car):
    Reconstruction.objects.update(code_bytes=1)
    uploads.reconstruct_again(Reconstruction.objects.get())
    assert Reconstruction.objects.get().code_bytes == car.code_bytes


def test_the_cars_page_says_which_rate_each_depth_has(stranger, car, depths):
    html = stranger.get(car.get_absolute_url()).content.decode()
    assert re.findall(r'figure">([\d,]+) B <span class="strip-rate">rate<', html) == ["325"] * (depths - 1) + ["1,227"]
    # Of 128 × 128 × 3 = 49152 bytes: 49152 / 324.61 = 151.4, and 49152 / 1227.10 = 40.1.
    assert re.findall(r"1/([\d,]+) of the pixels<", html) == ["151"] * (depths - 1) + ["40"]


def test_the_cars_page_says_which_rate_each_level_has(stranger, car, depths):
    html = stranger.get(car.get_absolute_url()).content.decode()
    bars = re.findall(r'max="1227" value="([\d.]+)"[^>]*></meter><span class="figure">([\d,]+)&nbsp;B<', html)
    assert bars == [("324.6", "325"), *[("0.0", "0")] * (depths - 2), ("902.5", "902")]


@pytest.mark.parametrize("address", ["/", "/gallery/"])
def test_a_card_says_how_long_the_file_is(stranger, car, address):
    html = stranger.get(address).content.decode()
    assert f"half of it rebuilt from {car.code_bytes:,} bytes" in html
    assert f"<span>{car.code_bytes:,}&nbsp;B</span>" in html


def test_the_card_for_other_sites_says_how_many_photograph_and_file_have(stranger, car, monkeypatch):
    written = []
    monkeypatch.setattr(ImageDraw.ImageDraw, "text", lambda pen, place, text, *args, **options: written.append(text))
    assert get(stranger, car, "card").status_code == 200
    size = f"{car.code_bytes:,} bytes"
    assert {f"A car in {size}", "A photograph of 12.0 KB", f"Rebuilt from {size}"} <= {*written}
