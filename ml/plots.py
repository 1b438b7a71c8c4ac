"""PSNR against bytes, as a picture."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from ml.files import FilePoint
from ml.measuring import Curves, Point, by_price


def rate_distortion(
    measured: dict[str, list[Point]], files: dict[str, list[FilePoint]], curves: Curves, path: Path
) -> None:
    """One panel for each kind of picture: the VAE's files, its rates by price and by depth, other codecs' curves."""
    figure = Figure(figsize=(4.5 * len(measured), 4), layout="constrained")
    for axes, (kind, points) in zip(figure.subplots(1, len(measured), squeeze=False)[0], measured.items(), strict=True):
        prices, depths = by_price(points), [p for p in points if p.price == 1]
        price_bytes, depth_bytes = ([p.bytes for p in chosen] for chosen in (prices, depths))
        coded = files.get(kind, [])
        axes.plot([p.bytes for p in coded], [p.psnr_db for p in coded], "o-", color="#c8330a", label="VAE, files")
        axes.plot(price_bytes, [p.psnr_db for p in prices], "o:", color="#e8a080", label="rate by price, mean")
        sample_bytes, sample_db = [p.sample_bytes for p in prices], [p.sample_psnr_db for p in prices]
        axes.plot(sample_bytes, sample_db, ".:", color="#b5651d", label="rate by price, sample")
        axes.plot(depth_bytes, [p.psnr_db for p in depths], "s:", color="#7a1f06", label="rate by depth, mean")
        for name, curve in curves[kind].items():
            axes.plot(curve[:, 0], curve[:, 1], ".--", linewidth=1, label=name)
        axes.set(title=kind, xlabel="bytes", xscale="log", xlim=(10, 5000), ylim=(10, 38))
        axes.set_ylabel("PSNR, dB")
        axes.grid(alpha=0.3)
        axes.legend(loc="lower right", fontsize="small", labelspacing=0.2)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
