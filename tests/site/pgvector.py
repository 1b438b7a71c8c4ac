"""The search by pgvector; run by test_postgresql.py, on a database that has the extension."""

import numpy as np
import pytest
from django.db import connection

from ml.serving.principal import COMPONENTS
from ml.serving.runtime import load
from reconstruct.models import Place, Reconstruction
from reconstruct.similarity import index, nearest, nearest_by_pgvector
from tests.crowd import crowd


@pytest.fixture
def places(car):
    """Of three hundred cars somewhere on the map, of which an earlier model placed every second one."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")  # which costs less than the graph where there are few places
    cars = crowd(car, 300)
    Place.objects.filter(car__in=cars[1::2]).update(model_version="earlier")
    return list(Place.objects.filter(car__in=cars).order_by("pk"))


def test_it_is_used_and_finds_what_the_exact_search_does(places, django_assert_num_queries):
    nearest(places[0], 1)  # which asks whether the column is there
    index.clear()
    with django_assert_num_queries(4):  # two of them open and close a savepoint
        found = nearest(places[0], 32)
    assert len(index.ids) == 0
    assert found[0] == places[0].car_id
    assert len(set(found) & set(index.nearest(places[0], 32))) >= 30  # the graph is approximate


def test_it_goes_on_where_another_models_places_are_in_the_way(places, monkeypatch):
    monkeypatch.setattr("reconstruct.similarity.MOST_CANDIDATES", 1)
    found = nearest_by_pgvector(places[0], 100)
    assert len(found) == 100
    assert set(found) <= set(Place.objects.by(load().version).values_list("car", flat=True))


def test_the_graph_has_the_very_numbers_that_were_stored(places):
    numbers = [0.0, 1.0, -1.0, 3.1415927, -1e-6, 12345.678, 2**-20, -0.0]
    vector = np.array(numbers * 4, "<f4")
    Place.objects.filter(pk=places[0].pk).update(vector=vector.tobytes())
    with connection.cursor() as cursor:
        cursor.execute("SELECT embedding::real[] FROM reconstruct_place WHERE id = %s", [places[0].pk])
        (stored,) = cursor.fetchone()
    np.testing.assert_allclose(np.array(stored, "<f4"), vector, rtol=0, atol=1e-38)


def test_a_car_that_is_deleted_leaves_the_graph(places):
    Reconstruction.objects.filter(pk=places[2].car_id).delete()
    assert places[2].car_id not in nearest(places[0], 300)


def test_the_search_uses_the_graph(places):
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT car_id FROM reconstruct_place WHERE model_version = %s"
            " ORDER BY embedding <-> %s::vector LIMIT 6",
            [places[0].model_version, str([0.0] * COMPONENTS)],
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "reconstruct_embeddings" in plan
