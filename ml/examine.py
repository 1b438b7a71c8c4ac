"""python -m ml.examine --data DIR: what the served model knows beside closeness, on pictures never trained on."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ml import data, out_of_distribution, steerability
from ml.measuring import chunks, kinds
from ml.serving.runtime import ModelError, Runtime, load
from ml.serving.transforms import Array, flatten, to_array, turn_around
from ml.serving.typicality import FAMILIAR
from ml.sheets import save_sheet

SYNTHETIC = 40  # out-of-distribution pictures of each kind
SHEET = 64  # pictures
STEERED = 2


@dataclasses.dataclass(frozen=True)
class Judgement:
    """Of N pictures: `typicality`, (N,), in the likelier direction of each; `left`, (N,): whether that is as given."""

    typicality: Array
    left: NDArray[np.bool_]


def judge(runtime: Runtime, x: Array) -> Judgement:
    """What Runtime.reconstruct finds of pictures, (N, 3, S, S).

    The same two costs decide for a picture and for its mirror image: both are recognised, or neither.
    """
    typicality, left = [], []
    for chunk in chunks(x):
        costs, scores = zip(*(_judge_as_given(runtime, side) for side in (chunk, turn_around(chunk))), strict=True)
        left.append(costs[0] <= costs[1])
        typicality.append(np.where(left[-1], *scores))
    return Judgement(np.concatenate(typicality), np.concatenate(left))


def area_under_curve(positive: Array, negative: Array) -> float:
    """The chance that one of the positive scores is above one of the negative, ties counting half.

    Hanley & McNeil, The Meaning and Use of the Area under a ROC Curve (1982).
    """
    above, level = positive[:, None] > negative, positive[:, None] == negative
    return float((above + 0.5 * level).mean())


def out_of_distribution_pictures() -> dict[str, Array]:
    """(N, 3, S, S) each: synthetic pictures by kind, and "real" ones and "faces" as of ml.out_of_distribution."""
    random = np.random.default_rng(0)
    by_kind = {kind.__name__: [kind(random) for _ in range(SYNTHETIC)] for kind in out_of_distribution.KINDS}
    by_kind |= {"real": list(out_of_distribution.real().values()), "faces": out_of_distribution.faces()}
    return {name: np.stack([to_array(flatten(p))[0] for p in pictures]) for name, pictures in by_kind.items()}


def dreams(runtime: Runtime) -> Array:
    """(SHEET, 3, S, S): the first cars that the model dreams."""
    return np.concatenate([runtime.decode(z) for z in chunks(runtime.dream(range(SHEET)))])


def samples(runtime: Runtime) -> Array:
    """(SHEET, 3, S, S): the first samples of the prior."""
    return np.concatenate([runtime.sample(range(first, first + 8)) for first in range(0, SHEET, 8)])


def likeness(x: Array, training: Tensor) -> Array:
    """(N,): how the edges of each picture correlate with those of the training picture most like it."""
    nearest: Array = (data.edges(torch.from_numpy(x)) @ data.edges(training).T).max(axis=1)
    return nearest


def steered_rows(runtime: Runtime) -> list[Tensor]:
    """A row a direction: two dreamt cars, each moved by five amounts."""
    cars = runtime.dream(range(STEERED))
    moved = [[runtime.steer(cars, {d.name: amount}) for amount in steerability.AMOUNTS] for d in runtime.directions]
    return [torch.from_numpy(runtime.decode(np.concatenate(np.stack(row, axis=1)))) for row in moved]


def report(runtime: Runtime, pictures: data.Pictures, training: data.Pictures | None) -> list[str]:
    """Lines in Markdown."""
    lines = [*typicality_lines(runtime, pictures), "", *steering_lines(runtime, pictures)]
    return [*lines, "", *likeness_lines(runtime, pictures, training)] if training else lines


def typicality_lines(runtime: Runtime, pictures: data.Pictures) -> list[str]:
    """How well cars are told from other pictures, and the direction of each is recognised."""
    cars = judge(runtime, pictures.floats().numpy())
    others = {name: judge(runtime, chosen).typicality for name, chosen in out_of_distribution_pictures().items()}
    real, faces = others.pop("real"), others.pop("faces")
    synthetic = np.concatenate(list(others.values()))
    lines = ["| pictures | direction recognised, both ways | familiar | AUC, synthetic | AUC, real |"]
    lines += ["| --- | ---: | ---: | ---: | ---: |"]
    for kind, chosen in kinds(pictures).items():
        scores = cars.typicality[chosen]
        areas = " | ".join(f"{area_under_curve(scores, negative):.3f}" for negative in (synthetic, real))
        familiar = (scores >= FAMILIAR).mean()
        lines.append(f"| {kind} ({chosen.sum()}) | {cars.left[chosen].mean():.1%} | {familiar:.1%} | {areas} |")
    for name, scores in (("synthetic", synthetic), ("real", real)):
        lines.append(f"| {name}, no cars ({len(scores)}) | – | {(scores >= FAMILIAR).mean():.1%} | – | – |")
    hardest = min(others, key=lambda name: area_under_curve(cars.typicality, others[name]))
    # The statistics were chosen on the synthetic pictures and the real ones.
    return [
        *lines,
        "",
        f"AUC against {len(faces)} faces, on which nothing was chosen: {area_under_curve(cars.typicality, faces):.3f}.",
        f"Hardest to separate from a car: {hardest}, {area_under_curve(cars.typicality, others[hardest]):.3f}.",
    ]


def steering_lines(runtime: Runtime, pictures: data.Pictures) -> list[str]:
    x = pictures.floats()
    # Attributes are measured on what is not white, so street scenes have none.
    shares = steerability.monotone(runtime, runtime.steering, x[data.on_white(x)])
    head = ["| direction | cars whose attribute grows at every step |", "| --- | ---: |"]
    return head + [f"| {name} | {share:.0%} |" for name, share in shares.items()]


def likeness_lines(runtime: Runtime, pictures: data.Pictures, training: data.Pictures) -> list[str]:
    """How near dreamt cars come to the training pictures, beside held-out cars."""
    dreamt = likeness(dreams(runtime), training.floats())
    held_out = likeness(pictures.floats().numpy(), training.floats())
    return [
        f"Likeness to the nearest training picture (a near-duplicate from {data.NEAR_DUPLICATE} on):",
        *(
            f"{name}: median {np.median(values):.2f}, at most {values.max():.2f}."
            for name, values in ((f"{SHEET} dreamt cars", dreamt), ("held-out cars", held_out))
        ),
    ]


def _judge_as_given(runtime: Runtime, x: Array) -> tuple[Array, Array]:
    """(N,) each: negative ELBO and typicality."""
    mean, logvar = runtime.encode(x)
    y = runtime.decode(mean)
    return runtime.negative_elbo(x, y, mean, logvar), runtime.typicality(x, y, mean, logvar)


def _square(pictures: Array) -> list[Tensor]:
    return [torch.from_numpy(row) for row in np.split(pictures, SHEET // 8)]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.examine", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of photographs that were not trained on")
    parser.add_argument("--training", type=Path, help="the training pictures: how near dreamt cars come to them")
    parser.add_argument("--dreams", type=Path, help="write a sheet of cars that do not exist to this PNG file")
    parser.add_argument("--samples", type=Path, help="and one of samples of the prior, decoded at a high price")
    parser.add_argument("--steered", type=Path, help="and one of two dreamt cars along each direction")
    options = parser.parse_args(arguments)
    try:
        runtime = load()
        pictures = data.load(options.data)
        training = data.load(options.training) if options.training else None
    except (data.DataError, ModelError) as error:
        sys.exit(f"ml.examine: {error}")
    print("\n".join(report(runtime, pictures, training)))
    if options.dreams:
        save_sheet(_square(dreams(runtime)), options.dreams)
    if options.samples:
        save_sheet(_square(samples(runtime)), options.samples)
    if options.steered:
        save_sheet(steered_rows(runtime), options.steered)


if __name__ == "__main__":
    main()
