"""Pictures in a bucket: the whole path over HTTP, against a server with S3's API."""

import datetime
from urllib.parse import urlsplit

import pytest
import requests
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from reconstruct.management.commands import sweep as sweep_command
from reconstruct.models import Reconstruction
from reconstruct.uploads import reconstruct_again
from tests.cars import fetch, upload
from tests.services import PREFIX

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def keys(bucket):
    return [item.key for item in bucket.objects.all()]


@pytest.fixture
def stored_car(bucket, visitor, upload_car):
    return upload_car(visitor)


def test_an_upload_puts_both_pictures_under_the_prefix(bucket, stored_car, stored_files):
    assert sorted(keys(bucket)) == sorted(
        f"{PREFIX}/{file}" for file in (stored_car.original, stored_car.reconstruction)
    )
    assert stored_files() == []


@pytest.mark.parametrize(("kind", "content_type"), [("original", "image/jpeg"), ("reconstruction", "image/png")])
def test_a_stored_picture_is_a_redirect_to_a_signed_address_that_works(stranger, stored_car, kind, content_type):
    response = stranger.get(getattr(stored_car, f"{kind}_url"))
    assert response.status_code == 302
    assert "X-Amz-Signature=" in response.url
    assert "X-Amz-Expires=3600" in response.url
    assert response["Cache-Control"] == "private, max-age=1800"
    picture = requests.get(response.url, timeout=10)
    assert picture.status_code == 200
    assert picture.headers["Content-Type"] == content_type
    assert picture.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    with getattr(stored_car, kind).open() as file:
        assert picture.content == file.read()


def test_a_private_cars_address_is_signed_for_its_owner_alone(visitor, stranger, bucket, upload_car):
    car = upload_car(visitor, public=False)
    assert visitor.get(car.original_url).status_code == 302
    assert stranger.get(car.original_url).status_code == 404


def test_nothing_in_the_bucket_is_public(bucket, stored_car):
    for item in bucket.objects.all():
        grantees = [grant["Grantee"] for grant in item.Object().Acl().grants]
        assert all(grantee["Type"] == "CanonicalUser" for grantee in grantees)


def test_drawn_pictures_are_made_from_the_stored_photograph(stranger, stored_car):
    for kind in ("depth/1", "difference"):
        address = f"/cars/{stored_car.slug}/{kind}?v={stored_car.model_version}"
        assert fetch(stranger, address)["Content-Type"] == "image/png"


def test_a_photograph_that_the_bucket_has_lost_is_a_404(bucket, stranger, stored_car):
    bucket.objects.all().delete()
    assert stranger.get(f"/cars/{stored_car.slug}/depth/1?v={stored_car.model_version}").status_code == 404


def test_deleting_removes_both_objects(bucket, visitor, stored_car):
    assert visitor.post(f"/cars/{stored_car.slug}/delete/").status_code == 302
    assert keys(bucket) == []


def test_reconstructing_again_replaces_the_object(bucket, stored_car):
    reconstruct_again(stored_car)
    assert len(keys(bucket)) == 2
    assert f"{PREFIX}/{stored_car.reconstruction}" in keys(bucket)


def test_a_bucket_that_is_gone_leaves_no_row(bucket, visitor):
    bucket.delete()
    assert upload(visitor).status_code == 503
    assert not Reconstruction.objects.exists()


def test_a_bucket_that_fails_on_the_second_picture_is_left_empty(bucket, visitor, monkeypatch):
    save = default_storage.save

    def fail_on_png(name, content, **options):
        if name.endswith(".png"):
            raise OSError("connection reset")
        return save(name, content, **options)

    monkeypatch.setattr(default_storage._wrapped, "save", fail_on_png)
    assert upload(visitor).status_code == 503
    assert keys(bucket) == []


def test_example_cars_go_there_as_well(bucket, capsys):
    call_command("seed_examples")
    assert len(keys(bucket)) == 2 * Reconstruction.objects.count() > 0


def test_the_address_is_at_the_server_that_the_policy_allows(stranger, stored_car, s3_server):
    assert urlsplit(stranger.get(stored_car.original_url).url).netloc == urlsplit(s3_server).netloc


def test_sweeping_finds_what_is_in_the_bucket_without_a_car(bucket, stored_car, capsys, monkeypatch):
    bucket.put_object(Key=f"{PREFIX}/cars/gone/picture.jpg", Body=b"a picture")
    bucket.put_object(Key="elsewhere/cars/gone/picture.jpg", Body=b"another site's")
    call_command("sweep", "--delete")
    assert "without a car: cars/gone/picture.jpg" in capsys.readouterr().out
    assert len(keys(bucket)) == 4

    tomorrow = timezone.now() + datetime.timedelta(days=1, minutes=1)
    monkeypatch.setattr(sweep_command.timezone, "now", lambda: tomorrow)
    call_command("sweep", "--delete")
    assert sorted(key.split("/")[0] for key in keys(bucket)) == ["elsewhere", PREFIX, PREFIX]


def test_sweeping_a_bucket_removes_a_car_whose_photograph_is_gone(bucket, visitor, upload_car):
    cars = [upload_car(visitor) for _ in range(2)]
    bucket.Object(f"{PREFIX}/{cars[0].original}").delete()
    Reconstruction.objects.update(created_at=timezone.now() - datetime.timedelta(days=2))
    call_command("sweep", "--delete")
    assert list(Reconstruction.objects.all()) == cars[1:]
    assert len(keys(bucket)) == 2
