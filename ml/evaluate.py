"""python -m ml.evaluate --data DIR: bytes and closeness at every depth and price, on pictures never trained on."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ml import checkpoint as checkpoints
from ml import codecs, data, files, plots
from ml.config import ConfigError
from ml.measuring import Codec, Point, markdown, rival_curves, tables, with_rivals
from ml.serving import coding
from ml.serving.rates import rate_bytes
from ml.serving.runtime import ModelError, load
from ml.sheets import save_sheet

SHEET_PICTURES = 10


def sheet_rows(codec: Codec, pictures: data.Pictures) -> list[Tensor]:
    """Ten pictures as they are, at every depth, and as WebP of as many bytes as the whole code takes."""
    chosen = np.linspace(0, len(pictures) - 1, min(SHEET_PICTURES, len(pictures))).astype(int)
    x = pictures.subset(chosen.tolist()).floats().numpy()
    mean, logvar = codec.encode(x)
    sizes = rate_bytes(mean, logvar, codec.level_sizes)[:, -1].tolist()
    webp = np.stack([codecs.at_most("WEBP", picture, size) for picture, size in zip(x, sizes, strict=True)])
    depths = [codec.decode(mean, depth) for depth in range(1, len(codec.level_sizes) + 1)]
    return [torch.from_numpy(row) for row in (x, *depths, webp)]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of photographs that were not trained on")
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint of ml.train; without it, the served weights")
    parser.add_argument("--codecs", action="store_true", help="add files, and WebP, AVIF and JPEG XL at as many bytes")
    parser.add_argument("--plot", type=Path, help="draw PSNR against bytes, the other codecs' as well, to this file")
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
    measured = tables(codec, pictures)
    in_files: dict[str, list[files.FilePoint]] = {}
    if options.codecs or options.plot:
        curves = rival_curves(pictures)
        measured = with_rivals(measured, curves)
        if options.checkpoint is None:  # a checkpoint has no tables to make files with: ml.export fits them
            in_files = files.tables(coding.load(), pictures, curves)
    if options.plot:
        plots.rate_distortion(measured, in_files, curves, options.plot)
    if options.sheet:
        save_sheet(sheet_rows(codec, pictures), options.sheet)
    if options.json:
        rows: dict[str, object] = {**_rows(measured), "files": _rows(in_files)}
        print(json.dumps(rows, indent=1))
    else:
        print(markdown(measured, pictures))
        if options.codecs and in_files:
            print(f"\n{files.markdown(in_files, pictures)}")


def _rows(measured: Mapping[str, Sequence[Point | files.FilePoint]]) -> dict[str, list[dict[str, Any]]]:
    return {kind: [dataclasses.asdict(point) for point in points] for kind, points in measured.items()}


def _codec(checkpoint: Path | None) -> Codec:
    if checkpoint is None:
        return load()
    return checkpoints.TorchCodec(checkpoints.load(checkpoint))


if __name__ == "__main__":
    main()
