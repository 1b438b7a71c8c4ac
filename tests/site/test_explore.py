from io import BytesIO

import numpy as np
import pytest
from PIL import Image

import ml.serving.runtime
from reconstruct.models import Place, Reconstruction
from reconstruct.storage import NotSavedError
from tests.cars import as_file, fetch

VERSION = {"v": ml.serving.runtime.load().version}


def pixels(response):
    assert response.status_code == 200
    with Image.open(BytesIO(response.body)) as picture:
        return np.asarray(picture.convert("RGB"), float)


def test_an_address_without_a_roll_leads_to_one_by_chance(stranger, db):
    first, second = (stranger.get("/explore/", {"temperature": "0.5"}) for _ in range(2))
    assert first.status_code == 302
    assert "temperature=0.5" in first.url
    assert first.url != second.url
    assert stranger.get(first.url).status_code == 200


def test_it_shows_the_twelve_cars_of_its_roll(stranger, db):
    response = stranger.get("/explore/", {"roll": 3, "temperature": "0.5"})
    html = response.content.decode()
    assert list(response.context["seeds"]) == list(range(36, 48))
    assert html.count("/explore/dreams?roll=3&amp;temperature=0.5&amp;v=") == 12
    assert pixels(fetch(stranger, response.context["sheet_url"])).shape == (384, 512, 3)


def test_the_sheet_holds_each_dream_in_its_place(stranger, db):
    sheet = pixels(fetch(stranger, "/explore/dreams", {"roll": 2} | VERSION))
    seventh = sheet[128:256, 256:384]
    dreams = [pixels(fetch(stranger, f"/explore/dream/{seed}", VERSION)) for seed in (30, 31)]
    assert np.abs(seventh - dreams[0]).mean() < 3
    assert np.abs(seventh - dreams[1]).mean() > 6


def test_beside_the_dreams_stand_true_draws_from_the_prior(stranger, db):
    response = stranger.get("/explore/", {"roll": 3})
    sheet = pixels(fetch(stranger, response.context["draws_url"]))
    drawn = ml.serving.runtime.load().sample([36])[0].transpose(1, 2, 0) * 255
    assert sheet.shape == (128, 512, 3)
    assert np.abs(sheet[:, :128] - drawn).mean() < 3
    assert np.abs(sheet[:, 128:256] - drawn).mean() > 6


def test_a_dream_is_the_same_for_the_same_seed_and_another_at_another_temperature(stranger, db):
    first, again, hotter = (
        fetch(stranger, "/explore/dream/5", {"temperature": t} | VERSION).body for t in ("0.5", "0.5", "1.5")
    )
    assert first == again
    assert first != hotter


@pytest.mark.parametrize("address", ["/explore/dream/5", "/explore/dreams", "/explore/draws"])
def test_everyone_may_keep_a_dream_for_a_year(stranger, db, address):
    response = fetch(stranger, address, {"roll": 1} | VERSION)
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("address", ["/explore/dream/5", "/explore/dreams", "/explore/draws"])
def test_another_models_address_leads_to_the_current_ones(stranger, db, address):
    response = stranger.get(address, {"temperature": "0.5", "v": "old"})
    assert response.status_code == 302
    assert "temperature=0.5" in response.url
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("address", ["/explore/", "/explore/dreams", "/explore/draws"])
@pytest.mark.parametrize("roll", ["-1", "1000000", "x", "", "1.5", "٣", "9" * 5000])
def test_a_roll_that_there_is_not_is_a_404(stranger, db, address, roll):
    assert stranger.get(address, {"roll": roll} | VERSION).status_code == 404


@pytest.mark.parametrize("address", ["/explore/?roll=1", "/explore/dreams?roll=1", "/explore/dream/5?"])
@pytest.mark.parametrize("temperature", ["-0.1", "1.6", "nan", "inf", "warm", ""])
def test_a_temperature_that_there_is_not_is_a_404(stranger, db, address, temperature):
    assert stranger.get(f"{address}&temperature={temperature}").status_code == 404


@pytest.mark.parametrize("seed", ["12000000", "-1", "x", "9" * 5000])
def test_a_seed_that_there_is_not_is_a_404(stranger, db, seed):
    assert stranger.get(f"/explore/dream/{seed}", VERSION).status_code == 404


@pytest.mark.parametrize(
    "address", ["/explore/", "/explore/dream/5", "/explore/dreams", "/explore/map/", "/explore/map/cars.json"]
)
def test_it_rejects_post(stranger, db, address):
    assert stranger.post(address).status_code == 405


def keep(client, **data):
    return client.post("/explore/dream/", {"seed": "7", "temperature": "0.5"} | data)


def test_a_dream_becomes_a_private_car_of_the_visitors(visitor, stranger, db):
    response = keep(visitor)
    car = Reconstruction.objects.get()
    assert (response.status_code, response.url) == (303, car.get_absolute_url())
    assert (car.origin, car.public, car.parent) == ("dreamt", False, None)
    assert visitor.get(response.url).status_code == 200
    assert stranger.get(response.url).status_code == 404
    dream = pixels(fetch(visitor, "/explore/dream/7", {"temperature": "0.5"} | VERSION))
    assert np.abs(np.asarray(car.open_original(), float) - dream).mean() < 3


def test_its_page_says_that_it_does_not_exist(visitor, db):
    assert "does not exist" in visitor.get(keep(visitor).url).content.decode()


def test_keeping_is_a_post(visitor, db):
    assert visitor.get("/explore/dream/").status_code == 405


@pytest.mark.parametrize("data", [{"seed": ""}, {"seed": "x"}, {"seed": "-1"}, {"seed": "12000000"}, {"seed": "1.5"}])
@pytest.mark.parametrize("more", [{}, {"temperature": "warm"}])
def test_a_seed_that_there_is_not_is_not_kept(visitor, db, data, more):
    assert keep(visitor, **data, **more).status_code == 400
    assert not Reconstruction.objects.exists()


@pytest.mark.parametrize("temperature", ["", "-1", "2", "nan"])
def test_a_temperature_that_there_is_not_is_not_kept(visitor, db, temperature):
    assert keep(visitor, temperature=temperature).status_code == 400


def test_a_dream_that_cannot_be_stored_is_a_503_page(visitor, db, monkeypatch):
    def fail(*args, **options):
        raise NotSavedError

    monkeypatch.setattr("reconstruct.uploads.create", fail)
    response = keep(visitor)
    assert response.status_code == 503
    assert "503.html" in [template.name for template in response.templates]


# The map


def mapped(client):
    return [row[0] for row in client.get("/explore/map/cars.json").json()["cars"]]


def test_the_map_has_all_cars_of_the_gallery_newest_first(visitor, stranger, store_car):
    first, second, hidden = (store_car(visitor) for _ in range(3))
    store_car(visitor, public=False)
    Reconstruction.objects.filter(pk=hidden.pk).update(approved=False)
    assert mapped(stranger) == mapped(visitor) == [second.slug, first.slug]


def test_a_car_is_on_the_map_where_its_place_says(stranger, car):
    ((slug, x, y),) = stranger.get("/explore/map/cars.json").json()["cars"]
    assert slug == car.slug
    assert (x, y) == (pytest.approx(car.place.x, abs=0.001), pytest.approx(car.place.y, abs=0.001))


def test_a_car_that_is_hidden_or_deleted_leaves_the_map(visitor, stranger, store_car):
    hidden, deleted, kept = (store_car(visitor) for _ in range(3))
    visitor.post(f"/cars/{hidden.slug}/publish/", {"public": "0"})
    visitor.post(f"/cars/{deleted.slug}/delete/")
    assert mapped(stranger) == [kept.slug]


def test_the_map_may_be_kept_for_a_minute_by_everyone(stranger, car):
    response = stranger.get("/explore/map/cars.json")
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in response.get("Vary", "")


def test_the_map_takes_one_query(stranger, visitor, store_car, django_assert_num_queries):
    for _ in range(3):
        store_car(visitor)
    with django_assert_num_queries(1):
        stranger.get("/explore/map/cars.json")
    with django_assert_num_queries(1):
        stranger.get("/explore/map/")


def test_an_empty_gallery_has_an_empty_map(stranger, db):
    assert stranger.get("/explore/map/cars.json").json() == {"cars": []}
    assert "nothing on the map yet" in stranger.get("/explore/map/").content.decode()


def test_without_scripts_the_map_is_a_picture_with_links(stranger, car, visitor, store_car):
    other = store_car(visitor, as_file(Image.new("RGB", (200, 100), "navy")))
    html = stranger.get("/explore/map/").content.decode()
    for drawn in (car, other):
        assert f'<a href="{drawn.get_absolute_url()}"' in html
        assert f'<image href="{drawn.thumbnail_url}"' in html


def test_cars_in_one_place_do_not_cover_each_other_on_it(stranger, visitor, store_car, monkeypatch):
    monkeypatch.setattr("reconstruct.views.map.FEW", 1)
    store_car(visitor)
    newest = store_car(visitor)
    sketch = stranger.get("/explore/map/").context["sketch"]
    assert sketch == {"cars": [(newest, 0, 0)], "width": 4, "height": 3}


@pytest.mark.parametrize("address", ["/explore/map/at?x=1.25&y=-0.5", "/explore/map/at"])
def test_a_place_between_the_cars_is_decoded_from_the_first_level(stranger, db, address):
    response = stranger.get(address, follow=True)
    with Image.open(BytesIO(response.content)) as picture:
        assert picture.size == (128, 128)
    components = ml.serving.runtime.load().principal_components
    assert components.place(components.vector(components.level_at(1.25, -0.5))) == pytest.approx((1.25, -0.5), abs=1e-3)


@pytest.mark.parametrize("query", ["x=a", "x=nan", "y=8.1", "x=-9", "x=&y=1"])
def test_a_place_beyond_the_map_is_a_400(stranger, db, query):
    assert stranger.get(f"/explore/map/at?{query}").status_code == 400


def test_without_scripts_the_map_shows_all_of_few_cars(stranger, visitor, store_car):
    cars = [store_car(visitor) for _ in range(3)]
    Place.objects.update(x=7, y=0)
    html = stranger.get("/explore/map/").content.decode()
    assert all(html.count(f'<a href="{car.get_absolute_url()}"') == 1 for car in cars)
