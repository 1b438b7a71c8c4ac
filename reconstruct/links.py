"""A car in a link: the address is the car's file itself, as base64url, and the site stores nothing for it."""

from __future__ import annotations

import base64
import bisect
import dataclasses

from PIL import Image

from ml.serving import coding
from ml.serving.coding import Car
from reconstruct.code_file import PRICE, CodeFileError, file_of, opened
from reconstruct.models import Reconstruction

CHARACTERS = 2000  # of the whole link, at most: programs that pass on longer ones cut them off


@dataclasses.dataclass(frozen=True)
class Held:
    """A file that came in a link, and the car in it."""

    content: bytes
    car: Car

    @property
    def code_bytes(self) -> int:
        return len(self.content)

    def picture(self, depth: int | None = None) -> Image.Image:
        """The car, at a depth or at full depth."""
        return coding.load().draw(self.car, depth)


def text_of(content: bytes) -> str:
    """The file as a part of an address, without the padding that base64 has at its end."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def content_of(text: str) -> bytes:
    """The file in a part of an address. Raises CodeFileError."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise CodeFileError("The link is damaged: it was cut off or altered.") from error


def held_in(text: str) -> Held:
    """The file in a part of an address, and its car. Raises CodeFileError."""
    content = content_of(text)
    return Held(content, opened(content))


def link_to(car: Reconstruction, start: str, characters: int = CHARACTERS) -> str:
    """The link that holds the stored car, at the lowest price from PRICE on at which it has at most `characters`.

    `start` is all of it but the file. Raises FileNotFoundError where the storage has lost the photograph, and
    ValueError where the link is too long at every price.
    """
    prices = [price for price in coding.load().prices if price >= PRICE]

    def link(price: float) -> str:
        return start + text_of(file_of(car, price))

    fitting = bisect.bisect_left(prices, True, key=lambda price: len(link(price)) <= characters)
    if fitting == len(prices):
        raise ValueError(f"no price makes a link of {characters} characters")
    return link(prices[fitting])
