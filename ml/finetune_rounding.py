"""python -m ml.finetune_rounding --checkpoint FILE --weights DIR --data DIR --out DIR: trains on with rounded codes.

The recipe knows codes with noise; a file holds rounded ones. Here half of every batch is coded as a file, at one of the
coder's prices, so that the decoder learns to draw from rounded numbers; the other half remains the recipe's.
`--weights` is what ml.export made of the checkpoint: its coder rounds. Export what comes out again: that fits the coder
anew.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor

from ml import checkpoint, data, losses
from ml.config import ConfigError
from ml.serving.coding import Coder
from ml.serving.coding.contexts import Integers
from ml.serving.coding.quantise import round_level
from ml.serving.coding.tables import Tables
from ml.serving.runtime import ModelError, Runtime
from ml.train import Run

SHARE = 0.5  # of a batch that is rounded
FINAL_SHARE = 0.3  # of the epochs at a tenth of the learning rate


class Rounding:
    """`choose`, for VAE.forward, rounds each level as the coder does, given the rounded ones above.

    No gradient passes: what a number ought to be remains the business of the recipe's half. Letting gradients of
    distortion and rate straight through the rounding was no better (docs/model.md).
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.levels: list[Integers] = []

    def choose(self, number: int, mean: Tensor, logvar: Tensor) -> Tensor:
        mean_array, logvar_array = (part.detach().cpu().numpy() for part in (mean, logvar))
        self.levels.append(round_level(self.tables, number, self.levels, mean_array, logvar_array))
        values = self.levels[-1].astype(np.float32) * self.tables.steps[number]
        return torch.from_numpy(values).to(mean.device)


class RoundedRun(Run):
    """Goes on from a checkpoint's averaged weights."""

    def __init__(self, state: dict[str, Any], coder: Coder, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.vae.load_state_dict(checkpoint.averaged_weights(state))
        self.variance.load_state_dict(state["variance"])
        self.step, self.skipped, self.seconds = state["step"], state["skipped"], state["seconds"]
        recipe = {**self.config.to_json(), "rounded_share": SHARE}
        self.history = [*json.loads(state["history"]), {"from_epoch": self.epoch, "recipe": recipe}]
        self.coder = coder

    def _loss(self, x: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        # Every other picture: augmentation treats the first half of a batch in another way than the second.
        loss, figures = super()._loss(x[::2])
        rounded_loss, rounded_figures = self._rounded_loss(x[1::2])
        return (1 - SHARE) * loss + SHARE * rounded_loss, figures | rounded_figures

    def _rounded_loss(self, x: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The squared error of pictures out of files, all at one random price, in the units of the recipe's loss."""
        number = int(torch.randint(len(self.coder.prices), ()))
        depth = torch.full((len(x),), self.vae.config.depths, device=x.device)
        price = torch.full((len(x),), self.coder.prices[number], device=x.device)
        y, _, _ = self.model(x, depth, price, Rounding(self.coder.tables[number]).choose)
        mse = losses.squared_error(y.float(), x)
        variance = self.variance.value[depth - 1]
        loss = losses.priced(mse, torch.zeros_like(mse), variance, price, x[0].numel()).mean() / x[0].numel()
        return loss, {"file_psnr_db": -10 * mse.detach().log10().mean()}


def finetune(options: argparse.Namespace) -> None:
    """Raises ConfigError, DataError or ModelError where checkpoint, pictures or weights do not fit together."""
    path: Path = options.out / "checkpoint.pt"
    if path.exists():
        raise ConfigError(f"{path} exists: name another --out")
    state = checkpoint.load(options.checkpoint)
    model_config, coder = state["model_config"], Coder(Runtime(options.weights))
    if coder.runtime.info["model"] != json.loads(json.dumps(model_config.to_json())):
        raise ConfigError(f"{options.weights} was not exported from {options.checkpoint}: their networks differ")
    training = data.recall(state["training"], options.data, model_config.image_size)
    validation = data.recall(state["validation"], options.val, model_config.image_size)
    config = dataclasses.replace(
        state["train_config"],
        epochs=state["epoch"] + options.epochs,
        final_epochs=round(options.epochs * FINAL_SHARE),
        learning_rate=options.learning_rate,
        final_learning_rate=options.learning_rate / 10,
    )
    fabric = Fabric(accelerator=options.device, devices=1, precision=options.precision)
    fabric.launch()
    fabric.seed_everything(config.seed, verbose=False)
    options.out.mkdir(parents=True, exist_ok=True)
    run = RoundedRun(state, coder, fabric, model_config, config, training, validation, options.out)
    fabric.print(f"{options.epochs} epochs of {run.steps_per_epoch} steps, from epoch {run.epoch} on")
    run.fit(options.eval_every)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.finetune_rounding", description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="checkpoint.pt of ml.train")
    parser.add_argument("--weights", type=Path, required=True, help="folder that ml.export wrote from it")
    parser.add_argument("--data", type=Path, help="where the training pictures are now, if they have moved")
    parser.add_argument("--val", type=Path, help="where the validation pictures are now, if they have moved")
    parser.add_argument("--out", type=Path, required=True, help="folder for the new checkpoint and its log")
    parser.add_argument("--epochs", type=int, default=7, help="how many to add (default 7)")
    parser.add_argument("--learning-rate", type=float, default=2e-4, help="a tenth of it at the end (default 0.0002)")
    parser.add_argument("--eval-every", type=int, default=7, help="epochs between evaluations (default 7)")
    parser.add_argument("--device", default="auto", help="cpu, cuda, mps or auto (default)")
    parser.add_argument("--precision", default="bf16-mixed", help="of Fabric: bf16-mixed (default), 32-true, …")
    try:
        finetune(parser.parse_args(arguments))
    except (ConfigError, data.DataError, ModelError) as error:
        sys.exit(f"ml.finetune_rounding: {error}")


if __name__ == "__main__":
    main()
