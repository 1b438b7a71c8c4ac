"""python -m ml.examine --data DIR: what the served model knows beside closeness, on pictures never trained on."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ml import data, out_of_distribution, steerability
from ml.measuring import chunks, kinds
from ml.serving.runtime import ModelError, Runtime, load
from ml.serving.transforms import Array, flatten, to_array
from ml.sheets import save_sheet

SAMPLES = 40  # out-of-distribution pictures of each kind
DREAMS = 64
STEERED = 2


def mirrored_right(runtime: Runtime, x: Array) -> NDArray[np.bool_]:
    """(N,): whether each picture, (N, 3, S, S), of a car that faces left is likelier to the model than in a mirror."""
    costs = [_typicality(runtime, side)[1] for side in (x, np.ascontiguousarray(x[..., ::-1]))]
    return costs[0] < costs[1]


def area_under_curve(positive: Array, negative: Array) -> float:
    """The chance that one of the positive scores is above one of the negative, ties counting half.

    Hanley & McNeil, The Meaning and Use of the Area under a ROC Curve (1982).
    """
    above, level = positive[:, None] > negative, positive[:, None] == negative
    return float((above + 0.5 * level).mean())


def out_of_distribution_scores(runtime: Runtime) -> dict[str, Array]:
    """The typicality of out-of-distribution pictures, by kind."""
    random = np.random.default_rng(0)
    by_kind = {kind.__name__: [kind(random) for _ in range(SAMPLES)] for kind in out_of_distribution.KINDS}
    return {
        name: _typicality(runtime, np.stack([to_array(flatten(picture))[0] for picture in pictures]))[0]
        for name, pictures in by_kind.items()
    }


def dreams(runtime: Runtime) -> Array:
    """(DREAMS, 3, S, S): the first cars that the model dreams."""
    return np.concatenate([runtime.decode(z) for z in chunks(runtime.dream(range(DREAMS)))])


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
    x = pictures.floats().numpy()
    scores, _ = _typicality(runtime, x)
    right = mirrored_right(runtime, x)
    others = out_of_distribution_scores(runtime)
    lines = [
        "| pictures | direction recognised | typicality against out-of-distribution pictures, AUC |",
        "| --- | ---: | ---: |",
    ]
    for kind, chosen in kinds(pictures).items():
        auc = area_under_curve(scores[chosen], np.concatenate(list(others.values())))
        lines.append(f"| {kind} ({chosen.sum()}) | {right[chosen].mean():.1%} | {auc:.3f} |")
    hardest = min(others, key=lambda name: area_under_curve(scores, others[name]))
    lines += ["", f"Hardest to separate from a car: {hardest}, {area_under_curve(scores, others[hardest]):.3f}.", ""]

    lines += ["| direction | cars whose attribute grows at every step |", "| --- | ---: |"]
    cars = pictures.floats()
    # Attributes are measured on what is not white, so street scenes have none.
    shares = steerability.monotone(runtime, runtime.steering, cars[data.on_white(cars)])
    lines += [f"| {name} | {share:.0%} |" for name, share in shares.items()]

    if training:
        dreamt, held_out = likeness(dreams(runtime), training.floats()), likeness(x, training.floats())
        lines += ["", f"Likeness to the nearest training picture (a near-duplicate from {data.NEAR_DUPLICATE} on):"]
        for name, values in ((f"{DREAMS} dreamt cars", dreamt), ("held-out cars", held_out)):
            lines.append(f"{name}: median {np.median(values):.2f}, at most {values.max():.2f}.")
    return lines


def _typicality(runtime: Runtime, x: Array) -> tuple[Array, Array]:
    """(N,) each: typicality and negative ELBO."""
    parts = []
    for chunk in chunks(x):
        mean, logvar = runtime.encode(chunk)
        cost = runtime.negative_elbo(chunk, runtime.decode(mean), mean, logvar)
        parts.append((runtime.typicality(cost, mean), cost))
    typicality, cost = (np.concatenate(part) for part in zip(*parts, strict=True))
    return typicality, cost


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.examine", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of photographs that were not trained on")
    parser.add_argument("--training", type=Path, help="the training pictures: how near dreamt cars come to them")
    parser.add_argument("--dreams", type=Path, help="write a sheet of cars that do not exist to this PNG file")
    parser.add_argument("--steered", type=Path, help="and one of two such cars along each direction")
    options = parser.parse_args(arguments)
    try:
        runtime = load()
        pictures = data.load(options.data)
        training = data.load(options.training) if options.training else None
    except (data.DataError, ModelError) as error:
        sys.exit(f"ml.examine: {error}")
    print("\n".join(report(runtime, pictures, training)))
    if options.dreams:
        save_sheet([torch.from_numpy(row) for row in np.split(dreams(runtime), DREAMS // 8)], options.dreams)
    if options.steered:
        save_sheet(steered_rows(runtime), options.steered)


if __name__ == "__main__":
    main()
