"""Cars that do not exist: codes between two training cars, shipped with the weights in place of photographs."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ml import data
from ml.augment import repaint
from ml.data import Pictures
from ml.measuring import Codec, chunks, means
from ml.serving.mixing import mix
from ml.serving.transforms import Array

NEIGHBOURS = 25  # by code: cars of about the same kind, paint and view
SAME_CAR = 0.85  # correlation of two pictures' edges, from which on they and the codes between them show one car


def between(codec: Codec, pictures: Pictures, count: int, seed: int = 1) -> NDArray[np.float16]:
    """Up to `count` codes, (count, L), best first: each half way between two training cars in the same new paint.

    Half way between two unlike cars lies a ghost of both. So the two are neighbours by code, and their edges lie in the
    same places. Codes that decode to a near-duplicate of a training picture are left out.
    """
    chosen = pictures.subset(_candidates(pictures))
    x = chosen.floats()
    pairs = _pairs(means(codec, x.numpy())[:, : sum(codec.level_sizes[:2])], data.edges(x))
    if not pairs:
        return np.empty((0, sum(codec.level_sizes)), np.float16)
    sides = [means(codec, _in_same_paint(x[list(side)], seed).numpy()) for side in zip(*pairs, strict=True)]
    halves = mix(np.stack(sides), (0.5, 0.5), codec.level_sizes)
    novel = _likeness(codec, halves, data.edges(pictures.floats())) < data.NEAR_DUPLICATE
    codes: NDArray[np.float16] = halves[novel][:count].astype(np.float16)
    return codes


def _candidates(pictures: Pictures) -> list[int]:
    """One picture of each group of near-duplicates; only cars on white, if there are two: street scenes do not mix."""
    distinct = [group[0] for group in data.near_duplicates(pictures)]
    white = data.on_white(pictures.subset(distinct).floats())
    on_white = [index for index, chosen in zip(distinct, white, strict=True) if chosen]
    return on_white if len(on_white) > 1 else distinct


def _pairs(points: Array, edges: Array) -> list[tuple[int, int]]:
    """Pairs of pictures that are neighbours by code, the most similar edges first; no picture is in two pairs."""
    distances = np.square(points[:, None] - points[None]).sum(2)
    ranks = distances.argsort(axis=1).argsort(axis=1)
    likeness = edges @ edges.T
    first, second = np.nonzero((ranks <= NEIGHBOURS) & (likeness < SAME_CAR) & ~np.eye(len(points), dtype=bool))
    free, pairs = set(range(len(points))), []
    for i in np.argsort(-likeness[first, second], kind="stable"):
        pair = (int(first[i]), int(second[i]))
        if free.issuperset(pair):
            pairs.append(pair)
            free.difference_update(pair)
    return pairs


def _in_same_paint(x: Tensor, seed: int) -> Tensor:
    """x in another paint, which depends on the seed and on the position in x alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return repaint(x)


def _likeness(codec: Codec, z: Array, edges: Array) -> Array:
    """(N,): the correlation of the edges of each decoded code with those of the most similar training picture."""
    decoded = [data.edges(torch.from_numpy(codec.decode(chunk))) for chunk in chunks(z)]
    likeness: Array = (np.concatenate(decoded) @ edges.T).max(axis=1)
    return likeness
