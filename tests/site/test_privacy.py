"""What is said about privacy, and that it is so: keys to take along, and cars that nobody can reach."""

import datetime

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from reconstruct.models import Reconstruction, Standing
from tests.site.programs import send


def forget_after(days, *cars):
    """As if cars and visitors had last been here so many days ago."""
    then = timezone.now() - datetime.timedelta(days=days)
    Reconstruction.objects.filter(pk__in=[car.pk for car in cars]).update(created_at=then)
    Standing.objects.filter(visitor__in=[car.visitor for car in cars]).update(seen_on=then.date())


def link_of(client):
    return client.get("/history/").context["key_link"]


@pytest.mark.parametrize("address", ["/", "/history/", "/no-such-page"])
def test_every_page_leads_to_what_is_said_about_privacy(stranger, db, address):
    assert 'href="/privacy/"' in stranger.get(address).content.decode()


def test_it_names_the_operator_and_no_bucket(stranger, db, settings):
    settings.OPERATOR_CONTACT, settings.KEEP_PRIVATE_DAYS, settings.S3_BUCKET = "anna@cars.example", 90, "secret-bucket"
    html = stranger.get("/privacy/").content.decode()
    assert '<a href="mailto:anna@cars.example">' in html
    assert "90 days" in html
    assert "secret-bucket" not in html
    assert stranger.post("/privacy/").status_code == 405


def test_it_says_who_sees_a_car_in_each_of_its_states(stranger, db, settings):
    html = stranger.get("/privacy/").content.decode()
    for words in (
        "A private car: you, and the people who run this site",
        "<em>by its link</em>: whoever has",
        "in a frame",
    ):
        assert words in html
    assert "hardly looks like a car, once somebody" in html
    settings.GALLERY_REQUIRES_APPROVAL = True
    assert "hardly looks like a car" not in stranger.get("/privacy/").content.decode()


def test_a_link_opens_the_history_in_another_browser(visitor, stranger, private_car):
    response = stranger.post("/history/open/", {"key": link_of(visitor)}, follow=True)
    assert response.context["cars"] == [private_car]
    assert stranger.get(private_car.get_absolute_url()).status_code == 200
    assert visitor.get("/history/").context["cars"] == [private_car]


@pytest.mark.parametrize("key", ["", "made-up", "http://testserver/history/#key=", "a:b", "nul\0", "key=" * 100])
def test_what_is_no_link_of_ours_opens_nothing(visitor, private_car, key):
    response = visitor.post("/history/open/", {"key": key}, follow=True)
    assert "not a link that this site gave" in response.content.decode()
    assert response.context["cars"] == [private_car]


def test_a_browser_forgets_and_the_link_still_opens(visitor, private_car):
    link = link_of(visitor)
    response = visitor.post("/history/forget/", follow=True)
    assert response.context["cars"] == []
    assert "key_link" not in response.context
    assert visitor.post("/history/open/", {"key": link}, follow=True).context["cars"] == [private_car]


@pytest.mark.parametrize("address", ["/history/open/", "/history/forget/"])
def test_both_need_a_token_and_a_post(db, address):
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    assert Client().get(address).status_code == 405


@pytest.mark.django_db(transaction=True)  # pictures go after the commit
def test_cars_that_nobody_can_reach_are_deleted(visitor, stranger, store_car, stored_files):
    private, shared = store_car(visitor, public=False), store_car(visitor, public=False)
    public, waiting, other = store_car(visitor), store_car(visitor), store_car(stranger, public=False)
    Reconstruction.objects.filter(pk=waiting.pk).update(approved=False)
    Reconstruction.objects.filter(pk=shared.pk).update(shared=True)
    forget_after(366, private, shared, public, waiting)
    call_command("sweep")
    assert Reconstruction.objects.count() == 5
    call_command("sweep", "--delete")
    assert set(Reconstruction.objects.all()) == {public, other}


def test_cars_whose_visitor_may_still_come_are_kept(visitor, private_car):
    forget_after(366, private_car)
    visitor.get("/history/")
    call_command("sweep", "--delete")
    assert Reconstruction.objects.get() == private_car


def test_a_program_that_reads_its_car_is_seen(db):
    answer = send(Client()).json()
    forget_after(366, Reconstruction.objects.get())
    Client().get(f"/api/v1/cars/{answer['slug']}", headers={"authorization": f"Bearer {answer['key']}"})
    call_command("sweep", "--delete")
    assert Reconstruction.objects.count() == 1


@pytest.mark.django_db(transaction=True)  # pictures go after the commit
def test_a_part_of_the_sweep_forgets_no_car_of_another(car):
    forget_after(400, car)
    Reconstruction.objects.update(public=False, slug="P" * 22)
    for part, is_left in (("27/64", True), ("53/64", False)):  # slugs that begin with p, and with P
        call_command("sweep", "--delete", "--force", f"--part={part}")
        assert Reconstruction.objects.exists() is is_left


def test_the_cookie_ends_when_the_cars_do(visitor, car, settings):
    settings.KEEP_PRIVATE_DAYS = 30
    assert visitor.get("/history/").cookies["visitor"]["max-age"] == 30 * 24 * 3600
    forget_after(31, car)
    Reconstruction.objects.update(public=False)
    call_command("sweep", "--delete")
    assert not Reconstruction.objects.exists()
