"""The tables of one price: a code of whole numbers ⇄ bytes, by contexts and a range coder."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
from numpy.typing import NDArray

from ml.serving.coding.contexts import ESCAPE, Context, Integers, Numbers
from ml.serving.coding.rangecoder import TOTAL, Decoder, Encoder
from ml.serving.directions import Grid

WEIGHT = 1 << 12  # a context's weight of 1, as a whole number


@dataclasses.dataclass(frozen=True)
class Tables:
    """`steps[l]`: the distance of two values of level l. `weights[l]`: (channels, 2, rows), in units of 1 / WEIGHT.

    `thresholds`: (buckets - 1,) expected magnitudes, in the same units, where one bucket ends and the next begins.
    `frequencies`: (levels, buckets, ESCAPE + 1) of the magnitudes, each row adding up to TOTAL.
    """

    contexts: tuple[Context, ...]
    steps: NDArray[np.float32]
    weights: tuple[NDArray[np.int16], ...]
    thresholds: Integers
    frequencies: NDArray[np.uint16]

    def write(self, code: Integers) -> bytes:
        """code: (L,) whole numbers, level by level, each (channels, size, size)."""
        encoder = Encoder()
        levels = split(code[None], self.grids)
        for number, context in enumerate(self.contexts):
            buckets = self.buckets(number, self.expected_by(number, levels[:number]), levels[number])[0]
            rows, values = self._rows[number], levels[number].reshape(context.grid.channels, -1)
            for channel in range(context.grid.channels):
                for half in context.halves:
                    chosen = [rows[bucket] for bucket in buckets[channel, half].tolist()]
                    encoder.write(values[channel, half].tolist(), chosen)
        return encoder.finish()

    def read(self, data: bytes) -> Integers:
        """The code that `write` made `data` of. Raises CodingError where no code can have made it."""
        decoder = Decoder(data)
        levels: list[Integers] = []
        for number, context in enumerate(self.contexts):
            channels, size = context.grid.channels, context.grid.size
            level = np.zeros((1, channels, size, size), np.int64)
            flat = level.reshape(channels, -1)
            rows, weights = self._rows[number], self._weights[number]
            expected = self.expected_by(number, levels)[0]  # (channels, 2, cells)
            for channel in range(channels):
                own = context.own(channel)
                for parity, half in enumerate(context.halves):
                    buckets = np.searchsorted(self.thresholds, expected[channel, parity, half], side="right")
                    flat[channel, half] = decoder.read([rows[bucket] for bucket in buckets.tolist()])
                    seen = context.around(magnitudes(level[:, channel : channel + 1])).reshape(context.taps, -1)
                    if parity == 0:
                        expected[channel, 1] += weights[channel, 1, own] @ seen
                expected[channel + 1 :] += weights[channel + 1 :, :, own] @ seen
            levels.append(level)
        return np.concatenate([level.ravel() for level in levels])

    def dequantised(self, code: Integers) -> NDArray[np.float32]:
        """(…, L) whole numbers → the code that the network decodes."""
        sizes = [grid.channels * grid.size**2 for grid in self.grids]
        return code.astype(np.float32) * np.repeat(self.steps, sizes)

    def expected_by(self, number: int, above: list[Integers]) -> Numbers:
        """(N, channels, 2, cells): the magnitudes that the levels above let expect of level `number`."""
        known = [magnitudes(level) for level in above]
        return self.contexts[number].from_above(self._weights[number], known)

    def buckets(self, number: int, expected: Numbers, level: Integers) -> Integers:
        """(N, channels, cells): the row of the level's table that each number of a whole level is coded with.

        expected: see expected_by; level: (N, channels, size, size).
        """
        context = self.contexts[number]
        expected = expected + context.from_channels(self._weights[number], magnitudes(level))
        by_half = np.where(context.odd, expected[:, :, 1], expected[:, :, 0])
        return np.searchsorted(self.thresholds, by_half, side="right")

    def nats(self, number: int) -> Numbers:
        """(buckets, ESCAPE + 1): what each magnitude of level `number` costs, its sign included."""
        nats: Numbers = -np.log(self.frequencies[number] / TOTAL)
        nats[:, 1:] += np.log(2)
        return nats

    @property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(context.grid for context in self.contexts)

    @functools.cached_property
    def _weights(self) -> list[Numbers]:
        return [weights.astype(np.float64) for weights in self.weights]

    @functools.cached_property
    def _rows(self) -> list[list[list[int]]]:
        """Cumulative frequencies of each level's buckets, as lists: a Python loop reads them symbol by symbol."""
        sums = np.cumsum(self.frequencies, 2, dtype=np.int64)
        assert (sums[:, :, -1] == TOTAL).all()  # noqa: S101
        rows: list[list[list[int]]] = np.pad(sums, ((0, 0), (0, 0), (1, 0))).tolist()
        return rows


def magnitudes(values: Integers) -> Integers:
    """What a context sees of numbers."""
    return np.minimum(np.abs(values), ESCAPE)


def split(code: Integers, grids: tuple[Grid, ...]) -> list[Integers]:
    """(…, L) → one (…, channels, size, size) a level."""
    ends = np.cumsum([grid.channels * grid.size**2 for grid in grids])
    levels = np.split(code, ends[:-1], -1)
    return [
        level.reshape(*code.shape[:-1], grid.channels, grid.size, grid.size)
        for level, grid in zip(levels, grids, strict=True)
    ]
