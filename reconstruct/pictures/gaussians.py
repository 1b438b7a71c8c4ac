"""The posterior of one latent variable beside the prior, N(0, 1), and their KL divergence as an area.

static/js/gaussians.js draws the same where scripts run.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from ml.serving.metrics import NATS_PER_BYTE
from ml.serving.rates import kl_divergence
from ml.serving.transforms import Array

MEANS, DEVIATIONS = (-2.5, 2.5), (0.3, 1.5)  # that can be chosen

# Of the drawing: pixels for one unit of z, for a density of 1, and for an integrand of 1; and its two base lines.
Z, DENSITY, INTEGRAND = 33.3, 100, 30
CURVES, AREA = 150, 345
REACH = 6.0


@dataclasses.dataclass(frozen=True)
class Posterior:
    """q = N(mean, deviation²)."""

    mean: float = 1.0
    deviation: float = 0.5

    @property
    def nats(self) -> float:
        """KL(q ‖ N(0, 1))."""
        return float(kl_divergence(np.array([self.mean]), np.log(np.array([self.deviation**2])))[0])

    @property
    def bytes(self) -> float:
        return self.nats / NATS_PER_BYTE

    @property
    def prior_path(self) -> str:
        return path(np.exp(log_density(0, 1)), CURVES, DENSITY)

    @property
    def path(self) -> str:
        return path(np.exp(log_density(self.mean, self.deviation)), CURVES, DENSITY)

    @property
    def area_path(self) -> str:
        """The integrand q(z) ln(q(z) / p(z)), whose area is the divergence."""
        log_q = log_density(self.mean, self.deviation)
        return path(np.exp(log_q) * (log_q - log_density(0, 1)), AREA, INTEGRAND)


def log_density(mean: float, deviation: float) -> Array:
    """Of N(mean, deviation²), over the drawing."""
    density: Array = -0.5 * np.square((places() - mean) / deviation) - math.log(deviation * math.sqrt(2 * math.pi))
    return density


def places() -> Array:
    return np.linspace(-REACH, REACH, 121, dtype=np.float32)


def path(heights: Array, base: int, scale: float) -> str:
    """An SVG path, from left to right."""
    points = zip(200 + Z * places(), base - scale * heights, strict=True)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
