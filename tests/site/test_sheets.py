"""The sheets that sliders move through, and the films."""

import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

import ml.serving.runtime
from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car
from tests.site.pictures import get, mean_difference, pixels, tiles

DIRECTIONS = [direction.name for direction in ml.serving.runtime.load().directions]
SHEETS = {  # kind: how many pictures stand side by side
    "depths": 5,
    "differences": 5,
    "circle/7": 8,
    "steer": 1,
    "steer/ends": 2 * len(DIRECTIONS),
    "morph/{slug}/strip": 25,
}
DRAWN = (*SHEETS, "depths.gif", "circle/7/drawing", "point", "posterior")


@pytest.fixture
def tall_car(visitor, store_car):
    return store_car(visitor, as_file(draw_car((120, 200), paint=(20, 60, 160))))


@pytest.mark.parametrize("kind", SHEETS)
def test_it_has_all_its_pictures_side_by_side_in_the_cars_proportions(stranger, car, kind):
    sheet = pixels(get(stranger, car, kind))
    assert sheet.shape == (80, 128 * SHEETS[kind], 3)
    assert car.tile == (128, 80)


@pytest.mark.parametrize("size", [(320, 200), (1600, 1003), (120, 200), (333, 77)])
def test_a_cars_tile_is_the_size_of_the_pictures_in_its_sheets(stranger, visitor, store_car, size):
    car = store_car(visitor, as_file(draw_car(size)))
    assert pixels(get(stranger, car, "steer")).shape[1::-1] == car.tile


@pytest.mark.parametrize("kind", SHEETS)
def test_everyone_may_keep_a_gallery_cars_sheet_for_a_year_and_only_its_owner_a_private_ones(
    stranger, visitor, car, private_car, kind
):
    assert get(stranger, car, kind)["Cache-Control"] == "public, max-age=31536000, s-maxage=300, immutable"
    assert get(visitor, private_car, kind)["Cache-Control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize("kind", [*DRAWN, "morph/{slug}/film.webp", "code"])
def test_a_private_cars_sheet_is_a_404_for_others(stranger, staff, private_car, kind):
    assert get(stranger, private_car, kind).status_code == 404
    assert get(staff, private_car, kind).status_code == 200


@pytest.mark.parametrize("kind", [*DRAWN, "morph/{slug}/film.webp", "code", "card"])
def test_another_version_leads_to_the_current_one_and_is_not_kept(stranger, car, kind):
    address = f"/cars/{car.slug}/{kind.format(slug=car.slug)}"
    response = stranger.get(address, {"v": "old"})
    assert response.status_code == 302
    assert "no-store" in response["Cache-Control"]
    assert stranger.get(response.url).status_code == 200
    assert stranger.post(address).status_code == 405


@pytest.mark.parametrize("kind", [*DRAWN, "morph/{slug}/film.gif", "code", "card"])
def test_a_photograph_that_the_storage_has_lost_is_a_404(stranger, car, stored_files, kind):
    for path in stored_files():
        path.unlink()
    assert get(stranger, car, kind).status_code == 404


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("circle/-1", {}),
        ("circle/x", {}),
        ("circle/1000000", {}),
        ("circle/" + "9" * 5000, {}),
        ("circle/1", {"radius": "4.1"}),
        ("circle/1", {"radius": "nan"}),
        ("circle/1", {"depth": "0"}),
        ("circle/1", {"depth": "6"}),
        ("circle/1", {"depth": "1.5"}),
        ("circle/1/drawing", {"radius": "-1"}),
        ("circle/1/drawing", {"depth": "²"}),
        ("circle/1000000/drawing", {}),
        ("steer", {"length": "1.01"}),
        ("steer", {"length": "-2"}),
        ("steer", {"length": "nan"}),
        ("steer", {"length": "inf"}),
        ("steer", {"length": "long"}),
        ("steer", {"length": ""}),
        ("steer", {"horsepower": "1"}),
        ("steer", {"depth": "6"}),
        ("morph/no-such-car/strip", {}),
        ("morph/no-such-car/film.webp", {}),
        ("morph/{slug}/film.avi", {}),
        ("morph/{slug}/film", {}),
    ],
)
def test_what_cannot_be_drawn_is_a_404(stranger, car, kind, query):
    assert get(stranger, car, kind, **query).status_code == 404


def test_the_sheet_of_depths_has_the_very_pictures_of_each_depth(stranger, car):
    for number, tile in enumerate(tiles(get(stranger, car, "depths"), 5), start=1):
        assert mean_difference(tile, pixels(get(stranger, car, f"depth/{number}"))) == 0


def test_the_reveal_shows_each_depth_once_and_the_whole_car_longest(stranger, car):
    response = get(stranger, car, "depths.gif")
    assert response["Content-Type"] == "image/gif"
    assert response["Content-Disposition"] == f'inline; filename="{car.slug}-depths.gif"'
    with Image.open(BytesIO(response.body)) as film:
        waits, closeness = [], []
        for number in range(film.n_frames):
            film.seek(number)
            waits.append(film.info["duration"])
            shown = np.asarray(film.convert("RGB").resize((128, 80)), float)
            closeness.append(mean_difference(shown, pixels(get(stranger, car, f"depth/{number + 1}"))))
    assert waits == [900] * 4 + [2500]
    assert max(closeness) < 8


def test_the_difference_shrinks_with_depth_and_ends_as_the_single_picture(stranger, car):
    maps = tiles(get(stranger, car, "differences"), 5)
    assert maps[0].mean() < maps[4].mean()  # white is right
    assert mean_difference(maps[4], pixels(get(stranger, car, "difference"))) < 5  # JPEG and PNG


def test_a_mirrored_cars_sheet_is_drawn_facing_as_in_its_photograph(stranger, visitor, store_car):
    car = store_car(visitor, as_file(draw_car().transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    for mirrored in (False, True):
        Reconstruction.objects.update(mirrored=mirrored)
        photograph = np.asarray(car.open_original().resize((128, 80)), float)
        deepest = tiles(get(stranger, car, "depths"), 5)[4]
        assert mean_difference(deepest, photograph) < mean_difference(deepest[:, ::-1], photograph)


def test_the_same_seed_rolls_the_same_eight_different_cars(stranger, car):
    first, again, other = (get(stranger, car, f"circle/{seed}", radius=2).body for seed in (1, 1, 2))
    assert first == again
    assert first != other
    eight = tiles(get(stranger, car, "circle/1", radius=2), 8)
    assert all(mean_difference(eight[0], another) > 0.5 for another in eight[1:])


def test_a_circle_of_radius_0_is_the_car_eight_times_at_the_chosen_depth(stranger, car):
    at_depth_2 = pixels(get(stranger, car, "depth/2"))
    for tile in tiles(get(stranger, car, "circle/1", radius=0, depth=2), 8):
        assert mean_difference(tile, at_depth_2) < 1.5


def test_the_drawing_shows_eight_points_that_move_out_with_the_radius(stranger, car):
    def offsets(radius):
        points = stranger.get(
            f"/cars/{car.slug}/circle/3/drawing", {"radius": radius, "v": ml.serving.runtime.load().version}
        ).context["points"]
        return np.array(points)

    assert offsets(1).shape == (8, 2)
    assert np.allclose(offsets(2), 2 * offsets(1))
    response = get(stranger, car, "circle/3/drawing", radius=2)
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=300, immutable"
    assert b"style=" not in response.body
    assert response.body.count(b'r="0.3"') == 8


def test_the_drawing_names_the_mean_and_shades_one_and_two_standard_deviations(stranger, car):
    drawing = get(stranger, car, "circle/3/drawing", radius=3.9).body.decode()
    assert ">mean (centre)<" in drawing
    assert ">standard deviation:<" in drawing
    shaded = re.search(r'<g fill="#c2360a" fill-opacity="[\d.]+".*?</g>', drawing, re.DOTALL)[0]
    assert re.findall(r'r="([\d.]+)"', shaded) == ["2", "1"]
    assert 'r="3.9"' in drawing


def test_a_car_that_is_not_steered_is_the_reconstruction(stranger, car):
    deepest = pixels(get(stranger, car, "depth/5"))
    for query in ({}, {"length": "0"}):
        assert mean_difference(pixels(get(stranger, car, "steer", **query)), deepest) < 1.5


def test_opposite_amounts_steer_to_opposite_ends(stranger, car):
    start, low, high = (pixels(get(stranger, car, "steer", light=light)) for light in (0, -1, 1))
    assert low.mean() < start.mean() < high.mean()
    light = DIRECTIONS.index("light")
    ends = tiles(get(stranger, car, "steer/ends"), SHEETS["steer/ends"])
    assert mean_difference(ends[2 * light], low) < 1.5
    assert mean_difference(ends[2 * light + 1], high) < 1.5


def test_a_strip_leads_from_one_car_to_the_other_in_a_frame_that_holds_both(stranger, car, tall_car):
    Reconstruction.objects.update(mirrored=False)
    strip = tiles(get(stranger, car, f"morph/{tall_car.slug}/strip"), 25)
    assert strip[0].shape == (128, 128, 3)
    start, end = (pixels(get(stranger, c, "depth/5")) for c in (car, tall_car))
    assert mean_difference(strip[0][24:104], start) < 1.5
    assert mean_difference(strip[24][:, 25:102], end) < 1.5


@pytest.mark.parametrize("format", ["webp", "gif"])
def test_a_film_goes_there_and_back_for_ever(stranger, car, tall_car, format):
    response = get(stranger, car, f"morph/{tall_car.slug}/film.{format}")
    assert response["Content-Type"] == f"image/{format}"
    assert f"-to-{tall_car.slug}.{format}" in response["Content-Disposition"]
    with Image.open(BytesIO(response.body)) as film:
        assert film.size == (256, 256)
        assert film.n_frames == 48
        assert film.info["loop"] == 0


def test_a_strip_with_someone_elses_private_car_is_a_404_and_with_ones_own_not_public(
    stranger, visitor, car, private_car
):
    for kind in ("strip", "film.webp"):
        assert get(stranger, car, f"morph/{private_car.slug}/{kind}").status_code == 404
        response = get(visitor, car, f"morph/{private_car.slug}/{kind}")
        assert response["Cache-Control"].startswith("private")


def test_a_second_picture_of_a_car_does_not_encode_it_again(stranger, car, monkeypatch):
    get(stranger, car, "depths")
    monkeypatch.setattr(ml.serving.runtime.Runtime, "encode", lambda self, x: pytest.fail("encoded again"))
    assert get(stranger, car, "steer", length="0.5").status_code == 200
