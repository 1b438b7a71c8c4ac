"""The course of a training run as a drawing."""

from __future__ import annotations

import dataclasses

WIDTH, HEIGHT = 400, 160


@dataclasses.dataclass(frozen=True)
class Curve:
    """One figure over the epochs: an SVG path in a box of WIDTH × HEIGHT, and epoch and value at its ends."""

    path: str
    epochs: tuple[float, float]
    values: tuple[float, float]

    @classmethod
    def of(cls, rows: list[dict[str, float]], name: str) -> Curve:
        """`rows`: two or more, by increasing epoch."""
        values, epochs = [row[name] for row in rows], [row["epoch"] for row in rows]
        low, high = min(values), max(values)
        width, height = epochs[-1] - epochs[0], (high - low) or 1.0
        points = (
            f"{WIDTH * (epoch - epochs[0]) / width:.1f} {HEIGHT * (high - value) / height:.1f}"
            for epoch, value in zip(epochs, values, strict=True)
        )
        return cls("M" + "L".join(points), (epochs[0], epochs[-1]), (values[0], values[-1]))
