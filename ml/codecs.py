"""WebP, AVIF and JPEG XL, to compare the VAE with: PSNR against bytes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pillow_jxl  # noqa: F401 - registers JPEG XL with Pillow
from numpy.typing import NDArray
from PIL import Image

from ml.serving.metrics import psnr_db
from ml.serving.transforms import Array, to_array, to_image

QUALITIES = {
    "WEBP": (0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90),
    "AVIF": (0, 5, 15, 25, 35, 45, 55, 65, 75, 85),
    "JXL": (0, 5, 10, 20, 30, 40, 50, 60, 70, 80),
}
OPTIONS: dict[str, dict[str, Any]] = {
    "WEBP": {"method": 6},
    "AVIF": {"speed": 4, "subsampling": "4:2:0"},
    "JXL": {"effort": 9},
}


def measure(codec: str, x: Array) -> NDArray[np.float64]:
    """(N, qualities, 2): file size in bytes and PSNR in dB of each picture at each quality.

    x: (N, 3, S, S) float32 in [0, 1]. `codec` is one of QUALITIES. A file's size includes its container.
    """
    return np.array([[_measured(codec, picture, quality) for quality in QUALITIES[codec]] for picture in x])


def curve(measured: NDArray[np.float64]) -> NDArray[np.float64]:
    """(qualities, 2), bytes ascending: the means over pictures of what `measure` gives, one row a quality."""
    means = measured.mean(axis=0)
    ascending: NDArray[np.float64] = means[np.argsort(means[:, 0])]
    return ascending


def at_most(codec: str, picture: Array, size: float) -> Array:
    """The picture after the codec: the best file of at most `size` bytes, or the smallest one where all are larger.

    picture: (3, S, S) float32 in [0, 1].
    """
    coded = sorted((_coded(codec, picture, quality) for quality in range(0, 101, 2)), key=lambda file: file[0])
    fitting = [file for file in coded if file[0] <= size]
    return max(fitting, key=lambda file: psnr_db(file[1], picture))[1] if fitting else coded[0][1]


def at_bytes(points: NDArray[np.float64], size: float) -> float | None:
    """PSNR in dB of a curve at a mean size in bytes; None where the codec makes no file that small or that large."""
    if not points[0, 0] <= size <= points[-1, 0]:
        return None
    return float(np.interp(size, points[:, 0], points[:, 1]))


def _measured(codec: str, picture: Array, quality: int) -> tuple[int, float]:
    size, y = _coded(codec, picture, quality)
    return size, psnr_db(y, picture)


def _coded(codec: str, picture: Array, quality: int) -> tuple[int, Array]:
    file = BytesIO()
    to_image(picture).save(file, codec, quality=quality, **OPTIONS[codec])
    with Image.open(file) as decoded:
        y, _ = to_array(decoded.convert("RGB"), picture.shape[1])
    return len(file.getvalue()), y
