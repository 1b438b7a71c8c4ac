"""Augmentation of a whole batch on the training device."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F


def augment(x: Tensor) -> Tensor:
    """x after a random small affine transform and a random change of paint; (N, 3, H, W) float32 in [0, 1].

    Never mirrored: all cars face left, so that the code spends no bits on the direction.
    """
    return repaint(move(x))


def move(x: Tensor) -> Tensor:
    """x scaled by up to 15 %, stretched by 5 %, sheared by 4 % and shifted by 7.5 % of its width; filled with white."""
    theta = x.new_zeros(len(x), 2, 3)
    theta[:, 0, 0] = 1 + _spread(x, 0.15)
    theta[:, 1, 1] = theta[:, 0, 0] * (1 + _spread(x, 0.05))
    theta[:, 0, 1], theta[:, 1, 0] = _spread(x, 0.04), _spread(x, 0.04)
    # Affine coordinates run from -1 to 1, so a shift of 0.15 is 7.5 % of the width.
    theta[:, 0, 2], theta[:, 1, 2] = _spread(x, 0.075), _spread(x, 0.075)
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    return 1 - F.grid_sample(1 - x, grid, align_corners=False)


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
