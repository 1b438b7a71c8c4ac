"""How long codes are and how close pictures come back, measured on a set of pictures, beside WebP and AVIF."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ml import codecs, data
from ml.serving.metrics import psnr_db, ssim
from ml.serving.runtime import rate_bytes
from ml.serving.transforms import Array

CHUNK = 32  # pictures

Curves: TypeAlias = dict[str, dict[str, NDArray[np.float64]]]


class Codec(Protocol):
    """What is measured: the served runtime, or a checkpoint."""

    @property
    def level_sizes(self) -> tuple[int, ...]: ...
    def encode(self, x: Array, /, price: float | Array = 1.0) -> tuple[Array, Array]: ...
    def decode(self, z: Array, /, depth: int | None = None, price: float | Array = 1.0) -> Array: ...


@dataclasses.dataclass(frozen=True)
class Point:
    """Means over a set of pictures at one depth; `rivals` is the PSNR of other codecs at as many bytes."""

    depth: int
    bytes: float
    psnr_db: float
    ssim: float
    rivals: dict[str, float | None] = dataclasses.field(default_factory=dict)


def measure(codec: Codec, x: Array, price: float = 1.0, depths: Sequence[int] | None = None) -> NDArray[np.float64]:
    """(N, len(depths), 3): bytes, PSNR in dB and SSIM of each picture at each depth, decoded from the posterior's mean.

    x: (N, 3, S, S) float32 in [0, 1]; price: of the code, β; depths: all of them, top first, where none are given.
    """
    depths = range(1, len(codec.level_sizes) + 1) if depths is None else depths
    measured = np.empty((len(x), len(depths), 3))
    for start in range(0, len(x), CHUNK):
        chunk = slice(start, start + CHUNK)
        mean, logvar = codec.encode(x[chunk], price)
        rates = rate_bytes(mean, logvar, codec.level_sizes)
        for place, depth in enumerate(depths):
            pairs = zip(codec.decode(mean, depth, price), x[chunk], strict=True)
            measured[chunk, place, 0] = rates[:, depth - 1]
            measured[chunk, place, 1:] = [(psnr_db(y, original), ssim(y, original)) for y, original in pairs]
    return measured


def chunks(x: Array) -> list[Array]:
    """x in batches that fit in memory at every width of the network."""
    return np.array_split(x, max(1, -(-len(x) // CHUNK)))


def means(codec: Codec, x: Array) -> Array:
    """(N, L): the mean of each picture's code."""
    return np.concatenate([codec.encode(chunk)[0] for chunk in chunks(x)])


def points(measured: NDArray[np.float64]) -> list[Point]:
    """The means over pictures of `measure`, one point for each depth, top first."""
    return [Point(depth, *row.tolist()) for depth, row in enumerate(measured.mean(0), 1)]


def tables(codec: Codec, pictures: data.Pictures) -> dict[str, list[Point]]:
    """The points of every kind of picture that the folder's manifest names, and of all of them."""
    measured = measure(codec, pictures.floats().numpy())
    return {kind: points(measured[chosen]) for kind, chosen in kinds(pictures).items()}


def rival_curves(pictures: data.Pictures) -> Curves:
    """What WebP and AVIF make of each kind of picture: see ml.codecs.curve."""
    x = pictures.floats().numpy()
    return {
        kind: {name: codecs.curve(name, x[chosen]) for name in codecs.QUALITIES}
        for kind, chosen in kinds(pictures).items()
    }


def with_rivals(measured: dict[str, list[Point]], curves: Curves) -> dict[str, list[Point]]:
    """The same points, each with the PSNR of the curves at as many bytes."""
    return {
        kind: [
            dataclasses.replace(p, rivals={name: codecs.at_bytes(c, p.bytes) for name, c in curves[kind].items()})
            for p in points
        ]
        for kind, points in measured.items()
    }


def markdown(measured: dict[str, list[Point]], pictures: data.Pictures) -> str:
    """The points as a Markdown table, a row a depth."""
    rivals = list(measured["all"][0].rivals)
    rows = [["pictures", "depth", "bytes", "PSNR dB", "SSIM", *(f"{name} dB" for name in rivals)]]
    rows.append(["---", *["---:"] * (len(rows[0]) - 1)])
    for kind, chosen in kinds(pictures).items():
        for p in measured[kind]:
            own = [str(p.depth), f"{p.bytes:.0f}", f"{p.psnr_db:.2f}", f"{p.ssim:.3f}"]
            others = ["–" if p.rivals[name] is None else f"{p.rivals[name]:.2f}" for name in rivals]
            rows.append([f"{kind} ({chosen.sum()})", *own, *others])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def kinds(pictures: data.Pictures) -> dict[str, NDArray[np.bool_]]:
    """Which pictures are of which kind, and all of them."""
    named = np.array(pictures.kinds)
    return {kind: named == kind for kind in sorted(set(pictures.kinds) - {""})} | {"all": np.full(len(named), True)}
