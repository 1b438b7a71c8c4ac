"""The directions that a car can be steered along: each is a field of changes of the code, followed in small steps.

The lower levels of a code are grids tied to places in the picture, so no single vector makes every car longer: the
change at a place depends on what is there. So a direction gives the change at each place as a linear function of the
codes around it and of its position. Repeated small steps as in Jahanian, Chai & Isola, On the "Steerability" of
Generative Adversarial Networks (2020), section 3.1; linear generators as in Sohl-Dickstein, Wang & Olshausen, An
Unsupervised Algorithm for Learning Lie Group Transformations (2010). ml.steerability fits the fields; this module
follows them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ml.serving.transforms import Array

FILE = "directions.npz"
NEIGHBOURHOOD = 3  # side, in places, of the square that the change at its centre depends on


@dataclasses.dataclass(frozen=True)
class Direction:
    """`name` is a slug; `low` and `high` describe amounts of -1 and 1, which take `steps` small steps."""

    name: str
    low: str
    high: str
    steps: int


@dataclasses.dataclass(frozen=True)
class Grid:
    """One level of a code: `channels` numbers at each of size × size places."""

    channels: int
    size: int


@dataclasses.dataclass(frozen=True)
class Steering:
    """`fields[name]` has a matrix for each level, (features, channels): what one step in this direction adds."""

    grids: tuple[Grid, ...]
    directions: tuple[Direction, ...]
    fields: Mapping[str, Sequence[NDArray[np.floating]]]

    def steer(self, z: Array, amounts: Mapping[str, float]) -> Array:
        """The codes, (N, L), moved by amounts in [-1, 1] along directions by name.

        Raises ValueError for an unknown direction, and for an amount outside the range.
        """
        known = {direction.name: direction for direction in self.directions}
        for name, amount in amounts.items():
            if name not in known:
                raise ValueError(f"there is no direction {name!r}, only {', '.join(known)}")
            if not -1 <= amount <= 1:
                raise ValueError(f"the amount of {name} must lie between -1 and 1, not {amount}")
        distances = {name: amount * known[name].steps for name, amount in amounts.items() if amount}
        steps = int(np.ceil(max(map(abs, distances.values()), default=0)))
        if not steps:
            return z
        # All directions together, so that their order makes no difference.
        weights = np.array(list(distances.values()), np.float32) / steps
        fields = [
            np.tensordot(weights, np.stack([self.fields[name][level] for name in distances]), axes=1).astype(np.float32)
            for level in range(len(self.grids))
        ]
        levels = zip(self.split(z), self.grids, fields, strict=True)
        return np.concatenate([_follow(part, grid, field, steps) for part, grid, field in levels], axis=1)

    def split(self, z: Array) -> list[Array]:
        """The levels of codes: (N, L) → [(N, channels · size²)]."""
        ends = np.cumsum([grid.channels * grid.size**2 for grid in self.grids])
        return np.split(z, ends[:-1], axis=1)

    def save(self, path: Path) -> None:
        arrays: dict[str, Any] = {
            f"{name}.{level}": field.astype(np.float16)
            for name, fields in self.fields.items()
            for level, field in enumerate(fields)
        }
        np.savez(path, **arrays)


def load(path: Path, grids: Sequence[Grid], directions: Sequence[Direction]) -> Steering:
    with np.load(path) as stored:
        fields = {d.name: [stored[f"{d.name}.{level}"] for level in range(len(grids))] for d in directions}
    return Steering(tuple(grids), tuple(directions), fields)


def features(z: Array, grid: Grid) -> Array:
    """What the change at each place depends on: (N, channels · size²) → (N, size², features).

    The codes of its neighbourhood and a constant 1; then the same times the place's x, and times its y, in (-1, 1).
    """
    codes = z.reshape(-1, grid.channels, grid.size, grid.size)
    if grid.size == 1:
        near = codes.reshape(len(z), 1, grid.channels)
        return np.concatenate([near, np.ones_like(near[..., :1])], axis=2)
    margin = NEIGHBOURHOOD // 2
    padded = np.pad(codes, ((0, 0), (0, 0), (margin, margin), (margin, margin)))
    windows = sliding_window_view(padded, (NEIGHBOURHOOD, NEIGHBOURHOOD), axis=(2, 3))
    near = windows.transpose(0, 2, 3, 1, 4, 5).reshape(len(z), grid.size**2, -1)
    near = np.concatenate([near, np.ones_like(near[..., :1])], axis=2)
    line = (np.arange(grid.size, dtype=np.float32) + 0.5) / grid.size * 2 - 1
    x, y = np.tile(line, grid.size)[:, None], np.repeat(line, grid.size)[:, None]
    return np.concatenate([near, near * x, near * y], axis=2)


def _follow(z: Array, grid: Grid, field: Array, steps: int) -> Array:
    """`steps` steps along a field from one level's codes, (N, channels · size²), which keep their length."""
    for _ in range(steps):
        change = (features(z, grid) @ field).transpose(0, 2, 1).reshape(z.shape)
        length = np.linalg.norm(z, axis=1, keepdims=True)
        z = z + change
        # Regression towards the mean shortens a code a little at every step, and short codes decode to a blur.
        z = z * (length / np.maximum(np.linalg.norm(z, axis=1, keepdims=True), 1e-6))
    return z
