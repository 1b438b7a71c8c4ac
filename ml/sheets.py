"""Sheets of pictures as PNG files; the only module that imports torchvision."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

try:
    from torchvision.utils import save_image
except RuntimeError:
    # torchvision's wheels hold operators compiled against one build of torch (CUDA, on PyPI). Beside another build,
    # a CPU-only torch, they do not load, and the import fails on their schemas alone. Nothing here calls them: naming
    # them is enough.
    for _operator in ("nms", "qnms"):
        torch.library.define(f"torchvision::{_operator}", "(Tensor boxes, Tensor scores, float threshold) -> Tensor")
    from torchvision.utils import save_image


def save_sheet(rows: list[Tensor], path: Path) -> None:
    """One row of pictures above the other; each row is (N, 3, H, W) in [0, 1], all with the same N."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_image(torch.cat(rows).clamp(0, 1), path, nrow=len(rows[0]), padding=4, pad_value=1.0)
