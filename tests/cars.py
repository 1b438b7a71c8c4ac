"""Drawn pictures of cars, because no photograph may be shipped, and requests for pictures."""

import itertools
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

PAINTS = itertools.cycle(itertools.product(range(200, 80, -10), range(60, 160, 10), range(40, 140, 10)))


def draw_car(size=(320, 200), paint=(200, 60, 40), mode="RGB"):
    """Something like a car from the side, on white, facing left."""
    width, height = size
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((0.06 * width, 0.5 * height, 0.94 * width, 0.76 * height), 0.06 * height, fill=paint)
    draw.polygon([(x * width, y * height) for x, y in ((0.3, 0.5), (0.42, 0.3), (0.72, 0.3), (0.85, 0.5))], fill=paint)
    for x in (0.24, 0.78):
        draw.circle((x * width, 0.76 * height), 0.1 * height, fill="black")
    return picture.convert(mode)


def as_file(picture, format="JPEG", **options):
    """The bytes of the picture in a file of this format."""
    file = BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def upload(client, content=None, *, name="car.jpg", public=True, **headers):
    """The answer to a visitor's upload of these bytes, or of a drawing of a car that nobody has sent before."""
    content = as_file(draw_car(paint=next(PAINTS))) if content is None else content
    data = {"image": SimpleUploadedFile(name, content)} | ({"public": "on"} if public else {})
    return client.post("/upload/", data, headers=headers)


def fetch(client, address, query=None):
    """The answer to a GET, read to its end as a browser would, with its bytes as `body`."""
    response = client.get(address, query)
    response.body = b"".join(response)
    return response
