"""python -m ml.train --data DIR --out DIR: trains the VAE. It may be stopped at any time; --resume continues."""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import math
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.optim.swa_utils import PARAM_LIST, AveragedModel
from tqdm import tqdm

from ml import checkpoint, data, losses, measuring
from ml.augment import augment
from ml.batches import epoch_batches, sample_tasks
from ml.config import ARCHITECTURES, ConfigError, ModelConfig, TrainConfig
from ml.model import VAE
from ml.serving.metrics import NATS_PER_BYTE
from ml.sheets import save_sheet

SHEET_PICTURES = 10
REPORTED_PRICES = (0.1, 1.0, 10.0, 100.0)  # at full depth, in log.csv


class Run:
    """The state of a training run, and the loop over it."""

    def __init__(
        self,
        fabric: Fabric,
        model_config: ModelConfig,
        config: TrainConfig,
        training: data.Pictures,
        validation: data.Pictures,
        out: Path,
        *,
        compiled: bool = False,
    ) -> None:
        self.fabric, self.config, self.out = fabric, config, out
        self.training, self.validation = training, validation
        self.pixels = training.tensor.to(fabric.device)
        self.vae = VAE(model_config).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.ema = AveragedModel(self.vae, multi_avg_fn=_ema_update(config.ema_decay)).to(fabric.device)
        self.variance = losses.CalibratedVariance(model_config.depths, config.variance_floor).to(fabric.device)
        network: Any = torch.compile(self.vae) if compiled else self.vae
        self.model, self.optimizer = fabric.setup(network, torch.optim.Adam(self.vae.parameters()))
        self.steps_per_epoch = math.ceil(len(training) / config.batch_size)
        self.step, self.skipped, self.seconds = 0, 0, 0.0
        self.history: list[dict[str, Any]] = [{"from_epoch": 0, "recipe": config.to_json()}]
        self.asked_to_stop = self.stopping = False

    @property
    def epoch(self) -> int:
        """The number of finished epochs."""
        return self.step // self.steps_per_epoch

    def fit(self, eval_every: int) -> None:
        """Trains to the last epoch, or until SIGINT or SIGTERM; either way the last state is saved."""
        previous = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        total = self.config.epochs * self.steps_per_epoch
        bar = tqdm(total=total, initial=self.step, unit="step", disable=not self.fabric.is_global_zero)
        try:
            while self.step < total and not self.stopping:
                figures = self._train_epoch(bar)
                if not self.stopping and (self.epoch % eval_every == 0 or self.step == total):
                    self._report(figures)
                    self.save()
            self.save()
        finally:
            bar.close()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def save(self) -> None:
        """Writes all that `restore` needs to `checkpoint.pt`."""
        if not self.fabric.is_global_zero:
            return
        state = {
            "model_config": json.dumps(self.vae.config.to_json()),
            "train_config": json.dumps(self.config.to_json()),
            "model": self.vae.state_dict(),
            "ema": self.ema.state_dict(),
            "variance": self.variance.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "history": json.dumps(self.history),
            "step": self.step,
            "epoch": self.epoch,
            "skipped": self.skipped,
            "seconds": self.seconds,
            "random": torch.get_rng_state(),
            "random_cuda": torch.cuda.get_rng_state_all(),
            "training": self.training.identity(),
            "validation": self.validation.identity(),
        }
        checkpoint.save(state, self.out / "checkpoint.pt")

    def restore(self, state: dict[str, Any]) -> None:
        """Continues from a state that `save` wrote. Raises ConfigError when the pictures are not the same ones."""
        if state["training"]["sha256"] != self.training.sha256:
            raise ConfigError("the pictures differ from those that this run was trained on: name another --out")
        for part, name in ((self.vae, "model"), (self.ema, "ema"), (self.variance, "variance")):
            part.load_state_dict(state[name])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.skipped, self.seconds = state["step"], state["skipped"], state["seconds"]
        self.history = json.loads(state["history"])
        if TrainConfig.from_json(self.history[-1]["recipe"]) != self.config:  # one without a newer field is the same
            self.history.append({"from_epoch": self.epoch, "recipe": self.config.to_json()})
        torch.set_rng_state(state["random"])
        if len(state["random_cuda"]) == torch.cuda.device_count():
            torch.cuda.set_rng_state_all(state["random_cuda"])
        if rank := self.fabric.global_rank:  # the state is that of rank 0: with it, all ranks would draw the same noise
            torch.manual_seed(int(torch.randint(2**62, ())) + rank)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True

    def _over_ranks(self, values: Tensor) -> Tensor:
        """The sum over all devices; with one, the same tensor."""
        return self.fabric.all_reduce(values, reduce_op="sum")  # type: ignore[return-value]  # of a tensor, a tensor

    def _train_epoch(self, bar: tqdm[Any]) -> dict[str, float]:
        """Trains the rest of the current epoch; returns the means of its figures."""
        started, done = time.perf_counter(), self.step % self.steps_per_epoch
        batches = epoch_batches(len(self.training), self.config, self.epoch)[done:]
        history = []
        self.model.train()
        for batch in batches:
            history.append(self._train_step(batch[self.fabric.global_rank :: self.fabric.world_size]))
            bar.update()
            # After one of them was asked, all ranks stop at the same step: one alone would wait for the others.
            self.stopping = bool(self._over_ranks(torch.tensor(float(self.asked_to_stop))))
            if self.stopping:
                break
        means = {name: torch.stack([f[name] for f in history]).nanmean().item() for name in history[0]}
        elapsed = time.perf_counter() - started
        self.seconds += elapsed
        bar.set_postfix({"epoch": self.epoch, **{name: f"{value:.4g}" for name, value in means.items()}})
        return means | {"pictures_per_second": len(history) * self.config.batch_size / elapsed}

    def _train_step(self, indices: Tensor) -> dict[str, Tensor]:
        """One step of Adam; returns its figures."""
        config = self.config
        for group in self.optimizer.param_groups:
            group["lr"] = config.learning_rate_at(self.step, self.steps_per_epoch)
        x = self.pixels[indices.to(self.pixels.device)].float() / 255
        x = augment(x) if config.augmented else x
        loss, figures = self._loss(x.contiguous(memory_format=torch.channels_last))
        self.optimizer.zero_grad()
        self.fabric.backward(loss)
        norm = nn.utils.clip_grad_norm_(self.vae.parameters(), config.max_gradient_norm)
        if norm < config.skip_gradient_norm:  # False for NaN
            self.optimizer.step()
            self.ema.update_parameters(self.vae)
        else:
            self.skipped += 1
        self.step += 1
        return {"loss": loss.detach(), **figures, "gradient_norm": norm.detach()}

    def _loss(self, x: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """MSE + β · KLD of pictures, in nats a number, and figures.

        Bytes and PSNR are of the pictures at full depth and the price `beta`; NaN where the batch has none.
        """
        config, depths = self.config, self.vae.config.depths
        depth, price, priced = sample_tasks(len(x), depths, config, x.device)
        y, mean, logvar = self.model(x, depth, price)
        mse = losses.squared_error(y.float(), x)  # (N,)
        rates = losses.level_rates(losses.kl_divergence(mean, logvar), self.vae.config.level_sizes)  # (N, levels)
        used = torch.arange(depths, device=x.device) < depth[:, None]  # (N, levels)
        variance = self.variance.update(mse.detach(), depth, ~priced, self._over_ranks)
        loss = losses.priced(mse, (rates * used).sum(1), variance, price, x[0].numel()).mean() / x[0].numel()
        plain = (depth == depths) & ~priced
        return loss, {
            "bytes": rates.detach()[plain].sum(1).mean() / NATS_PER_BYTE,
            "psnr_db": -10 * mse.detach()[plain].log10().mean(),
        }

    def _report(self, figures: dict[str, float]) -> None:
        """Evaluates the averaged weights on held-out pictures: a line in log.csv, and a sheet of pictures."""
        if not self.fabric.is_global_zero:
            return
        codec = checkpoint.TorchCodec(
            {"model_config": self.vae.config, "train_config": self.config, "ema": self.ema.state_dict()}
        )
        x, price = self.validation.floats().numpy(), self.config.beta
        by_depth = measuring.measure(codec, x, price).mean(0).tolist()
        row: dict[str, float] = {"epoch": self.epoch, "step": self.step, "seconds": round(self.seconds, 1)}
        row |= {"learning_rate": self.optimizer.param_groups[0]["lr"], "skipped": self.skipped} | figures
        summary = []
        for depth, (rate, psnr, _) in enumerate(by_depth, 1):
            row |= {f"val_bytes_{depth}": rate, f"val_psnr_db_{depth}": psnr}
            summary.append(f"{rate:.0f} B {psnr:.2f} dB")
        for other in REPORTED_PRICES:
            rate, psnr, _ = measuring.measure(codec, x, other, [self.vae.config.depths]).mean((0, 1)).tolist()
            row |= {f"val_bytes_at_price_{other:g}": rate, f"val_psnr_db_at_price_{other:g}": psnr}
            summary.append(f"β {other:g}: {rate:.0f} B {psnr:.2f} dB")
        append_csv(self.out / "log.csv", row)
        tqdm.write(f"epoch {self.epoch}: {'  '.join(summary)}")
        some = x[:: max(1, len(x) // SHEET_PICTURES)][:SHEET_PICTURES]
        mean, _ = codec.encode(some, price)
        rows = [some, *(codec.decode(mean, depth, price) for depth in range(1, self.vae.config.depths + 1))]
        save_sheet([torch.from_numpy(row) for row in rows], self.out / "sheets" / f"epoch-{self.epoch:04d}.png")


def append_csv(path: Path, row: dict[str, float]) -> None:
    new = not path.exists()
    with path.open("a", newline="") as lines:
        writer = csv.DictWriter(lines, row)
        if new:
            writer.writeheader()
        writer.writerow({name: f"{value:.6g}" if isinstance(value, float) else value for name, value in row.items()})


def train(options: argparse.Namespace) -> None:
    """Runs the recipe from the start, or with --resume from the checkpoint in `options.out`."""
    path: Path = options.out / "checkpoint.pt"
    state = checkpoint.load(path) if options.resume else None
    if path.exists() and not options.resume:
        raise ConfigError(f"{path} exists: go on with --resume, or name another --out")
    model_config = state["model_config"] if state else ModelConfig(ARCHITECTURES[options.architecture])
    given = {field.name: getattr(options, field.name, None) for field in dataclasses.fields(TrainConfig)}
    base = state["train_config"] if state else TrainConfig()
    config = dataclasses.replace(base, **{name: value for name, value in given.items() if value is not None})

    fabric = Fabric(accelerator=options.device, devices=options.devices, precision=options.precision)
    if config.batch_size % fabric.world_size:
        raise ConfigError(f"batch_size: {config.batch_size} pictures cannot be shared by {fabric.world_size} devices")
    fabric.launch()
    fabric.seed_everything(config.seed + fabric.global_rank, verbose=False)
    training = data.load(options.data, model_config.image_size)
    for name, reason in training.skipped.items():
        print(f"skipped {name}: {reason}", file=sys.stderr)
    if options.val:
        validation = data.load(options.val, model_config.image_size)
    else:
        training, validation = data.split(training, options.val_share, config.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    run = Run(fabric, model_config, config, training, validation, options.out, compiled=options.compile)
    if state:
        run.restore(state)
    parameters = sum(parameter.numel() for parameter in run.vae.parameters())
    fabric.print(f"{len(training)} pictures to train on, {len(validation)} held out, {parameters:,} parameters")
    fabric.print(f"{run.steps_per_epoch} steps an epoch; at epoch {run.epoch} of {config.epochs}")
    run.fit(options.eval_every)


def _ema_update(decay: float) -> Callable[[PARAM_LIST, PARAM_LIST, Tensor | int], None]:
    """Polyak averaging with a decay that grows from 0.1, so that the initial weights are soon forgotten."""

    def update(averaged: PARAM_LIST, current: PARAM_LIST, count: Tensor | int) -> None:
        now = min(decay, (1 + int(count)) / (10 + int(count)))
        torch._foreach_lerp_(averaged, current, 1 - now)

    return update


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of photographs, of any size, all facing left")
    parser.add_argument("--val", type=Path, help="folder of held-out photographs; without it, a share of --data")
    parser.add_argument("--val-share", type=float, default=0.1, help="share of --data to hold out (default 0.1)")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint, log and sheets")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    parser.add_argument("--architecture", choices=sorted(ARCHITECTURES), default="ladder")
    parser.add_argument("--eval-every", type=int, default=20, help="epochs between evaluations (default 20)")
    parser.add_argument("--device", default="auto", help="cpu, cuda, mps or auto (default)")
    parser.add_argument("--devices", default="auto", help="how many of them")
    parser.add_argument("--precision", default="bf16-mixed", help="of Fabric: bf16-mixed (default), 32-true, …")
    parser.add_argument("--compile", action="store_true", help="fuse the network's kernels first: minutes, then faster")
    for field in dataclasses.fields(TrainConfig):
        kind = float if isinstance(field.default, float) else int
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=kind, help=f"default {field.default}")
    return parser


def main(arguments: list[str] | None = None) -> None:
    try:
        train(_parser().parse_args(arguments))
    except (ConfigError, data.DataError) as error:
        sys.exit(f"ml.train: {error}")


if __name__ == "__main__":
    main()
