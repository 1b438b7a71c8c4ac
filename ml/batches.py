"""What a batch of training holds: which pictures, and at which depth and price each is coded."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ml.config import TrainConfig


def epoch_batches(count: int, config: TrainConfig, epoch: int) -> list[Tensor]:
    """Indices of every batch of an epoch: every picture once, and a few twice to fill the last batch."""
    generator = torch.Generator().manual_seed(config.seed * 1_000_003 + epoch)
    steps = math.ceil(count / config.batch_size)
    rounds = math.ceil(steps * config.batch_size / count)
    order = torch.cat([torch.randperm(count, generator=generator) for _ in range(rounds)])
    return list(order[: steps * config.batch_size].view(steps, config.batch_size))


def sample_tasks(count: int, depths: int, config: TrainConfig, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """Depth, in 1..depths, and price of each picture of a batch, and whether its price is a random one: (count,).

    See TrainConfig for the shares.
    """
    share = torch.rand(count, device=device)
    priced = share < config.priced_share
    full = share < config.priced_share + config.full_depth_share
    low, high = math.log(config.lowest_price), math.log(config.highest_price)
    random_price = torch.empty(count, device=device).uniform_(low, high).exp()
    depth = torch.where(full, depths, torch.randint(1, max(2, depths), (count,), device=device))
    return depth, torch.where(priced, random_price, config.beta), priced
