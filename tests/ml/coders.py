"""A small coder of two levels with tables of its own: it stays the same when the weights change."""

import numpy as np

from ml.serving.coding.contexts import Context
from ml.serving.coding.rangecoder import TOTAL
from ml.serving.coding.tables import WEIGHT, Tables
from ml.serving.directions import Grid

GRIDS = (Grid(3, 1), Grid(2, 4), Grid(2, 8))


def small_tables(seed=0):
    """Tables drawn at random, with a weight wherever the format allows one."""
    random = np.random.default_rng(seed)
    contexts = tuple(Context(GRIDS[:number], grid) for number, grid in enumerate(GRIDS))
    weights = tuple(
        np.where(c.allowed(), random.integers(-300, 900, (c.grid.channels, 2, c.rows)), 0).astype(np.int16)
        for c in contexts
    )
    thresholds = np.rint(np.geomspace(0.05, 8, 5) * WEIGHT).astype(np.int64)
    shares = 0.9 ** (np.arange(32) * np.arange(8, 2, -1)[:, None])
    frequencies = 1 + np.floor(shares / shares.sum(1, keepdims=True) * (TOTAL - 32)).astype(np.int64)
    frequencies[:, 0] += TOTAL - frequencies.sum(1)
    steps = np.array([0.25, 0.5, 1.0], np.float32)
    return Tables(contexts, steps, weights, thresholds, np.stack([frequencies.astype(np.uint16)] * len(GRIDS)))
