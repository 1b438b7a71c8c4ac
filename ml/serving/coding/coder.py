"""Photograph → file → code, by the model's own steps and tables."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import math
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ml.serving.coding import container
from ml.serving.coding.container import Header
from ml.serving.coding.contexts import Context, Integers
from ml.serving.coding.errors import CodingError
from ml.serving.coding.quantise import round_level
from ml.serving.coding.tables import Tables
from ml.serving.directions import Grid
from ml.serving.manifest import ModelError
from ml.serving.runtime import Mirror, Runtime
from ml.serving.runtime import load as load_runtime
from ml.serving.transforms import Array, Frame, flatten, to_array, to_image, turn_around

FILE = "coding.npz"


@dataclasses.dataclass(frozen=True)
class Car:
    """What a file holds. `code`: (L,) float32, to be decoded at `price`; width and height are pixels of the picture.

    `mirrored`: the code is that of the picture in a mirror.
    """

    code: Array
    price: float
    width: int
    height: int
    mirrored: bool

    @property
    def frame(self) -> Frame:
        """Where the picture lies in the network's square."""
        left, top = (container.SIDE - self.width) // 2, (container.SIDE - self.height) // 2
        return left, top, left + self.width, top + self.height


class Coder:
    """The files of one model. Raises ModelError when the model's folder has no tables for them."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.prices, self.tables = load_tables(runtime.folder / FILE, runtime.grids)
        files = runtime.info["files"]
        # What decides which picture the bytes stand for: a new encoder alone makes no file worthless.
        self.model = int(hashlib.sha256(f"{files['decoder.onnx']}{files[FILE]}".encode()).hexdigest()[:4], 16)

    def nearest(self, price: float) -> int:
        """The number of the price that there are tables for, nearest on a logarithmic scale.

        Raises ValueError for a price that is no number above 0.
        """
        if not 0 < price < math.inf:
            raise ValueError(f"price must be above 0, not {price}")
        return int(np.argmin(np.abs(np.log(self.prices) - math.log(price))))

    def encode(self, photograph: Image.Image, price: float = 1.0, mirror: Mirror = "auto") -> bytes:
        """The photograph as a file, at the nearest of `prices`. Raises ValueError as `nearest` does."""
        number = self.nearest(price)
        image = flatten(photograph)
        mirrored = self.runtime.reconstruct(image).mirrored if mirror == "auto" else mirror
        x, frame = to_array(image)
        return self.encode_seen(turn_around(x) if mirrored else x, frame, number, mirrored=mirrored)

    def encode_seen(self, x: Array, frame: Frame, number: int, *, mirrored: bool) -> bytes:
        """The file at the price of that number. x: (3, S, S) as the model sees it, in a mirror if `mirrored`."""
        code = quantise(self.runtime, self.tables[number], x[None], self.prices[number])
        return self.pack(code[0], number, frame, mirrored=mirrored)

    def pack(self, code: Integers, number: int, frame: Frame, *, mirrored: bool) -> bytes:
        """The file of a code, (L,) whole numbers, at the price of that number."""
        left, top, right, bottom = frame
        header = Header(self.model, number, right - left, bottom - top, mirrored)
        return container.pack(header, self.tables[number].write(code))

    def decode(self, data: bytes) -> Car:
        """What the file holds. Raises CodingError, with what is wrong, for bytes that are no car of this model."""
        header, payload = container.unpack(data)
        if header.model != self.model:
            raise CodingError(f"the file was made by another model ({header.model:04x}, and this is {self.model:04x})")
        if header.price >= len(self.tables):
            raise CodingError("the file is damaged: this model knows no such price")
        tables = self.tables[header.price]
        code = tables.dequantised(tables.read(payload))
        return Car(code, self.prices[header.price], header.width, header.height, header.mirrored)

    def draw(self, car: Car, depth: int | None = None) -> Image.Image:
        """The picture, at most 128 pixels a side."""
        y = self.runtime.decode(car.code[None], depth, car.price)[0]
        return to_image(turn_around(y) if car.mirrored else y, car.frame)


def quantise(runtime: Runtime, tables: Tables, x: Array, price: float) -> Integers:
    """(N, 3, S, S) pictures → (N, L) whole numbers: each level's posterior is read given the rounded ones above."""
    levels: list[Integers] = []

    def choose(level: int, mean: Array, logvar: Array) -> Array:
        levels.append(round_level(tables, level, levels, mean, logvar))
        values: Array = levels[-1].reshape(mean.shape).astype(np.float32) * tables.steps[level]
        return values

    runtime.descend(runtime.features(x, price), choose)
    return np.concatenate([level.reshape(len(x), -1) for level in levels], 1)


@functools.cache
def load() -> Coder:
    """The served model's coder, read once. Raises ModelError."""
    return Coder(load_runtime())


def save_tables(path: Path, prices: tuple[float, ...], tables: list[Tables]) -> None:
    """All prices in one file; the thresholds are common to them."""
    arrays: dict[str, Any] = {
        "prices": np.array(prices),
        "thresholds": tables[0].thresholds,
        "steps": np.stack([one.steps for one in tables]),
        "frequencies": np.stack([one.frequencies for one in tables]),
    }
    for number in range(len(tables[0].weights)):
        arrays[f"weights{number}"] = np.stack([one.weights[number] for one in tables])
    np.savez_compressed(path, **arrays)


def load_tables(path: Path, grids: tuple[Grid, ...]) -> tuple[tuple[float, ...], tuple[Tables, ...]]:
    """The prices, and the tables of each. Raises ModelError."""
    contexts = tuple(Context(grids[:number], grid) for number, grid in enumerate(grids))
    try:
        with np.load(path) as stored:
            prices = tuple(stored["prices"].tolist())
            weights = [stored[f"weights{number}"] for number in range(len(grids))]
            steps, frequencies, thresholds = stored["steps"], stored["frequencies"], stored["thresholds"]
    except FileNotFoundError as error:
        raise ModelError(f"{path} is missing: restore it, or make it with python -m ml.export") from error
    return prices, tuple(
        Tables(contexts, steps[price], tuple(level[price] for level in weights), thresholds, frequencies[price])
        for price in range(len(prices))
    )
