"""The served model: onnxruntime on one core, no torch."""

from __future__ import annotations

import dataclasses
import functools
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import onnxruntime
from PIL import Image

from ml.serving import density, directions, manifest, principal, typicality
from ml.serving.directions import Direction, Grid
from ml.serving.manifest import WEIGHTS, ModelError
from ml.serving.metrics import psnr_db, ssim
from ml.serving.mixing import mix
from ml.serving.principal import PrincipalComponents
from ml.serving.rates import negative_elbo, rate_bytes
from ml.serving.transforms import Array, Frame, flatten, to_array, to_image, turn_around

__all__ = ["ModelError", "Result", "Runtime", "load"]

MINIMUM_SIDE = 11  # of a picture inside the square, in pixels: SSIM's window
EXAMPLES = 12
DREAM_NEIGHBOURS = 5  # a dream mixes a stored code with one of this many nearest ones
DREAM_SPREAD = 0.4  # of the standard deviation of the stored codes: the noise at temperature 1
SAMPLE_PRICE = 100.0  # where codes from N(0, I) look best: docs/model.md
MAX_TEMPERATURE = 1.5

Mirror: TypeAlias = Literal["auto"] | bool


@dataclasses.dataclass(frozen=True)
class Result:
    """The reconstruction of one photograph, its code, and its figures.

    `image` has the photograph's proportions and direction, at most 128 pixels a side; `psnr_db` and `ssim` compare it
    with the photograph at that size. `code` is the mean of its code, (L,) float32; `bytes_by_depth` counts the code's
    bytes up to each depth. `mirrored`: the model saw the photograph in a mirror. `typicality` is in [0, 1]: see
    Runtime.typicality.
    """

    image: Image.Image
    psnr_db: float
    ssim: float
    code: Array
    bytes_by_depth: tuple[float, ...]
    mirrored: bool
    typicality: float
    elapsed_ms: float
    model_version: str


@dataclasses.dataclass(frozen=True)
class Features:
    """`maps`: (N, width, size, size) for each level, top first; `prices`: (N,), which they were read at."""

    maps: tuple[Array, ...]
    prices: Array


# The number of a level, its mean and its logvar, (N, level size) → its code, of the same shape.
Choose: TypeAlias = Callable[[int, Array, Array], Array]


class Runtime:
    """x: (N, 3, 128, 128) float32 in [0, 1]; z, mean, logvar: (N, sum(level_sizes)) float32, top level first.

    price: the weight β of the KLD that a code is made for, one for all pictures or (N,) float32, within `prices`. A low
    price gives long codes and close pictures, a high one short codes. A code is decoded at the price it was made for.
    """

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self.folder = folder
        self.info: dict[str, Any] = manifest.read(folder)
        self.version: str = self.info["version"]
        self.level_sizes: tuple[int, ...] = tuple(self.info["level_sizes"])
        self.depths = len(self.level_sizes)
        self.prices: tuple[float, float] = tuple(self.info["prices"])
        self._density = density.load(folder / "density.npz")
        self._typicality = typicality.from_json(self.info["typicality"])
        self._encoder = _session(folder / "encoder.onnx")
        self._levels = [_session(folder / f"level{number}.onnx") for number in range(1, self.depths + 1)]
        self._decoder = _session(folder / "decoder.onnx")

    def encode(self, x: Array, price: float | Array = 1.0, noise: Array | None = None) -> tuple[Array, Array]:
        """Mean and log-variance of the code. Raises ValueError for a price that the model was not trained at.

        Each level is read given the means of the levels above; with `noise`, (N, L) from N(0, I), given their samples
        instead, and mean + exp(logvar / 2) · noise is a sample of the posterior, as in training.
        """
        levels = () if noise is None else np.split(noise, np.cumsum(self.level_sizes)[:-1], 1)

        def choose(number: int, mean: Array, logvar: Array) -> Array:
            return mean + np.exp(logvar / np.float32(2)) * levels[number] if levels else mean

        return self.descend(self.features(x, price), choose)

    def features(self, x: Array, price: float | Array = 1.0) -> Features:
        """What the network sees in the pictures, from which codes are read. Raises ValueError as encode does."""
        prices = self._prices(price, len(x))
        return Features(tuple(self._encoder.run(None, {"x": x, "price": prices})), prices)

    def descend(self, features: Features, choose: Choose) -> tuple[Array, Array]:
        """Mean and log-variance of each level, read given the codes that `choose` makes of the levels above."""
        means, logvars = [], []
        known: dict[str, Array] = {}
        for number, (level, read) in enumerate(zip(self._levels, features.maps, strict=True)):
            mean, logvar, state = level.run(None, {"features": read, "price": features.prices, **known})
            known = {"above": state, "z": choose(number, mean, logvar)}
            means.append(mean)
            logvars.append(logvar)
        return np.concatenate(means, 1), np.concatenate(logvars, 1)

    def decode(self, z: Array, depth: int | None = None, price: float | Array = 1.0) -> Array:
        """The decoded pictures, (N, 3, 128, 128) in [0, 1]; levels below `depth`, 1..depths, are left out.

        Raises ValueError for a depth that the model does not have, and for a price that it was not trained at.
        """
        if depth is not None and not 1 <= depth <= self.depths:
            raise ValueError(f"depth must lie between 1 and {self.depths}, not {depth}")
        depths = np.full(len(z), depth or self.depths, dtype=np.int64)
        (y,) = self._decoder.run(None, {"z": z, "depth": depths, "price": self._prices(price, len(z))})
        clipped: Array = np.clip(y, 0, 1)
        return clipped

    def _prices(self, price: float | Array, count: int) -> Array:
        lowest, highest = self.prices
        prices = np.full(count, price, dtype=np.float32)
        # Written so that NaN is refused as well.
        if not ((prices >= np.float32(lowest)) & (prices <= np.float32(highest))).all():
            raise ValueError(f"price must lie between {lowest:g} and {highest:g}, not {price}")
        return prices

    def reconstruct(
        self, image: Image.Image, *, depth: int | None = None, price: float = 1.0, mirror: Mirror = "auto"
    ) -> Result:
        """`image` after encoding and decoding; with mirror="auto" the likelier of its two directions is used.

        Direction and typicality are always judged at a price of 1, where likelihood means something.
        """
        started = time.perf_counter()
        x, frame = to_array(flatten(image))
        directions = {"auto": (False, True), True: (True,), False: (False,)}[mirror]
        batch = np.stack([turn_around(x) if mirrored else x for mirrored in directions])
        mean, logvar = self.encode(batch)
        rebuilt = self.decode(mean)
        best = int(np.argmin(self.negative_elbo(batch, rebuilt, mean, logvar)))
        chosen, mirrored = slice(best, best + 1), directions[best]
        (typicality,) = self.typicality(*(part[chosen] for part in (batch, rebuilt, mean, logvar))).tolist()
        mean, logvar = self.encode(batch[chosen], price) if price != 1 else (mean[chosen], logvar[chosen])
        y = rebuilt[best] if price == 1 and depth is None else self.decode(mean, depth, price)[0]
        y = turn_around(y) if mirrored else y
        left, top, right, bottom = _at_least(MINIMUM_SIDE, frame, x.shape[1])
        inside = (slice(None), slice(top, bottom), slice(left, right))
        return Result(
            image=to_image(y, frame),
            psnr_db=psnr_db(y[inside], x[inside]),
            ssim=ssim(y[inside], x[inside]),
            code=mean[0],
            bytes_by_depth=tuple(rate_bytes(mean, logvar, self.level_sizes)[0].tolist()),
            mirrored=mirrored,
            typicality=typicality,
            elapsed_ms=(time.perf_counter() - started) * 1000,
            model_version=self.version,
        )

    def negative_elbo(self, x: Array, y: Array, mean: Array, logvar: Array) -> Array:
        """(N,) nats, up to a constant: the lower, the likelier each picture is under the model."""
        return negative_elbo(x, y, mean, logvar, self.info["variance"][-1])

    def typicality(self, x: Array, y: Array, mean: Array, logvar: Array) -> Array:
        """(N,) in [0, 1]: the share of held-out cars that are stranger than each picture; see ml.serving.typicality.

        x: the pictures; y: what comes back of them at a price of 1, from the posterior of `mean` and `logvar`.
        """
        return self._typicality(typicality.statistics_of(x, y, mean, logvar, self._density, self.info["variance"][-1]))

    @functools.cached_property
    def grids(self) -> tuple[Grid, ...]:
        """The levels of a code."""
        stages = self.info["model"]["stages"]
        return tuple(Grid(stage["code"], stage["size"]) for stage in stages if stage["code"])

    @functools.cached_property
    def principal_components(self) -> PrincipalComponents:
        """Of the first levels of the training cars' codes."""
        return principal.of_first_level(self._density, self.level_sizes[0])

    @functools.cached_property
    def steering(self) -> directions.Steering:
        named = [Direction(**direction) for direction in self.info["directions"]]
        return directions.load(self.folder / directions.FILE, self.grids, named)

    @property
    def directions(self) -> tuple[Direction, ...]:
        """What a car can be steered along."""
        return self.steering.directions

    def steer(self, z: Array, amounts: Mapping[str, float]) -> Array:
        """The codes moved by amounts in [-1, 1] along directions by name.

        Raises ValueError for an unknown direction, and for an amount outside the range.
        """
        return self.steering.steer(z, amounts)

    def mix(self, a: Array, b: Array, t: float) -> Array:
        """The codes a fraction t of the way from a to b, which are (…, L): see ml.serving.mixing."""
        return mix(np.stack([a, b]), (1 - t, t), self.level_sizes)

    def sample(self, seeds: Sequence[int], price: float = SAMPLE_PRICE, temperature: float = 1.0) -> Array:
        """Pictures, (N, 3, S, S) in [0, 1], of codes drawn from the prior, N(0, temperature² I), one a seed.

        Decoded at a high price, where the codes of cars are distributed as the prior; at a low one the prior is mostly
        noise. Raises ValueError for a temperature beyond 0 to 1.5, and for a price that the model was not trained at.
        """
        _check_temperature(temperature)
        length = sum(self.level_sizes)
        z = np.stack([np.random.default_rng(seed).standard_normal(length, dtype=np.float32) for seed in seeds])
        return self.decode(np.float32(temperature) * z, None, price)

    def dream(self, seeds: Sequence[int], temperature: float = 1.0) -> Array:
        """(len(seeds), L): codes of cars that do not exist; the same seed gives the same car.

        Each starts from a stored code. Its upper levels are mixed with those of a neighbour and get Gaussian noise with
        the covariance of all stored codes, scaled by the temperature, 0 to 1.5. Its lower levels are the stored code's
        own: those of two cars at once would show the lines of both. Raises ValueError for a temperature outside the
        range.
        """
        _check_temperature(temperature)
        stored, places = self._imagined
        upper = stored[:, : places.shape[1]]
        spread = (upper - upper.mean(axis=0)) / np.sqrt(np.float32(len(upper)))
        codes = []
        for seed in seeds:
            random = np.random.default_rng(seed)
            first = random.integers(len(stored))
            nearest = np.argsort(np.square(places - places[first]).sum(axis=1))[1 : 1 + DREAM_NEIGHBOURS]
            second = random.choice(nearest) if len(nearest) else first
            z = stored[first].copy()
            mixed = self.mix(z, stored[second], random.uniform(0, 0.5))[: upper.shape[1]]
            noise = random.standard_normal(len(stored), dtype=np.float32)
            z[: upper.shape[1]] = mixed + np.float32(temperature * DREAM_SPREAD) * (noise @ spread)
            codes.append(z)
        return np.stack(codes)

    def examples(self) -> list[Array]:
        """Pictures, (3, 128, 128), of cars that do not exist: decoded from codes that come with the weights."""
        stored, _ = self._imagined
        return list(self.decode(stored[:: max(1, len(stored) // EXAMPLES)][:EXAMPLES]))

    @functools.cached_property
    def _imagined(self) -> tuple[Array, Array]:
        """Codes of cars that do not exist, (M, L), and where they lie in the cars' density, (M, D)."""
        with np.load(self.folder / "examples.npz") as stored:
            codes = stored["codes"].astype(np.float32)
        return codes, self._density.whitened(codes)


@functools.cache
def load() -> Runtime:
    """The served model, read once. Raises ModelError when the weights are missing or damaged."""
    return Runtime()


def _check_temperature(temperature: float) -> None:
    if not 0 <= temperature <= MAX_TEMPERATURE:
        raise ValueError(f"temperature must lie between 0 and {MAX_TEMPERATURE}, not {temperature}")


def _at_least(side: int, frame: Frame, size: int) -> Frame:
    """The frame, extended into the white bars where the picture is thinner than `side`."""
    left, top, right, bottom = frame
    if right - left < side:
        left, right = (size - side) // 2, (size + side) // 2 + side % 2
    if bottom - top < side:
        top, bottom = (size - side) // 2, (size + side) // 2 + side % 2
    return left, top, right, bottom


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # One core for each request: where there are few, a pool of spinning threads costs more than it gains.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's exceptions share no public base
        raise ModelError(f"{path} cannot be loaded: {error}") from error
