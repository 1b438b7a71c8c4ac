"""Augmentation of a whole batch on the training device."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

MAX_SHIFT = 10  # pixels


def augment(x: Tensor) -> Tensor:
    """x, (N, 3, H, W) float32 in [0, 1], with random changes: half of it shifted, half warped, all of it repainted.

    Never mirrored: all cars face left, so that the code spends no bits on the direction.
    """
    half = len(x) // 2
    return repaint(torch.cat([shift(x[:half]), warp(x[half:])]))


def shift(x: Tensor) -> Tensor:
    """x shifted by whole pixels, at most MAX_SHIFT each way; filled with white.

    This keeps the pictures sharp. A network that only sees resampled pictures learns to make blurred ones.
    """
    height, width = x.shape[-2:]
    padded = F.pad(x, (MAX_SHIFT,) * 4, value=1.0)
    windows = padded.unfold(2, height, 1).unfold(3, width, 1)  # (N, 3, shifts, shifts, H, W), without copying
    down, right = torch.randint(0, 2 * MAX_SHIFT + 1, (2, len(x)), device=x.device)
    return windows[torch.arange(len(x), device=x.device), :, down, right]


def warp(x: Tensor) -> Tensor:
    """x scaled by up to 15 %, stretched by 5 %, sheared by 4 % and shifted by 7.5 % of its width; filled with white."""
    theta = x.new_zeros(len(x), 2, 3)
    theta[:, 0, 0] = 1 + _spread(x, 0.15)
    theta[:, 1, 1] = theta[:, 0, 0] * (1 + _spread(x, 0.05))
    theta[:, 0, 1], theta[:, 1, 0] = _spread(x, 0.04), _spread(x, 0.04)
    # Affine coordinates run from -1 to 1, so a shift of 0.15 is 7.5 % of the width.
    theta[:, 0, 2], theta[:, 1, 2] = _spread(x, 0.15), _spread(x, 0.15)
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    # Bicubic blurs less than bilinear does, and overshoots at edges.
    return (1 - F.grid_sample(1 - x, grid, mode="bicubic", align_corners=False)).clamp(0, 1)


def repaint(x: Tensor) -> Tensor:
    """x with a random hue (7 of 10 pictures) and a random saturation (below 0.3 of its own in 1 of 4)."""
    n, device = len(x), x.device
    angle = torch.rand(n, device=device) * 2 * math.pi * (torch.rand(n, device=device) < 0.7)
    faded = torch.rand(n, device=device) < 0.25
    saturation = torch.where(faded, torch.rand(n, device=device) * 0.3, 0.7 + 0.4 * torch.rand(n, device=device))
    return saturate(turn_hue(x, angle), saturation)


def turn_hue(x: Tensor, angle: Tensor) -> Tensor:
    """x, (N, 3, H, W), with the colours of each picture rotated about the grey axis by angle, (N,) radians."""
    cos, sin, third, root = angle.cos(), angle.sin(), 1 / 3, math.sqrt(1 / 3)
    # Rodrigues' rotation about (1, 1, 1): a circulant matrix of three numbers.
    a, b, c = cos + (1 - cos) * third, (1 - cos) * third - root * sin, (1 - cos) * third + root * sin
    rotation = torch.stack([torch.stack(row, -1) for row in ((a, b, c), (c, a, b), (b, c, a))], 1)  # (N, 3, 3)
    return torch.einsum("nij,njhw->nihw", rotation, x)


def saturate(x: Tensor, factor: Tensor) -> Tensor:
    """x, (N, 3, H, W), with the distance of its colours from grey multiplied by factor, (N,), clipped to [0, 1]."""
    grey = x.mean(1, keepdim=True)
    return (grey + (x - grey) * factor.view(-1, 1, 1, 1)).clamp(0, 1)


def _spread(x: Tensor, limit: float) -> Tensor:
    """(N,): a random number for each picture, uniform in [-limit, limit]."""
    return (torch.rand(len(x), device=x.device) * 2 - 1) * limit
