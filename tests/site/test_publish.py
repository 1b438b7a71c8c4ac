import pytest

from reconstruct.models import Reconstruction
from tests.cars import fetch


def publish(client, car, public):
    return client.post(f"/cars/{car.slug}/publish/", {"public": public}, follow=True)


def words(response):
    return " ".join(message.message for message in response.context["messages"])


def test_it_puts_a_private_car_into_the_gallery(visitor, stranger, private_car):
    response = publish(visitor, private_car, "1")
    assert response.redirect_chain == [(private_car.get_absolute_url(), 302)]
    assert "In the gallery: everyone can see it" in words(response)
    assert stranger.get("/gallery/").context["cars"] == [private_car]


def test_it_takes_a_car_out_of_the_gallery(visitor, stranger, car):
    assert "Private: only you and staff" in words(publish(visitor, car, "0"))
    assert stranger.get("/gallery/").context["cars"] == []


def test_it_says_so_when_staff_have_to_look_first(visitor, private_car):
    Reconstruction.objects.update(approved=False)
    assert "Waiting for approval" in words(publish(visitor, private_car, "1"))


@pytest.mark.parametrize("public", ["", "2", "yes", "Link"])
def test_anything_but_a_choice_of_the_page_is_a_400(visitor, car, public):
    assert publish(visitor, car, public).status_code == 400
    assert Reconstruction.objects.get().public


def test_someone_elses_car_is_a_404(stranger, staff, car):
    assert publish(stranger, car, "0").status_code == 404
    assert publish(staff, car, "0").status_code == 404
    assert Reconstruction.objects.get().public


def test_an_example_is_nobodys_to_hide(stranger, car):
    Reconstruction.objects.update(visitor="", origin="example")
    assert publish(stranger, car, "0").status_code == 404


def test_it_rejects_get(visitor, car):
    assert visitor.get(f"/cars/{car.slug}/publish/").status_code == 405


def test_by_its_link_a_car_is_seen_by_whoever_has_it_until_it_is_hidden(visitor, stranger, private_car):
    page, picture = private_car.get_absolute_url(), private_car.original_url
    assert stranger.get(page).status_code == 404
    assert "By its link" in words(publish(visitor, private_car, "link"))
    html = stranger.get(page).content.decode()
    assert 'name="robots" content="noindex"' in html
    assert 'property="og:image"' in html
    assert stranger.get(private_car.card_url).status_code == 200
    assert fetch(stranger, picture)["Cache-Control"].startswith("private")
    assert stranger.get("/gallery/").context["cars"] == []
    assert stranger.get("/api/v1/cars").json()["cars"] == []
    assert f"/cars/{private_car.slug}/delete/" not in html
    publish(visitor, private_car, "0")
    for address in (page, picture, private_car.card_url):
        assert stranger.get(address).status_code == 404


def test_from_the_gallery_a_car_goes_back_to_its_link_alone(visitor, stranger, car):
    publish(visitor, car, "link")
    assert stranger.get("/gallery/").context["cars"] == []
    assert stranger.get(car.get_absolute_url()).status_code == 200


def test_a_link_goes_on_working_while_the_car_waits_for_approval(visitor, stranger, private_car, settings):
    settings.GALLERY_REQUIRES_APPROVAL = True
    publish(visitor, private_car, "link")
    assert "until then only you, whoever has its link, and staff" in words(publish(visitor, private_car, "1"))
    assert stranger.get(private_car.get_absolute_url()).status_code == 200


def test_nobody_else_shows_a_car_by_its_link(stranger, staff, private_car):
    assert publish(stranger, private_car, "link").status_code == publish(staff, private_car, "link").status_code == 404
    assert not Reconstruction.objects.get().shared
