import re

import pytest
from django.db import connection

from reconstruct.models import Reconstruction
from tests.stored import columns_of


@pytest.fixture
def many_cars(car):
    """Sixty cars, of which every second one is public; the oldest is `car`."""
    columns = columns_of(car)
    return Reconstruction.objects.bulk_create(
        Reconstruction(**columns | {"public": i % 2 == 0, "visitor": f"visitor {i}"}) for i in range(59)
    )


def test_an_empty_gallery_is_a_page(stranger, db):
    response = stranger.get("/gallery/")
    assert response.status_code == 200
    assert response.context["cars"] == []
    assert (response.context["older_url"], response.context["newest_url"]) == (None, None)


def test_it_shows_public_and_approved_cars_only(stranger, visitor, store_car):
    shown, hidden = store_car(visitor), store_car(visitor)
    store_car(visitor, public=False)
    Reconstruction.objects.filter(pk=hidden.pk).update(approved=False)
    assert stranger.get("/gallery/").context["cars"] == [shown]


def test_pages_lead_through_all_cars_newest_first_and_once(stranger, many_cars):
    seen, address = [], "/gallery/"
    while address:
        context = stranger.get(address).context
        assert len(context["cars"]) <= 24
        seen += [car.pk for car in context["cars"]]
        address = context["older_url"]
    public = Reconstruction.objects.filter(public=True).order_by("-id").values_list("pk", flat=True)
    assert seen == list(public)
    assert context["newest_url"] == "/gallery/"


def test_a_full_last_page_has_no_older_one(stranger, many_cars):
    surplus = Reconstruction.objects.in_gallery().newest_first().values_list("pk", flat=True)[24:]
    Reconstruction.objects.filter(pk__in=list(surplus)).delete()
    assert stranger.get("/gallery/").context["older_url"] is None


@pytest.mark.parametrize("cursor", ["", "0", "-1", "x", "1.5", "٣", "99999999999999999999", "9223372036854775808"])
def test_a_bad_cursor_is_a_404(stranger, db, cursor):
    assert stranger.get("/gallery/", {"before": cursor}).status_code == 404


def test_a_cursor_may_name_a_car_that_is_gone(stranger, many_cars):
    gone = many_cars[30].pk
    many_cars[30].delete()
    assert len(stranger.get("/gallery/", {"before": gone}).context["cars"]) == 16


def test_it_rejects_post(stranger, db):
    assert stranger.post("/gallery/").status_code == 405


def test_it_takes_one_query(stranger, many_cars, django_assert_num_queries):
    with django_assert_num_queries(1):
        stranger.get("/gallery/")


@pytest.mark.parametrize(
    ("cars", "index"),
    [
        (lambda: Reconstruction.objects.in_gallery().older_than(None), "reconstruct_gallery"),
        (lambda: Reconstruction.objects.in_gallery().older_than(900), "reconstruct_gallery"),
        (lambda: Reconstruction.objects.in_gallery().examples().newest_first(), "reconstruct_(examples|origin)"),
        (lambda: Reconstruction.objects.mine("visitor 7").older_than(900), "reconstruct_history"),
    ],
)
def test_a_page_is_read_from_its_index_without_sorting(car, cars, index):
    columns = columns_of(car)
    Reconstruction.objects.bulk_create(
        Reconstruction(
            **columns
            | {
                "public": i % 50 == 0,
                "origin": "photograph" if i % 1000 else "example",
                "visitor": f"visitor {i % 100}",
            }
        )
        for i in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = cars()[:25].explain()
    assert re.search(index, plan)
    assert "sort" not in plan.lower()
    assert "temp b-tree" not in plan.lower()
