"""How much a picture looks like the cars that a model was trained on: an aid to a visitor, not a guard.

A likelihood alone does not tell: a simple picture is likely under any model. So what the model needs for a picture is
compared with what a general codec needs (Serrà et al., Input Complexity and Out-of-Distribution Detection with
Likelihood-Based Generative Models, 2020), and with where its code lies among the cars': the joint density of a few
statistics of each picture (Morningstar et al., Density of States Estimation for Out-of-Distribution Detection, 2021).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from io import BytesIO

import numpy as np

from ml.serving.density import Density
from ml.serving.rates import kl_divergence, negative_elbo
from ml.serving.transforms import Array, to_image

# In this order: each is judged by what those before it let expect.
STATISTICS = ("log_webp_bytes", "log_distance", "log_kld", "log_error")
WEBP_QUALITY, WEBP_METHOD = 10, 4  # chosen by measurement: docs/model.md
QUANTILES = 101
FAMILIAR = 0.03  # typicality of a familiar picture: 97 of 100 held-out cars have as much


@dataclasses.dataclass(frozen=True)
class Typicality:
    """mean: (4,) and whiten: (4, 4), lower triangular, turn the STATISTICS of cars into N(0, I).

    quantiles: (101,) ascending, of the strangeness of held-out cars.
    """

    mean: Array
    whiten: Array
    quantiles: Array

    def __call__(self, statistics: Array) -> Array:
        """(N, 4) → (N,) in [0, 1]: the share of held-out cars that are stranger than each picture."""
        ranks = np.linspace(0, 1, len(self.quantiles))
        return np.asarray(1 - np.interp(self.strangeness(statistics), self.quantiles, ranks), dtype=np.float32)

    def strangeness(self, statistics: Array) -> Array:
        """(N, 4) → (N,): squared deviations from what is expected of a car, summed over the statistics.

        A code that lies nearer, is shorter or leaves less of an error than expected is nothing against a car: those
        deviations count only upwards. A car that the model made itself, without noise, is one such.
        """
        deviations = (statistics - self.mean) @ self.whiten.T
        deviations[:, 1:] = np.maximum(deviations[:, 1:], 0)
        summed: Array = np.square(deviations).sum(axis=1)
        return summed

    def to_json(self) -> dict[str, list[float] | list[list[float]]]:
        return {name: getattr(self, name).astype(float).round(4).tolist() for name in ("mean", "whiten", "quantiles")}


def statistics(x: Array, distance: Array, kld: Array, error: Array) -> Array:
    """(N, 4) float32: the STATISTICS of pictures.

    x: (N, 3, S, S) in [0, 1]; distance: (N,) of the codes, see ml.serving.density; kld and error: (N,), the two parts
    of the negative ELBO in nats.
    """
    columns = (webp_bytes(x), distance, kld, error)
    # At least 1: a picture that comes back exactly leaves no error, and its logarithm no number.
    return np.log(np.maximum(np.stack(columns, axis=1), 1)).astype(np.float32)


def statistics_of(x: Array, y: Array, mean: Array, logvar: Array, cars: Density, variance: float) -> Array:
    """The same of pictures, x before and y after the model, and of their codes; `cars`: where those of cars lie."""
    kld = kl_divergence(mean, logvar).sum(axis=1)
    error = negative_elbo(x, y, mean, logvar, variance) - kld
    return statistics(x, cars.distance(mean), kld, error)


def webp_bytes(x: Array) -> Array:
    """(N,): what a general codec needs for each picture, (N, 3, S, S) in [0, 1], at a low quality."""
    sizes = []
    for picture in x:
        file = BytesIO()
        to_image(picture).save(file, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
        sizes.append(file.tell())
    return np.array(sizes, dtype=np.float32)


def fit(training: Array, held_out: Array) -> Typicality:
    """From the statistics, (N, 4), of training pictures and of held-out ones, which give the quantiles."""
    covariance = np.cov(training.astype(np.float64), rowvar=False)
    # The least variance only matters where a few toy pictures are alike.
    whiten = np.linalg.inv(np.linalg.cholesky(covariance + 1e-6 * np.eye(len(covariance))))
    typicality = Typicality(training.mean(axis=0), whiten.astype(np.float32), np.zeros(0, np.float32))
    quantiles = np.quantile(typicality.strangeness(held_out), np.linspace(0, 1, QUANTILES))
    return dataclasses.replace(typicality, quantiles=quantiles.astype(np.float32))


def from_json(values: Mapping[str, Sequence[float]]) -> Typicality:
    return Typicality(**{name: np.array(numbers, dtype=np.float32) for name, numbers in values.items()})
