import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import ml.serving.runtime
from reconstruct.admin import scale
from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car, fetch

LIST = "/admin/reconstruct/reconstruction/"


def listed(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200
    return set(response.context["cl"].queryset)


def act(client, action, *cars, **data):
    data = {"action": action, "_selected_action": [car.pk for car in cars], **data}
    response = client.post(f"{LIST}?gallery=all", data, follow=True)
    assert response.status_code == 200
    return " ".join(message.message for message in response.context.get("messages", ()))


@pytest.fixture
def cars(visitor, store_car):
    """Cars that differ in everything that the admin filters by."""
    return [
        store_car(visitor),
        store_car(visitor, as_file(draw_car((64, 64), paint="green")), public=False),
        store_car(visitor),
    ]


def test_it_is_for_staff(stranger, car):
    assert stranger.get(LIST).status_code == 302


def test_the_list_shows_both_pictures_of_each_car(staff, private_car):
    html = staff.get(LIST, {"gallery": "private"}).content.decode()
    assert f'src="{private_car.thumbnail_url}" width="96" height="60"' in html
    assert f'src="{private_car.reconstruction_url}"' in html
    assert fetch(staff, private_car.original_url).status_code == 200


def test_the_list_takes_as_many_queries_for_three_cars_as_for_one(staff, car, visitor, store_car):
    with CaptureQueriesContext(connection) as for_one:
        staff.get(LIST)
    store_car(visitor)
    store_car(visitor)
    with CaptureQueriesContext(connection) as for_three:
        staff.get(LIST)
    assert len(for_three) == len(for_one)


def test_a_cars_page_lets_staff_change_the_approval_alone(staff, car):
    response = staff.get(f"{LIST}{car.pk}/change/")
    assert response.status_code == 200
    assert list(response.context["adminform"].form.fields) == ["approved"]
    staff.post(f"{LIST}{car.pk}/change/", {"public": "on"})
    assert Reconstruction.objects.get().approved is False


def test_a_car_cannot_be_added(staff):
    assert staff.get(f"{LIST}add/").status_code == 403


def test_search_finds_a_slug_and_a_visitors_cars(staff, cars):
    assert listed(staff, q=cars[0].slug) == {cars[0]}
    assert listed(staff, q=cars[0].visitor) == set(cars)
    assert listed(staff, q="nothing") == set()


def test_it_filters_by_gallery(staff, cars):
    Reconstruction.objects.filter(pk=cars[2].pk).update(approved=False)
    found = [listed(staff, gallery=state) for state in ("shown", "private", "hidden")]
    assert found == [{cars[0]}, {cars[1]}, {cars[2]}]
    assert listed(staff, gallery="all") == set(cars)


def test_private_cars_are_listed_where_they_are_asked_for_and_no_sooner(staff, cars):
    assert listed(staff) == listed(staff, gallery="nonsense") == {cars[0], cars[2]}
    html = staff.get(LIST).content.decode()
    assert "?gallery=all" in html
    assert cars[1].thumbnail_url not in html


def test_it_filters_by_familiarity(staff, cars):
    for car, typicality in zip(cars, (0.5, 0.01, 0.0), strict=True):
        Reconstruction.objects.filter(pk=car.pk).update(typicality=typicality, public=True)
    found = [listed(staff, familiarity=word) for word in ("familiar", "unusual", "strange")]
    assert found == [{cars[0]}, {cars[1]}, {cars[2]}]
    assert "unusual, 0.010" in staff.get(LIST).content.decode()


def test_figures_are_rounded_on_a_cars_page(staff, car):
    Reconstruction.objects.update(psnr_db=31.23456, ssim=0.91234, elapsed_ms=71.234, bytes_by_depth=[16.4, 85.6])
    html = staff.get(f"{LIST}{car.pk}/change/").content.decode()
    assert all(text in html for text in ("31.2\N{NO-BREAK SPACE}dB", "0.912", "71 ms", "16, 86 bytes"))
    assert not re.search(r"\d\.\d{4,}<", html)


def test_the_front_page_says_how_full_the_site_gets(staff, settings, cars):
    yesterday = timezone.now() - timedelta(days=1)
    Reconstruction.objects.filter(pk=cars[0].pk).update(created_at=yesterday)
    Reconstruction.objects.filter(pk=cars[1].pk).update(created_at=yesterday - timedelta(days=30))
    response = staff.get("/admin/")
    assert [count for _, count in response.context["days"]] == [1, 1, 0, 0, 0, 0, 0]
    assert 0 < response.context["disk"]["used"] <= response.context["disk"]["total"]
    settings.S3_BUCKET = "cars"
    assert "in a bucket" in staff.get("/admin/").content.decode()


def test_the_log_in_has_a_heading(stranger, db):
    assert stranger.get("/admin/login/").content.decode().count("<h1>") == 1


def test_it_filters_by_quality(staff, cars):
    for car, psnr_db in zip(cars, (35, 26, 12), strict=True):
        Reconstruction.objects.filter(pk=car.pk).update(psnr_db=psnr_db)
    found = [listed(staff, gallery="all", quality=quality) for quality in ("excellent", "good", "fair", "poor")]
    assert found == [{cars[0]}, {cars[1]}, set(), {cars[2]}]


def test_it_filters_by_the_size_of_the_code(staff, cars):
    for car, size in zip(cars, (499, 500, 2500), strict=True):
        Reconstruction.objects.filter(pk=car.pk).update(code_bytes=size)
    sizes = ("less than 500", "500 to 1000", "1000 to 2000", "2000 bytes or more")
    assert [listed(staff, gallery="all", code=size) for size in sizes] == [{cars[0]}, {cars[1]}, set(), {cars[2]}]


def test_it_filters_by_model_version_example_and_date(staff, cars):
    Reconstruction.objects.filter(pk=cars[0].pk).update(model_version="old", origin="example")
    assert listed(staff, model_version="old") == {cars[0]}
    assert listed(staff, origin__exact="example") == {cars[0]}
    assert listed(staff, created_at__year=2001) == set()


def test_publish_approves_and_leaves_private_cars_private(staff, stranger, cars):
    Reconstruction.objects.update(approved=False)
    words = act(staff, "approve", *cars)
    assert "Approved: 3" in words
    assert "1 of them stay private" in words
    assert stranger.get("/gallery/").context["cars"] == [cars[2], cars[0]]


def test_hide_takes_cars_out_of_the_gallery(staff, stranger, cars):
    assert "Hidden: 1" in act(staff, "hide", cars[0])
    assert stranger.get("/gallery/").context["cars"] == [cars[2]]


@pytest.mark.parametrize("action", ["hide", "approve", "delete_selected", "reconstruct_again"])
@pytest.mark.parametrize("key", ["x", "-1", "\0", "9" * 30])
def test_an_action_on_what_is_no_car_is_refused(staff, car, action, key):
    assert staff.post(LIST, {"action": action, "_selected_action": [key]}).status_code == 400


@pytest.fixture
def many_cars(car):
    """A thousand cars of a hundred visitors; PostgreSQL has counted them."""
    columns = {field.attname: getattr(car, field.attname) for field in Reconstruction._meta.concrete_fields}
    del columns["id"], columns["slug"]
    Reconstruction.objects.bulk_create(
        [Reconstruction(**columns | {"visitor": f"visitor-{i % 100}"}) for i in range(1000)]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_the_list_is_not_counted_to_its_end(staff, many_cars, monkeypatch):
    monkeypatch.setattr(scale, "COUNTED", 100)
    with CaptureQueriesContext(connection) as queries:
        count = staff.get(LIST).context["cl"].result_count
    assert count == pytest.approx(1001, rel=0.1)
    counts = [query["sql"] for query in queries if "COUNT(*)" in query["sql"]]
    assert "LIMIT 101" in counts[0]
    assert len(counts) == (1 if connection.vendor == "postgresql" else 2)
    assert not [query["sql"] for query in queries if "DISTINCT" in query["sql"]]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"o": "3"}, "reconstruct_psnr"),
        ({"o": "-3"}, "reconstruct_psnr"),
        ({"o": "4"}, "reconstruct_code_bytes"),
        ({"o": "5"}, "reconstruct_typicality"),
        ({"origin__exact": "dreamt", "gallery": "all"}, "reconstruct_origin"),
        ({"gallery": "hidden"}, "reconstruct_not_approved"),
    ],
)
def test_what_the_list_is_sorted_and_filtered_by_has_an_index(staff, many_cars, query, index):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which reads so few rows faster without
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    assert index in staff.get(LIST, query).context["cl"].queryset[:50].explain()


def test_other_columns_cannot_be_sorted_by(staff, cars):
    changes = staff.get(LIST).context["cl"]
    assert [changes.list_display.index(name) for name in changes.sortable_by] == [2, 3, 4, 5]


def test_no_page_is_so_far_down_that_all_others_are_read_first(staff, many_cars, monkeypatch):
    monkeypatch.setattr(scale, "PAGES", 3)
    assert staff.get(LIST, {"p": 3}).status_code == 200
    assert staff.get(LIST, {"p": 4}).status_code == 302


def test_a_short_list_is_counted_exactly(staff, cars):
    assert staff.get(LIST, {"gallery": "shown"}).context["cl"].result_count == 2


@pytest.mark.parametrize(("name", "index"), [("visitor-7", "reconstruct_history"), ("nothing", "reconstruct_history")])
def test_a_search_asks_indexes(staff, many_cars, name, index):
    found = staff.get(LIST, {"q": name}).context["cl"].queryset
    assert found.count() == (10 if name == "visitor-7" else 0)
    plan = found.order_by("-id")[:50].explain()
    assert index in plan
    assert "seq scan" not in plan.lower()
    assert "SCAN reconstruct_reconstruction" not in plan


@pytest.mark.django_db(transaction=True)
def test_delete_takes_the_pictures_along(staff, cars, stored_files):
    assert "Delete, with the pictures" in staff.get(LIST).content.decode()
    act(staff, "delete_selected", cars[0], cars[1], post="yes")
    assert Reconstruction.objects.get() == cars[2]
    assert len(stored_files()) == 2
    staff.post(f"{LIST}{cars[2].pk}/delete/", {"post": "yes"})
    assert stored_files() == []


def test_reconstruct_again_uses_the_current_model(staff, car):
    Reconstruction.objects.update(model_version="old", psnr_db=0)
    assert "Reconstructed again: 1" in act(staff, "reconstruct_again", car)
    renewed = Reconstruction.objects.get()
    assert renewed.model_version == ml.serving.runtime.load().version
    assert renewed.psnr_db == pytest.approx(car.psnr_db, abs=0.5)


def test_reconstruct_again_names_the_car_whose_photograph_is_lost(staff, cars):
    cars[0].original.storage.delete(cars[0].original.name)
    words = act(staff, "reconstruct_again", *cars)
    assert f"{cars[0].slug} stays as it is" in words
    assert "Reconstructed again: 2" in words


def test_staff_who_may_only_look_get_no_actions(cars, django_user_model):
    from django.contrib.auth.models import Permission
    from django.test import Client

    looker = django_user_model.objects.create_user("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_reconstruction"))
    client = Client()
    client.force_login(looker)
    response = client.get(LIST)
    assert response.status_code == 200
    assert "reconstruct_again" not in response.content.decode()
