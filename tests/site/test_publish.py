import pytest

from reconstruct.models import Reconstruction


def publish(client, car, public):
    return client.post(f"/cars/{car.slug}/publish/", {"public": public}, follow=True)


def words(response):
    return " ".join(message.message for message in response.context["messages"])


def test_it_puts_a_private_car_into_the_gallery(visitor, stranger, private_car):
    response = publish(visitor, private_car, "1")
    assert response.redirect_chain == [(private_car.get_absolute_url(), 302)]
    assert "is in the gallery now" in words(response)
    assert stranger.get("/gallery/").context["cars"] == [private_car]


def test_it_takes_a_car_out_of_the_gallery(visitor, stranger, car):
    assert "Only you" in words(publish(visitor, car, "0"))
    assert stranger.get("/gallery/").context["cars"] == []


def test_it_says_so_when_staff_have_to_look_first(visitor, private_car):
    Reconstruction.objects.update(approved=False)
    assert "as soon as" in words(publish(visitor, private_car, "1"))


@pytest.mark.parametrize("public", ["", "2", "yes"])
def test_anything_but_0_and_1_is_a_400(visitor, car, public):
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
