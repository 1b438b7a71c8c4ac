import pytest

from reconstruct.models import Reconstruction
from tests.cars import fetch


def test_it_shows_the_car_to_its_owner(visitor, car):
    response = visitor.get(car.get_absolute_url())
    assert response.status_code == 200
    assert response.context["car"] == car
    assert response.context["is_mine"] is True


def test_it_shows_a_gallery_car_to_others_without_the_owners_controls(stranger, car):
    response = stranger.get(car.get_absolute_url())
    assert response.status_code == 200
    assert response.context["is_mine"] is False
    assert f"/cars/{car.slug}/delete/" not in response.content.decode()


def test_it_hides_a_private_car_from_others(visitor, stranger, private_car):
    assert visitor.get(private_car.get_absolute_url()).status_code == 200
    assert stranger.get(private_car.get_absolute_url()).status_code == 404


def test_it_hides_a_car_that_staff_have_not_approved_from_others(visitor, stranger, car):
    Reconstruction.objects.update(approved=False)
    assert visitor.get(car.get_absolute_url()).status_code == 200
    assert stranger.get(car.get_absolute_url()).status_code == 404


def test_it_shows_a_private_car_to_staff_but_not_as_theirs(staff, private_car):
    response = staff.get(private_car.get_absolute_url())
    assert response.status_code == 200
    assert response.context["is_mine"] is False


def test_an_example_belongs_to_nobody(stranger, car):
    Reconstruction.objects.update(is_example=True, visitor="")
    assert stranger.get(car.get_absolute_url()).context["is_mine"] is False


def test_an_unknown_car_is_a_404_page(stranger, db):
    response = stranger.get("/cars/no-such-car/")
    assert response.status_code == 404
    assert b"<html" in response.content


def test_it_rejects_post(visitor, car):
    assert visitor.post(car.get_absolute_url()).status_code == 405


def test_it_links_pictures_that_can_be_fetched(visitor, car):
    addresses = [car.original_url, car.reconstruction_url, car.difference_url, *(depth.url for depth in car.depths)]
    assert [fetch(visitor, address).status_code for address in addresses] == [200] * 8


def test_depths_count_from_one_with_growing_bytes(car):
    assert [depth.number for depth in car.depths] == [1, 2, 3, 4, 5]
    assert [depth.bytes for depth in car.depths] == [round(size) for size in car.bytes_by_depth]
    assert car.depths[-1].bytes == car.code_bytes


@pytest.mark.parametrize(
    ("psnr_db", "quality"), [(35, "excellent"), (30, "excellent"), (29.9, "good"), (25, "fair"), (21.9, "poor")]
)
def test_the_verdict_follows_the_psnr(psnr_db, quality):
    car = Reconstruction(psnr_db=psnr_db, typicality=0.5)
    assert car.quality == quality
    assert car.verdict.lower().startswith(quality)


def test_the_verdict_says_when_it_hardly_looks_like_a_car():
    usual, unusual = (Reconstruction(psnr_db=25, typicality=typicality).verdict for typicality in (0.5, 0.0))
    assert unusual.startswith(usual)
    assert "looks little like" in unusual


@pytest.mark.parametrize(
    ("typicality", "familiarity"), [(1, "familiar"), (0.05, "unusual"), (0.004, "strange"), (0, "strange")]
)
def test_familiarity_follows_typicality_and_is_said_on_the_page(visitor, car, typicality, familiarity):
    Reconstruction.objects.filter(pk=car.pk).update(typicality=typicality)
    car.refresh_from_db()
    assert car.familiarity == familiarity
    html = visitor.get(car.get_absolute_url()).content.decode()
    assert car.familiarity_words in html


def test_a_car_is_called_by_its_slug(car):
    assert str(car) == car.slug
