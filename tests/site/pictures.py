"""A car's pictures, as the tests of several pages ask for them and look at them."""

from io import BytesIO

import numpy as np
from PIL import Image

import ml.serving.runtime
from tests.cars import fetch


def get(client, car, kind, **query):
    """The answer to the current address of a car's picture, sheet or file; in `kind`, {slug} is the car's own."""
    address = f"/cars/{car.slug}/{kind.format(slug=car.slug)}"
    return fetch(client, address, {"v": ml.serving.runtime.load().version} | query)


def pixels(response):
    """(height, width, 3), from 0 to 255."""
    with Image.open(BytesIO(response.body)) as picture:
        return np.asarray(picture.convert("RGB"), float)


def tiles(response, count):
    """The pictures of a sheet, from left to right."""
    return np.split(pixels(response), count, axis=1)


def mean_difference(a, b):
    return np.abs(a - b).mean()
