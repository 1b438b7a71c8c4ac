"""How large each number of a code probably is, judged by the numbers that the decoder has already: integers only.

A code is read level by level, top first; a level channel by channel; a channel in two halves, as the colours of a
chessboard: first the cells whose row and column add up to an even number, then the others, both row by row. What is
known by then of a cell are the magnitudes of the levels above at its place, of the channels before at the place and
around it, and of the channel's first half. A weighted sum of them says what magnitude to expect (Wu, ECECOW, 1997;
in halves, so that numpy and a browser can work on whole planes: He et al., Checkerboard Context Model, 2021).
"""

from __future__ import annotations

import itertools
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ml.serving.directions import Grid

ESCAPE = 31  # magnitudes from here on share a symbol, and count as this much in a context
PLACES = 8  # a level has a bias for each of so many rows and columns of its grid, or for each cell where it has fewer

_Scalar = TypeVar("_Scalar", bound=np.generic)

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]  # whole numbers: as float64 they multiply fast, and below 2**53 exactly


class Context:
    """One level below the levels `above` it. Its weights are (channels, 2, rows), the 2 for even and odd cells.

    The rows of weights stand for: the places' biases; each channel of the levels above, with its eight neighbours at
    the level directly above; each of the level's own channels, with its neighbours.
    """

    def __init__(self, above: tuple[Grid, ...], grid: Grid) -> None:
        self.above, self.grid = above, grid
        rows, columns = np.divmod(np.arange(grid.size**2), grid.size)
        self.odd = (rows + columns) % 2 == 1  # (cells,)
        self.halves = (np.flatnonzero(~self.odd), np.flatnonzero(self.odd))
        self.places = min(grid.size, PLACES)
        ends = np.cumsum([self.places**2, *(other.channels * self._taps(other) for other in above)]).tolist()
        self.biases = slice(0, ends[0])
        self.rows_above = [slice(start, end) for start, end in itertools.pairwise(ends)]
        self.taps = 9 if grid.size > 1 else 1
        self.first_own = ends[-1]
        self.rows = self.first_own + self.taps * grid.channels

    def own(self, channel: int) -> slice:
        """The rows of one of the level's channels."""
        start = self.first_own + self.taps * channel
        return slice(start, start + self.taps)

    def from_above(self, weights: Numbers, magnitudes: list[Integers]) -> Numbers:
        """(N, channels, 2, cells): what biases and levels above add up to; magnitudes: (N, channels, size, size)."""
        biases = weights[:, :, self.biases].reshape(1, *weights.shape[:2], self.places, self.places)
        expected = enlarge(biases, self.grid.size)
        for other, rows, values in zip(self.above, self.rows_above, magnitudes, strict=True):
            seen = (surroundings(values) if self._taps(other) > 1 else values).reshape(len(values), -1, other.size**2)
            by_cell = weights[:, :, rows].reshape(-1, seen.shape[1]) @ seen  # (N, 2 channels, cells of the other)
            by_cell = by_cell.reshape(-1, *weights.shape[:2], other.size, other.size)
            expected = expected + enlarge(by_cell, self.grid.size)
        return expected.reshape(-1, *weights.shape[:2], self.grid.size**2)

    def from_channels(self, weights: Numbers, magnitudes: Integers) -> Numbers:
        """(N, channels, 2, cells): what the level's own channels add up to, (N, C, size, size) of them, all known.

        Weights of what is not known yet are 0.
        """
        seen = self.around(magnitudes).reshape(len(magnitudes), -1, self.grid.size**2)
        expected = weights[:, :, self.first_own : self.first_own + seen.shape[1]].reshape(-1, seen.shape[1]) @ seen
        return expected.reshape(-1, *weights.shape[:2], self.grid.size**2)

    def around(self, magnitudes: Integers) -> Integers:
        """(N, C, size, size) → (N, taps C, size, size)"""
        return surroundings(magnitudes) if self.taps > 1 else magnitudes

    def allowed(self) -> NDArray[np.bool_]:
        """(channels, 2, rows): what is known when a channel's even and odd cells are read."""
        known = np.zeros((self.grid.channels, 2, self.rows), bool)
        for channel in range(self.grid.channels):
            known[channel, :, : self.own(channel).start] = True
            if self.taps > 1:
                known[channel, 1, self.own(channel)] = np.arange(9) % 2 == 1  # the four that share an edge
        return known

    def _taps(self, other: Grid) -> int:
        return 9 if other.size > 1 and other == self.above[-1] else 1


def enlarge(values: NDArray[_Scalar], size: int) -> NDArray[_Scalar]:
    """(…, s, s) → (…, size, size), each cell repeated."""
    times = size // values.shape[-1]
    enlarged: NDArray[_Scalar] = values.repeat(times, -2).repeat(times, -1)
    return enlarged


def surroundings(values: Integers) -> Integers:
    """(N, C, s, s) → (N, 9 C, s, s): each channel at a cell and its neighbours, row by row; 0 beyond the edge."""
    size = values.shape[-1]
    padded = np.pad(values, ((0, 0), (0, 0), (1, 1), (1, 1)))
    shifted = [padded[:, :, y : y + size, x : x + size] for y in range(3) for x in range(3)]
    return np.stack(shifted, 2).reshape(len(values), -1, size, size)
