"""More cars than a test could upload."""

import numpy as np

from ml.serving.principal import COMPONENTS
from reconstruct.models import Place, Reconstruction
from tests.stored import columns_of


def crowd(car, count):
    """`count` cars in the gallery, all with the pictures of this one, and each with a place of its own."""
    columns = columns_of(car)
    random = np.random.default_rng(0)
    cars = Reconstruction.objects.bulk_create([Reconstruction(**columns) for _ in range(count)], batch_size=5000)
    vectors = random.standard_normal((count, COMPONENTS), np.float32)
    Place.objects.bulk_create(
        [
            Place(car=car, model_version=car.model_version, vector=vector.tobytes(), x=vector[0], y=vector[1])
            for car, vector in zip(cars, vectors, strict=True)
        ],
        batch_size=5000,
    )
    return cars
