"""A CDN in front of the bucket hands pictures out to whoever knows their keys, which change when a car is hidden."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from carsite.settings import s3_storage
from reconstruct.models import Reconstruction
from tests.services import BUCKET, PREFIX

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CDN = "cars.example.net"


@pytest.fixture
def cdn(bucket, settings, s3_server):
    settings.S3_CDN_DOMAIN = CDN
    settings.STORAGES = settings.STORAGES | {"default": s3_storage(BUCKET, PREFIX, s3_server, CDN)}
    return bucket


@pytest.fixture
def shown(cdn, visitor, store_car):
    return store_car(visitor)


def keys(bucket):
    return {item.key for item in bucket.objects.all()}


def keys_of(car):
    car.refresh_from_db()
    return {f"{PREFIX}/{car.original}", f"{PREFIX}/{car.reconstruction}"}


def hide_as_owner(visitor, staff, car):
    return visitor.post(f"/cars/{car.slug}/publish/", {"public": "0"})


def hide_as_staff(visitor, staff, car):
    return staff.post("/admin/reconstruct/reconstruction/queue/", {"hide": car.pk})


def hide_by_reports(visitor, staff, car):
    return [Client().post(f"/cars/{car.slug}/report/", {"reason": "rude"}) for _ in range(3)][-1]


HIDE = [hide_as_owner, hide_as_staff, hide_by_reports]


def test_an_address_has_no_signature_and_is_asked_for_again(stranger, cdn, shown):
    assert stranger.get(shown.original_url).url == f"https://{CDN}/{PREFIX}/{shown.original}"
    assert cdn.Object(f"{PREFIX}/{shown.original}").cache_control == "public, s-maxage=300, max-age=31536000, immutable"


@pytest.mark.parametrize("hide", HIDE)
def test_a_hidden_cars_pictures_have_new_keys(visitor, staff, cdn, shown, hide):
    before = keys_of(shown)
    with shown.original.open() as file:
        photograph = file.read()
    assert hide(visitor, staff, shown).status_code in (302, 303)
    assert keys(cdn) == keys_of(shown)
    assert keys(cdn).isdisjoint(before)
    with shown.original.open() as file:
        assert file.read() == photograph
    assert visitor.get(shown.original_url).url == f"https://{CDN}/{PREFIX}/{shown.original}"


def test_a_link_that_is_revoked_is_as_good_as_a_gallery_that_is_left(visitor, staff, cdn, shown):
    visitor.post(f"/cars/{shown.slug}/publish/", {"public": "link"})
    before = keys_of(shown)
    hide_as_owner(visitor, staff, shown)
    assert keys(cdn) == keys_of(shown)
    assert keys(cdn).isdisjoint(before)


@pytest.mark.parametrize("hide", HIDE)
def test_a_bucket_that_fails_hides_nothing_and_loses_nothing(visitor, staff, cdn, shown, hide, monkeypatch):
    save, before = default_storage.save, keys_of(shown)

    def fail_on_png(name, content, **options):
        if name.endswith(".png"):
            raise OSError("connection reset")
        return save(name, content, **options)

    monkeypatch.setattr(default_storage._wrapped, "save", fail_on_png)
    assert hide(visitor, staff, shown).status_code == 503
    assert keys(cdn) == keys_of(shown) == before
    assert shown in Reconstruction.objects.in_gallery()


def test_a_car_whose_photograph_is_lost_is_hidden_all_the_same(visitor, staff, cdn, shown):
    cdn.Object(f"{PREFIX}/{shown.original}").delete()
    hide_as_owner(visitor, staff, shown)
    assert keys(cdn) == {f"{PREFIX}/{Reconstruction.objects.get().reconstruction}"}
    assert not Reconstruction.objects.get().public


def test_a_private_car_keeps_its_keys(visitor, staff, cdn, store_car):
    car = store_car(visitor, public=False)
    before = keys_of(car)
    hide_as_staff(visitor, staff, car)
    assert keys(cdn) == keys_of(car) == before


def test_a_deleted_cars_pictures_are_gone(visitor, cdn, shown):
    visitor.post(f"/cars/{shown.slug}/delete/")
    assert keys(cdn) == set()
