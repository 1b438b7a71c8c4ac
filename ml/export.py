"""python -m ml.export --checkpoint FILE --out DIR: a checkpoint → ONNX, model.json, examples."""

from __future__ import annotations

import argparse
import csv
import dataclasses
import hashlib
import itertools
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ml import checkpoint, data, examples, fit_coding, graphs, measuring, steerability
from ml.augment import augment, repaint
from ml.checkpoint import TorchCodec
from ml.config import ConfigError, TrainConfig
from ml.graphs import ExportError
from ml.losses import CalibratedVariance
from ml.serving import density, manifest, typicality
from ml.serving.coding import coder
from ml.serving.metrics import psnr_db
from ml.serving.runtime import Runtime
from ml.serving.transforms import Array

TOLERANCE = 1e-3  # the largest difference between torch and onnxruntime, anywhere in a picture or a code
HALF_LOSS_DB = 0.05  # what storing the weights in half precision may cost
EXAMPLES = 192
VERIFIED_PICTURES = 64
VERIFIED_PRICES = (0.1, 1.0, 20.0, 400.0)
CURVE = {"epoch": "epoch", "loss": "loss", "psnr_db": "val_psnr_db_at_price_1"}  # of log.csv, by names in model.json
CURVE_POINTS = 125


def export(
    state: dict[str, Any], training: data.Pictures, validation: data.Pictures, out: Path, log: Path | None = None
) -> dict[str, Any]:
    """Writes model.json and the files that it names to `out`. Returns what model.json says.

    `log`: the log.csv of the run, whose course model.json then tells.
    Raises ExportError, with `out` untouched, when onnxruntime does not give what torch gives.
    """
    codec = TorchCodec(state)
    x = validation.floats().numpy()
    half = _halve(codec, x[:VERIFIED_PICTURES])
    with tempfile.TemporaryDirectory(prefix="ml-export-") as temporary:
        folder = Path(temporary)
        graphs.write(codec.vae, folder, half=half)
        np.savez(folder / "examples.npz", codes=examples.between(codec, training, EXAMPLES))
        cars = density.fit(measuring.means(codec, _with_changed(training, repaint)), codec.level_sizes)
        cars.save(folder / "density.npz")
        steering = steerability.fit(codec, _changed(training, augment), steerability.grids(codec.vae.config))
        steering.save(folder / "directions.npz")
        info = _describe(state, codec, training, validation, folder)
        info["training"]["curve"] = curve(log, state["epoch"]) if log and log.exists() else []
        info["precision"] = "float16" if half else "float32"
        info["directions"] = [dataclasses.asdict(direction) for direction in steering.directions]
        both = (_statistics(codec, cars, y, info["variance"][-1]) for y in (_with_changed(training, augment), x))
        info["typicality"] = typicality.fit(*both).to_json()
        (folder / manifest.MANIFEST).write_text(json.dumps(info, indent=1) + "\n")
        verify(codec, Runtime(folder), x[:VERIFIED_PICTURES])
        add_coder(folder, training.floats().numpy())
        out.mkdir(parents=True, exist_ok=True)
        for file in sorted(folder.iterdir()):
            shutil.copy(file, out / file.name)
        return manifest.read(out)


def add_coder(folder: Path, x: Array) -> None:
    """Fits the coder of the model in `folder` on pictures, (N, 3, S, S), and notes its file in model.json."""
    runtime = Runtime(folder)
    lowest, highest = runtime.prices
    prices = tuple(price for price in fit_coding.PRICES if lowest <= price <= highest) or (lowest,)
    coder.save_tables(folder / coder.FILE, prices, fit_coding.fit(runtime, x, prices))
    info = dict(runtime.info)
    info["files"] = dict(sorted({**info["files"], coder.FILE: manifest.sha256(folder / coder.FILE)}.items()))
    info["version"] = version(info["files"])
    (folder / manifest.MANIFEST).write_text(json.dumps(info, indent=1) + "\n")


def version(files: dict[str, str]) -> str:
    """The name of a model, from the hashes of its files."""
    return hashlib.sha256("".join(files.values()).encode()).hexdigest()[:12]


def verify(reference: measuring.Codec, candidate: measuring.Codec, x: Array) -> float:
    """The largest difference between two codecs' codes of x, and their pictures at every depth, over VERIFIED_PRICES.

    Raises ExportError when it is above TOLERANCE.
    """
    differences = []
    for price in VERIFIED_PRICES:
        (mean, logvar), candidates = reference.encode(x, price), candidate.encode(x, price)
        differences += [np.abs(mean - candidates[0]).max(), np.abs(logvar - candidates[1]).max()]
        for depth in range(1, len(reference.level_sizes) + 1):
            pictures = (codec.decode(mean, depth, price) for codec in (reference, candidate))
            differences.append(np.abs(np.subtract(*pictures)).max())
    worst = float(max(differences))
    if not worst <= TOLERANCE:
        raise ExportError(f"torch and onnxruntime differ by {worst:.2g}, more than {TOLERANCE}: not exported")
    return worst


def _halve(codec: TorchCodec, x: Array) -> bool:
    """Rounds the weights to half precision where that costs next to nothing. Returns whether it did."""
    exact = {name: value.clone() for name, value in codec.vae.state_dict().items()}
    before = _mean_psnr_db(codec, x)
    codec.vae.load_state_dict({name: value.half().float() for name, value in exact.items()})
    if before - _mean_psnr_db(codec, x) <= HALF_LOSS_DB:
        return True
    codec.vae.load_state_dict(exact)
    return False


def _mean_psnr_db(codec: TorchCodec, x: Array) -> float:
    return float(
        np.mean([psnr_db(y, original) for y, original in zip(codec.decode(codec.encode(x)[0]), x, strict=True)])
    )


def _describe(
    state: dict[str, Any], codec: TorchCodec, training: data.Pictures, validation: data.Pictures, folder: Path
) -> dict[str, Any]:
    """What model.json says: hashes, recipe, data, and the evaluation on held-out pictures."""
    files = {path.name: manifest.sha256(path) for path in sorted(folder.iterdir())}
    calibrated = CalibratedVariance(codec.vae.config.depths, state["train_config"].variance_floor)
    calibrated.load_state_dict(state["variance"])
    variance = calibrated.value.tolist()
    return {
        "version": version(files),
        "files": files,
        "level_sizes": list(codec.level_sizes),
        "prices": state["train_config"].prices,
        "parameters": sum(parameter.numel() for parameter in codec.vae.parameters()),
        "model": codec.vae.config.to_json(),
        "training": {
            "recipe": state["train_config"].to_json(),
            "history": changes(json.loads(state["history"])),
            "epochs": state["epoch"],
            "epochs_of_the_full_recipe": TrainConfig().epochs,
            "steps": state["step"],
            "skipped_steps": state["skipped"],
            "hours": round(state["seconds"] / 3600, 2),
            "pictures": len(training),
            "sha256": training.sha256,
        },
        "evaluation": {"pictures": len(validation), "sha256": validation.sha256, **_evaluation(codec, validation)},
        "variance": variance,
    }


def _evaluation(codec: TorchCodec, validation: data.Pictures) -> dict[str, dict[str, list[dict[str, float]]]]:
    """By kind of picture: `tables`, a row a depth at a price of 1, and `prices`, a row a price at full depth."""
    measured = measuring.tables(codec, validation)
    return {
        "tables": {kind: [p.to_json() for p in points if p.price == 1] for kind, points in measured.items()},
        "prices": {kind: [p.to_json() for p in measuring.by_price(points)] for kind, points in measured.items()},
    }


def changes(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """From which epoch on the run went on with another setting: only what changed, so nothing where nothing did."""
    entries = []
    for before, after in itertools.pairwise(history):
        known = TrainConfig().to_json() | before["recipe"]  # one without a newer field had its default
        changed = {name: value for name, value in after["recipe"].items() if known.get(name) != value}
        entries.append({"from_epoch": after["from_epoch"], **changed})
    return entries


def curve(log: Path, epochs: int) -> list[dict[str, float]]:
    """About CURVE_POINTS rows of log.csv up to this epoch: loss, and PSNR of held-out pictures at a price of 1."""
    with log.open(newline="") as lines:
        rows = [{name: float(row[column]) for name, column in CURVE.items()} for row in csv.DictReader(lines)]
    rows = [row for row in rows if row["epoch"] <= epochs]
    return rows[:: -(-len(rows) // CURVE_POINTS) or 1]


def _changed(training: data.Pictures, change: Callable[[Tensor], Tensor]) -> Tensor:
    """Every training picture after a random change, the same at every call."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return change(training.floats())


def _with_changed(training: data.Pictures, change: Callable[[Tensor], Tensor]) -> Array:
    """Every training picture as it is, and every one after a random change."""
    return torch.cat([training.floats(), _changed(training, change)]).numpy()


def _statistics(codec: TorchCodec, cars: density.Density, x: Array, variance: float) -> Array:
    """(N, 4): what the typicality of pictures is judged by."""
    rows = []
    for chunk in measuring.chunks(x):
        mean, logvar = codec.encode(chunk)
        rows.append(typicality.statistics_of(chunk, codec.decode(mean), mean, logvar, cars, variance))
    return np.concatenate(rows)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.export", description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="checkpoint.pt of ml.train")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights; the site reads ml/weights")
    parser.add_argument("--data", type=Path, help="where the training pictures are now, if they have moved")
    parser.add_argument("--val", type=Path, help="where the validation pictures are now, if they have moved")
    options = parser.parse_args(arguments)
    try:
        state = checkpoint.load(options.checkpoint)
        size = state["model_config"].image_size
        training = data.recall(state["training"], options.data, size)
        validation = data.recall(state["validation"], options.val, size)
        info = export(state, training, validation, options.out, options.checkpoint.with_name("log.csv"))
    except (ConfigError, data.DataError, ExportError) as error:
        sys.exit(f"ml.export: {error}")
    tables = {kind: [measuring.Point(**row) for row in rows] for kind, rows in info["evaluation"]["tables"].items()}
    print(measuring.markdown(tables, validation))
    print(f"{info['precision']} weights, version {info['version']}, written to {options.out}")


if __name__ == "__main__":
    main()
