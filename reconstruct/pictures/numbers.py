"""The first level of a code as a drawing: a dot and a bar for each number, how/code.html."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ml.serving.rates import kl_divergence
from reconstruct.latents import Code

# In the drawing's units: the step from number to number, the height of 0, and the size of 1.
STEP, ZERO, UNIT = 10, 100, 19
REACH = 5.0  # standard deviations, up and down
ACTIVE = 0.1  # nats of KL divergence from which on a number is active


@dataclasses.dataclass(frozen=True)
class Number:
    """A dot at its mean, and the standard deviation as a bar from `top` down."""

    x: int
    mean: float
    top: float
    height: float


def panel(code: Code) -> dict[str, Any]:
    """The context of how/code.html: the most active numbers first."""
    size = code.runtime.level_sizes[0]
    means, logvars = code.mean[0, :size], code.logvar[0, :size]
    nats = kl_divergence(means, logvars)
    deviations = np.exp(logvars / 2)
    return {
        "numbers": [
            drawn(STEP * place, float(means[index]), float(deviations[index]))
            for place, index in enumerate(np.argsort(-nats))
        ],
        "active": int((nats > ACTIVE).sum()),
        "drawing_width": STEP * (size + 1),
    }


def drawn(x: int, mean: float, deviation: float) -> Number:
    high, middle, low = np.clip([mean + deviation, mean, mean - deviation], -REACH, REACH).tolist()
    return Number(x, round(ZERO - UNIT * middle, 1), round(ZERO - UNIT * high, 1), round(UNIT * (high - low), 1))
