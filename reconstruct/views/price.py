"""A car at each price of its code: the picture in its file, all its files, and its circle among others."""

import json

from django.template.loader import render_to_string

from ml.serving.runtime import Runtime
from reconstruct import code_file
from reconstruct.models import Reconstruction
from reconstruct.pictures.circles import drawings
from reconstruct.pictures.files import File
from reconstruct.priced import at_every_price, picture
from reconstruct.views.params import depth_or_404, price_or_404
from reconstruct.views.responses import versioned_picture


def is_another(price: float, depth: int, runtime: Runtime) -> bool:
    """Whether it is not the picture that the car's page begins with."""
    return (price, depth) != (code_file.PRICE, runtime.depths)


@versioned_picture(endless=is_another, price=price_or_404, depth=depth_or_404)
def priced(car: Reconstruction, runtime: Runtime, price: float, depth: int) -> File:
    """The picture in the car's file at the price, at a depth."""
    return picture(car, price, depth)


@versioned_picture(slow=True)
def files(car: Reconstruction, runtime: Runtime) -> File:
    """The car's files at all prices, with their figures, and the WebP that each is compared with; JSON."""
    return File(json.dumps(at_every_price(car, runtime)).encode(), "application/json")


@versioned_picture(slow=True)
def circles(car: Reconstruction, runtime: Runtime) -> File:
    """The car's circle among those of cars of the gallery, at each price beside the other; SVG."""
    drawing = render_to_string("circles.svg", drawings(car, runtime))
    return File(drawing.encode(), "image/svg+xml")
