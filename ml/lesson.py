"""python -m ml.lesson --data DIR --sheets DIR --figures FILE: the served model at each of PRICES, for /how/.

ROWS names the pictures of a price: reconstructed cars, codes between the first and the last of them, samples from the
prior, and what their first level alone decodes to. Each row is a sheet, with the pictures of each price side by side,
by increasing price; the figures are JSON. The cars are dreams, so that the sheets may be published.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from ml import data, measuring
from ml.serving.runtime import ModelError, Runtime, load
from ml.serving.transforms import Array, to_image

CARS = 5
ROWS = ("copies", "between", "samples", "first")
PRICES = (0.1, 1.0, 10.0, 30.0, 100.0, 400.0)
QUALITY = 80


def rows(runtime: Runtime, price: float, cars: Array) -> tuple[Array, ...]:
    """The pictures of each of ROWS, (CARS, 3, S, S) as `cars`."""
    mean, _ = runtime.encode(cars, price)
    t = np.linspace(0, 1, len(cars), dtype=np.float32)[:, None]
    draws = np.random.default_rng(0).standard_normal(mean.shape, dtype=np.float32)
    return (
        runtime.decode(mean, None, price),
        runtime.decode(mean[:1] + t * (mean[-1:] - mean[:1]), None, price),
        runtime.decode(draws, None, price),
        runtime.decode(draws, 1, price),
    )


def figures(runtime: Runtime, price: float, x: Array) -> dict[str, float]:
    """Price, epochs of training, and bytes and PSNR at full depth, over held-out pictures."""
    rate, psnr, _ = measuring.measure(runtime, x, price, [runtime.depths]).mean((0, 1)).tolist()
    epochs = runtime.info["training"]["epochs"]
    return {"beta": price, "epochs": epochs, "bytes": round(rate, 1), "psnr_db": round(psnr, 2)}


def save(pictures: Array, path: Path) -> None:
    """The pictures, (N, 3, S, S), side by side as one WebP file."""
    sheet = np.concatenate(list(pictures), axis=2)
    _, height, width = sheet.shape
    to_image(sheet, (0, 0, width, height)).save(path, quality=QUALITY, method=6)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.lesson", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of photographs that were not trained on")
    parser.add_argument("--sheets", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--figures", type=Path, required=True, help="file for price, epochs, bytes and PSNR of each")
    options = parser.parse_args(arguments)
    try:
        runtime = load()
        x = data.load(options.data).floats().numpy()
    except (data.DataError, ModelError) as error:
        sys.exit(f"ml.lesson: {error}")
    cars = runtime.decode(runtime.dream(range(CARS)))
    options.sheets.mkdir(parents=True, exist_ok=True)
    for name, row in zip(ROWS, zip(*(rows(runtime, price, cars) for price in PRICES), strict=True), strict=True):
        save(np.concatenate(row), options.sheets / f"{name}.webp")
    save(cars, options.sheets / "cars.webp")
    lesson = [figures(runtime, price, x) for price in PRICES]
    options.figures.parent.mkdir(parents=True, exist_ok=True)
    options.figures.write_text(json.dumps(lesson, indent=1) + "\n")


if __name__ == "__main__":
    main()
