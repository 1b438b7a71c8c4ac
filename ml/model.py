"""The VAE: a ladder of codes, from one vector for the whole picture to a fine grid of details.

A bottom-up encoder reads the picture; a top-down decoder rebuilds it. At each level the decoder's state is told a
code: during training a sample of the posterior, later its mean. Decoding at depth d leaves the codes of deeper levels
at zero, their prior mean, and the network is trained on every depth (nested dropout, Rippel et al. 2014).
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ml.config import ModelConfig, Stage

LOGVAR_RANGE = (-12.0, 6.0)  # outside it exp() only makes trouble in half precision


class ResidualBlock(nn.Module):
    """A pre-activation bottleneck: 1×1 to half the width, 3×3, 1×1 back. Starts as the identity."""

    def __init__(self, width: int) -> None:
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

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)  # type: ignore[no-any-return]


class Level(nn.Module):
    """One level of the latent ladder: reads the posterior off, and tells the decoder the code."""

    def __init__(self, width: int, code: int, size: int) -> None:
        super().__init__()
        kernel = 3 if size > 1 else 1
        self.posterior = nn.Sequential(
            nn.Conv2d(2 * width, width, 1),
            nn.GELU(),
            nn.Conv2d(width, 2 * code, kernel, padding=kernel // 2),
        )
        self.gate = nn.Conv2d(width, 2 * code, 1)
        self.inject = nn.Conv2d(code, width, 1)
        # The posterior starts at zero mean and unit variance: the prior, at a rate of 0 nats but for its bias.
        for zero in (self.posterior[-1].weight, self.gate.weight, self.gate.bias):
            nn.init.zeros_(zero)  # type: ignore[arg-type]

    def read(self, features: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the code, each (N, code, size, size) float32."""
        mean, logvar = self.posterior(torch.cat([features, state], 1)).float().chunk(2, 1)
        return mean, logvar.clamp(*LOGVAR_RANGE)

    def tell(self, state: Tensor, z: Tensor) -> Tensor:
        """The decoder's state after hearing z, which is first scaled and shifted per channel by the state."""
        shift, log_scale = self.gate(state).chunk(2, 1)
        return state + self.inject(shift + z * log_scale.exp().clamp(max=10))  # type: ignore[no-any-return]


class VAE(nn.Module):
    """x: (N, 3, S, S) float32 in [0, 1]; mean, logvar and z: (N, sum(config.level_sizes)) float32, top level first."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        stages, channels = config.stages, 3 * config.patch**2
        self.stem = nn.Conv2d(channels, stages[-1].width, 3, padding=1)
        self.encoder = nn.ModuleList(_blocks(stage.width, stage.encoder_blocks) for stage in stages)
        self.decoder = nn.ModuleList(_blocks(stage.width, stage.decoder_blocks) for stage in stages)
        steps = list(itertools.pairwise(stages))
        self.down = nn.ModuleList(_resample(nn.Conv2d, fine, coarse) for coarse, fine in steps)
        self.up = nn.ModuleList(_resample(nn.ConvTranspose2d, coarse, fine) for coarse, fine in steps)
        self.levels = nn.ModuleList(Level(s.width, s.code, s.size) if s.code else nn.Identity() for s in stages)
        self.start = nn.Parameter(torch.zeros(1, stages[0].width, stages[0].size, stages[0].size))
        self.head = nn.Conv2d(stages[-1].width, channels, 3, padding=1)

    def forward(self, x: Tensor, depth: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Picture rebuilt from a sample of the posterior, its mean and its logvar; depth: (N,) in 1..config.depths."""
        return self._descend(self._features(x), None, depth, sample=True)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the code; each level is read given the means of those above."""
        _, mean, logvar = self._descend(self._features(x), None, self._full_depth(x), sample=False)
        return mean, logvar

    def decode(self, z: Tensor, depth: Tensor | None = None) -> Tensor:
        """The picture that z stands for, (N, 3, S, S), about [0, 1]; levels beyond depth, (N,), are left unsaid."""
        picture, _, _ = self._descend(None, z, self._full_depth(z) if depth is None else depth, sample=False)
        return picture

    def _full_depth(self, like: Tensor) -> Tensor:
        return torch.full((like.shape[0],), self.config.depths, device=like.device)

    def _features(self, x: Tensor) -> list[Tensor]:
        """Feature maps of every stage, coarse to fine."""
        h = self.stem(F.pixel_unshuffle(x * 2 - 1, self.config.patch))
        features = [h := self.encoder[-1](h)]
        for blocks, down in zip(reversed(self.encoder[:-1]), reversed(self.down), strict=True):
            features.append(h := blocks(down(h)))
        return features[::-1]

    def _descend(
        self, features: list[Tensor] | None, z: Tensor | None, depth: Tensor, *, sample: bool
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Walk the ladder from the top, with codes read from `features` or, without them, taken from `z`."""
        codes = iter(() if z is None else torch.split(z, list(self.config.level_sizes), 1))
        means, logvars = [], []
        h = self.start.expand(depth.shape[0], -1, -1, -1)
        number = 0
        for index, stage in enumerate(self.config.stages):
            if index:
                h = self.up[index - 1](h)
            if stage.code:
                level: Level = self.levels[index]  # type: ignore[assignment]
                if features is None:
                    code = next(codes).view(-1, stage.code, stage.size, stage.size)
                else:
                    mean, logvar = level.read(features[index], h)
                    code = mean + torch.randn_like(mean) * (0.5 * logvar).exp() if sample else mean
                    means.append(mean.flatten(1))
                    logvars.append(logvar.flatten(1))
                said = (depth > number).to(code.dtype).view(-1, 1, 1, 1)
                h = level.tell(h, code * said)
                number += 1
            h = self.decoder[index](h)
        picture = F.pixel_shuffle(self.head(h), self.config.patch) * 0.25 + 0.5
        nothing = picture.new_empty(0)
        return picture, torch.cat(means, 1) if means else nothing, torch.cat(logvars, 1) if logvars else nothing


def _blocks(width: int, count: int) -> nn.Sequential:
    return nn.Sequential(*(ResidualBlock(width) for _ in range(count)))


def _resample(convolution: type[nn.Conv2d | nn.ConvTranspose2d], source: Stage, target: Stage) -> nn.Module:
    factor = max(source.size, target.size) // min(source.size, target.size)
    return convolution(source.width, target.width, factor, factor)
