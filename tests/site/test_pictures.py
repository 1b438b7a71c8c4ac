import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

import ml.serving.runtime
from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car, fetch
from tests.site.pictures import get, mean_difference, pixels

DRAWN = ["depth/3", "difference", "variation/7", "morph/{slug}/50"]
ALL = ["original", "thumbnail", "reconstruction", *DRAWN]


@pytest.fixture
def other_car(visitor, store_car):
    return store_car(visitor, as_file(draw_car((200, 200), paint=(20, 60, 160))))


@pytest.mark.parametrize("kind", ALL)
def test_it_is_a_picture_in_the_photographs_proportions(stranger, car, kind):
    response = get(stranger, car, kind)
    assert response.status_code == 200
    photograph = kind in ("original", "thumbnail")
    assert response["Content-Type"] == ("image/jpeg" if photograph else "image/png")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert pixels(response).shape == ((200, 320, 3) if photograph else (80, 128, 3))


def test_a_thumbnail_of_a_large_photograph_is_small(visitor, store_car):
    large = store_car(visitor, as_file(draw_car((1600, 1000))))
    response = get(visitor, large, "thumbnail")
    assert pixels(response).shape == (300, 480, 3)
    assert len(response.body) < 40_000


@pytest.mark.parametrize("kind", ALL)
def test_everyone_may_keep_a_gallery_cars_picture_for_a_year(stranger, car, kind):
    response = get(stranger, car, kind)
    assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=300, immutable"
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("kind", ALL)
def test_asking_again_costs_no_picture(stranger, car, kind, monkeypatch):
    etag = get(stranger, car, kind)["ETag"]
    monkeypatch.setattr(Reconstruction, "open_original", None)
    monkeypatch.setattr(ml.serving.runtime.Runtime, "decode", None)
    address = f"/cars/{car.slug}/{kind.format(slug=car.slug)}?v={car.model_version}"
    with CaptureQueriesContext(connection) as queries:
        response = stranger.get(address, headers={"if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=300, immutable"
    assert response["ETag"] == etag
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert len(queries) <= 2


@pytest.mark.parametrize("kind", ALL)
def test_a_cache_that_asks_again_learns_that_a_car_was_hidden(stranger, visitor, car, kind):
    etag = get(stranger, car, kind)["ETag"]
    visitor.post(f"/cars/{car.slug}/publish/", {"public": "0"})
    address = f"/cars/{car.slug}/{kind.format(slug=car.slug)}?v={car.model_version}"
    assert stranger.get(address, headers={"if-none-match": etag}).status_code == 404
    assert visitor.get(address, headers={"if-none-match": etag})["Cache-Control"].startswith("private")


@pytest.mark.parametrize("kind", ALL)
def test_only_its_owner_may_keep_a_private_cars_picture(visitor, private_car, kind):
    assert get(visitor, private_car, kind)["Cache-Control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize("kind", ALL)
def test_a_private_cars_picture_is_a_404_for_others(stranger, staff, private_car, kind):
    assert get(stranger, private_car, kind).status_code == 404
    assert stranger.get(f"/cars/{private_car.slug}/{kind.format(slug=private_car.slug)}").status_code == 404
    assert get(staff, private_car, kind).status_code == 200


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("query", [{}, {"v": "old"}, {"v": ""}])
def test_another_version_leads_to_the_current_one_and_is_not_kept(stranger, car, kind, query):
    response = stranger.get(f"/cars/{car.slug}/{kind.format(slug=car.slug)}", query)
    assert response.status_code == 302
    assert "no-store" in response["Cache-Control"]
    assert fetch(stranger, response.url).status_code == 200


def test_a_redirect_to_the_current_version_keeps_the_radius(stranger, car):
    response = stranger.get(f"/cars/{car.slug}/variation/1", {"radius": "2.5", "v": "old"})
    assert "radius=2.5" in response.url


@pytest.mark.parametrize("kind", ALL)
def test_it_answers_head_and_rejects_post(stranger, car, kind):
    address = f"/cars/{car.slug}/{kind.format(slug=car.slug)}?v={car.model_version}"
    response = stranger.head(address)
    response.close()
    assert response.status_code == 200
    assert stranger.post(address).status_code == 405


@pytest.mark.parametrize("kind", ALL)
def test_a_photograph_that_the_storage_has_lost_is_a_404(stranger, car, stored_files, kind):
    for path in stored_files():
        path.unlink()
    assert get(stranger, car, kind).status_code == 404


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("depth/0", {}),
        ("depth/6", {}),
        ("depth/-1", {}),
        ("depth/x", {}),
        ("variation/-1", {}),
        ("variation/x", {}),
        ("variation/1", {"radius": "-0.1"}),
        ("variation/1", {"radius": "4.1"}),
        ("variation/1", {"radius": "nan"}),
        ("variation/1", {"radius": "inf"}),
        ("variation/1", {"radius": "wide"}),
        ("variation/1", {"radius": ""}),
        ("morph/{slug}/101", {}),
        ("morph/no-such-car/50", {}),
        ("difference/1", {}),
    ],
)
def test_what_cannot_be_drawn_is_a_404(stranger, car, kind, query):
    assert get(stranger, car, kind, **query).status_code == 404
    without_version = stranger.get(f"/cars/{car.slug}/{kind.format(slug=car.slug)}", query)
    assert without_version.status_code == 404


def test_the_deepest_depth_is_the_reconstruction(stranger, car):
    assert mean_difference(pixels(get(stranger, car, "depth/5")), pixels(get(stranger, car, "reconstruction"))) < 1.5


def test_each_depth_is_closer_to_the_photograph(stranger, car):
    photograph = pixels(get(stranger, car, "reconstruction"))
    far, near = (mean_difference(pixels(get(stranger, car, f"depth/{n}")), photograph) for n in (1, 4))
    assert far > near


def test_a_mirrored_car_is_drawn_facing_as_in_its_photograph(stranger, visitor, store_car):
    car = store_car(visitor, as_file(draw_car().transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    for mirrored in (False, True):
        Reconstruction.objects.update(mirrored=mirrored)
        photograph = np.asarray(car.open_original().resize((128, 80)), float)
        drawn = pixels(get(stranger, car, "depth/5"))
        assert mean_difference(drawn, photograph) < mean_difference(drawn[:, ::-1], photograph)


def test_a_difference_is_white_where_nothing_is_wrong(stranger, car, monkeypatch):
    x = ml.serving.transforms.to_array(car.open_original())[0]
    x = x[:, :, ::-1] if car.mirrored else x
    monkeypatch.setattr(ml.serving.runtime.Runtime, "decode", lambda self, z, depth=None: x[None].copy())
    assert pixels(get(stranger, car, "difference")).min() == 255


def test_a_difference_is_dark_where_all_is_wrong(stranger, car, monkeypatch):
    x = ml.serving.transforms.to_array(car.open_original())[0]
    x = x[:, :, ::-1] if car.mirrored else x
    monkeypatch.setattr(ml.serving.runtime.Runtime, "decode", lambda self, z, depth=None: 1 - x[None])
    assert pixels(get(stranger, car, "difference"))[0, 0].max() < 60


def test_a_variation_is_the_same_for_the_same_seed_and_another_for_another(stranger, car):
    first, again, other = (get(stranger, car, f"variation/{seed}").body for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_variation_at_radius_0_is_the_reconstruction(stranger, car):
    assert get(stranger, car, "variation/1", radius=0).body == get(stranger, car, "depth/5").body


def test_a_variation_moves_further_off_with_its_radius(stranger, car):
    middle = pixels(get(stranger, car, "depth/5"))
    near, far = (mean_difference(pixels(get(stranger, car, "variation/1", radius=r)), middle) for r in (0.5, 4))
    assert far > near > 0


def test_a_morph_goes_from_one_car_to_the_other(stranger, car, other_car):
    Reconstruction.objects.update(mirrored=False)
    start, end = (pixels(get(stranger, car, f"morph/{other_car.slug}/{percent}")) for percent in (0, 100))
    assert mean_difference(start, pixels(get(stranger, car, "depth/5"))) < 0.1
    assert mean_difference(end, pixels(get(stranger, other_car, "depth/5"))) < 0.1


def test_a_morph_changes_its_proportions_on_the_way(stranger, car, other_car):
    heights = [pixels(get(stranger, car, f"morph/{other_car.slug}/{percent}")).shape[0] for percent in (0, 50, 100)]
    assert heights == [80, 104, 128]


def test_a_morph_with_someone_elses_private_car_is_a_404(stranger, visitor, car, private_car):
    assert get(stranger, car, f"morph/{private_car.slug}/50").status_code == 404
    response = get(visitor, car, f"morph/{private_car.slug}/50")
    assert response["Cache-Control"].startswith("private")


def test_a_stored_picture_is_named_after_its_car_and_not_after_its_key(stranger, car):
    assert get(stranger, car, "reconstruction")["Content-Disposition"] == f'inline; filename="{car.slug}.png"'
