"""Keeping a steered car."""

import numpy as np
import pytest

import ml.serving.runtime
from reconstruct.models import Reconstruction
from tests.site.pictures import get, mean_difference, pixels


def keep(client, car, **data):
    return client.post(f"/cars/{car.slug}/steer/keep/", data)


def kept(response):
    assert response.status_code == 303
    return Reconstruction.objects.get(slug=response.url.split("/")[2])


def test_it_becomes_a_new_car_that_looks_as_steered(visitor, car):
    steered = kept(keep(visitor, car, light="0.5", length="-0.3", public="on"))
    shown = pixels(get(visitor, car, "steer", light="0.5", length="-0.3"))
    assert mean_difference(np.asarray(steered.open_original(), float), shown) < 2
    assert (steered.origin, steered.parent, steered.in_gallery) == ("steered", car, True)
    assert steered.visitor == car.visitor
    assert steered.model_version == ml.serving.runtime.load().version


def test_anyone_may_steer_a_gallery_car_and_the_new_one_is_theirs(stranger, visitor, car):
    steered = kept(keep(stranger, car, light="1"))
    assert steered.visitor not in ("", car.visitor)
    assert not steered.public
    assert stranger.get(steered.get_absolute_url()).status_code == 200
    assert visitor.get(steered.get_absolute_url()).status_code == 404


def test_someone_elses_private_car_cannot_be_steered(stranger, private_car):
    assert keep(stranger, private_car, light="1").status_code == 404
    assert Reconstruction.objects.count() == 1


def test_it_waits_for_approval_where_the_gallery_requires_it(visitor, car, settings):
    settings.GALLERY_REQUIRES_APPROVAL = True
    assert not kept(keep(visitor, car, light="1", public="on")).in_gallery


@pytest.mark.parametrize("amount", ["1.1", "-2", "nan", "inf", "", "far"])
def test_a_senseless_amount_is_refused_and_nothing_is_kept(visitor, car, amount):
    assert keep(visitor, car, light=amount).status_code == 400
    assert Reconstruction.objects.count() == 1


def test_a_car_that_was_not_moved_is_not_kept(visitor, car):
    response = visitor.post(f"/cars/{car.slug}/steer/keep/", {"light": "0"}, follow=True)
    assert "Move a slider first" in response.content.decode()
    assert Reconstruction.objects.count() == 1


def test_it_rejects_get(visitor, car):
    assert visitor.get(f"/cars/{car.slug}/steer/keep/").status_code == 405


def test_its_page_leads_to_the_car_it_came_from_where_that_may_be_seen(stranger, visitor, car):
    steered = kept(keep(visitor, car, light="1", public="on"))
    link = f'<a href="{car.get_absolute_url()}">See that car</a>'
    assert link in stranger.get(steered.get_absolute_url()).content.decode()
    Reconstruction.objects.filter(pk=car.pk).update(public=False)
    assert link not in stranger.get(steered.get_absolute_url()).content.decode()
    assert link in visitor.get(steered.get_absolute_url()).content.decode()


def test_it_outlives_the_car_it_came_from(visitor, car):
    steered = kept(keep(visitor, car, light="1"))
    visitor.post(f"/cars/{car.slug}/delete/")
    steered.refresh_from_db()
    assert steered.parent is None
    assert visitor.get(steered.get_absolute_url()).status_code == 200


def test_a_steered_car_can_be_steered_and_dissected_like_any_other(visitor, car):
    steered = kept(keep(visitor, car, light="1"))
    for kind in ("depths", "circle/1", "steer", "differences", "code", f"morph/{car.slug}/strip"):
        assert get(visitor, steered, kind).status_code == 200
