"""python -m ml.plane CHECKPOINT… --data DIR --pictures DIR --figures FILE: what /how/ shows of codes of two numbers.

Each checkpoint, trained with --architecture plane at one price, leaves three things, by increasing price: a sheet of
SIDE × SIDE points of the plane, decoded; a drawing of the codes of all training pictures with the standard deviations
of some; and, in the JSON file, its figures, how far the plane reaches, and how many codes lie around each point of
the sheet.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from ml import checkpoint, data, measuring
from ml.checkpoint import TorchCodec
from ml.config import ConfigError
from ml.serving.rates import kl_divergence, rate_bytes
from ml.serving.transforms import Array, to_image

SIDE = 33  # of the sheet, in points
QUALITY = 60
INSIDE = 0.99  # share of the training codes, in either number, that a plane without a prior is drawn for
MARGIN = 1.1  # times as far as these
PRIOR_REACH = 3.0  # standard deviations of the prior, for a plane with one
WITH_CIRCLE = 10  # every which code is drawn with its standard deviation
MOST = 9  # codes around a point; more are not counted
DRAWN = 300  # width and height of the drawing


@dataclasses.dataclass(frozen=True)
class Plane:
    """One model, with the posteriors of the training pictures: mean and deviation, each (N, 2)."""

    codec: TorchCodec
    price: float
    epochs: int
    x: Array
    mean: Array
    logvar: Array

    @property
    def reach(self) -> float:
        """How far the plane goes, to all four sides."""
        return PRIOR_REACH if self.price else float(f"{MARGIN * np.quantile(np.abs(self.mean), INSIDE):.3g}")

    def sheet(self) -> Array:
        """(3, H, W): the plane decoded; up is more."""
        steps = np.linspace(-self.reach, self.reach, SIDE, dtype=np.float32)
        points = np.stack(np.meshgrid(steps, steps[::-1]), -1).reshape(-1, 2)
        rows = self.codec.decode(points, None, self.price).reshape(SIDE, SIDE, *self.x.shape[1:])
        sheet: Array = np.concatenate([np.concatenate(list(row), 2) for row in rows], 1)
        return sheet

    def drawing(self) -> str:
        """The codes as points, and some standard deviations as ellipses; SVG."""
        scale = DRAWN / 2 / self.reach
        places, radii = self.mean * [scale, -scale], np.exp(self.logvar / 2) * scale
        dots = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in places)
        ellipses = "".join(
            f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{a:.2f}" ry="{b:.2f}"/>'
            for (x, y), (a, b) in zip(places[::WITH_CIRCLE], radii[::WITH_CIRCLE], strict=True)
        )
        half = DRAWN // 2
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-{half} -{half} {DRAWN} {DRAWN}" '
            f'width="{DRAWN}" height="{DRAWN}" fill="none">'
            f'<path d="M-{half} 0h{DRAWN}M0-{half}v{DRAWN}" stroke="#171614" stroke-opacity=".35" stroke-width=".5"/>'
            f'<g fill="#c2360a" fill-opacity=".3" stroke="#c2360a" stroke-width=".75">{ellipses}</g>'
            f'<path d="{dots}" stroke="#171614" stroke-width="2.5" stroke-linecap="round"/></svg>\n'
        )

    def around(self) -> Array:
        """(SIDE, SIDE): how many codes lie no further from each point of the sheet than its neighbours do."""
        step = 2 * self.reach / (SIDE - 1)
        columns, rows = np.rint((self.mean * [1, -1] + self.reach) / step).astype(int).T
        count = np.zeros((SIDE, SIDE), dtype=int)
        for right in (-1, 0, 1):
            for down in (-1, 0, 1):
                column, row = columns + right, rows + down
                inside = (column >= 0) & (column < SIDE) & (row >= 0) & (row < SIDE)
                np.add.at(count, (row[inside], column[inside]), 1)
        return count

    def figures(self) -> dict[str, Any]:
        y = self.codec.decode(self.mean, None, self.price)
        return {
            "beta": self.price,
            "epochs": self.epochs,
            "pictures": len(self.x),
            "bytes": round(float(rate_bytes(self.mean, self.logvar, (2,)).mean()), 2),
            "nats": round(float(kl_divergence(self.mean, self.logvar).sum(1).mean()), 1),
            "psnr_db": round(float(-10 * np.log10(np.square(y - self.x).mean((1, 2, 3))).mean()), 2),
            "deviation": round(float(np.median(np.exp(self.logvar / 2))), 4),
            "side": SIDE,
            "reach": self.reach,
            "around": "".join(str(min(count, MOST)) for count in self.around().ravel()),
        }


def plane_of(path: Path, folder: Path) -> Plane:
    """Raises ConfigError where the file is no checkpoint of a code of two numbers, DataError without pictures."""
    state = checkpoint.load(path)
    if state["model_config"].level_sizes != (2,):
        raise ConfigError(f"{path}: its code is not two numbers; train it with --architecture plane")
    codec, price = TorchCodec(state), state["train_config"].beta
    x = data.load(folder, state["model_config"].image_size).floats().numpy()
    mean, logvar = (
        np.concatenate(parts) for parts in zip(*(codec.encode(c, price) for c in measuring.chunks(x)), strict=True)
    )
    return Plane(codec, price, state["epoch"], x, mean, logvar)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.plane", description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+", help="checkpoint.pt of ml.train --architecture plane")
    parser.add_argument("--data", type=Path, required=True, help="folder of the training photographs")
    parser.add_argument("--pictures", type=Path, required=True, help="folder for sheets and drawings")
    parser.add_argument("--figures", type=Path, required=True, help="JSON file for figures, reach and counts")
    options = parser.parse_args(arguments)
    try:
        planes = [plane_of(path, options.data) for path in options.checkpoints]
    except (ConfigError, data.DataError) as error:
        sys.exit(f"ml.plane: {error}")
    planes.sort(key=lambda plane: plane.price)
    options.pictures.mkdir(parents=True, exist_ok=True)
    for plane in planes:
        sheet = plane.sheet()
        size = sheet.shape[1]
        name = f"beta-{plane.price:g}"
        to_image(sheet, (0, 0, size, size)).save(options.pictures / f"{name}.webp", quality=QUALITY, method=6)
        (options.pictures / f"{name}.svg").write_text(plane.drawing())
    options.figures.parent.mkdir(parents=True, exist_ok=True)
    options.figures.write_text(json.dumps([plane.figures() for plane in planes], indent=1) + "\n")


if __name__ == "__main__":
    main()
