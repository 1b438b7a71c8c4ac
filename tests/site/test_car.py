import re
from html import unescape
from urllib.parse import urlsplit

import pytest

import ml.serving.runtime
from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car, fetch


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
    Reconstruction.objects.update(origin="example", visitor="")
    assert stranger.get(car.get_absolute_url()).context["is_mine"] is False


def test_an_unknown_car_is_a_404_page(stranger, db):
    response = stranger.get("/cars/no-such-car/")
    assert response.status_code == 404
    assert b"<html" in response.content


def test_it_rejects_post(visitor, car):
    assert visitor.post(car.get_absolute_url()).status_code == 405


def test_everything_that_the_page_shows_or_links_can_be_fetched(visitor, store_car, car):
    store_car(visitor)
    html = visitor.get(car.get_absolute_url()).content.decode()
    addresses = {
        unescape(address) for address in re.findall(rf'(?:src|href|content)="[^"]*?(/cars/{car.slug}/[^"#]+)', html)
    }
    kinds = {urlsplit(address).path.removeprefix(f"/cars/{car.slug}/").split("/")[0] for address in addresses}
    assert kinds >= {
        "original",
        "reconstruction",
        "depths",
        "depth",
        "differences",
        "circle",
        "steer",
        "morph",
        "code",
        "card",
        "link",
        "qr",
    }
    answers = {address: fetch(visitor, address) for address in addresses}
    (leading,) = (address for address in addresses if urlsplit(address).path.endswith("/link"))
    assert fetch(visitor, answers.pop(leading).url).status_code == 200
    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(answers, 200)


def test_depths_count_from_one_with_growing_bytes(visitor, car):
    depths = visitor.get(car.get_absolute_url()).context["depths"]
    assert [depth.number for depth in depths] == [1, 2, 3, 4, 5]
    assert [depth.bytes for depth in depths] == [round(size) for size in car.bytes_by_depth]
    assert depths[-1].bytes == car.rate_bytes


def test_a_page_counts_the_levels_of_the_model_that_coded_its_car(visitor, car):
    html = visitor.get(car.get_absolute_url()).content.decode()
    assert "The code has five levels: five steps from an idea to a car" in html
    Reconstruction.objects.update(bytes_by_depth=[20.0, 90.0, 400.0])
    html = visitor.get(car.get_absolute_url()).content.decode()
    for words in ("The code has three levels: three steps from an idea to a car", "All three depths"):
        assert words in html


@pytest.mark.parametrize(
    ("psnr_db", "quality"), [(35, "excellent"), (30, "excellent"), (29.9, "good"), (25, "fair"), (21.9, "poor")]
)
def test_the_verdict_follows_the_psnr(psnr_db, quality):
    car = Reconstruction(psnr_db=psnr_db, typicality=0.5)
    assert car.quality == quality
    assert car.verdict.lower().startswith(quality)


def test_what_hardly_looks_like_a_car_gets_no_praise():
    verdict = Reconstruction(psnr_db=35, typicality=0.0).verdict
    assert "looks little like" in verdict
    assert "Excellent" not in verdict


def test_the_page_of_a_strange_photograph_says_that_it_may_be_no_car(stranger, car):
    Reconstruction.objects.update(typicality=0.004, mirrored=True, psnr_db=35, bytes_by_depth=[21.2, 60, 90, 300, 728])
    response = stranger.get(car.get_absolute_url())
    html = response.content.decode()
    assert "<title>This may not be a car" in html
    assert 'property="og:title" content="This may not be a car"' in html
    assert "<h1>This may not be a car</h1>" in html
    assert "Excellent" not in html
    assert "in a mirror" not in html
    idea = re.search(r'<figure class="first-idea">.*?</figure>', html, re.DOTALL)[0]
    assert unescape(response.context["depths_url"]) in unescape(idea)
    assert 'in its first <span class="figure">21&nbsp;bytes' in idea


@pytest.mark.parametrize("figures", [{"typicality": 0.005}, {"typicality": 0, "origin": "dreamt"}])
def test_the_page_of_a_car_does_not_say_so(stranger, car, figures):
    Reconstruction.objects.update(mirrored=True, **figures)
    html = stranger.get(car.get_absolute_url()).content.decode()
    assert "This may not be a car" not in html
    assert "in a mirror" in html


@pytest.mark.parametrize(
    ("typicality", "familiarity"),
    [(1, "familiar"), (0.03, "familiar"), (0.02, "unusual"), (0.004, "strange"), (0, "strange")],
)
def test_familiarity_follows_typicality_and_is_said_on_the_page(visitor, car, typicality, familiarity):
    Reconstruction.objects.filter(pk=car.pk).update(typicality=typicality)
    car.refresh_from_db()
    assert car.familiarity == familiarity
    html = visitor.get(car.get_absolute_url()).content.decode()
    assert car.familiarity_words in html


def test_a_car_is_called_by_its_slug(car):
    assert str(car) == car.slug


def test_the_page_runs_no_model(visitor, car, monkeypatch):
    for name in ("encode", "decode"):
        monkeypatch.setattr(
            ml.serving.runtime.Runtime, name, lambda self, *args, **kwargs: pytest.fail("the model ran")
        )
    assert visitor.get(car.get_absolute_url()).status_code == 200


def test_the_page_takes_as_many_queries_with_many_cars_as_with_two(visitor, store_car, car):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        with CaptureQueriesContext(connection) as captured:
            visitor.get(car.get_absolute_url())
        return len(captured)

    store_car(visitor)
    queries()  # the first page of a process reads what it keeps
    with_two = queries()
    for _ in range(3):
        store_car(visitor)
    queries()
    assert queries() == with_two


def test_its_address_says_what_its_sliders_are_set_to(visitor, car):
    response = visitor.get(car.get_absolute_url(), {"seed": "7", "radius": "2.5", "depth": "3"})
    assert f"/cars/{car.slug}/circle/7?radius=2.5&amp;depth=3&amp;price=1&amp;v=" in response.content.decode()
    assert 'min="1" max="5" value="3"' in response.content.decode()


def test_its_circle_leads_to_a_price_at_which_the_draws_differ(visitor, car):
    html = visitor.get(car.get_absolute_url(), {"seed": "7"}).content.decode()
    (query,) = re.findall(r'href="(\?[^"]*)#circle"', html)
    linked = visitor.get(car.get_absolute_url() + unescape(query)).context
    assert "/circle/7?" in linked["circle_url"]
    assert "price=30" in linked["circle_url"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", "-1"),
        ("seed", "1000000"),
        ("seed", "x"),
        ("radius", "5"),
        ("radius", "nan"),
        ("depth", "0"),
        ("depth", "6"),
        ("before", "0"),
        ("before", "x"),
        ("shelf", "attic"),
        ("with", "no-such-car"),
        ("with", ""),
    ],
)
def test_an_address_that_names_what_is_not_there_is_a_404(visitor, car, name, value):
    assert visitor.get(car.get_absolute_url(), {name: value}).status_code == 404


def test_it_offers_the_gallerys_cars_to_morph_with_page_by_page(stranger, visitor, store_car, car, monkeypatch):
    monkeypatch.setattr("reconstruct.views.car.CHOICES", 2)
    oldest, middle, newest = (
        store_car(visitor, as_file(draw_car(paint=paint))) for paint in ("firebrick", "blue", "black")
    )
    store_car(visitor, public=False)
    response = stranger.get(car.get_absolute_url())
    assert [choice.other for choice in response.context["choices"]] == [oldest, newest, middle]  # the nearest first
    assert response.context["alike"][0] == response.context["morph"].other == oldest
    older = stranger.get(response.context["older_url"].split("#")[0])
    assert [choice.other for choice in older.context["choices"]] == [oldest]
    assert older.context["older_url"] is None
    newest.delete()
    again = stranger.get(car.get_absolute_url())
    assert [choice.other for choice in again.context["choices"]] == [oldest, middle]  # and no car twice


def test_it_offers_the_visitors_own_cars_to_morph_with(stranger, visitor, car, private_car):
    own = visitor.get(car.get_absolute_url(), {"shelf": "yours"})
    assert [choice.other for choice in own.context["choices"]] == [private_car]
    assert stranger.get(car.get_absolute_url(), {"shelf": "yours"}).context["choices"] == []


def test_the_address_names_the_car_to_morph_with(stranger, visitor, store_car, car, private_car):
    store_car(visitor)
    assert stranger.get(car.get_absolute_url(), {"with": car.slug}).context["morph"].other == car
    assert visitor.get(car.get_absolute_url(), {"with": private_car.slug}).context["morph"].other == private_car
    assert stranger.get(car.get_absolute_url(), {"with": private_car.slug}).status_code == 404


def test_the_only_car_has_nothing_to_morph_with(stranger, car):
    response = stranger.get(car.get_absolute_url())
    assert response.context["morph"] is None
    assert "No other cars here yet" in response.content.decode()


def test_the_rates_of_the_levels_add_up_to_that_of_the_code(stranger, car):
    levels = stranger.get(car.get_absolute_url()).context["levels"]
    assert [level.number for level in levels] == [1, 2, 3, 4, 5]
    assert round(sum(level.bytes for level in levels)) == car.rate_bytes


@pytest.mark.parametrize(
    ("origin", "words"), [("example", "does not exist"), ("steered", "Steered"), ("dreamt", "Dreamt"), ("code", "code")]
)
def test_a_car_that_nobody_photographed_says_so(stranger, car, origin, words):
    photographed = stranger.get(car.get_absolute_url()).content.decode()
    assert 'class="tag"' not in photographed
    Reconstruction.objects.update(origin=origin)
    html = stranger.get(car.get_absolute_url()).content.decode()
    assert words in re.search(r'class="tag">([^<]+)', html)[1]
    assert "of the photograph" not in html
