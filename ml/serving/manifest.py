"""ml/weights/model.json: what the weights are, where they come from, and their hashes. Needs no onnxruntime."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).parents[1] / "weights"
MANIFEST = "model.json"


class ModelError(RuntimeError):
    """The weights are missing, damaged or of another model; the message names the file and the hash."""


def read(folder: Path = WEIGHTS) -> dict[str, Any]:
    """model.json, once every file that it names has the hash that it states.

    Raises ModelError.
    """
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        files: dict[str, str] = manifest["files"]
    except FileNotFoundError as error:
        raise ModelError(f"{path} is missing: restore it, or make it with python -m ml.export") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} cannot be read ({error!r}): restore it, or run python -m ml.export") from error
    for name, expected in files.items():
        try:
            actual = sha256(folder / name)
        except FileNotFoundError as error:
            raise ModelError(f"{folder / name} (sha256 {expected}) is missing") from error
        if actual != expected:
            raise ModelError(f"{folder / name} has sha256 {actual}, but {MANIFEST} says {expected}")
    return manifest


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
