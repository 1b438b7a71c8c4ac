"""Posterior → whole numbers: as little distortion and as few bits as can be had together."""

from __future__ import annotations

import numpy as np

from ml.serving.coding.contexts import Integers, Numbers
from ml.serving.coding.tables import Tables, magnitudes
from ml.serving.transforms import Array

ROUNDS = 2  # contexts depend on the rounding that they decide: it settles at once
LARGEST_GAIN = 2.0  # of a mean that the prior had shrunk


def round_level(
    tables: Tables, number: int, above: list[Integers], mean: Array, logvar: Array, weight: float = 1.0
) -> Integers:
    """(N, channels, size, size) whole numbers for one level, given those of the levels above.

    The posterior's mean is the picture's own wish, shrunk towards 0 by the prior; without the prior it is
    μ / (1 - σ²), with precision 1/σ² - 1. That precision says what a deviation costs in nats (a Laplace
    approximation: MacKay 1992), the tables what a number costs. `weight` multiplies the latter.
    """
    context, step = tables.contexts[number], float(tables.steps[number])
    shape = (-1, context.grid.channels, context.grid.size, context.grid.size)
    precision = np.maximum(np.exp(-logvar.astype(np.float64)) - 1, 1e-3)
    wish = (mean * np.minimum((precision + 1) / precision, LARGEST_GAIN) / step).reshape(shape)
    precision = (precision / 2 * step**2).reshape(shape)
    nearest = np.rint(wish)
    candidates = np.stack([nearest, nearest - np.sign(nearest), np.zeros_like(nearest)]).astype(np.int64)
    distortion = precision * np.square(candidates - wish)
    chosen = _choose(candidates, distortion + weight * np.abs(candidates))
    nats = weight * tables.nats(number)
    expected = tables.expected_by(number, above)
    for _ in range(ROUNDS):
        buckets = tables.buckets(number, expected, chosen).reshape(nearest.shape)
        chosen = _choose(candidates, distortion + nats[buckets, magnitudes(candidates)])
    return chosen


def _choose(candidates: Integers, cost: Numbers) -> Integers:
    chosen: Integers = np.take_along_axis(candidates, np.argmin(cost, 0)[None], 0)[0]
    return chosen
