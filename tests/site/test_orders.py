"""The gallery in other orders and in parts, and the way from car to car."""

import itertools

import pytest
from django.db import connection

from reconstruct.models import Reconstruction
from reconstruct.orders import ALL, ORDERS, PARTS
from tests.stored import columns_of

FIGURES = {"newest": "id", "closest": "psnr_db", "smallest": "code_bytes", "strangest": "typicality"}


@pytest.fixture
def many_cars(car):
    """Sixty cars with few different figures, so that many are equal; one is made up of five, one private of six."""
    columns = columns_of(car)
    for i in range(60):
        Reconstruction(
            **columns
            | {
                "psnr_db": 20 + i % 7 / 3,
                "code_bytes": 500 + i % 5 if i else None,
                "typicality": i % 4 / 10,
                "origin": "photograph" if i % 5 else "dreamt",
                "public": i % 6 > 0,
            }
        ).save()


def read(client, address):
    """All cars from this address on, page after page."""
    seen = []
    while address:
        context = client.get(address).context
        seen += context["cars"]
        address = context["older_url"]
    return seen


@pytest.mark.parametrize("sort", ORDERS)
def test_pages_lead_through_the_gallery_in_order_and_once(stranger, many_cars, sort):
    cars = read(stranger, f"/gallery/?sort={sort}")
    figures = [getattr(car, FIGURES[sort]) for car in cars]
    assert figures == sorted(figures, reverse=sort in ("newest", "closest"))
    shown = Reconstruction.objects.in_gallery().exclude(**{FIGURES[sort]: None})
    assert len(cars) == len(set(cars)) == shown.count() > 48


def test_photographs_and_made_up_cars_are_all_cars(stranger, many_cars):
    photographs = read(stranger, "/gallery/?part=photographs")
    made_up = read(stranger, "/gallery/?part=made_up&sort=closest")
    assert {car.origin for car in photographs} == {"photograph"}
    assert {car.origin for car in made_up} == {"dreamt"}
    assert set(photographs + made_up) == set(Reconstruction.objects.in_gallery())


@pytest.mark.parametrize(("sort", "part"), [("newest", ALL), ("smallest", "photographs")])
def test_next_leads_through_the_gallery_and_previous_back(stranger, many_cars, sort, part):
    cars = read(stranger, f"/gallery/?sort={sort}&part={part}")[:6]
    query = stranger.get(f"/gallery/?sort={sort}&part={part}").context["reading"].query()
    for before, car, behind in zip([None, *cars], cars, cars[1:], strict=False):
        response = stranger.get(f"{car.get_absolute_url()}{query}")
        assert (response.context["previous"], response.context["following"]) == (before, behind)
        html = response.content.decode()
        assert f'href="{behind.get_absolute_url()}{query.replace("&", "&amp;")}" rel="next"' in html
    assert ('name="sort" value="smallest"' in html) is (sort == "smallest")  # without scripts, a slider keeps the order


def test_a_private_car_has_no_place_in_the_gallery(visitor, many_cars, private_car):
    response = visitor.get(private_car.get_absolute_url())
    assert response.context["previous"] is response.context["following"] is None
    assert 'aria-label="In the gallery"' not in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "sort=",
        "sort=dearest",
        "part=cats",
        *(
            f"sort=closest&before={cursor}"
            for cursor in ("", "7", "x~7", "20~x", "20~0", "nan~7", "inf~7", f"20~{2**63}")
        ),
        *(f"sort=smallest&before={cursor}" for cursor in ("7.5~7", f"{2**31}~7", "7~")),
    ],
)
def test_a_senseless_order_is_a_404(stranger, db, query):
    assert stranger.get(f"/gallery/?{query}").status_code == 404


def test_a_car_has_no_senseless_order_either(stranger, car):
    assert stranger.get(f"{car.get_absolute_url()}?sort=dearest").status_code == 404


def test_a_small_gallery_asks_for_more_and_a_part_of_it_does_not(stranger, car):
    assert "still small" in stranger.get("/gallery/").content.decode()
    assert "still small" not in stranger.get("/gallery/?part=photographs").content.decode()
    assert "of this kind" in stranger.get("/gallery/?part=made_up").content.decode()


def test_each_order_is_read_from_an_index_of_its_own(car):
    columns = columns_of(car)
    Reconstruction.objects.bulk_create(
        Reconstruction(
            **columns
            | {
                "public": i % 4 > 0,
                "origin": "photograph" if i % 3 else "dreamt",
                "psnr_db": i % 997,
                "code_bytes": i % 991,
                "typicality": i * 577 % 983,
            }
        )
        for i in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for (sort, order), part in itertools.product(ORDERS.items(), PARTS):
        cars = Reconstruction.objects.gallery(order, PARTS[part])
        for page in (cars, cars.filter(order.behind(500, 900)), cars.filter(order.before(500, 900)).reverse()):
            plan = page[:25].explain()
            assert sort == "newest" or f"gallery_{part}_{sort}" in plan  # or the primary key
            assert "sort" not in plan.lower(), (sort, part)
            assert "temp b-tree" not in plan.lower(), (sort, part)
