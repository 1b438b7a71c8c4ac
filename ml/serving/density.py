"""Where the codes of cars lie: a Gaussian fitted to the upper levels of the training codes, after training.

The prior N(0, I) is where the codes of all pictures were pulled to; cars fill a small part of it: Ghosh et al., From
Variational to Deterministic Autoencoders (2020), section 4.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from ml.serving.transforms import Array

LEVELS = 2  # a code's upper levels say what a picture shows, the lower ones how it looks in detail
SHRINKAGE = 0.3  # of the covariance towards its diagonal: there are hardly more pictures than dimensions
LEAST_VARIANCE = 0.02


@dataclasses.dataclass(frozen=True)
class Density:
    """mean: (D,) float32; whiten: (D, D) float32, which turns deviations from the mean into N(0, I)."""

    mean: Array
    whiten: Array

    def whitened(self, z: Array) -> Array:
        """(N, L) → (N, D): each code's upper levels in the Gaussian's own units, N(0, I) for the codes of cars."""
        whitened: Array = np.matmul(z[:, : len(self.mean)] - self.mean, self.whiten.T, dtype=np.float32)
        return whitened

    def distance(self, z: Array) -> Array:
        """(N, L) → (N,): squared Mahalanobis distance of each code's upper levels; about D for the codes of cars."""
        squared: Array = np.square(self.whitened(z)).sum(axis=1)
        return squared

    def save(self, path: Path) -> None:
        np.savez(path, mean=self.mean, whiten=self.whiten)


def fit(z: Array, level_sizes: tuple[int, ...]) -> Density:
    """The Gaussian of codes, (N, L)."""
    upper = z[:, : sum(level_sizes[:LEVELS])].astype(np.float64)
    covariance = np.cov(upper, rowvar=False)
    shrunk = (1 - SHRINKAGE) * covariance + SHRINKAGE * np.diag(np.diag(covariance))
    shrunk += LEAST_VARIANCE * np.eye(len(covariance))
    whiten = np.linalg.inv(np.linalg.cholesky(shrunk))
    return Density(upper.mean(axis=0).astype(np.float32), whiten.astype(np.float32))


def load(path: Path) -> Density:
    with np.load(path) as stored:
        return Density(stored["mean"], stored["whiten"])
