"""How it works: the page that explains a variational autoencoder, with a car of the gallery as the example."""

from __future__ import annotations

import dataclasses
import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ml.serving.runtime import load
from ml.serving.transforms import IMAGE_SIZE
from reconstruct.addresses import versioned
from reconstruct.depths import depths_of
from reconstruct.latents import Code, code_of
from reconstruct.models import Reconstruction
from reconstruct.pictures import gaussians, numbers
from reconstruct.pictures.curve import Curve
from reconstruct.pictures.morphs import Morph
from reconstruct.views.params import number_or_404, point_or_400, points_or_404, stop_or_404, whole_number_or_404
from reconstruct.visitors import get_car_or_404, visitor_of

EXAMPLES = 12  # the newest ones, of which the page shows two
OFFERED = 8  # cars to choose from

# Written by ml.lesson and ml.plane, as the pictures in static/lessons/.
LESSONS = Path(__file__).parents[1] / "lessons"


@dataclasses.dataclass(frozen=True)
class PriceFigures:
    """The figures of held-out pictures at one price of the code, β; 1 is MSE + KLD."""

    beta: float
    epochs: int
    bytes: float
    psnr_db: float

    @property
    def shades(self) -> float:
        return shades(self.psnr_db)


def shades(psnr_db: float) -> float:
    """The root of the mean squared error, in 256 shades."""
    return 255 * 10 ** (-psnr_db / 20)


@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """Causes a query."""
    balance = [PriceFigures(**figures) for figures in lesson("balance")]
    default_stop = 1 + [priced.beta for priced in balance].index(1)
    context = {
        "model": model_facts(load().info),
        "balance": balance,
        "most_bytes": max(priced.bytes for priced in balance),
        "most_shades": max(priced.shades for priced in balance),
        "stop": whole_number_or_404(request, "balance", default_stop, low=1, high=len(balance)),
        "planes": [with_files(plane) for plane in lesson("plane")],
        "posterior": posterior_or_404(request),
        "gaussians": gaussians,
    }
    return render(request, "how.html", context | live_examples(request))


@functools.cache
def lesson(name: str) -> list[dict[str, Any]]:
    """What is known of the models of a lesson, by increasing β."""
    models: list[dict[str, Any]] = json.loads((LESSONS / f"{name}.json").read_text())
    return models


def with_files(plane: dict[str, Any]) -> dict[str, Any]:
    """A model of the lesson on gaps, with the error of its copies and the names of its static files."""
    name = f"lessons/plane/beta-{plane['beta']:g}"
    return plane | {"shades": shades(plane["psnr_db"]), "drawing": f"{name}.svg", "sheet": f"{name}.webp"}


def posterior_or_404(request: HttpRequest) -> gaussians.Posterior:
    """The Gaussian that is compared with the prior, from the query."""
    default = gaussians.Posterior()
    (lowest, highest), (narrowest, widest) = gaussians.MEANS, gaussians.DEVIATIONS
    return gaussians.Posterior(
        number_or_404(request, "mean", default.mean, low=lowest, high=highest),
        number_or_404(request, "deviation", default.deviation, low=narrowest, high=widest),
    )


def live_examples(request: HttpRequest) -> dict[str, Any]:
    """The context of the page's live examples; empty where the gallery has fewer than two example cars.

    They show the newest one, or the car that the address names: a 404 where its reader may not see it.
    """
    runtime, points, point, stop = load(), points_or_404(request), point_or_400(request), stop_or_404(request)
    named = [get_car_or_404(request, request.GET["car"])] if "car" in request.GET else []
    examples = list(Reconstruction.objects.on_map(runtime.version).examples()[:EXAMPLES])
    cars = named + [example for example in examples if example not in named]
    if len(cars) < 2:
        return {}
    car, *others = cars
    try:
        code = code_of(car, runtime)
    except FileNotFoundError:  # the page works without live examples
        return {}
    panels = points.panel(car, runtime.version) | point.panel(car, runtime.version) | stop.panel(car, runtime)
    return {
        **panels,
        **numbers.panel(code),
        "car": car,
        "offered": offered(request, examples),
        "depths": depths_of(car, runtime.version),
        "depths_url": versioned("depths", car.slug, version=runtime.version),
        "morph": Morph.between(car, most_alike(code, others), runtime.version),
    }


def offered(request: HttpRequest, examples: list[Reconstruction]) -> list[Reconstruction]:
    """Cars for the live examples: the reader's own, newest first, and examples. Causes a query."""
    own = list(Reconstruction.objects.mine(visitor_of(request)).newest_first()[:OFFERED])
    return (own + [example for example in examples if example not in own])[:OFFERED]


def most_alike(code: Code, others: list[Reconstruction]) -> Reconstruction:
    """The car with the nearest first level: on the way to a car of another pose, what is decoded is hardly a car."""
    vector = code.runtime.principal_components.vector(code.mean[0])
    return min(others, key=lambda other: float(np.linalg.norm(np.frombuffer(other.place.vector, "<f4") - vector)))


def model_facts(info: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of the model, from model.json; its table is of studio pictures, if there are any."""
    training, tables = info["training"], info["evaluation"]["tables"]
    grids = [stage["size"] for stage in info["model"]["stages"] if stage["code"]]
    rows = tables.get("studio", tables["all"])
    return {
        "version": info["version"],
        "level_sizes": info["level_sizes"],
        "numbers": sum(info["level_sizes"]),
        "first_numbers": info["level_sizes"][0],
        "further": sum(info["level_sizes"][1:]),
        "parameters": info["parameters"],
        "epochs": training["epochs"],
        "epochs_planned": training["epochs_of_the_full_recipe"],
        "changed_at": [change["from_epoch"] for change in training["history"]],
        "steps": training["steps"],
        "hours": training["hours"],
        "curves": curves(training.get("curve", [])),
        "pictures": training["pictures"],
        "held_out": info["evaluation"]["pictures"],
        "side": IMAGE_SIZE,
        "pixel_numbers": 3 * IMAGE_SIZE**2,
        "table": [row | {"grid": grid} for row, grid in zip(rows, grids, strict=True)],
    }


def curves(rows: list[dict[str, float]]) -> dict[str, Curve]:
    """Loss and PSNR over the epochs; nothing where the model came without the log of its run."""
    return {name: Curve.of(rows, name) for name in ("loss", "psnr_db")} if len(rows) > 1 else {}
