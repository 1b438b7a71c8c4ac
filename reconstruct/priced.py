"""A car at each price of its code: its file, how close the picture in it comes, and a WebP of as many bytes."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import functools
from typing import Any

from ml.serving import coding
from ml.serving.runtime import Runtime
from reconstruct.addresses import versioned
from reconstruct.code_file import file_of
from reconstruct.latents import code_of
from reconstruct.models import Reconstruction
from reconstruct.pictures import webp
from reconstruct.pictures.files import File, png


@dataclasses.dataclass(frozen=True)
class Priced:
    """A car's file at a price, and the best WebP that is no longer, or else the shortest.

    PSNR compares what comes out of a file with the photograph as the model saw it.
    """

    price: float
    file: bytes
    psnr_db: float
    webp: bytes
    webp_psnr_db: float

    @property
    def words(self) -> str:
        return f"A file of {len(self.file):,} bytes, {self.psnr_db:.1f} dB"

    @property
    def webp_words(self) -> str:
        sizes = f"{len(self.webp):,} bytes, {self.webp_psnr_db:.1f} dB"
        return (
            f"WebP: {sizes}" if len(self.webp) <= len(self.file) else f"WebP has none so short; its shortest: {sizes}"
        )

    @property
    def webp_url(self) -> str:
        """The WebP itself: with it, the pictures of all prices are one answer."""
        return f"data:image/webp;base64,{base64.b64encode(self.webp).decode()}"

    def as_json(self) -> dict[str, Any]:
        return {
            "price": self.price,
            "file": base64.b64encode(self.file).decode(),
            "words": self.words,
            "webp": self.webp_url,
            "webp_words": self.webp_words,
        }


@dataclasses.dataclass(frozen=True)
class Stop:
    """A stop of the slider, by the price nearest to it that there are tables for.

    `is_named`: the address of the page names it.
    """

    price: float
    is_named: bool

    @property
    def number(self) -> int:
        """From 1."""
        return 1 + coding.load().nearest(self.price)

    @property
    def nearest(self) -> float:
        return coding.load().prices[self.number - 1]

    def panel(self, car: Reconstruction, runtime: Runtime) -> dict[str, Any]:
        """The context of car/price.html. Runs the model where the address names a price."""
        address = functools.partial(versioned, version=runtime.version)
        priced = None
        if self.is_named:
            with contextlib.suppress(FileNotFoundError):  # the page works without its figures
                priced = at_price(car, runtime, self.price)
        return {
            "price_stop": self,
            "price_stops": coding.load().prices,
            "priced": priced,
            "priced_url": address("priced", car.slug, price=f"{self.nearest:g}"),
            "priced_webp_url": priced.webp_url if priced else address("webp", car.slug),
            "files_url": address("files", car.slug),
            "circles_url": address("circles", car.slug),
        }


def at_price(car: Reconstruction, runtime: Runtime, price: float) -> Priced:
    """Raises FileNotFoundError where the storage has lost the photograph."""
    return _at_price(car, price, webp.Ladder(code_of(car, runtime).seen))


def _at_price(car: Reconstruction, price: float, ladder: webp.Ladder) -> Priced:
    """`ladder`: of the photograph as the model saw it."""
    coder, seen, file = coding.load(), ladder.picture, file_of(car, price)
    held = coder.decode(file)
    drawn, shortened = png(coder.draw(held)), ladder.at_most(len(file))
    return Priced(held.price, file, webp.closeness(drawn, seen), shortened.content, webp.closeness(shortened, seen))


def at_every_price(car: Reconstruction, runtime: Runtime) -> dict[str, Any]:
    """For browsers, which read the files by the tables of the model. Raises FileNotFoundError as at_price."""
    coder, ladder = coding.load(), webp.Ladder(code_of(car, runtime).seen)
    return {
        "model": coder.model,
        "grids": [dataclasses.asdict(grid) for grid in runtime.grids],
        "tables": versioned("tables", version=runtime.version),
        "files": [_at_price(car, price, ladder).as_json() for price in coder.prices],
    }


def picture(car: Reconstruction, price: float, depth: int) -> File:
    """The picture in the car's file at a price. Raises FileNotFoundError where the storage has lost the photograph."""
    coder = coding.load()
    return png(coder.draw(coder.decode(file_of(car, price)), depth))
