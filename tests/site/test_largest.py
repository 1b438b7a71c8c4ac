"""Lambda answers with 6 MB of JSON at most, in which a picture travels as base64: 4.4 MB of bytes."""

import gzip
import os
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders
from PIL import Image

from ml.serving.runtime import load
from reconstruct import links
from reconstruct.pictures.films import FORMATS
from reconstruct.views.map import MAPPED
from tests.cars import as_file, fetch
from tests.crowd import crowd
from tests.site.access import TABLE

MOST_BYTES = 4_400_000
CROWD = 300
# On Lambda these are in a bucket, to which the answer is a redirect.
IN_THE_BUCKET = {"cars/<slug:slug>/original", "cars/<slug:slug>/reconstruction"}

pytestmark = pytest.mark.slow


@pytest.fixture
def noise(visitor, upload_car):
    """A car in the gallery with the photograph that compresses worst, among many more."""
    picture = Image.frombytes("RGB", (1600, 1600), os.urandom(3 * 1600 * 1600))
    car = upload_car(visitor, as_file(picture, quality=90))
    crowd(car, CROWD)
    return car


def addresses(car, other):
    """One or several for each route that is asked by GET."""
    names = {"CAR": car.slug, "PUBLIC": other.slug, "LINK": links.link_to(car, "")}
    for line in TABLE:
        if line.method == "GET" and line.route not in IN_THE_BUCKET:
            address, data = line.address(names)
            yield line, address, data | {"v": load().version}


def test_no_answer_is_too_large_for_lambda(visitor, noise, car):
    sizes = {}
    for line, address, data in addresses(noise, car):
        response = fetch(visitor, address, data)
        assert response.status_code in (200, 302), address
        scale = MAPPED / (CROWD + 1) if line.route == "explore/map/cars.json" else 1
        sizes[str(line)] = len(response.body) * scale
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}


@pytest.mark.parametrize("format", FORMATS)
def test_no_film_is(visitor, noise, car, format):
    address = f"/cars/{noise.slug}/morph/{car.slug}/film.{format}"
    assert len(fetch(visitor, address, {"v": load().version}).body) <= MOST_BYTES


def as_sent(path):
    """How many bytes a browser gets of this file: WhiteNoise compresses what it can."""
    size = path.stat().st_size
    return size if size <= MOST_BYTES else len(gzip.compress(path.read_bytes()))


def test_no_static_file_is():
    sizes = {path: as_sent(Path(storage.path(path))) for finder in get_finders() for path, storage in finder.list([])}
    assert {path: size for path, size in sizes.items() if size > MOST_BYTES} == {}
