"""How long codes are and how close pictures come back, measured on a set of pictures, beside other codecs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ml import codecs, data
from ml.serving.metrics import psnr_db, ssim
from ml.serving.rates import rate_bytes
from ml.serving.transforms import Array

CHUNK = 32  # pictures
PRICES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)  # those of them that a model was trained at are measured

Curves: TypeAlias = dict[str, dict[str, NDArray[np.float64]]]


class Codec(Protocol):
    """What is measured: the served runtime, or a checkpoint."""

    @property
    def level_sizes(self) -> tuple[int, ...]: ...
    @property
    def prices(self) -> tuple[float, float]: ...
    def encode(self, x: Array, /, price: float | Array = 1.0, noise: Array | None = None) -> tuple[Array, Array]: ...
    def decode(self, z: Array, /, depth: int | None = None, price: float | Array = 1.0) -> Array: ...


@dataclasses.dataclass(frozen=True)
class Point:
    """Means over a set of pictures at one price and depth.

    `sample_bytes` is the rate of a sample of the posterior, drawn level by level as in training: what theory can send.
    `sample_psnr_db` and `sample_ssim` are the sample's. `bytes` is the rate where each level is read given the means of
    the levels above, `psnr_db` and `ssim` those of the means: closer, and no rate pays for them. `rivals` is the PSNR
    of other codecs at `sample_bytes`.
    """

    depth: int
    price: float
    bytes: float
    psnr_db: float
    ssim: float
    sample_bytes: float
    sample_psnr_db: float
    sample_ssim: float
    rivals: dict[str, float | None] = dataclasses.field(default_factory=dict)

    def to_json(self) -> dict[str, float]:
        """Without the rivals, rounded."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name != "rivals"}
        digits = {"bytes": 1, "sample_bytes": 1, "psnr_db": 3, "sample_psnr_db": 3, "ssim": 4, "sample_ssim": 4}
        return {name: round(value, digits[name]) if name in digits else value for name, value in values.items()}


def measure(
    codec: Codec, x: Array, price: float = 1.0, depths: Sequence[int] | None = None, *, sampled: bool = False
) -> NDArray[np.float64]:
    """(N, len(depths), 3): bytes, PSNR in dB and SSIM of each picture at each depth.

    x: (N, 3, S, S) float32 in [0, 1]; price: of the code, β; depths: all of them, top first, where none are given.
    Decoded from the posterior's mean, or, with `sampled`, from a sample of it, the same at every call. See Point.
    """
    depths = range(1, len(codec.level_sizes) + 1) if depths is None else depths
    random = np.random.default_rng(0)
    measured = np.empty((len(x), len(depths), 3))
    for start in range(0, len(x), CHUNK):
        chunk = slice(start, start + CHUNK)
        count = len(x[chunk])
        noise = random.standard_normal((count, sum(codec.level_sizes)), dtype=np.float32) if sampled else None
        mean, logvar = codec.encode(x[chunk], price, noise)
        rates = rate_bytes(mean, logvar, codec.level_sizes)
        z = mean if noise is None else mean + np.exp(logvar / np.float32(2)) * noise
        for place, depth in enumerate(depths):
            pairs = zip(codec.decode(z, depth, price), x[chunk], strict=True)
            measured[chunk, place, 0] = rates[:, depth - 1]
            measured[chunk, place, 1:] = [(psnr_db(y, original), ssim(y, original)) for y, original in pairs]
    return measured


def chunks(x: Array) -> list[Array]:
    """x in batches that fit in memory at every width of the network."""
    return np.array_split(x, max(1, -(-len(x) // CHUNK)))


def means(codec: Codec, x: Array) -> Array:
    """(N, L): the mean of each picture's code."""
    return np.concatenate([codec.encode(chunk)[0] for chunk in chunks(x)])


def tables(codec: Codec, pictures: data.Pictures) -> dict[str, list[Point]]:
    """Points of every kind of picture that the folder's manifest names, and of all of them.

    Every depth at a price of 1, top first, and full depth at every other price, lowest first.
    """
    x, depths = pictures.floats().numpy(), range(1, len(codec.level_sizes) + 1)
    lowest, highest = codec.prices
    others = [price for price in PRICES if price != 1 and lowest <= price <= highest]
    points: dict[str, list[Point]] = {kind: [] for kind in kinds(pictures)}
    for price, chosen_depths in [(1.0, depths), *((price, depths[-1:]) for price in others)]:
        by_mean, by_sample = (measure(codec, x, price, chosen_depths, sampled=sampled) for sampled in (False, True))
        both = np.concatenate([by_mean, by_sample], axis=2)  # (N, depths, 6)
        for kind, chosen in kinds(pictures).items():
            rows = both[chosen].mean(0).tolist()
            points[kind] += [Point(depth, price, *row) for depth, row in zip(chosen_depths, rows, strict=True)]
    return points


def by_price(points: list[Point]) -> list[Point]:
    """Those at full depth, lowest price first."""
    deepest = max(point.depth for point in points)
    return sorted((point for point in points if point.depth == deepest), key=lambda point: point.price)


def rival_curves(pictures: data.Pictures) -> Curves:
    """What other codecs make of each kind of picture: see ml.codecs.curve."""
    x = pictures.floats().numpy()
    measured = {name: codecs.measure(name, x) for name in codecs.QUALITIES}
    return {
        kind: {name: codecs.curve(files[chosen]) for name, files in measured.items()}
        for kind, chosen in kinds(pictures).items()
    }


def rivals_at(size: float, curves: dict[str, NDArray[np.float64]]) -> dict[str, float | None]:
    """PSNR in dB of each codec's curve at a mean size in bytes; None where it makes no such file."""
    return {name: codecs.at_bytes(curve, size) for name, curve in curves.items()}


def with_rivals(measured: dict[str, list[Point]], curves: Curves) -> dict[str, list[Point]]:
    """The same points, each with the PSNR of the curves at as many bytes."""
    return {
        kind: [dataclasses.replace(p, rivals=rivals_at(p.sample_bytes, curves[kind])) for p in points]
        for kind, points in measured.items()
    }


def markdown(measured: dict[str, list[Point]], pictures: data.Pictures) -> str:
    """The points as a Markdown table, a row a point."""
    head = ["pictures", "price β", "depth", "rate of the means", "dB", "SSIM", "of a sample", "dB", "SSIM"]
    rows = [[*head, *(f"{name} dB" for name in measured["all"][0].rivals)]]
    for kind, chosen in kinds(pictures).items():
        for p in measured[kind]:
            means = [f"{p.bytes:.0f}", f"{p.psnr_db:.2f}", f"{p.ssim:.3f}"]
            sample = [f"{p.sample_bytes:.0f}", f"{p.sample_psnr_db:.2f}", f"{p.sample_ssim:.3f}"]
            own = [f"{kind} ({chosen.sum()})", f"{p.price:g}", str(p.depth), *means, *sample]
            rows.append([*own, *rival_cells(p.rivals)])
    return markdown_table(rows)


def markdown_table(rows: list[list[str]]) -> str:
    """In Markdown, the first row as the head; all but the first column are numbers."""
    head, *body = rows
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def rival_cells(rivals: dict[str, float | None]) -> list[str]:
    return ["–" if psnr is None else f"{psnr:.2f}" for psnr in rivals.values()]


def kinds(pictures: data.Pictures) -> dict[str, NDArray[np.bool_]]:
    """Which pictures are of which kind, and all of them."""
    named = np.array(pictures.kinds)
    return {kind: named == kind for kind in sorted(set(pictures.kinds) - {""})} | {"all": np.full(len(named), True)}
