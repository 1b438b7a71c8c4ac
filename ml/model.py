"""The VAE: a ladder network, whose code has levels, from one vector for the whole picture to a fine grid of details.

A bottom-up encoder reads the picture; a top-down decoder rebuilds it. Each level of the code is injected into the
decoder's state: in training a sample of the posterior, afterwards the posterior's mean. Decoding at depth d sets the
levels below d to zero, the prior's mean. The network is trained at every depth (nested dropout, Rippel et al. 2014).

Encoder and decoder are conditioned on the price of the code, the weight β of the KLD in the loss, so that one network
makes long codes and short ones (Perez et al., FiLM, 2018; Dosovitskiy & Djolonga, You Only Train Once, 2020).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ml.config import ModelConfig, Stage

LOGVAR_RANGE = (-12.0, 6.0)  # keeps exp() within half precision
PRICE_RANGE = (0.01, 10_000.0)  # where log(price) is taken; a plain autoencoder's price of 0 counts as the lowest

# The number of a level, its mean and its logvar, (N, code, size, size) → its code, of the same shape.
Choose: TypeAlias = Callable[[int, Tensor, Tensor], Tensor]


def sampled(number: int, mean: Tensor, logvar: Tensor) -> Tensor:
    return mean + torch.randn_like(mean) * (0.5 * logvar).exp()


def undisturbed(number: int, mean: Tensor, logvar: Tensor) -> Tensor:
    return mean


class PriceEmbedding(nn.Module):
    """What every layer is conditioned on: (N,) float32 prices → (N, width)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(1, width), nn.GELU(), nn.Linear(width, width), nn.GELU())

    def forward(self, price: Tensor) -> Tensor:
        # A quarter: log(price) then stays near [-1, 1.5] for prices from 0.1 to 400.
        return self.body(price.clamp(*PRICE_RANGE).log()[:, None] / 4)  # type: ignore[no-any-return]


class PerChannel(nn.Module):
    """`count` numbers for each channel, each (N, channels, 1, 1): a linear function of the price's embedding.

    All are zero at first, so that a network starts as one without a price.
    """

    def __init__(self, embedding: int, channels: int, count: int) -> None:
        super().__init__()
        self.count = count
        self.linear = nn.Linear(embedding, channels * count)
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def forward(self, embedding: Tensor) -> tuple[Tensor, ...]:
        return self.linear(embedding)[:, :, None, None].chunk(self.count, 1)  # type: ignore[no-any-return]


class ResidualBlock(nn.Module):
    """A pre-activation bottleneck: 1×1 to half the width, 3×3, 1×1 back. Starts as the identity."""

    def __init__(self, width: int, embedding: int) -> None:
        super().__init__()
        last = nn.Conv2d(width // 2, width, 1)
        nn.init.zeros_(last.weight)
        self.body = nn.Sequential(
            nn.GELU(),
            nn.Conv2d(width, width // 2, 1),
            nn.GELU(),
            nn.Conv2d(width // 2, width // 2, 3, padding=1),
            nn.GELU(),
            last,
        )
        self.modulation = PerChannel(embedding, width, 2)

    def forward(self, x: Tensor, price: Tensor) -> Tensor:
        scale, shift = self.modulation(price)
        return x + self.body(x * (1 + scale) + shift)  # type: ignore[no-any-return]


class Level(nn.Module):
    """One level of the code: computes its posterior, and injects the level into the decoder's state."""

    def __init__(self, width: int, code: int, size: int, embedding: int) -> None:
        super().__init__()
        kernel = 3 if size > 1 else 1
        self.posterior = nn.Sequential(
            nn.Conv2d(2 * width, width, 1),
            nn.GELU(),
            nn.Conv2d(width, 2 * code, kernel, padding=kernel // 2),
        )
        self.gate = nn.Conv2d(width, 2 * code, 1)
        self.inject = nn.Conv2d(code, width, 1)
        self.posterior_modulation = PerChannel(embedding, code, 4)
        self.gate_modulation = PerChannel(embedding, code, 2)
        # The posterior starts as the prior, zero mean and unit variance, but for its bias: a rate of about 0 nats.
        for zero in (self.posterior[-1].weight, self.gate.weight, self.gate.bias):
            nn.init.zeros_(zero)  # type: ignore[arg-type]

    def read(self, features: Tensor, state: Tensor, price: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of this level's posterior, each (N, code, size, size) float32."""
        mean, logvar = self.posterior(torch.cat([features, state], 1)).float().chunk(2, 1)
        mean_scale, mean_shift, logvar_scale, logvar_shift = self.posterior_modulation(price)
        mean = mean * (1 + mean_scale) + mean_shift
        return mean, (logvar * (1 + logvar_scale) + logvar_shift).clamp(*LOGVAR_RANGE)

    def condition(self, state: Tensor, z: Tensor, price: Tensor) -> Tensor:
        """The state after injecting z, first scaled and shifted per channel, conditioned on state and price."""
        shift, log_scale = self.gate(state).chunk(2, 1)
        shift_by, log_scale_by = self.gate_modulation(price)
        z = shift + shift_by + z * (log_scale + log_scale_by).exp().clamp(max=10)
        return state + self.inject(z)  # type: ignore[no-any-return]


class VAE(nn.Module):
    """x: (N, 3, S, S) float32 in [0, 1]; mean, logvar and z: (N, sum(config.level_sizes)) float32, top level first.

    price: (N,) float32, the weight β of the KLD in the loss of each picture; 1 where none is given.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        stages, channels, width = config.stages, 3 * config.patch**2, config.price_width
        self.price = PriceEmbedding(width)
        self.stem = nn.Conv2d(channels, stages[-1].width, 3, padding=1)
        self.encoder = nn.ModuleList(_blocks(stage.width, stage.encoder_blocks, width) for stage in stages)
        self.decoder = nn.ModuleList(_blocks(stage.width, stage.decoder_blocks, width) for stage in stages)
        steps = list(itertools.pairwise(stages))
        self.down = nn.ModuleList(_resample(nn.Conv2d, fine, coarse) for coarse, fine in steps)
        self.up = nn.ModuleList(_resample(nn.ConvTranspose2d, coarse, fine) for coarse, fine in steps)
        self.levels = nn.ModuleList(
            Level(stage.width, stage.code, stage.size, width) if stage.code else nn.Identity() for stage in stages
        )
        self.start = nn.Parameter(torch.zeros(1, stages[0].width, stages[0].size, stages[0].size))
        self.head = nn.Conv2d(stages[-1].width, channels, 3, padding=1)

    def forward(
        self, x: Tensor, depth: Tensor, price: Tensor, choose: Choose = sampled
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Reconstruction from the code that `choose` makes of the posterior, its mean, its logvar.

        depth: (N,) in 1..config.depths.
        """
        embedding = self.price(price)
        return self._descend(self.features(x, embedding), None, depth, embedding, choose)

    def encode(self, x: Tensor, price: Tensor | None = None, choose: Choose = undisturbed) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the posterior; each level's is conditioned on what `choose` makes of those above."""
        embedding = self.price(_ones(x) if price is None else price)
        features = self.features(x, embedding)
        _, mean, logvar = self._descend(features, None, self._full_depth(x), embedding, choose)
        return mean, logvar

    def decode(self, z: Tensor, depth: Tensor | None = None, price: Tensor | None = None) -> Tensor:
        """The decoded pictures, (N, 3, S, S), about [0, 1]; levels below depth, (N,), are set to zero."""
        embedding = self.price(_ones(z) if price is None else price)
        depth = self._full_depth(z) if depth is None else depth
        picture, _, _ = self._descend(None, z, depth, embedding)
        return picture

    def _full_depth(self, like: Tensor) -> Tensor:
        return torch.full((like.shape[0],), self.config.depths, device=like.device)

    def features(self, x: Tensor, price: Tensor) -> list[Tensor]:
        """Feature maps of every stage, coarse to fine."""
        h = self.stem(F.pixel_unshuffle(x * 2 - 1, self.config.patch))
        features = [h := self.encoder[-1](h, price)]
        for blocks, down in zip(reversed(self.encoder[:-1]), reversed(self.down), strict=True):
            features.append(h := blocks(down(h), price))
        return features[::-1]

    def begin(self, count: int) -> Tensor:
        """The decoder's state at the first stage, for so many pictures."""
        return self.start.expand(count, -1, -1, -1)

    def arrive(self, state: Tensor, index: int, target: int, price: Tensor) -> Tensor:
        """The decoder's state at stage `target`, from where the code of stage `index`, if any, has been injected."""
        for here in range(index, target):
            state = self.up[here](self.decoder[here](state, price))
        return state

    def _descend(
        self,
        features: list[Tensor] | None,
        z: Tensor | None,
        depth: Tensor,
        price: Tensor,
        choose: Choose = undisturbed,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Runs the decoder level by level, on codes of the posterior given `features` or, without them, on `z`."""
        codes = iter(() if z is None else torch.split(z, list(self.config.level_sizes), 1))
        means, logvars = [], []
        h = self.begin(depth.shape[0])
        number = 0
        for index, stage in enumerate(self.config.stages):
            if index:
                h = self.up[index - 1](h)
            if stage.code:
                level: Level = self.levels[index]  # type: ignore[assignment]
                if features is None:
                    code = next(codes).view(-1, stage.code, stage.size, stage.size)
                else:
                    mean, logvar = level.read(features[index], h, price)
                    code = choose(number, mean, logvar)
                    means.append(mean.flatten(1))
                    logvars.append(logvar.flatten(1))
                used = (depth > number).to(code.dtype).view(-1, 1, 1, 1)
                h = level.condition(h, code * used, price)
                number += 1
            h = self.decoder[index](h, price)
        picture = F.pixel_shuffle(self.head(h), self.config.patch) * 0.25 + 0.5
        nothing = picture.new_empty(0)
        return picture, torch.cat(means, 1) if means else nothing, torch.cat(logvars, 1) if logvars else nothing


class Blocks(nn.ModuleList):
    """Residual blocks one after another, all conditioned on the same price."""

    def forward(self, x: Tensor, price: Tensor) -> Tensor:
        for block in self:
            x = block(x, price)
        return x


def _blocks(width: int, count: int, embedding: int) -> Blocks:
    return Blocks(ResidualBlock(width, embedding) for _ in range(count))


def _ones(like: Tensor) -> Tensor:
    return like.new_ones(like.shape[0])


def _resample(convolution: type[nn.Conv2d | nn.ConvTranspose2d], source: Stage, target: Stage) -> nn.Module:
    factor = max(source.size, target.size) // min(source.size, target.size)
    return convolution(source.width, target.width, factor, factor)
