"""A photograph as a file of a few hundred bytes, and back: docs/format.md describes the file."""

from ml.serving.coding.coder import FILE, Car, Coder, load
from ml.serving.coding.container import MAX_BYTES
from ml.serving.coding.errors import CodingError

__all__ = ["FILE", "MAX_BYTES", "Car", "Coder", "CodingError", "load"]
