"""Reads a folder of photographs into one tensor, and splits it so that near-duplicates stay together."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ml.serving.metrics import LUMA
from ml.serving.transforms import IMAGE_SIZE, SUFFIXES, flatten, to_array

BORDER = 4  # pixels
WHITE = 0.98  # mean brightness of the border, from which on a background counts as white
NEAR_DUPLICATE = 0.94  # correlation of two pictures' edges, from which on they count as one photograph


class DataError(ValueError):
    """A folder that cannot be trained on; the message says why."""


@dataclasses.dataclass(frozen=True)
class Pictures:
    """Photographs in memory: `tensor` is (N, 3, S, S) uint8; `names` and `kinds` have one entry a picture."""

    folder: Path
    tensor: Tensor
    names: list[str]
    kinds: list[str]
    skipped: dict[str, str]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def sha256(self) -> str:
        """Hash of the pixels; the names of the files do not matter."""
        return hashlib.sha256(self.tensor.numpy().tobytes()).hexdigest()

    def identity(self) -> dict[str, Any]:
        """Folder, names and hash, from which `recall` loads the same pictures again."""
        return {"folder": str(self.folder.resolve()), "names": self.names, "sha256": self.sha256}

    def floats(self, device: torch.device | str = "cpu") -> Tensor:
        """(N, 3, S, S) float32 in [0, 1]."""
        return self.tensor.to(device).float() / 255

    def subset(self, indices: list[int]) -> Pictures:
        names, kinds = [self.names[i] for i in indices], [self.kinds[i] for i in indices]
        return dataclasses.replace(self, tensor=self.tensor[indices], names=names, kinds=kinds)


def load(folder: Path | str, size: int = IMAGE_SIZE) -> Pictures:
    """Every photograph below `folder`, of any size, fitted into size × size; unreadable files are skipped, with why.

    Raises DataError when the folder is missing or holds no readable picture.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder")
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    arrays, names, skipped = [], [], {}
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            arrays.append(_read(path, size))
            names.append(name)
        except Exception as error:  # noqa: BLE001 - decoders raise anything at all; one bad file must not end a run
            skipped[name] = f"{type(error).__name__}: {error}"
    if not arrays:
        raise DataError(f"{folder} holds no readable picture ({len(skipped)} could not be read)")
    known = _manifest(folder)
    return Pictures(folder, torch.from_numpy(np.stack(arrays)), names, [known.get(name, "") for name in names], skipped)


def recall(identity: dict[str, Any], folder: Path | None = None, size: int = IMAGE_SIZE) -> Pictures:
    """The pictures with this `Pictures.identity`, from `folder` where they have moved.

    Raises DataError when they are not the same pixels.
    """
    pictures = load(folder or identity["folder"], size)
    index = {name: i for i, name in enumerate(pictures.names)}
    recalled = pictures.subset([index[name] for name in identity["names"] if name in index])
    if recalled.sha256 != identity["sha256"]:
        raise DataError(f"{pictures.folder} does not hold the pictures of the training run any more")
    return recalled


def split(pictures: Pictures, fraction: float, seed: int = 0) -> tuple[Pictures, Pictures]:
    """Training and validation pictures; about `fraction` go to validation, near-duplicates always together."""
    if not 0 < fraction < 1:
        raise DataError(f"the validation share must lie between 0 and 1, not {fraction}")
    clusters = near_duplicates(pictures)
    held_out: list[int] = []
    for index in np.random.default_rng(seed).permutation(len(clusters)):
        if len(held_out) + len(clusters[index]) <= max(1, round(fraction * len(pictures))):
            held_out += clusters[index]
    training = sorted(set(range(len(pictures))) - set(held_out))
    if not held_out or not training:
        raise DataError(f"{len(pictures)} pictures in {len(clusters)} clusters are too few to hold some out")
    return pictures.subset(training), pictures.subset(sorted(held_out))


def near_duplicates(pictures: Pictures) -> list[list[int]]:
    """Groups of indices: near-duplicates, such as one photograph in two paints, are in one group."""
    descriptors = edges(pictures.floats())
    groups = np.arange(len(pictures))
    # A thousand rows at a time: the whole matrix of a large folder would not fit in memory.
    for start in range(0, len(pictures), 1000):
        alike = descriptors[start : start + 1000] @ descriptors.T >= NEAR_DUPLICATE
        for i, j in zip(*np.nonzero(alike), strict=True):
            if groups[start + i] != groups[j]:
                groups[groups == groups[j]] = groups[start + i]
    return [np.flatnonzero(groups == group).tolist() for group in np.unique(groups)]


def on_white(x: Tensor) -> NDArray[np.bool_]:
    """(N,): whether the border of each picture, (N, 3, S, S) in [0, 1], is white, as that of a studio picture."""
    inner = x[:, :, BORDER:-BORDER, BORDER:-BORDER]
    rim = (x.sum((1, 2, 3)) - inner.sum((1, 2, 3))) / (x[0].numel() - inner[0].numel())
    white: NDArray[np.bool_] = (rim > WHITE).numpy()
    return white


def edges(x: Tensor) -> NDArray[np.float32]:
    """(N, D): the strength of the edges at 32×32 pixels, each row with length 1. Another paint hardly changes it.

    x: (N, 3, S, S) in [0, 1].
    """
    grey = torch.einsum("nchw,c->nhw", x, torch.from_numpy(LUMA))
    small = torch.nn.functional.avg_pool2d(grey[:, None], max(1, x.shape[-1] // 32))[:, 0]
    strength = small.diff(dim=1)[:, :, 1:].abs() + small.diff(dim=2)[:, 1:].abs()  # (N, 31, 31)
    flat = strength.flatten(1) - strength.flatten(1).mean(1, keepdim=True)
    result: NDArray[np.float32] = (flat / flat.norm(dim=1, keepdim=True).clamp(min=1e-6)).numpy()
    return result


def _read(path: Path, size: int) -> NDArray[np.uint8]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(path) as image:
            array, _ = to_array(flatten(image), size)
    return (array * 255).round().astype(np.uint8)


def _manifest(folder: Path) -> dict[str, str]:
    """The kind of each file (studio, street, …), from `manifest.csv` in the folder or beside it."""
    for base, prefix in ((folder, ""), (folder.parent, f"{folder.name}/")):
        if (base / "manifest.csv").is_file():
            with (base / "manifest.csv").open(newline="") as lines:
                rows = [row for row in csv.DictReader(lines) if row.get("file", "").startswith(prefix)]
            return {row["file"].removeprefix(prefix): row.get("kind", "") for row in rows}
    return {}
