"""python -m ml.decompress IN OUT: a file of ml.compress → its picture; or a folder of them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from ml.compress import SUFFIX, pairs
from ml.serving import coding
from ml.serving.coding import CodingError
from ml.serving.manifest import ModelError


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.decompress", description=__doc__)
    parser.add_argument("source", type=Path, metavar="IN", help=f"a file of ml.compress, or a folder of *{SUFFIX}")
    parser.add_argument(
        "out", type=Path, metavar="OUT", help="the picture to write, its suffix chooses the format; or a folder"
    )
    parser.add_argument("--depth", type=int, help="how many levels of the code to use; without it, all")
    options = parser.parse_args(arguments)
    failed = 0
    try:
        coder = coding.load()
        files = pairs(options.source, options.out, {SUFFIX}, ".png")
    except (ModelError, ValueError) as error:
        sys.exit(f"ml.decompress: {error}")
    for source, target in tqdm(files, unit="car", disable=len(files) == 1):
        try:
            with source.open("rb") as file:
                data = file.read(coding.MAX_BYTES + 1)
            car = coder.decode(data)
            picture = coder.draw(car, options.depth)
            target.parent.mkdir(parents=True, exist_ok=True)
            picture.save(target)
        except (CodingError, OSError, ValueError) as error:
            failed += 1
            tqdm.write(f"ml.decompress: {source}: {error}", file=sys.stderr)
            continue
        mirrored = ", coded in a mirror" if car.mirrored else ""
        tqdm.write(
            f"{target}: {car.width} × {car.height} pixels of {len(data)} bytes, at a price of {car.price:g}{mirrored}"
        )
    if failed:
        sys.exit(f"ml.decompress: {failed} of {len(files)} could not be decompressed")


if __name__ == "__main__":
    main()
