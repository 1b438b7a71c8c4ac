"""python -m ml.reconstruct IN OUT: reconstructs one photograph with the served model."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from PIL import Image

from ml.serving.runtime import ModelError, load


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.reconstruct", description=__doc__)
    parser.add_argument("photograph", type=Path, metavar="IN", help="any picture that Pillow reads")
    parser.add_argument("out", type=Path, metavar="OUT", help="where to write it; the suffix chooses the format")
    parser.add_argument("--depth", type=int, help="how many levels of the code to use; without it, all")
    options = parser.parse_args(arguments)
    try:
        with Image.open(options.photograph) as image:
            result = load().reconstruct(image, depth=options.depth)
        result.image.save(options.out)
    except (ModelError, OSError, ValueError, Image.DecompressionBombError) as error:
        sys.exit(f"ml.reconstruct: {error}")
    sizes = ", ".join(f"{size:.0f}" for size in result.bytes_by_depth)
    seen = ", seen in a mirror" if result.mirrored else ""
    print(f"{result.psnr_db:.2f} dB, SSIM {result.ssim:.3f}{seen}; bytes up to each depth: {sizes}")


if __name__ == "__main__":
    main()
