"""The configuration of the network and of its training: two frozen dataclasses, to and from JSON."""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import Any, TypeVar

_T = TypeVar("_T")


class ConfigError(ValueError):
    """A configuration that is not valid; the message names the field."""


@dataclasses.dataclass(frozen=True)
class Stage:
    """One resolution of the network: feature maps of size × size × width.

    `code` is how many channels of the code are injected at this resolution; 0 where the code has no level here.
    """

    size: int
    width: int
    encoder_blocks: int
    decoder_blocks: int
    code: int = 0


LADDER = (
    Stage(size=1, width=256, encoder_blocks=0, decoder_blocks=1, code=64),
    Stage(size=4, width=256, encoder_blocks=1, decoder_blocks=1, code=16),
    Stage(size=8, width=192, encoder_blocks=2, decoder_blocks=2, code=16),
    Stage(size=16, width=128, encoder_blocks=2, decoder_blocks=2, code=8),
    Stage(size=32, width=64, encoder_blocks=2, decoder_blocks=2, code=4),
    Stage(size=64, width=32, encoder_blocks=1, decoder_blocks=1),
)

# The textbook VAE, as a baseline: the same network with a single level of 128 numbers.
FLAT = tuple(dataclasses.replace(stage, code=128 if stage.size == 1 else 0) for stage in LADDER)

# A code of two numbers, which can be drawn: for the lesson on gaps, of pictures at 32×32.
PLANE = (
    Stage(size=1, width=64, encoder_blocks=0, decoder_blocks=1, code=2),
    Stage(size=4, width=64, encoder_blocks=1, decoder_blocks=1),
    Stage(size=8, width=32, encoder_blocks=1, decoder_blocks=1),
    Stage(size=16, width=16, encoder_blocks=1, decoder_blocks=1),
)

ARCHITECTURES = {"ladder": LADDER, "flat": FLAT, "plane": PLANE}


@dataclasses.dataclass(frozen=True)
class ModelConfig:
    """The network: its stages from coarse to fine. A place of the finest feature map covers patch × patch pixels."""

    stages: tuple[Stage, ...] = LADDER
    patch: int = 2
    price_width: int = 64  # of the embedding of the price, on which every layer is conditioned

    def __post_init__(self) -> None:
        sizes = [stage.size for stage in self.stages]
        if not sizes or any(fine % coarse or fine <= coarse for coarse, fine in itertools.pairwise(sizes)):
            raise ConfigError(f"stages: sizes must grow by whole factors from coarse to fine, not {sizes}")
        if not any(stage.code for stage in self.stages):
            raise ConfigError("stages: at least one needs code channels, or there is no latent space")
        if self.price_width < 1:
            raise ConfigError(f"price_width: must be at least 1, not {self.price_width}")

    @property
    def image_size(self) -> int:
        """Width and height of a picture, in pixels."""
        return self.stages[-1].size * self.patch

    @property
    def level_sizes(self) -> tuple[int, ...]:
        """How many numbers the code has at each level, top first."""
        return tuple(stage.code * stage.size**2 for stage in self.stages if stage.code)

    @property
    def depths(self) -> int:
        """The number of levels: decoding may stop after any of them."""
        return len(self.level_sizes)

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ModelConfig:
        stages = tuple(_build(Stage, stage) for stage in values.get("stages", ()))
        return _build(cls, {**values, "stages": stages})


@dataclasses.dataclass(frozen=True)
class TrainConfig:
    """The recipe: MSE + KLD, Adam, 2500 epochs, a tenth of the learning rate for the last 500."""

    epochs: int = 2500
    final_epochs: int = 500
    learning_rate: float = 1e-3
    final_learning_rate: float = 1e-4
    batch_size: int = 32
    # The recipe does not define the fields below.
    warmup_steps: int = 200
    max_gradient_norm: float = 1.0
    # A step whose gradient has a larger norm is skipped and counted: Child, Very Deep VAEs (2021).
    skip_gradient_norm: float = 400.0
    ema_decay: float = 0.999
    # The share of a batch that is coded at full depth and a random price, log-uniform between these two.
    priced_share: float = 0.5
    lowest_price: float = 0.1
    highest_price: float = 400.0
    # The share that is coded at full depth and the price `beta`. The rest: a random smaller depth, the price `beta`.
    full_depth_share: float = 0.25
    # The smallest variance of the decoder. Without it, one decibel is worth pixels/2 · ln(10)/10 nats, 1,020 bytes at
    # 128×128, which is more than the whole code. At the floor the weight of the error is constant.
    variance_floor: float = 0.003
    # The price of the code, β, of pictures that get no random price: the weight of the KLD in the loss. 1 is a VAE, 0
    # a plain autoencoder: Higgins et al., β-VAE (2017).
    beta: float = 1.0
    # Whether pictures are changed at random (ml.augment); without it, every picture of training is one point.
    augmented: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        for field in ("epochs", "batch_size", "learning_rate", "final_learning_rate"):
            if not getattr(self, field) > 0 or not math.isfinite(getattr(self, field)):
                raise ConfigError(f"{field}: must be above 0, not {getattr(self, field)}")
        if not 0 <= self.final_epochs <= self.epochs:
            raise ConfigError(f"final_epochs: must lie between 0 and epochs ({self.epochs}), not {self.final_epochs}")
        if not 0 < self.lowest_price <= self.highest_price < math.inf:
            raise ConfigError(
                f"lowest_price: must be above 0 and no more than highest_price ({self.highest_price}), "
                f"not {self.lowest_price}"
            )
        if not (0 <= self.priced_share <= 1 and 0 <= self.full_depth_share <= 1 - self.priced_share):
            raise ConfigError(
                f"priced_share and full_depth_share: must be shares of one batch, "
                f"not {self.priced_share} and {self.full_depth_share}"
            )
        if not 0 < self.variance_floor < 1:
            raise ConfigError(f"variance_floor: must lie between 0 and 1, not {self.variance_floor}")
        if not 0 <= self.beta < math.inf:
            raise ConfigError(f"beta: must be at least 0, not {self.beta}")
        if not 0 <= self.ema_decay < 1:
            raise ConfigError(f"ema_decay: must be at least 0 and below 1, not {self.ema_decay}")

    @property
    def prices(self) -> tuple[float, float]:
        """The lowest and the highest price that the network is trained at."""
        if not self.priced_share:
            return self.beta, self.beta
        return min(self.lowest_price, self.beta), max(self.highest_price, self.beta)

    def learning_rate_at(self, step: int, steps_per_epoch: int) -> float:
        """The learning rate of one step: a short warm-up, a plateau, and a lower plateau for the last epochs."""
        final = step >= (self.epochs - self.final_epochs) * steps_per_epoch
        plateau = self.final_learning_rate if final else self.learning_rate
        return plateau * min(1.0, (step + 1) / max(1, self.warmup_steps))

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> TrainConfig:
        return _build(cls, values)


def _build(cls: type[_T], values: dict[str, Any]) -> _T:
    try:
        return cls(**values)
    except TypeError as error:
        raise ConfigError(f"{cls.__name__}: {error}") from error
