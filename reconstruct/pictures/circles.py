"""The circles of a car and of cars of the gallery among all codes, at each price: drawn in two numbers of the code.

A high price makes circles swell until they overlap; at a low one they are points.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from typing import Any, TypeAlias

import numpy as np

from ml.serving import coding
from ml.serving.rates import kl_divergence
from ml.serving.runtime import Runtime
from ml.serving.transforms import Array
from reconstruct.latents import at_every_price
from reconstruct.models import Reconstruction
from reconstruct.unavailable import UnavailableError

OTHERS = 11  # the newest of the gallery
CACHED = 512  # cars, of 8 KB each
SIDE = 240  # of the drawing at one price, in its units

Posterior: TypeAlias = tuple[Array, Array]  # mean and log-variance, (prices, numbers), of the first level


@dataclasses.dataclass(frozen=True)
class Circle:
    """Where a car's posterior lies in the two numbers, and its standard deviations."""

    x: float
    y: float
    across: float
    up: float


@dataclasses.dataclass(frozen=True)
class Drawing:
    """At one price; `left` is where it begins in the sheet."""

    price: float
    left: int
    own: Circle
    others: list[Circle]


def drawings(car: Reconstruction, runtime: Runtime) -> dict[str, Any]:
    """The context of circles.svg. Causes a query; raises FileNotFoundError where the car's photograph is lost."""
    posteriors = [first_level(car, runtime)]
    for other in Reconstruction.objects.in_gallery().newest_first().exclude(pk=car.pk)[:OTHERS]:
        with contextlib.suppress(FileNotFoundError, UnavailableError):  # the drawing is as good without it
            posteriors.append(first_level(other, runtime))
    prices = coding.load().prices
    pair = most_active(posteriors, coding.load().nearest(1))
    circles = [circles_in(pair, *posterior) for posterior in posteriors]
    return {
        "numbers": [index + 1 for index in pair],
        "drawings": [
            Drawing(price, SIDE * number, own, others)
            for number, (price, own, *others) in enumerate(zip(prices, *circles, strict=True))
        ],
        "side": SIDE,
        "width": SIDE * len(prices),
    }


def most_active(posteriors: list[Posterior], price: int) -> list[int]:
    """The indices of the two numbers that have the largest KL divergence, all cars together, at the price."""
    nats = [kl_divergence(mean[price], logvar[price]) for mean, logvar in posteriors]
    indices: list[int] = np.argsort(-np.sum(nats, 0))[:2].tolist()
    return indices


def circles_in(pair: list[int], mean: Array, logvar: Array) -> list[Circle]:
    """A car's circle in the two numbers, at each price."""
    numbers = np.concatenate([mean[:, pair], np.exp(logvar[:, pair] / 2)], 1)
    return [Circle(*rounded) for rounded in numbers.astype(float).round(4).tolist()]


def first_level(car: Reconstruction, runtime: Runtime) -> Posterior:
    """The car's posterior, as far as it describes the whole car. Raises FileNotFoundError as code_of does."""
    return _first_level(str(car.original), car.mirrored, runtime)


@functools.lru_cache(CACHED)
def _first_level(key: str, mirrored: bool, runtime: Runtime) -> Posterior:
    mean, logvar = at_every_price(key, mirrored, runtime)
    size = runtime.level_sizes[0]
    return mean[:, :size].copy(), logvar[:, :size].copy()  # the rest of the code is 100 times as long
