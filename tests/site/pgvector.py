"""The search by pgvector; run by test_postgresql.py, on a database that has the extension."""

import numpy as np
import pytest
from django.db import connection

from reconstruct.models import Reconstruction
from reconstruct.nearest import index, nearest, nearest_by_pgvector
from reconstruct.places import COMPONENTS, Place


@pytest.fixture
def crowd(car):
    """Three hundred cars somewhere on the map, half of them placed by an earlier model."""
    columns = {field.attname: getattr(car, field.attname) for field in Reconstruction._meta.concrete_fields}
    del columns["id"], columns["slug"]
    cars = Reconstruction.objects.bulk_create(Reconstruction(**columns) for _ in range(300))
    vectors = np.random.default_rng(0).standard_normal((300, COMPONENTS), np.float32)
    versions = [car.model_version, "earlier"]
    return Place.objects.bulk_create(
        Place(car=car, model_version=versions[number % 2], vector=vector.tobytes(), x=0, y=0)
        for number, (car, vector) in enumerate(zip(cars, vectors, strict=True))
    )


def test_it_is_used_and_finds_what_the_exact_search_does(crowd, django_assert_num_queries):
    nearest(crowd[0], 1)  # which asks whether the column is there
    index.clear()
    with django_assert_num_queries(4):  # two of them open and close a savepoint
        found = nearest(crowd[0], 32)
    assert len(index.ids) == 0
    assert found == index.nearest(crowd[0], 32)
    assert found[0] == crowd[0].car_id


def test_it_goes_on_where_another_models_places_are_in_the_way(crowd, monkeypatch):
    monkeypatch.setattr("reconstruct.nearest.MOST_CANDIDATES", 1)
    found = nearest_by_pgvector(crowd[0], 100)
    assert len(found) == 100
    assert set(found) <= {place.car_id for place in crowd[::2]} | {Place.objects.order_by("pk")[0].car_id}


def test_the_graph_has_the_very_numbers_that_were_stored(crowd):
    numbers = [0.0, 1.0, -1.0, 3.1415927, -1e-6, 12345.678, 2**-20, -0.0]
    vector = np.array(numbers * 4, "<f4")
    Place.objects.filter(pk=crowd[0].pk).update(vector=vector.tobytes())
    with connection.cursor() as cursor:
        cursor.execute("SELECT embedding::real[] FROM reconstruct_place WHERE id = %s", [crowd[0].pk])
        (stored,) = cursor.fetchone()
    np.testing.assert_allclose(np.array(stored, "<f4"), vector, rtol=0, atol=1e-38)


def test_a_car_that_is_deleted_leaves_the_graph(crowd):
    Reconstruction.objects.filter(pk=crowd[2].car_id).delete()
    assert crowd[2].car_id not in nearest(crowd[0], 300)


def test_the_search_uses_the_graph(crowd):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")  # which costs less than the graph where there are few places
        cursor.execute(
            "EXPLAIN SELECT car_id FROM reconstruct_place WHERE model_version = %s"
            " ORDER BY embedding <-> %s::vector LIMIT 6",
            [crowd[0].model_version, str([0.0] * COMPONENTS)],
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "reconstruct_embeddings" in plan
