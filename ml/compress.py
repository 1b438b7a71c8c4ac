"""python -m ml.compress IN OUT: a photograph → a file of a few hundred bytes; or a folder of them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from ml.serving import coding
from ml.serving.coding import Coder, CodingError
from ml.serving.manifest import ModelError
from ml.serving.metrics import psnr_db
from ml.serving.transforms import SUFFIXES, flatten, to_array

SUFFIX = ".vae"


def pairs(source: Path, out: Path, suffixes: set[str], suffix: str) -> list[tuple[Path, Path]]:
    """Which file to read and which to write: one, or each file of a folder into the same place of another.

    Raises ValueError for a folder without such files, and for two files that would become one.
    """
    if not source.is_dir():
        return [(source, out)]
    files = sorted(path for path in source.rglob("*") if path.suffix.lower() in suffixes and path.is_file())
    if not files:
        raise ValueError(f"{source} holds no file named *{' *'.join(sorted(suffixes))}")
    targets = [(out / file.relative_to(source)).with_suffix(suffix) for file in files]
    for file, target in zip(files, targets, strict=True):
        if targets.count(target) > 1:
            raise ValueError(f"{file} and another file would both become {target}")
    return list(zip(files, targets, strict=True))


def compress(coder: Coder, photograph: Image.Image, price: float, steps: int) -> tuple[bytes, float]:
    """The file, and its picture's PSNR in dB over the photograph's own part of the square."""
    data = coder.encode(photograph, price)
    if steps:
        from ml.search import improve  # noqa: PLC0415 - torch takes seconds to load, and only this needs it

        data = improve(coder, photograph, data, steps)
    x, (left, top, right, bottom) = to_array(flatten(photograph))
    y, _ = to_array(coder.draw(coder.decode(data)))
    return data, psnr_db(y[:, top:bottom, left:right], x[:, top:bottom, left:right])


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.compress", description=__doc__)
    parser.add_argument("source", type=Path, metavar="IN", help="a photograph, or a folder of photographs")
    parser.add_argument("out", type=Path, metavar="OUT", help=f"the file to write, car{SUFFIX} say, or a folder")
    parser.add_argument("--price", type=float, default=1.0, help="the higher, the fewer bytes: 0.1 to 300; 1 by itself")
    parser.add_argument(
        "--search", type=int, nargs="?", const=200, default=0, metavar="STEPS",
        help="improve the code by so many steps along the gradient, 200 by itself: seconds a picture, needs PyTorch",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    failed = 0
    sizes, closeness = [], []
    try:
        coder = coding.load()
        coder.nearest(options.price)
        files = pairs(options.source, options.out, SUFFIXES, SUFFIX)
    except (ModelError, ValueError) as error:
        sys.exit(f"ml.compress: {error}")
    for source, target in tqdm(files, unit="picture", disable=len(files) == 1):
        try:
            with Image.open(source) as photograph:
                data, psnr = compress(coder, photograph, options.price, options.search)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        except (CodingError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            failed += 1
            tqdm.write(f"ml.compress: {source}: {error}", file=sys.stderr)
            continue
        sizes.append(len(data))
        closeness.append(psnr)
        tqdm.write(f"{target}: {len(data)} bytes, {psnr:.2f} dB")
    if len(sizes) > 1:
        print(f"{len(sizes)} pictures: {np.mean(sizes):.0f} bytes, {np.mean(closeness):.2f} dB on average")
    if failed:
        sys.exit(f"ml.compress: {failed} of {len(files)} could not be compressed")


if __name__ == "__main__":
    main()
