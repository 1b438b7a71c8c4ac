"""python -m ml.lesson CHECKPOINT… --data DIR --sheets DIR --figures FILE: what the price of the code does to pictures.

Each checkpoint was trained with another --beta. ROWS names what is drawn of each: cars rebuilt, the way from the first
of them to the last, and cars drawn from the prior. A row is a sheet, with the checkpoints' pictures side by side by
rising beta; the figures are JSON. The cars are dreamt ones, so that the sheets may be shown.
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import repeat
from pathlib import Path

import numpy as np

from ml import checkpoint, data, measuring
from ml.checkpoint import TorchCodec
from ml.config import ConfigError
from ml.serving.runtime import ModelError, load
from ml.serving.transforms import Array, to_image

CARS = 5
ROWS = ("copies", "between", "draws")
QUALITY = 80


def drawn(codec: TorchCodec, cars: Array, price: float) -> tuple[Array, ...]:
    """The ROWS of one checkpoint at its price, each as `cars` is: (CARS, 3, S, S)."""
    mean, _ = codec.encode(cars, price)
    t = np.linspace(0, 1, len(cars), dtype=np.float32)[:, None]
    noise = np.random.default_rng(0).standard_normal(mean.shape, dtype=np.float32)
    return tuple(codec.decode(z, None, price) for z in (mean, mean[:1] + t * (mean[-1:] - mean[:1]), noise))


def figures(codec: TorchCodec, pictures: data.Pictures, price: float) -> dict[str, float]:
    """Bytes and PSNR at full depth and this price, over held-out pictures."""
    point = measuring.points(measuring.measure(codec, pictures.floats().numpy(), price))[-1]
    return {"bytes": round(point.bytes, 1), "psnr_db": round(point.psnr_db, 2)}


def save(pictures: Array, path: Path) -> None:
    """The pictures, (N, 3, S, S), side by side as one WebP file."""
    sheet = np.concatenate(list(pictures), axis=2)
    _, height, width = sheet.shape
    to_image(sheet, (0, 0, width, height)).save(path, quality=QUALITY, method=6)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.lesson", description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+", help="checkpoint.pt of ml.train, each with another --beta")
    parser.add_argument("--data", type=Path, required=True, help="folder of photographs that were not trained on")
    parser.add_argument("--sheets", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--figures", type=Path, required=True, help="file for beta, epochs, bytes and PSNR of each")
    options = parser.parse_args(arguments)
    try:
        states = [checkpoint.load(path) for path in options.checkpoints]
        pictures = data.load(options.data)
        runtime = load()
    except (ConfigError, data.DataError, ModelError) as error:
        sys.exit(f"ml.lesson: {error}")
    cars = runtime.decode(runtime.dream(range(CARS)))
    states.sort(key=lambda state: state["train_config"].beta)
    prices = [state["train_config"].beta for state in states]
    codecs = [TorchCodec(state) for state in states]
    options.sheets.mkdir(parents=True, exist_ok=True)
    for name, row in zip(ROWS, zip(*map(drawn, codecs, repeat(cars), prices), strict=True), strict=True):
        save(np.concatenate(row), options.sheets / f"{name}.webp")
    save(cars, options.sheets / "cars.webp")
    lesson = [
        {"beta": price, "epochs": state["epoch"], **figures(codec, pictures, price)}
        for state, codec, price in zip(states, codecs, prices, strict=True)
    ]
    options.figures.parent.mkdir(parents=True, exist_ok=True)
    options.figures.write_text(json.dumps(lesson, indent=1) + "\n")


if __name__ == "__main__":
    main()
