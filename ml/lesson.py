"""python -m ml.lesson [CHECKPOINT…] --data DIR --sheets DIR --figures FILE: pictures and figures of prices for /how/.

Without a checkpoint, the served model at each of PRICES; else checkpoints, each trained at one price, its --beta.
ROWS names the pictures of a price: reconstructed cars, codes between the first and the last of them, and samples from
the prior. Each row is a sheet, with the pictures of each price side by side, by increasing price; the figures are JSON.
The cars are dreams, so that the sheets may be published.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

import numpy as np

from ml import checkpoint, data, measuring
from ml.checkpoint import TorchCodec
from ml.config import ConfigError
from ml.measuring import Codec
from ml.serving.runtime import ModelError, Runtime, load
from ml.serving.transforms import Array, to_image

CARS = 5
ROWS = ("copies", "between", "samples")
PRICES = (0.1, 1.0, 10.0, 30.0, 100.0, 400.0)
QUALITY = 80


@dataclasses.dataclass(frozen=True)
class Model:
    """A model at one price of the code."""

    codec: Codec
    price: float
    epochs: int

    def rows(self, cars: Array) -> tuple[Array, ...]:
        """The pictures of each of ROWS, (CARS, 3, S, S) as `cars`."""
        mean, _ = self.codec.encode(cars, self.price)
        t = np.linspace(0, 1, len(cars), dtype=np.float32)[:, None]
        noise = np.random.default_rng(0).standard_normal(mean.shape, dtype=np.float32)
        return tuple(
            self.codec.decode(z, None, self.price) for z in (mean, mean[:1] + t * (mean[-1:] - mean[:1]), noise)
        )

    def figures(self, pictures: data.Pictures) -> dict[str, float]:
        """Price, epochs of training, and bytes and PSNR at full depth, over held-out pictures."""
        measured = measuring.measure(self.codec, pictures.floats().numpy(), self.price, [len(self.codec.level_sizes)])
        rate, psnr, _ = measured.mean((0, 1)).tolist()
        return {"beta": self.price, "epochs": self.epochs, "bytes": round(rate, 1), "psnr_db": round(psnr, 2)}


def models(checkpoints: list[Path], served: Runtime) -> list[Model]:
    """The models to show, by increasing price. Raises ConfigError where a file is not a checkpoint."""
    if not checkpoints:
        return [Model(served, price, served.info["training"]["epochs"]) for price in PRICES]
    states = [checkpoint.load(path) for path in checkpoints]
    trained = [Model(TorchCodec(state), state["train_config"].beta, state["epoch"]) for state in states]
    return sorted(trained, key=lambda model: model.price)


def save(pictures: Array, path: Path) -> None:
    """The pictures, (N, 3, S, S), side by side as one WebP file."""
    sheet = np.concatenate(list(pictures), axis=2)
    _, height, width = sheet.shape
    to_image(sheet, (0, 0, width, height)).save(path, quality=QUALITY, method=6)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.lesson", description=__doc__)
    parser.add_argument(
        "checkpoints", type=Path, nargs="*", help="checkpoint.pt of ml.train; without any, the served model"
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of photographs that were not trained on")
    parser.add_argument("--sheets", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--figures", type=Path, required=True, help="file for price, epochs, bytes and PSNR of each")
    options = parser.parse_args(arguments)
    try:
        runtime = load()
        shown = models(options.checkpoints, runtime)
        pictures = data.load(options.data)
    except (ConfigError, data.DataError, ModelError) as error:
        sys.exit(f"ml.lesson: {error}")
    cars = runtime.decode(runtime.dream(range(CARS)))
    options.sheets.mkdir(parents=True, exist_ok=True)
    for name, row in zip(ROWS, zip(*(model.rows(cars) for model in shown), strict=True), strict=True):
        save(np.concatenate(row), options.sheets / f"{name}.webp")
    save(cars, options.sheets / "cars.webp")
    lesson = [model.figures(pictures) for model in shown]
    options.figures.parent.mkdir(parents=True, exist_ok=True)
    options.figures.write_text(json.dumps(lesson, indent=1) + "\n")


if __name__ == "__main__":
    main()
