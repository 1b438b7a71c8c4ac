"""The bytes that the site shows, worked out by hand: a car's code is as long as its KLD, which is all that these know.

In nats, a number of the code costs (mean² + variance − 1 − ln variance) / 2; a byte has 8 ln 2 = 5.5452 of them.
"""

import re
from html import unescape

import numpy as np
import pytest
from PIL import ImageDraw

import ml.serving.runtime
from tests.cars import as_file, draw_car
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

    def encode(self, x):
        mean, logvar = np.zeros((2, len(x), sum(sizes)), np.float32)
        mean[:, 0], mean[:, -1], logvar[:, -2] = 60, 100, -10
        return mean, logvar

    monkeypatch.setattr(ml.serving.runtime.Runtime, "encode", encode)
    content = as_file(draw_car())
    return upload_car(visitor, content + bytes(UPLOAD - len(content)))


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


def test_the_cars_page_says_how_many_the_whole_code_has_and_what_the_photograph_had(stranger, car):
    html = stranger.get(car.get_absolute_url()).content.decode()
    assert "<title>A car in 1,227 bytes" in html
    assert 'property="og:title" content="A car in 1,227 bytes"' in html
    assert words_of(re.search(r"<h1>.*</h1>", html)[0]) == "A car in 1,227 bytes"
    assert (
        "12.0 KB of photograph, as the model sees it 49,152 bytes of 128 × 128 pixels → became 1,227 bytes of code: "
        "40 × smaller than the pixels"
    ) in words_of(html)


def test_the_cars_page_says_how_many_each_depth_has(stranger, car, depths):
    html = stranger.get(car.get_absolute_url()).content.decode()
    assert re.findall(r'figure">([\d,]+) B<', html) == ["325"] * (depths - 1) + ["1,227"]
    # Of 128 × 128 × 3 = 49152 bytes: 49152 / 324.61 = 151.4, and 49152 / 1227.10 = 40.1.
    assert re.findall(r"1/([\d,]+) of the pixels<", html) == ["151"] * (depths - 1) + ["40"]


def test_the_cars_page_says_how_many_each_level_has(stranger, car, depths):
    html = stranger.get(car.get_absolute_url()).content.decode()
    bars = re.findall(r'max="1227" value="([\d.]+)"[^>]*></meter><span class="figure">([\d,]+)&nbsp;B<', html)
    assert bars == [("324.6", "325"), *[("0.0", "0")] * (depths - 2), ("902.5", "902")]


@pytest.mark.parametrize("address", ["/", "/gallery/"])
def test_a_card_says_how_many_the_whole_code_has(stranger, car, address):
    html = stranger.get(address).content.decode()
    assert "half of it rebuilt from 1,227 bytes" in html
    assert "<span>1,227&nbsp;B</span>" in html


def test_the_card_for_other_sites_says_how_many_photograph_and_code_have(stranger, car, monkeypatch):
    written = []
    monkeypatch.setattr(ImageDraw.ImageDraw, "text", lambda pen, place, text, *args, **options: written.append(text))
    assert get(stranger, car, "card").status_code == 200
    assert {"A car in 1,227 bytes", "A photograph of 12.0 KB", "Rebuilt from 1,227 bytes"} <= {*written}
