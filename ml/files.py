"""What whole files of cars take and how close they come, measured on a set of pictures, beside other codecs."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from ml import data
from ml.measuring import Curves, chunks, kinds, markdown_table, rival_cells, rivals_at
from ml.serving.coding import Coder
from ml.serving.coding.coder import quantise
from ml.serving.metrics import psnr_db, ssim
from ml.serving.rates import rate_bytes
from ml.serving.transforms import Array, to_array


@dataclasses.dataclass(frozen=True)
class FilePoint:
    """Means over a set of pictures at one price. `bytes` counts whole files; `rate` is that of a sample of the code.

    `rivals` is the PSNR of other codecs at as many bytes as the files.
    """

    price: float
    bytes: float
    rate: float
    psnr_db: float
    ssim: float
    rivals: dict[str, float | None] = dataclasses.field(default_factory=dict)


def measure(coder: Coder, x: Array, number: int) -> NDArray[np.float64]:
    """(N, 4): bytes of the file, bytes of rate, PSNR in dB and SSIM of each picture, at the price of that number.

    x: (N, 3, S, S) float32 in [0, 1], coded facing as they are, and decoded from the files to 8 bits.
    """
    rows, random, price, sizes = [], np.random.default_rng(0), coder.prices[number], coder.runtime.level_sizes
    for chunk in chunks(x):
        noise = random.standard_normal((len(chunk), sum(sizes)), dtype=np.float32)
        rates = rate_bytes(*coder.runtime.encode(chunk, price, noise), sizes)[:, -1]
        code = quantise(coder.runtime, coder.tables[number], chunk, price)
        for picture, numbers, rate in zip(chunk, code, rates.tolist(), strict=True):
            file = coder.pack(numbers, number, (0, 0, *x.shape[2:]), mirrored=False)
            y, _ = to_array(coder.draw(coder.decode(file)))
            rows.append((len(file), rate, psnr_db(y, picture), ssim(y, picture)))
    return np.array(rows)


def tables(coder: Coder, pictures: data.Pictures, curves: Curves) -> dict[str, list[FilePoint]]:
    """Points of every kind of picture, lowest price first: all prices that the coder has."""
    x = pictures.floats().numpy()
    points: dict[str, list[FilePoint]] = {kind: [] for kind in kinds(pictures)}
    for number, price in enumerate(tqdm(coder.prices, desc="files", unit="price", disable=None)):
        measured = measure(coder, x, number)
        for kind, chosen in kinds(pictures).items():
            point = FilePoint(price, *measured[chosen].mean(0).tolist())
            points[kind].append(dataclasses.replace(point, rivals=rivals_at(point.bytes, curves[kind])))
    return points


def markdown(measured: dict[str, list[FilePoint]], pictures: data.Pictures) -> str:
    """The points as a Markdown table, a row a point."""
    head = ["files", "price β", "bytes", "PSNR dB", "SSIM", "rate"]
    rows = [[*head, *(f"{name} dB" for name in measured["all"][0].rivals)]]
    for kind, chosen in kinds(pictures).items():
        for p in measured[kind]:
            own = [f"{p.price:g}", f"{p.bytes:.0f}", f"{p.psnr_db:.2f}", f"{p.ssim:.3f}", f"{p.rate:.0f}"]
            rows.append([f"{kind} ({chosen.sum()})", *own, *rival_cells(p.rivals)])
    return markdown_table(rows)
