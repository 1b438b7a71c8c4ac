"""Steps, contexts and tables of the coder, fitted on the codes of training pictures: see ml.serving.coding."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from ml.serving.coding.coder import quantise
from ml.serving.coding.contexts import ESCAPE, Context, Integers, Numbers, enlarge, surroundings
from ml.serving.coding.rangecoder import TOTAL
from ml.serving.coding.tables import WEIGHT, Tables, magnitudes, split
from ml.serving.directions import Grid
from ml.serving.rates import kl_divergence
from ml.serving.runtime import Runtime
from ml.serving.transforms import Array

BUCKETS = 40
EXPECTED = (0.003, 24.0)  # expected magnitudes of the first and the last threshold
RIDGE = 2e-3  # of the mean diagonal: keeps the weights of what is seldom known small
FITTED_CELLS = 1 << 16  # of one level: a few hundred weights need no more
CHUNK = 16
PASSES = 3
NEIGHBOURS_SHARE = 0.25  # of a bucket's counts that its neighbours get as well
PRIOR_COUNT = 30.0  # of the geometric distribution that a bucket's counts start from

STEP = 4.0  # standard deviations between two values: between 3.5, the best of three at a price of 2, and 4.5 at 1
STEP_PICTURES = 32
PRICES = (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0, 200.0, 300.0)


def fit(runtime: Runtime, x: Array, prices: tuple[float, ...]) -> list[Tables]:
    """The tables of each price, fitted on training pictures, (N, 3, S, S)."""
    fitted: list[Tables] = []
    for price in tqdm(prices, desc="coder", unit="price", disable=None):
        tables = dataclasses.replace(fitted[-1] if fitted else plain(runtime.grids), steps=_steps(runtime, x, price))
        # Rounding depends on the tables and the tables on rounding: a few passes settle it, fewer from a near price.
        for _ in range(PASSES - bool(fitted)):
            code = [quantise(runtime, tables, x[part], price) for part in _parts(len(x))]
            tables = _refit(tables, np.concatenate(code))
        fitted.append(tables)
    return fitted


def _steps(runtime: Runtime, x: Array, price: float) -> Array:
    """(levels,): in proportion to the standard deviation at which half of a level's rate is spent."""
    mean, logvar = runtime.encode(x[np.linspace(0, len(x) - 1, min(len(x), STEP_PICTURES)).astype(int)], price)
    nats, ends = kl_divergence(mean, logvar), np.cumsum(runtime.level_sizes)[:-1]
    steps = []
    for spread, rate in zip(np.split(logvar, ends, 1), np.split(nats, ends, 1), strict=True):
        order = np.argsort(spread, None)
        spent = np.cumsum(rate.ravel()[order])
        middle = min(int(np.searchsorted(spent, spent[-1] / 2)), len(order) - 1)
        steps.append(STEP * np.exp(0.5 * spread.ravel()[order[middle]]))
    return np.array(steps, np.float32)


def plain(grids: tuple[Grid, ...]) -> Tables:
    """Tables to begin with: no context, and each magnitude twice as dear as the one before."""
    contexts = tuple(Context(grids[:number], grid) for number, grid in enumerate(grids))
    thresholds = np.rint(np.geomspace(*EXPECTED, BUCKETS - 1) * WEIGHT).astype(np.int64)
    return Tables(
        contexts=contexts,
        steps=np.ones(len(grids), np.float32),
        weights=tuple(np.zeros((c.grid.channels, 2, c.rows), np.int16) for c in contexts),
        thresholds=thresholds,
        frequencies=np.stack([_frequencies(np.full((BUCKETS, ESCAPE + 1), 0.5 ** np.arange(ESCAPE + 1)))] * len(grids)),
    )


def _refit(tables: Tables, code: Integers) -> Tables:
    weights, frequencies = list(tables.weights), []
    for number, context in enumerate(tables.contexts):
        count = min(len(code), max(1, FITTED_CELLS // context.grid.size**2))
        levels = split(code[np.linspace(0, len(code) - 1, count).astype(int)], tables.grids)[: number + 1]
        weights[number] = _weights(context, levels)
        fitted = dataclasses.replace(tables, weights=tuple(weights))
        counts = np.zeros((BUCKETS, ESCAPE + 1))
        for part in _parts(count):
            *above, level = (values[part] for values in levels)
            buckets = fitted.buckets(number, fitted.expected_by(number, above), level)
            np.add.at(counts, (buckets, magnitudes(level).reshape(buckets.shape)), 1)
        frequencies.append(_frequencies(_smoothed(counts, tables.thresholds / WEIGHT)))
    return dataclasses.replace(tables, weights=tuple(weights), frequencies=np.stack(frequencies))


def _weights(context: Context, levels: list[Integers]) -> NDArray[np.int16]:
    """Ridge regression of each channel's and half's magnitudes on what is known by then."""
    channels = context.grid.channels
    squares = np.zeros((2, context.rows, context.rows))
    products = np.zeros((2, context.rows, channels))
    for part in _parts(len(levels[0])):
        known = [magnitudes(level[part]) for level in levels]
        rows, wanted = _rows(context, known), known[-1].reshape(-1, channels, context.grid.size**2)
        for parity, half in enumerate(context.halves):
            flat = rows[:, :, half].transpose(1, 0, 2).reshape(context.rows, -1).astype(np.float32)
            squares[parity] += flat @ flat.T
            products[parity] += flat @ wanted[:, :, half].transpose(0, 2, 1).reshape(-1, channels).astype(np.float32)
    weights = np.zeros((channels, 2, context.rows), np.int16)
    known_by_then = context.allowed()
    for channel, parity in np.ndindex(channels, 2):
        allowed = np.flatnonzero(known_by_then[channel, parity])
        own = squares[parity][np.ix_(allowed, allowed)]
        own += np.eye(len(allowed)) * (RIDGE * np.trace(own) / len(allowed) + 1e-9)
        solved = np.linalg.solve(own, products[parity, allowed, channel])
        weights[channel, parity, allowed] = np.rint(solved * WEIGHT).clip(-32767, 32767)
    return weights


def _rows(context: Context, known: list[Integers]) -> Integers:
    """(N, rows, cells): what each row of a level's weights stands for; known: magnitudes, the level's own last."""
    size, cells = context.grid.size, context.grid.size**2
    places = enlarge(np.eye(context.places**2, dtype=np.int64).reshape(-1, context.places, context.places), size)
    rows = [np.broadcast_to(places, (len(known[0]), *places.shape))]
    for other, seen, values in zip(context.above, context.rows_above, known[:-1], strict=True):
        near = seen.stop - seen.start > other.channels
        rows.append(enlarge(surroundings(values) if near else values, size))
    rows.append(context.around(known[-1]))
    return np.concatenate([row.reshape(len(row), -1, cells) for row in rows], 1)


def _smoothed(counts: Numbers, thresholds: Numbers) -> Numbers:
    """(buckets, ESCAPE + 1): counts, some of the neighbouring buckets', and a geometric distribution's."""
    expected = np.concatenate([thresholds[:1] / 2, thresholds])[:, None]
    geometric = (expected / (1 + expected)) ** np.arange(ESCAPE + 1) / (1 + expected) + 1e-6
    smoothed: Numbers = counts + PRIOR_COUNT * geometric
    smoothed[1:] += NEIGHBOURS_SHARE * counts[:-1]
    smoothed[:-1] += NEIGHBOURS_SHARE * counts[1:]
    return smoothed


def _frequencies(weights: Numbers) -> NDArray[np.uint16]:
    """Rows of positive numbers → whole ones that add up to TOTAL, none of them 0."""
    spread = weights / weights.sum(1, keepdims=True) * (TOTAL - weights.shape[1])
    whole = np.floor(spread).astype(np.int64) + 1
    whole[np.arange(len(whole)), whole.argmax(1)] += TOTAL - whole.sum(1)
    frequencies: NDArray[np.uint16] = whole.astype(np.uint16)
    return frequencies


def _parts(count: int) -> list[slice]:
    return [slice(start, start + CHUNK) for start in range(0, count, CHUNK)]
