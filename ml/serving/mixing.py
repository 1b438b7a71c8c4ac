"""Mixtures of codes: what lies between two pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.serving.transforms import Array


def mix(codes: Array, weights: Sequence[float] | Array, level_sizes: Sequence[int]) -> Array:
    """The weighted mean of codes, (K, …, L) → (…, L), each level stretched to the mean length of that level.

    A plain mean is shorter than the codes, and a code that is too near to the prior's mean decodes to a blur: White,
    Sampling Generative Networks (2016), section 2.1. The weights sum to 1.
    """
    mean = np.tensordot(np.asarray(weights, np.float32), codes, axes=1)
    target = np.tensordot(np.asarray(weights, np.float32), lengths(codes, level_sizes), axes=1)
    stretch = target / np.maximum(lengths(mean, level_sizes), 1e-6)
    mixed: Array = mean * np.repeat(stretch, level_sizes, axis=-1)
    return mixed


def lengths(z: Array, level_sizes: Sequence[int]) -> Array:
    """The Euclidean length of every level of a code: (…, L) → (…, levels)."""
    starts = np.cumsum((0, *level_sizes[:-1]))
    result: Array = np.sqrt(np.add.reduceat(np.square(z), starts, axis=-1))
    return result
