"""Fits the directions of ml.serving.directions: how codes change when their pictures change by a small known step.

Jahanian, Chai & Isola, On the "Steerability" of Generative Adversarial Networks (2020), with an encoder in place of
their optimisation: it gives the change of the code directly.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from ml import augment
from ml.config import ModelConfig
from ml.measuring import Codec, chunks, means
from ml.serving.directions import Direction, Grid, Steering, features
from ml.serving.metrics import LUMA
from ml.serving.transforms import Array

RIDGE = 1e-3  # of the features' mean variance
INK = 0.08  # how much darker than white a pixel is at least that counts as the car's
AMOUNTS = (-1.0, -0.5, 0.0, 0.5, 1.0)

Attribute = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Change:
    """`apply(x, t)` is x, (N, 3, S, S) in [0, 1], after t small steps; `measure(x)`, (N,), grows with t.

    `period` is that of an attribute that is an angle.
    """

    direction: Direction
    apply: Callable[[Tensor, float], Tensor]
    measure: Callable[[Array], Attribute]
    period: float | None = None


def grids(config: ModelConfig) -> tuple[Grid, ...]:
    return tuple(Grid(stage.code, stage.size) for stage in config.stages if stage.code)


def fit(codec: Codec, x: Tensor, levels: Sequence[Grid]) -> Steering:
    """A field for each of CHANGES: ridge regression, over pictures and places, of the codes' change on features."""
    codes = means(codec, x.numpy())
    steering = Steering(tuple(levels), tuple(change.direction for change in CHANGES), {})
    # Central differences: the curvature, which a small step should not follow, cancels.
    half = np.float32(0.5)
    changes = [half * (means(codec, c.apply(x, 1).numpy()) - means(codec, c.apply(x, -1).numpy())) for c in CHANGES]
    parts = zip(steering.split(codes), *(steering.split(change) for change in changes), levels, strict=True)
    by_level = [_least_squares(part, list(targets), grid) for part, *targets, grid in parts]
    fields = {c.direction.name: [level[number] for level in by_level] for number, c in enumerate(CHANGES)}
    return dataclasses.replace(steering, fields=fields)


def monotone(codec: Codec, steering: Steering, x: Tensor) -> dict[str, float]:
    """The share of pictures whose measured attribute grows at every step from amount -1 to 1, for each direction."""
    codes = means(codec, x.numpy())
    shares = {}
    for change in CHANGES:
        name = change.direction.name
        moved = [np.concatenate([codec.decode(z) for z in chunks(steering.steer(codes, {name: a}))]) for a in AMOUNTS]
        steps = np.diff(np.stack([change.measure(y) for y in moved]), axis=0)
        if change.period:
            steps = (steps + change.period / 2) % change.period - change.period / 2
        shares[name] = float((steps > 0).all(0).mean())
    return shares


def _least_squares(z: Array, targets: list[Array], grid: Grid) -> list[Array]:
    """For each of the targets, (N, channels · size²), the matrix (features, channels) that gives it from z."""
    gram, moment = np.zeros(()), np.zeros(())
    for part, *wanted in zip(chunks(z), *(chunks(target) for target in targets), strict=True):
        rows = features(part, grid)
        rows = rows.reshape(-1, rows.shape[-1]).astype(np.float64)
        columns = [t.reshape(-1, grid.channels, grid.size**2).transpose(0, 2, 1).reshape(len(rows), -1) for t in wanted]
        gram = gram + rows.T @ rows
        moment = moment + rows.T @ np.concatenate(columns, axis=1)
    ridge = RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram))
    return np.split(np.linalg.solve(gram + ridge, moment).astype(np.float32), len(targets), axis=1)


def _warped(x: Tensor, source: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]) -> Tensor:
    """x with each point taken from the point that `source` returns, in [-1, 1]; filled with white."""
    middle = torch.eye(2, 3).expand(len(x), -1, -1)
    grid = F.affine_grid(middle, list(x.shape), align_corners=False)
    return 1 - F.grid_sample(1 - x, torch.stack(source(grid[..., 0], grid[..., 1]), -1), align_corners=False)


def _scaled(x: Tensor, across: float, up: float) -> Tensor:
    return _warped(x, lambda u, v: (u / across, v / up))


def _ink(x: Array) -> Array:
    """(N, S, S): how dark or colourful each pixel is, 0 for white."""
    ink: Array = 1 - x.min(axis=1)
    return np.where(ink > INK, ink, 0)


def _mean(values: Array, x: Array) -> Attribute:
    """(N,): the mean of values, (N, S, S), where there is ink."""
    inside = _ink(x) > 0
    mean: Attribute = (values * inside).sum((1, 2), dtype=np.float64) / np.maximum(inside.sum((1, 2)), 1)
    return mean


def _moments(x: Array) -> tuple[Attribute, Attribute, Attribute, Attribute]:
    """Moments of the ink, (N,) each: variance across, variance up, covariance, and how the variance up grows across."""
    ink = _ink(x).astype(np.float64)
    weight = ink / np.maximum(ink.sum((1, 2), keepdims=True), 1e-6)
    line = np.linspace(-1, 1, x.shape[-1])
    u, v = line[None, None, :], line[None, :, None]
    du = u - (weight * u).sum((1, 2), keepdims=True)
    dv = v - (weight * v).sum((1, 2), keepdims=True)
    products = (du * du, dv * dv, du * dv, du * dv * dv)
    uu, vv, uv, uvv = ((weight * product).sum((1, 2)) for product in products)
    return uu, vv, uv, uvv / np.maximum(vv, 1e-6)


def _hue(x: Array) -> Attribute:
    """The angle of the mean paint about the grey axis, in radians."""
    red, green, blue = (_mean(x[:, channel], x) for channel in range(3))
    angle: Attribute = np.arctan2(math.sqrt(3) * (green - blue), 2 * red - green - blue)
    return angle


CHANGES = (
    Change(
        Direction("paint", "reds turn violet", "reds turn green", steps=12),
        lambda x, t: augment.turn_hue(x, torch.full((len(x),), t * math.pi / 12)).clamp(0, 1),
        _hue,
        period=2 * math.pi,
    ),
    Change(
        Direction("colour", "greyer", "more colourful", steps=6),
        lambda x, t: augment.saturate(x, torch.full((len(x),), 1.15**t)),
        lambda x: _mean(x.max(1) - x.min(1), x),
    ),
    Change(
        Direction("light", "darker", "lighter", steps=6),
        lambda x, t: x.clamp(min=1e-4) ** (0.9**t),
        lambda x: _mean(np.einsum("nchw,c->nhw", x, LUMA), x),
    ),
    Change(
        Direction("length", "shorter", "longer", steps=3),
        lambda x, t: _scaled(x, 1.03**t, 1),
        lambda x: _moments(x)[0],
    ),
    Change(
        Direction("height", "lower", "taller", steps=4),
        lambda x, t: _scaled(x, 1, 1.03**t),
        lambda x: _moments(x)[1],
    ),
    Change(
        Direction("size", "smaller", "larger", steps=3),
        lambda x, t: _scaled(x, 1.03**t, 1.03**t),
        lambda x: _moments(x)[0] + _moments(x)[1],
    ),
    Change(
        Direction("view", "nose nearer", "tail nearer", steps=6),
        lambda x, t: _warped(x, lambda u, v: (u, v * (1 - 0.03 * t * u))),
        lambda x: _moments(x)[3],
    ),
    Change(
        Direction("lean", "leaning forward", "leaning back", steps=5),
        lambda x, t: _warped(x, lambda u, v: (u + 0.03 * t * v, v)),
        lambda x: -_moments(x)[2],
    ),
)
