"""A car decoded at one depth and at every depth, and heat maps of the errors."""

from ml.serving.runtime import Runtime
from reconstruct.latents import code_of
from reconstruct.models import Reconstruction
from reconstruct.pictures import films
from reconstruct.pictures.files import File, png, sheet, side_by_side
from reconstruct.pictures.heat import errors
from reconstruct.views.params import depth_or_404
from reconstruct.views.responses import versioned_picture

# How long the reveal shows a depth, and the last one.
STEP_MS, WHOLE_MS = 900, 2500


@versioned_picture(n=depth_or_404)
def depth(car: Reconstruction, runtime: Runtime, n: int) -> File:
    """The car decoded at depth n."""
    code = code_of(car, runtime)
    return png(code.decoded(code.mean, depth=n)[0])


@versioned_picture()
def depths(car: Reconstruction, runtime: Runtime) -> File:
    """The car at every depth, side by side; a PNG, because visitors save it."""
    code = code_of(car, runtime)
    pictures = code.pictures(code.at_every_depth())
    return png(side_by_side(pictures, len(pictures)))


@versioned_picture()
def reveal(car: Reconstruction, runtime: Runtime) -> File:
    """The car at one depth after the other, from the first idea to the whole car, as an animated GIF."""
    code = code_of(car, runtime)
    pictures = code.pictures(code.at_every_depth())
    waits_ms = [STEP_MS] * (len(pictures) - 1) + [WHOLE_MS]
    return films.film(films.frames(pictures, "gif"), waits_ms, "gif", name=f"{car.slug}-depths")


@versioned_picture()
def difference(car: Reconstruction, runtime: Runtime) -> File:
    """A heat map of the reconstruction's errors: dark is a large error."""
    code = code_of(car, runtime)
    return png(code.pictures(errors(code, runtime.decode(code.mean)))[0])


@versioned_picture()
def differences(car: Reconstruction, runtime: Runtime) -> File:
    """Heat maps of the errors at every depth, side by side."""
    code = code_of(car, runtime)
    return sheet(code.pictures(errors(code, code.at_every_depth())))
