"""The same photograph twice, and what the page's script is answered."""

from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car, upload

PHOTOGRAPH = as_file(draw_car())
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


def test_the_same_photograph_leads_to_the_car_that_exists_and_says_so(visitor, upload_car):
    car = upload_car(visitor, PHOTOGRAPH, public=False)
    response = upload(visitor, PHOTOGRAPH, name="copy.jpg")
    assert (response.status_code, response.url) == (303, f"/cars/{car.slug}/")
    assert "You have sent this photograph before" in visitor.get(response.url).content.decode()
    assert not Reconstruction.objects.get().public


def test_another_photograph_of_as_many_bytes_and_pixels_is_another_car(visitor, upload_car):
    red, blue = (as_file(draw_car(paint=paint), "BMP") for paint in ("red", "blue"))
    assert len(red) == len(blue)
    assert upload_car(visitor, red) != upload_car(visitor, blue)


def test_what_another_visitor_sent_is_not_offered(visitor, stranger, upload_car):
    assert upload_car(visitor, PHOTOGRAPH) != upload_car(stranger, PHOTOGRAPH)


def test_a_deleted_car_or_one_without_its_file_is_not_offered(visitor, upload_car):
    upload_car(visitor, PHOTOGRAPH).delete()
    car = upload_car(visitor, PHOTOGRAPH)
    car.original.storage.delete(car.original.name)
    assert upload_car(visitor, PHOTOGRAPH) != car


def test_a_script_is_told_where_the_car_is_and_whether_it_was_there(visitor):
    answers = [upload(visitor, PHOTOGRAPH, **SCRIPT) for _ in range(2)]
    car = Reconstruction.objects.get()
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (201, car.get_absolute_url()),
        (200, car.get_absolute_url()),
    ]
    assert answers[0].cookies["visitor"]
    assert b"sent this photograph before" not in visitor.get(car.get_absolute_url()).content


def test_a_script_is_refused_with_the_same_page_as_everyone(visitor):
    assert upload(visitor, b"no picture", **SCRIPT).content.decode().count("not a picture") == 1
