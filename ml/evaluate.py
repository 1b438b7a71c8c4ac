"""python -m ml.evaluate --data DIR: how many bytes, how close, at every depth, on pictures never trained on."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ml import data
from ml.config import ConfigError
from ml.metrics import psnr_db, ssim
from ml.runtime import ModelError, load, rate_bytes
from ml.transforms import Array

CHUNK = 32


class Codec(Protocol):
    """What is evaluated: the served runtime, or a checkpoint."""

    @property
    def level_sizes(self) -> tuple[int, ...]: ...
    def encode(self, x: Array, /) -> tuple[Array, Array]: ...
    def decode(self, z: Array, /, depth: int | None = None) -> Array: ...


@dataclasses.dataclass(frozen=True)
class Point:
    """Means over a set of pictures at one depth."""

    depth: int
    bytes: float
    psnr_db: float
    ssim: float


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


def points(measured: NDArray[np.float64]) -> list[Point]:
    """The mean over pictures of what `measure` found, one point for each depth, top first."""
    return [Point(depth, *row.tolist()) for depth, row in enumerate(measured.mean(0), 1)]


def tables(codec: Codec, pictures: data.Pictures) -> dict[str, list[Point]]:
    """The points of every kind of picture that the folder's manifest names, and of all of them."""
    measured, kinds = measure(codec, pictures.floats().numpy()), np.array(pictures.kinds)
    found = {kind: points(measured[kinds == kind]) for kind in sorted(set(pictures.kinds) - {""})}
    return found | {"all": points(measured)}


def markdown(found: dict[str, list[Point]], pictures: data.Pictures) -> str:
    """The points as a Markdown table, a row a depth."""
    counts = {kind: pictures.kinds.count(kind) for kind in found} | {"all": len(pictures)}
    lines = ["| pictures | depth | bytes | PSNR dB | SSIM |", "| --- | ---: | ---: | ---: | ---: |"]
    for kind, row in ((kind, row) for kind, rows in found.items() for row in rows):
        lines.append(
            f"| {kind} ({counts[kind]}) | {row.depth} | {row.bytes:.0f} | {row.psnr_db:.2f} | {row.ssim:.3f} |"
        )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of photographs that were not trained on")
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint of ml.train; without it, the served weights")
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
    if options.json:
        print(json.dumps({kind: [dataclasses.asdict(row) for row in rows] for kind, rows in found.items()}, indent=1))
    else:
        print(markdown(found, pictures))


def _codec(checkpoint: Path | None) -> Codec:
    if checkpoint is None:
        return load()
    from ml import checkpoint as checkpoints  # noqa: PLC0415 - only this needs torch to build a network

    return checkpoints.TorchCodec(checkpoints.load(checkpoint))


if __name__ == "__main__":
    main()
