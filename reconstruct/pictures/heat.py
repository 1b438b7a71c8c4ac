"""Heat maps: where a reconstruction differs from the photograph."""

import numpy as np

from ml.serving.transforms import Array
from reconstruct.latents import Code

# From white, no error, to dark. Lightness falls evenly, because the eye compares by lightness; hue only helps.
COLOURS = np.array([(255, 255, 255), (254, 214, 118), (244, 138, 62), (204, 64, 76), (122, 18, 108), (18, 8, 56)])
FULL = 0.125  # the error that is drawn darkest: mean over a pixel's three channels, each in [0, 1]


def errors(code: Code, pictures: Array) -> Array:
    """(N, 3, 128, 128) → heat maps of the same shape: white without an error, dark for a large one."""
    return np.stack([heat(error) for error in np.abs(pictures - code.x).mean(axis=1)])


def heat(error: Array) -> Array:
    """(H, W) errors → colours: (3, H, W) float32 in [0, 1]."""
    at = error / FULL * (len(COLOURS) - 1)  # np.interp holds the last colour beyond the full error
    return np.stack([np.interp(at, range(len(COLOURS)), channel / 255) for channel in COLOURS.T]).astype(np.float32)
