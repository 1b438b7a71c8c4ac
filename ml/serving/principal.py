"""Principal components of the first level of the code: the vector that cars are compared by.

The first level holds what makes cars alike: paint, size, pose, background. The components are those of the training
cars, so they belong to the model and not to a gallery: a new car does not move the others.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from ml.serving.density import Density
from ml.serving.transforms import Array

COMPONENTS = 32  # at most: about so many of the first level's 64 numbers are active


@dataclasses.dataclass(frozen=True)
class PrincipalComponents:
    """mean: (S,) of the first levels; components: (S, C), one a column; spreads: (C,), the deviation along each."""

    mean: Array
    components: Array
    spreads: Array

    @property
    def typical_distance(self) -> float:
        """Between the vectors of two training cars: the root of its mean square."""
        return float(np.sqrt(2 * np.square(self.spreads).sum()))

    def vector(self, code: Array) -> Array:
        """(L,) → (C,) float32: the code along the components, in the code's own units."""
        projected: Array = ((code[: len(self.mean)] - self.mean) @ self.components).astype(np.float32)
        return projected

    def place(self, vector: Array) -> tuple[float, float]:
        """The first two numbers of a vector in standard deviations of the training cars: to the right and upwards."""
        x, y = (vector[:2] / self.spreads[:2]).tolist()
        return x, y

    def level_at(self, x: float, y: float) -> Array:
        """(S,) float32: the first level at this place; in all other directions it is the mean of the training cars."""
        level: Array = self.mean + self.components[:, :2] @ (self.spreads[:2] * np.array([x, y], np.float32))
        return level.astype(np.float32)


def of_first_level(density: Density, size: int) -> PrincipalComponents:
    """The principal components of the training cars' first levels, of `size` numbers, by their density."""
    # Whitening is the inverse of the covariance's Cholesky factor: its upper left corner is that of the first level.
    factor = np.linalg.inv(density.whiten[:size, :size].astype(np.float64))
    variances, components = np.linalg.eigh(factor @ factor.T)
    variances, components = variances[::-1][:COMPONENTS], components[:, ::-1][:, :COMPONENTS]
    # The sign of a component is arbitrary. Without this rule, the map could be mirrored on another machine.
    strongest = components[np.abs(components).argmax(axis=0), range(components.shape[1])]
    components = components * np.sign(strongest)
    return PrincipalComponents(
        density.mean[:size], components.astype(np.float32), np.sqrt(variances).astype(np.float32)
    )
