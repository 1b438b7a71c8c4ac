"""python -m ml.lesson --data DIR --out DIR CHECKPOINT…: what the balance of the loss does, as pictures.

One sheet for each checkpoint, trained with another --beta: cars rebuilt, on the way between two of them, and drawn from
the prior. The cars are dreamt ones, so that the sheets may be shown. `lesson.json` beside them has the figures.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from ml import checkpoint, data, evaluate
from ml.checkpoint import TorchCodec
from ml.config import ConfigError
from ml.runtime import ModelError, load
from ml.transforms import Array, to_image

COLUMNS = 5
QUALITY = 80


def sheet(codec: TorchCodec, cars: Array) -> Array:
    """(3, COLUMNS, 3, S, S): the cars rebuilt, the way from the first to the last, and as many draws from the prior."""
    mean, _ = codec.encode(cars)
    t = np.linspace(0, 1, COLUMNS, dtype=np.float32)[:, None]
    drawn = np.random.default_rng(0).standard_normal(mean.shape, dtype=np.float32)
    return np.stack([codec.decode(z) for z in (mean, mean[:1] + t * (mean[-1:] - mean[:1]), drawn)])


def figures(codec: TorchCodec, pictures: data.Pictures) -> dict[str, float]:
    """Bytes and PSNR at full depth, over held-out pictures."""
    point = evaluate.tables(codec, pictures)["all"][-1]
    return {"bytes": round(point.bytes, 1), "psnr_db": round(point.psnr_db, 2)}


def save(rows: Array, path: Path) -> None:
    """The rows, (R, C, 3, S, S), as one WebP file."""
    across = rows.transpose(2, 0, 3, 1, 4).reshape(3, rows.shape[0] * rows.shape[3], -1)
    height, width = across.shape[1:]
    to_image(across, (0, 0, width, height)).save(path, quality=QUALITY, method=6)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.lesson", description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+", help="checkpoint.pt of ml.train, each with another --beta")
    parser.add_argument("--data", type=Path, required=True, help="folder of photographs that were not trained on")
    parser.add_argument("--out", type=Path, required=True, help="folder for the sheets and lesson.json")
    options = parser.parse_args(arguments)
    try:
        states = [checkpoint.load(path) for path in options.checkpoints]
        pictures = data.load(options.data)
        runtime = load()
    except (ConfigError, data.DataError, ModelError) as error:
        sys.exit(f"ml.lesson: {error}")
    cars = runtime.decode(runtime.dream(range(COLUMNS)))
    options.out.mkdir(parents=True, exist_ok=True)
    lesson: list[dict[str, Any]] = []
    for state in sorted(states, key=lambda state: state["train_config"].beta):
        codec, beta = TorchCodec(state), state["train_config"].beta
        name = f"beta-{beta:g}.webp"
        save(sheet(codec, cars), options.out / name)
        lesson.append({"beta": beta, "sheet": name, "epochs": state["epoch"], **figures(codec, pictures)})
    (options.out / "lesson.json").write_text(json.dumps(lesson, indent=1) + "\n")


if __name__ == "__main__":
    main()
