"""What a code costs and how likely a picture is: the formulas of ml.losses, in numpy."""

from __future__ import annotations

import numpy as np

from ml.serving.metrics import NATS_PER_BYTE
from ml.serving.transforms import Array


def kl_divergence(mean: Array, logvar: Array) -> Array:
    """In nats, of every number of the code: see ml.losses for the source."""
    nats: Array = (np.square(mean) + np.exp(logvar) - 1 - logvar) * np.float32(0.5)
    return nats


def rate_bytes(mean: Array, logvar: Array, level_sizes: tuple[int, ...]) -> Array:
    """(N, L) → (N, depths): the code's size in bytes up to each depth, KL(posterior ‖ prior) / (8 ln 2)."""
    starts = np.cumsum((0, *level_sizes[:-1]))
    by_level: Array = np.add.reduceat(kl_divergence(mean, logvar), starts, axis=1)
    summed: Array = np.cumsum(by_level, axis=1) / np.float32(NATS_PER_BYTE)
    return summed


def negative_elbo(x: Array, y: Array, mean: Array, logvar: Array, variance: float) -> Array:
    """(N,) nats: KLD + squared error / (2 variance), summed over the picture. See ml.losses for the source."""
    error = np.square(y - x).sum(axis=(1, 2, 3)) / np.float32(2 * variance)
    cost: Array = error + kl_divergence(mean, logvar).sum(axis=1)
    return cost
