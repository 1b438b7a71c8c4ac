"""Distortion, rate and the decoder's variance: pure functions, in nats."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn


def squared_error(y: Tensor, x: Tensor) -> Tensor:
    """Mean squared error of each picture, (N,): y and x are (N, C, H, W) in [0, 1], the mean is over C, H, W."""
    return (y - x).square().flatten(1).mean(1)


def kl_divergence(mean: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mean, exp(logvar)) ‖ N(0, 1)) of every number of the code, in nats, not reduced.

    Kingma & Welling, Auto-Encoding Variational Bayes (2014), appendix B.
    """
    return 0.5 * (mean.square() + logvar.exp() - 1 - logvar)


def level_rates(kl: Tensor, level_sizes: tuple[int, ...]) -> Tensor:
    """The KLD summed over each level, in nats: (N, sum(level_sizes)) → (N, levels)."""
    return torch.stack([level.sum(1) for level in torch.split(kl, list(level_sizes), 1)], 1)


def negative_elbo(mse: Tensor, rate: Tensor, variance: Tensor, pixels: int) -> Tensor:
    """rate + pixels · mse / (2 variance), in nats for each picture: MSE + KLD, up to a constant of the variance.

    mse, rate, variance: (N,); `pixels` counts numbers, so 3 · H · W. With `variance` the mean squared error itself,
    this is the optimal weighting of the two terms: Rybkin et al., Simple and Effective VAE Training with Calibrated
    Decoders (2021), equation 6.
    """
    return rate + 0.5 * pixels * mse / variance


def priced(mse: Tensor, rate: Tensor, variance: Tensor, price: Tensor, pixels: int) -> Tensor:
    """MSE + β · KLD of each picture at its price β, divided by √β: (N,) nats. The price weighs the KLD here.

    Arguments as for `negative_elbo`; price: (N,). At β = 1 this is the negative ELBO. The division keeps the gradients
    of high and low prices at about the same size. At β = 0, a plain autoencoder, nothing is divided.
    """
    scale = torch.where(price > 0, price, 1).rsqrt()
    return scale * negative_elbo(mse, price * rate, variance, pixels)


class CalibratedVariance(nn.Module):
    """The decoder's variance at each depth: the running mean of the squared error at that depth, at least `floor`."""

    mean: Tensor

    def __init__(self, depths: int, floor: float, momentum: float = 0.9) -> None:
        super().__init__()
        self.floor, self.momentum = floor, momentum
        self.register_buffer("mean", torch.zeros(depths))

    @torch.no_grad()
    def update(
        self, mse: Tensor, depth: Tensor, calibrates: Tensor, over_ranks: Callable[[Tensor], Tensor] = lambda own: own
    ) -> Tensor:
        """Adds a batch's errors to the running means; returns the variance at each picture's depth, (N,).

        mse, depth, calibrates: (N,), with depth in 1..depths. Only pictures with `calibrates` are added, those at one
        price: errors at another price have another size. `over_ranks` sums a tensor over all processes that train.
        """
        member = nn.functional.one_hot(depth - 1, len(self.mean)).to(mse.dtype)  # (N, depths)
        member = member * calibrates[:, None]
        count, error = over_ranks(torch.stack([member.sum(0), (member * mse[:, None]).sum(0)]))
        now = error / count.clamp(min=1)
        running = torch.where(self.mean > 0, torch.lerp(now, self.mean, self.momentum), now)
        usable = (count > 0) & running.isfinite()
        self.mean.copy_(torch.where(usable, running, self.mean))
        return self.value[depth - 1]

    @property
    def value(self) -> Tensor:
        """(depths,)"""
        return self.mean.clamp(min=self.floor)
