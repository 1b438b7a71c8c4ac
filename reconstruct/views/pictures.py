"""The pictures that are stored with a car, its thumbnail, and its card."""

from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat

from reconstruct.models import Reconstruction
from reconstruct.pictures import card
from reconstruct.pictures.files import File, jpeg
from reconstruct.views.responses import stored, versioned_picture
from reconstruct.visitors import get_open_car_or_404

THUMBNAIL_SIDE = 480  # pixels: a card on a dense screen
THUMBNAIL_QUALITY = 80
CARD_QUALITY = 88


@versioned_picture(by_its_model=True)
def original(car: Reconstruction) -> HttpResponseBase:
    return stored(car.original, f"{car.slug}.jpg", "image/jpeg")


@versioned_picture(by_its_model=True)
def reconstruction(car: Reconstruction) -> HttpResponseBase:
    return stored(car.reconstruction, f"{car.slug}.png", "image/png")


@versioned_picture(by_its_model=True)
def thumbnail(car: Reconstruction) -> File:
    """The photograph, scaled down: a page of full photographs would have ten megabytes."""
    picture = car.open_original()
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return jpeg(picture, THUMBNAIL_QUALITY)


@versioned_picture(by_its_model=True, find=get_open_car_or_404)
def link_card(car: Reconstruction) -> File:
    """The picture that other sites show beside a link to the car; only for cars that everyone may see."""
    upload_size = filesizeformat(car.upload_bytes).replace("\xa0", " ")  # the card's font has no no-break space
    source = f"A photograph of {upload_size}" if car.is_photograph else "Made by the model"
    rebuilt = "Rebuilt from its code" if car.code_bytes is None else f"Rebuilt from {car.code_bytes:,} bytes"
    picture = card.draw(car.open_original(), car.open_reconstruction(), title=car.title, captions=(source, rebuilt))
    return jpeg(picture, CARD_QUALITY)
