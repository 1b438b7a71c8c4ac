"""Checkpoints on disk, and the trained model that a checkpoint holds."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ml.config import ConfigError, ModelConfig, TrainConfig
from ml.model import VAE, undisturbed
from ml.serving.transforms import Array


def save(state: dict[str, Any], path: Path) -> None:
    """Writes `state` so that a kill at any moment leaves either the old file or the new one."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def load(path: Path | str) -> dict[str, Any]:
    """The state written by `save`. Raises ConfigError when the file is missing or is no checkpoint."""
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        state["model_config"] = ModelConfig.from_json(json.loads(state["model_config"]))
        state["train_config"] = TrainConfig.from_json(json.loads(state["train_config"]))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such checkpoint") from error
    except (RuntimeError, OSError, EOFError, KeyError, TypeError, ValueError, pickle.UnpicklingError) as error:
        raise ConfigError(f"{path}: not a checkpoint of ml.train ({error})") from error
    return state


def averaged_weights(state: dict[str, Any]) -> dict[str, Tensor]:
    """What a VAE loads. In the checkpoint they are those of an AveragedModel, which holds the VAE as its `module`."""
    return {k.removeprefix("module."): v for k, v in state["ema"].items() if k.startswith("module.")}


class TorchCodec:
    """The averaged weights of a checkpoint, with `encode` and `decode` as `ml.serving.runtime.Runtime` has them."""

    def __init__(self, state: dict[str, Any]) -> None:
        self.vae = VAE(state["model_config"])
        self.prices: tuple[float, float] = state["train_config"].prices
        self.vae.load_state_dict(averaged_weights(state))
        self.vae.eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @property
    def level_sizes(self) -> tuple[int, ...]:
        return self.vae.config.level_sizes

    @torch.inference_mode()
    def encode(self, x: Array, price: float | Array = 1.0, noise: Array | None = None) -> tuple[Array, Array]:
        def drawn(number: int, mean: Tensor, logvar: Tensor) -> Tensor:
            return mean + (logvar / 2).exp() * levels[number].view_as(mean)

        levels = () if noise is None else torch.split(torch.from_numpy(noise), list(self.level_sizes), 1)
        choose = undisturbed if noise is None else drawn
        mean, logvar = self.vae.encode(torch.from_numpy(x), _prices(price, len(x)), choose)
        return mean.numpy(), logvar.numpy()

    @torch.inference_mode()
    def decode(self, z: Array, depth: int | None = None, price: float | Array = 1.0) -> Array:
        depths = torch.full((len(z),), depth or self.vae.config.depths)
        picture: Array = self.vae.decode(torch.from_numpy(z), depths, _prices(price, len(z))).numpy()
        return np.clip(picture, 0, 1)


def _prices(price: float | Array, count: int) -> Tensor:
    return torch.from_numpy(np.full(count, price, dtype=np.float32))
