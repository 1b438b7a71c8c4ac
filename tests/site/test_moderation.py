"""Approval, reports, and the queue that staff work through."""

import numpy as np
import pytest
from django.test import Client

from ml.serving.runtime import Runtime
from reconstruct.models import Reconstruction, Report, Standing

QUEUE = "/admin/reconstruct/reconstruction/queue/"


@pytest.fixture
def must_be_approved(settings):
    settings.GALLERY_REQUIRES_APPROVAL = True


def report(client, car, reason="It is no car"):
    return client.post(f"/cars/{car.slug}/report/", {"reason": reason}, follow=True)


def report_by(car, count):
    return [report(Client(), car) for _ in range(count)]


def queued(staff):
    response = staff.get(QUEUE)
    assert response.status_code == 200
    return [item["car"] for item in response.context.get("cars", [])]


def in_gallery(car):
    return Client().get(car.get_absolute_url()).status_code == 200


def words_of(response):
    return " ".join(message.message for message in response.context["messages"])


def renewed(car):
    return Reconstruction.objects.get(pk=car.pk)


def test_a_public_car_waits_in_the_queue_until_it_is_approved(must_be_approved, staff, car):
    assert not in_gallery(car)
    assert queued(staff) == [car]
    assert "Approved: 1" in words_of(staff.post(QUEUE, {"approve": car.pk}, follow=True))
    assert in_gallery(car)
    assert queued(staff) == []


def test_a_hidden_car_leaves_the_queue_and_is_seen_by_its_owner_alone(must_be_approved, staff, visitor, car):
    assert "Hidden: 1" in words_of(staff.post(QUEUE, {"hide": car.pk}, follow=True))
    assert queued(staff) == []
    assert not in_gallery(car)
    html = visitor.get(car.get_absolute_url()).content.decode()
    assert "Taken out of sight: only you and staff can see it" in html
    assert "Show by its link only" not in html


def test_a_private_car_is_nobodys_to_look_at_until_it_is_shown(must_be_approved, staff, visitor, private_car):
    assert queued(staff) == []
    publish = f"/cars/{private_car.slug}/publish/"
    visitor.post(publish, {"public": "1"})
    assert queued(staff) == [private_car]
    visitor.post(publish, {"public": "0"})
    assert queued(staff) == []


def test_what_staff_have_decided_outlives_that_the_owner_hides_and_shows_the_car(
    must_be_approved, staff, visitor, car, upload_car
):
    hidden = upload_car(visitor)
    staff.post(QUEUE, {"approve": car.pk, "hide": hidden.pk})
    for slug in (car.slug, hidden.slug):
        for public in ("0", "1"):
            visitor.post(f"/cars/{slug}/publish/", {"public": public})
    assert (in_gallery(car), in_gallery(hidden)) == (True, False)
    assert queued(staff) == []


def test_a_car_from_before_approval_was_required_waits_when_it_is_shown(settings, staff, visitor, private_car):
    settings.GALLERY_REQUIRES_APPROVAL = True
    visitor.post(f"/cars/{private_car.slug}/publish/", {"public": "1"})
    assert not in_gallery(private_car)
    assert queued(staff) == [private_car]


def test_the_strangest_cars_come_first(must_be_approved, staff, visitor, upload_car):
    cars = [upload_car(visitor) for _ in range(3)]
    for car, typicality in zip(cars, (0.5, 0.001, 0.1), strict=True):
        Reconstruction.objects.filter(pk=car.pk).update(typicality=typicality)
    assert queued(staff) == [cars[1], cars[2], cars[0]]


def test_many_are_decided_on_at_once(must_be_approved, staff, visitor, upload_car):
    cars = [upload_car(visitor) for _ in range(3)]
    staff.post(QUEUE, {"car": [cars[0].pk, cars[2].pk], "approve_ticked": ""})
    assert [in_gallery(car) for car in cars] == [True, False, True]
    staff.post(QUEUE, {"car": [cars[1].pk], "hide_ticked": ""})
    assert queued(staff) == []


@pytest.mark.parametrize("key", ["x", "-1", "1.5", "", "\0", "9" * 19, "9223372036854775808"])
def test_what_is_no_key_of_a_car_is_refused(staff, car, key):
    assert staff.post(QUEUE, {"approve": key}).status_code == 400


def test_a_car_that_is_gone_is_no_trouble(staff, db):
    assert "Approved: 0" in words_of(staff.post(QUEUE, {"approve": "12345"}, follow=True))


def test_the_queue_is_for_staff_who_may_change_cars(visitor, car, django_user_model):
    from django.contrib.auth.models import Permission

    assert visitor.get(QUEUE).status_code == 302
    looker = django_user_model.objects.create_user("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_reconstruction"))
    client = Client()
    client.force_login(looker)
    assert client.get(QUEUE).status_code == client.post(QUEUE, {"hide": car.pk}).status_code == 403
    assert in_gallery(car)
    assert client.get("/admin/").context["waiting"] is None


def test_the_admins_front_page_says_how_many_wait(must_be_approved, staff, visitor, upload_car):
    assert "No car waits" in staff.get("/admin/").content.decode()
    upload_car(visitor)
    upload_car(visitor)
    html = staff.get("/admin/").content.decode()
    assert "2 cars to look at" in html
    assert f'href="{QUEUE}"' in html


def test_the_queue_takes_as_many_queries_for_three_cars_as_for_one(must_be_approved, staff, visitor, upload_car):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    upload_car(visitor)
    with CaptureQueriesContext(connection) as for_one:
        staff.get(QUEUE)
    for _ in range(2):
        upload_car(Client())
    with CaptureQueriesContext(connection) as for_three:
        staff.get(QUEUE)
    assert len(for_three) == len(for_one) > 0


def test_a_report_puts_a_car_into_the_queue_with_its_reason(stranger, staff, car):
    page = stranger.get(car.get_absolute_url()).content.decode()
    assert f'action="/cars/{car.slug}/report/"' in page
    assert "Thank you" in words_of(report(stranger, car, "It is <b>rude</b>"))
    assert in_gallery(car)
    assert queued(staff) == [car]
    assert "It is &lt;b&gt;rude&lt;/b&gt;" in staff.get(QUEUE).content.decode()


def test_three_reports_by_different_visitors_hide_a_car_until_staff_look(staff, visitor, car):
    report_by(car, 2)
    assert in_gallery(car)
    report_by(car, 1)
    assert not in_gallery(car)
    assert car not in Client().get("/gallery/").context["cars"]
    assert "until someone of us has looked" in visitor.get(car.get_absolute_url()).content.decode()
    for public in ("0", "1"):
        visitor.post(f"/cars/{car.slug}/publish/", {"public": public})
    assert not in_gallery(car)
    staff.post(QUEUE, {"approve": car.pk})
    assert in_gallery(car)


def test_one_visitor_counts_once(stranger, car):
    for _ in range(4):
        report(stranger, car)
    assert in_gallery(car)
    assert Report.objects.count() == 1
    assert stranger.cookies["visitor"]["max-age"] > 0


def test_reports_that_staff_have_settled_count_no_more(staff, car):
    report_by(car, 2)
    staff.post(QUEUE, {"approve": car.pk})
    report_by(car, 2)
    assert in_gallery(car)
    assert len(staff.get(QUEUE).context["cars"][0]["reports"]) == 2
    report_by(car, 1)
    assert not in_gallery(car)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "nul\0"])
def test_a_report_without_a_reason_is_not_sent(stranger, staff, car, reason):
    assert "Nothing was sent" in words_of(report(stranger, car, reason))
    assert not Report.objects.exists()
    assert queued(staff) == []


def test_a_car_that_only_its_link_leads_to_is_reported_hidden_and_decided_on(staff, visitor, private_car):
    visitor.post(f"/cars/{private_car.slug}/publish/", {"public": "link"})
    assert queued(staff) == []
    report_by(private_car, 1)
    assert queued(staff) == [private_car]
    report_by(private_car, 2)
    assert not in_gallery(private_car)
    assert "Taken out of sight until" in visitor.get(private_car.get_absolute_url()).content.decode()
    staff.post(QUEUE, {"approve": private_car.pk})
    assert in_gallery(private_car)
    assert queued(staff) == []


@pytest.mark.parametrize(("origin", "waits"), [("photograph", True), ("code", True), ("dreamt", False)])
def test_what_hardly_looks_like_a_car_waits(staff, visitor, private_car, origin, waits):
    Reconstruction.objects.update(typicality=0.004, origin=origin)
    visitor.post(f"/cars/{private_car.slug}/publish/", {"public": "1"})
    assert in_gallery(private_car) is not waits
    assert queued(staff) == ([private_car] if waits else [])


def test_an_upload_that_hardly_looks_like_a_car_waits(monkeypatch, staff, visitor, upload_car):
    monkeypatch.setattr(Runtime, "typicality", lambda runtime, x, *others: np.zeros(len(x), np.float32))
    strange = upload_car(visitor)
    assert not in_gallery(strange)
    assert "Waiting for approval" in visitor.get(strange.get_absolute_url()).content.decode()
    staff.post(QUEUE, {"approve": strange.pk})
    assert in_gallery(strange)


def test_only_a_car_that_others_see_can_be_reported(stranger, visitor, private_car):
    for client in (stranger, visitor):
        assert report(client, private_car).status_code == 404
    assert stranger.post("/cars/none/report/", {"reason": "x"}).status_code == 404
    assert stranger.get(f"/cars/{private_car.slug}/report/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/cars/none/report/").status_code == 403


def test_nobody_is_asked_to_report_their_own_car_or_a_private_one(visitor, car, private_car):
    for mine in (car, private_car):
        assert "/report/" not in visitor.get(mine.get_absolute_url()).content.decode()


def test_a_visitor_whose_cars_were_hidden_three_times_waits_from_then_on(staff, visitor, upload_car, stranger):
    cars = [upload_car(visitor) for _ in range(3)]
    staff.post(QUEUE, {"hide": [cars[0].pk]})
    report_by(cars[1], 3)
    assert in_gallery(upload_car(visitor))
    staff.post("/admin/reconstruct/reconstruction/", {"action": "hide", "_selected_action": [cars[2].pk]})
    waiting = upload_car(visitor)
    assert not in_gallery(waiting)
    assert waiting in queued(staff)
    assert "Of this visitor’s cars, 3 had to be hidden" in staff.get(QUEUE).content.decode()
    assert in_gallery(upload_car(stranger))


def test_that_they_wait_holds_for_their_private_cars_and_for_programs(staff, visitor, private_car):
    Standing.objects.filter(visitor=private_car.visitor).update(times_hidden=3)
    visitor.post(f"/cars/{private_car.slug}/publish/", {"public": "1"})
    assert not in_gallery(private_car)
    from reconstruct.visitors import key_of
    from tests.site.programs import send

    assert send(Client(), key=key_of(private_car.visitor), public="true").json()["in_gallery"] is False


def test_deleting_a_hidden_car_does_not_mend_the_standing(staff, visitor, upload_car):
    for _ in range(3):
        car = upload_car(visitor)
        staff.post(QUEUE, {"hide": car.pk})
        visitor.post(f"/cars/{car.slug}/delete/")
    assert not in_gallery(upload_car(visitor))


def test_a_car_counts_once_however_often_it_is_hidden_and_no_more_when_it_is_approved(staff, car):
    report_by(car, 3)
    for _ in range(2):
        staff.post(QUEUE, {"hide": car.pk})
    assert Standing.objects.get(visitor=car.visitor).times_hidden == 1
    staff.post(f"/admin/reconstruct/reconstruction/{car.pk}/change/", {"approved": "on"})
    assert Standing.objects.get(visitor=car.visitor).times_hidden == 0
    assert in_gallery(car)


def test_examples_need_no_approval(must_be_approved, staff, db, capsys):
    from django.core.management import call_command

    call_command("seed_examples")
    assert Reconstruction.objects.in_gallery().count() == Reconstruction.objects.count() > 0
    assert queued(staff) == []
