"""python -m ml.evaluate --data DIR: how many bytes, how close, at every depth, on pictures never trained on."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ml import checkpoint as checkpoints
from ml import codecs, data, plots
from ml.config import ConfigError
from ml.serving.metrics import psnr_db, ssim
from ml.serving.runtime import ModelError, load, rate_bytes
from ml.serving.transforms import Array
from ml.sheets import save_sheet

CHUNK = 32
SHEET_PICTURES = 10


Curves: TypeAlias = dict[str, dict[str, NDArray[np.float64]]]


class Codec(Protocol):
    """What is evaluated: the served runtime, or a checkpoint."""

    @property
    def level_sizes(self) -> tuple[int, ...]: ...
    def encode(self, x: Array, /) -> tuple[Array, Array]: ...
    def decode(self, z: Array, /, depth: int | None = None) -> Array: ...


@dataclasses.dataclass(frozen=True)
class Point:
    """Means over a set of pictures at one depth; `rivals` is the PSNR of other codecs at as many bytes."""

    depth: int
    bytes: float
    psnr_db: float
    ssim: float
    rivals: dict[str, float | None] = dataclasses.field(default_factory=dict)


def measure(codec: Codec, x: Array) -> NDArray[np.float64]:
    """(N, depths, 3): bytes, PSNR in dB and SSIM of each picture at each depth, decoded from the posterior's mean.

    x: (N, 3, S, S) float32 in [0, 1].
    """
    measured = np.empty((len(x), len(codec.level_sizes), 3))
    for start in range(0, len(x), CHUNK):
        chunk = slice(start, start + CHUNK)
        mean, logvar = codec.encode(x[chunk])
        measured[chunk, :, 0] = rate_bytes(mean, logvar, codec.level_sizes)
        for depth in range(1, len(codec.level_sizes) + 1):
            pairs = list(zip(codec.decode(mean, depth), x[chunk], strict=True))
            measured[chunk, depth - 1, 1:] = [(psnr_db(y, original), ssim(y, original)) for y, original in pairs]
    return measured


def chunks(x: Array) -> list[Array]:
    """x in batches that fit in memory at every width of the network."""
    return np.array_split(x, max(1, -(-len(x) // CHUNK)))


def means(codec: Codec, x: Array) -> Array:
    """(N, L): the mean of each picture's code."""
    return np.concatenate([codec.encode(chunk)[0] for chunk in chunks(x)])


def points(measured: NDArray[np.float64]) -> list[Point]:
    """The mean over pictures of what `measure` found, one point for each depth, top first."""
    return [Point(depth, *row.tolist()) for depth, row in enumerate(measured.mean(0), 1)]


def tables(codec: Codec, pictures: data.Pictures) -> dict[str, list[Point]]:
    """The points of every kind of picture that the folder's manifest names, and of all of them."""
    measured = measure(codec, pictures.floats().numpy())
    return {kind: points(measured[chosen]) for kind, chosen in kinds(pictures).items()}


def rival_curves(pictures: data.Pictures) -> Curves:
    """What WebP and AVIF make of each kind of picture: see ml.codecs.curve."""
    x = pictures.floats().numpy()
    return {
        kind: {name: codecs.curve(name, x[chosen]) for name in codecs.QUALITIES}
        for kind, chosen in kinds(pictures).items()
    }


def with_rivals(found: dict[str, list[Point]], curves: Curves) -> dict[str, list[Point]]:
    """The same points, each with the PSNR of the curves at as many bytes."""
    return {
        kind: [
            dataclasses.replace(p, rivals={name: codecs.at_bytes(c, p.bytes) for name, c in curves[kind].items()})
            for p in points
        ]
        for kind, points in found.items()
    }


def markdown(found: dict[str, list[Point]], pictures: data.Pictures) -> str:
    """The points as a Markdown table, a row a depth."""
    rivals = list(found["all"][0].rivals)
    rows = [["pictures", "depth", "bytes", "PSNR dB", "SSIM", *(f"{name} dB" for name in rivals)]]
    rows.append(["---", *["---:"] * (len(rows[0]) - 1)])
    for kind, chosen in kinds(pictures).items():
        for p in found[kind]:
            own = [str(p.depth), f"{p.bytes:.0f}", f"{p.psnr_db:.2f}", f"{p.ssim:.3f}"]
            others = ["–" if p.rivals[name] is None else f"{p.rivals[name]:.2f}" for name in rivals]
            rows.append([f"{kind} ({chosen.sum()})", *own, *others])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def sheet_rows(codec: Codec, pictures: data.Pictures) -> list[Tensor]:
    """Ten pictures as they are, at every depth, and as WebP of as many bytes as the whole code takes."""
    chosen = np.linspace(0, len(pictures) - 1, min(SHEET_PICTURES, len(pictures))).astype(int)
    x = pictures.subset(chosen.tolist()).floats().numpy()
    mean, logvar = codec.encode(x)
    sizes = rate_bytes(mean, logvar, codec.level_sizes)[:, -1].tolist()
    webp = np.stack([codecs.at_most("WEBP", picture, size) for picture, size in zip(x, sizes, strict=True)])
    depths = [codec.decode(mean, depth) for depth in range(1, len(codec.level_sizes) + 1)]
    return [torch.from_numpy(row) for row in (x, *depths, webp)]


def kinds(pictures: data.Pictures) -> dict[str, NDArray[np.bool_]]:
    """Which pictures are of which kind, and all of them."""
    named = np.array(pictures.kinds)
    return {kind: named == kind for kind in sorted(set(pictures.kinds) - {""})} | {"all": np.full(len(named), True)}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of photographs that were not trained on")
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint of ml.train; without it, the served weights")
    parser.add_argument("--codecs", action="store_true", help="add the PSNR of WebP and AVIF at as many bytes")
    parser.add_argument("--plot", type=Path, help="draw PSNR against bytes, WebP's and AVIF's as well, to this file")
    parser.add_argument("--sheet", type=Path, help="write some pictures, at every depth and as WebP, to this PNG file")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args(arguments)
    try:
        codec = _codec(options.checkpoint)
        pictures = data.load(options.data)
    except (ConfigError, data.DataError, ModelError) as error:
        sys.exit(f"ml.evaluate: {error}")
    for name, reason in pictures.skipped.items():
        print(f"skipped {name}: {reason}", file=sys.stderr)
    found = tables(codec, pictures)
    if options.codecs or options.plot:
        curves = rival_curves(pictures)
        found = with_rivals(found, curves)
    if options.plot:
        plots.rate_distortion(found, curves, options.plot)
    if options.sheet:
        save_sheet(sheet_rows(codec, pictures), options.sheet)
    if options.json:
        print(json.dumps({kind: [dataclasses.asdict(row) for row in rows] for kind, rows in found.items()}, indent=1))
    else:
        print(markdown(found, pictures))


def _codec(checkpoint: Path | None) -> Codec:
    if checkpoint is None:
        return load()
    return checkpoints.TorchCodec(checkpoints.load(checkpoint))


if __name__ == "__main__":
    main()
