"""Cars that do not exist: codes between two training cars, shipped with the weights in place of photographs."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from ml.augment import repaint
from ml.data import Pictures, near_duplicates
from ml.evaluate import Codec, chunks
from ml.transforms import Array

BORDER = 4  # pixels
WHITE = 0.98  # mean brightness of the border from which on a car stands on white


def between(codec: Codec, pictures: Pictures, count: int, seed: int = 1) -> NDArray[np.float16]:
    """Up to `count` codes, (count, L): each half way between two training cars, repainted, that are much alike.

    Halves of unlike cars come out as ghosts of both, so pairs are neighbours in the code's upper levels; two scans of
    one photograph never make a pair, since half way between them lies that photograph.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        x = repaint(pictures.subset(_candidates(pictures)).floats()).numpy()
    codes = np.concatenate([codec.encode(chunk)[0] for chunk in chunks(x)])
    pairs = _pairs(codes[:, : sum(codec.level_sizes[:2])], np.random.default_rng(seed))[:count]
    halves: NDArray[np.float16] = np.stack([halfway(codes[i], codes[j], codec.level_sizes) for i, j in pairs])
    return halves.astype(np.float16)


def halfway(a: Array, b: Array, level_sizes: tuple[int, ...]) -> Array:
    """The code between a and b, each (L,), as long at every level as they are on average.

    A plain mean is shorter than either, and the decoder paints what is nearer to the prior's middle as a blur: White,
    Sampling Generative Networks (2016), section 2.1.
    """
    starts = np.cumsum((0, *level_sizes[:-1]))
    lengths = [np.sqrt(np.add.reduceat(np.square(z), starts)) for z in (a, b, (a + b) / 2)]
    stretch = (lengths[0] + lengths[1]) / 2 / np.maximum(lengths[2], 1e-6)
    middle: Array = (a + b) * np.repeat(stretch / 2, level_sizes).astype(np.float32)
    return middle


def _candidates(pictures: Pictures) -> list[int]:
    """One picture of each photograph, and only cars on white where there are any: street scenes do not mix."""
    distinct = [group[0] for group in near_duplicates(pictures)]
    x = pictures.subset(distinct).floats()
    inner = x[:, :, BORDER:-BORDER, BORDER:-BORDER]
    rim = (x.sum((1, 2, 3)) - inner.sum((1, 2, 3))) / (x[0].numel() - inner[0].numel())
    on_white = [index for index, brightness in zip(distinct, rim.tolist(), strict=True) if brightness > WHITE]
    return on_white if len(on_white) > 1 else distinct


def _pairs(points: Array, random: np.random.Generator) -> list[tuple[int, int]]:
    """Each point, in random order, with its nearest neighbour; no point in two pairs."""
    free, pairs = list(random.permutation(len(points))), []
    while len(free) > 1:
        first, rest = free[0], free[1:]
        second = rest[int(np.argmin(np.square(points[rest] - points[first]).sum(1)))]
        pairs.append((int(first), int(second)))
        free = [index for index in rest if index != second]
    return pairs
