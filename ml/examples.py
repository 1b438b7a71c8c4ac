"""Cars that do not exist: codes between two training cars, shipped with the weights in place of photographs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.data import Pictures
from ml.evaluate import CHUNK, Codec
from ml.transforms import Array


def between(codec: Codec, pictures: Pictures, count: int, seed: int = 0) -> NDArray[np.float16]:
    """`count` codes, (count, L): each half way between a training car and the one most like it.

    Halves of far cars come out as ghosts of both, so pairs are neighbours in the code's upper levels, and every
    picture serves once.
    """
    codes = np.concatenate(
        [codec.encode(chunk)[0] for chunk in np.array_split(pictures.floats().numpy(), -(-len(pictures) // CHUNK))]
    )
    pairs = _pairs(codes[:, : sum(codec.level_sizes[:2])], np.random.default_rng(seed))
    middles: NDArray[np.float16] = np.stack([(codes[i] + codes[j]) / 2 for i, j in pairs[:count]]).astype(np.float16)
    return middles


def _pairs(points: Array, random: np.random.Generator) -> list[tuple[int, int]]:
    """Each point, in random order, with its nearest neighbour; no point in two pairs."""
    free, pairs = list(random.permutation(len(points))), []
    while len(free) > 1:
        first, rest = free[0], free[1:]
        second = rest[int(np.argmin(np.square(points[rest] - points[first]).sum(1)))]
        pairs.append((int(first), int(second)))
        free = [index for index in rest if index != second]
    return pairs
