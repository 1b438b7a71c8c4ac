"""Distortion as PSNR and SSIM, in numpy alone: importing scipy would make every cold start longer."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ml.serving.transforms import Array

NATS_PER_BYTE = 8 * math.log(2)
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601
_OFFSETS = np.arange(-5, 6)
_WINDOW = np.exp(-0.5 * (_OFFSETS / 1.5) ** 2) / np.exp(-0.5 * (_OFFSETS / 1.5) ** 2).sum()


def psnr_db(y: Array, x: Array) -> float:
    """Peak signal-to-noise ratio in dB; y and x are arrays of the same shape in [0, 1]. Infinite when equal."""
    mse = float(np.mean(np.square(y - x, dtype=np.float64)))
    return math.inf if mse == 0 else -10 * math.log10(mse)


def ssim(y: Array, x: Array) -> float:
    """Structural similarity of two (3, H, W) pictures in [0, 1], H and W at least 11: 1 when equal.

    On luminance with an 11×11 Gaussian window of σ 1.5: Wang et al., Image Quality Assessment (2004), equation 13.
    """
    if min(x.shape[1:]) < len(_WINDOW):
        raise ValueError(f"SSIM needs at least {len(_WINDOW)} pixels each way, not {x.shape[1:]}")
    a, b = (np.tensordot(LUMA, picture, 1).astype(np.float64) for picture in (y, x))
    mean_a, mean_b = _blur(a), _blur(b)
    variance_a, variance_b = _blur(a * a) - mean_a**2, _blur(b * b) - mean_b**2
    covariance = _blur(a * b) - mean_a * mean_b
    c1, c2 = 0.01**2, 0.03**2
    likeness = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    return float((likeness / ((mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2))).mean())


def _blur(a: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gaussian-weighted means, where the whole window lies inside the picture."""
    for axis in (0, 1):
        a = np.moveaxis(np.lib.stride_tricks.sliding_window_view(a, len(_WINDOW), axis) @ _WINDOW, axis, axis)
    return a
