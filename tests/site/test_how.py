import re
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.html import strip_tags
from PIL import Image

import ml.serving.runtime
from reconstruct.models import Reconstruction
from tests.cars import fetch


def test_it_shows_the_models_own_figures(stranger, db):
    response = stranger.get("/how/")
    assert response.status_code == 200
    info = ml.serving.runtime.load().info
    html = response.content.decode()
    assert info["version"] in html
    for row in info["evaluation"]["tables"]["studio"]:
        assert f"{row['psnr_db']:.1f}" in html


def test_a_model_without_studio_pictures_shows_its_whole_table(stranger, db, monkeypatch):
    evaluation = ml.serving.runtime.load().info["evaluation"]
    tables = {"all": evaluation["tables"]["all"]}
    monkeypatch.setitem(ml.serving.runtime.load().info, "evaluation", evaluation | {"tables": tables})
    assert f"{tables['all'][0]['psnr_db']:.1f}" in stranger.get("/how/").content.decode()


def test_it_rejects_post(stranger, db):
    assert stranger.post("/how/").status_code == 405


@pytest.fixture
def examples(db, capsys):
    call_command("seed_examples")


def test_it_shows_live_pieces_on_cars_of_the_gallery(stranger, examples):
    response = stranger.get("/how/")
    context = response.context
    assert len(context["numbers"]) == 64
    assert 0 < context["active"] < 64
    places = {car: np.frombuffer(car.place.vector, "<f4") for car in Reconstruction.objects.examples()}
    distances = {car: np.linalg.norm(place - places[context["car"]]) for car, place in places.items()}
    assert sorted(distances, key=distances.get)[:2] == [context["car"], context["morph"].other]  # the most alike
    for address in (context["circle_url"], context["drawing_url"], context["depths_url"], context["morph"].strip_url):
        assert address.replace("&", "&amp;") in response.content.decode()
        assert fetch(stranger, address).status_code == 200


def test_the_numbers_of_the_code_are_drawn_within_their_frame_loudest_first(stranger, examples):
    numbers = stranger.get("/how/").context["numbers"]
    assert [number.x for number in numbers] == list(range(0, 640, 10))
    assert all(0 <= number.top <= number.mean <= number.top + number.height <= 200 for number in numbers)
    assert numbers[-1].mean == pytest.approx(100, abs=2)
    assert numbers[-1].height == pytest.approx(38, abs=2)


def test_each_of_its_links_leads_to_a_section(stranger, db):
    def links():
        html = stranger.get("/how/").content.decode()
        return re.findall(r'href="#([^"]+)"', html), set(re.findall(r' id="([^"]+)"', html))

    without_cars, ids = links()
    assert {"content", "divergence", "gap", "loss", "balance", "ladder"} <= set(without_cars) <= ids
    call_command("seed_examples")
    with_cars, ids = links()
    assert {"goes-in", "circle", "between", "price"} | set(without_cars) <= set(with_cars) <= ids


def test_the_address_says_which_points_of_the_circle_are_shown(stranger, examples):
    assert "circle/7?radius=2.5&depth=3" in stranger.get("/how/?seed=7&radius=2.5&depth=3").context["circle_url"]
    assert stranger.get("/how/?radius=9").status_code == 404


def test_it_teaches_without_cars_as_well(stranger, db):
    response = stranger.get("/how/")
    assert response.status_code == 200
    assert "car" not in response.context
    assert "A ladder of five levels" in response.content.decode()


def test_it_teaches_without_the_pieces_where_the_storage_has_lost_the_photograph(stranger, examples, stored_files):
    for path in stored_files():
        path.unlink()
    response = stranger.get("/how/")
    assert response.status_code == 200
    assert "numbers" not in response.context


def test_the_files_that_it_names_are_there(stranger, db):
    html = stranger.get("/how/").content.decode()
    named = re.findall(r"<code>(ml/[\w/]+\.py)</code>", html)
    assert len(named) == 4
    for name in named:
        source = (Path(ml.__file__).parents[1] / name).read_text()
        for function in re.findall(r"<code>(\w+)</code>", html.split(name)[1].split("</dd>")[0]):
            assert f"def {function}(" in source


def test_the_two_numbers_of_the_loss_pull_against_each_other(stranger, db):
    context = stranger.get("/how/").context
    balance = context["balance"]
    assert [priced.beta for priced in balance] == sorted(priced.beta for priced in balance)
    assert [priced.bytes for priced in balance] == sorted((priced.bytes for priced in balance), reverse=True)
    assert [priced.shades for priced in balance] == sorted(priced.shades for priced in balance)
    assert balance[context["stop"] - 1].beta == 1


def test_the_gap_is_shown_by_two_codes_of_two_numbers_that_differ_in_the_price(stranger, db):
    response = stranger.get("/how/")
    free, priced = response.context["planes"]
    assert free["beta"] == 0 < priced["beta"]
    assert free["pictures"] == priced["pictures"]
    # What the page says of them.
    assert free["deviation"] < priced["deviation"] / 10
    assert free["reach"] > 2 * priced["reach"]
    assert free["nats"] > priced["nats"]
    assert free["shades"] < priced["shades"]
    for plane in (free, priced):
        assert len(plane["around"]) == plane["side"] ** 2
        assert f'data-around="{plane["around"]}"' in response.content.decode()


def test_the_walk_across_leads_through_emptier_places_where_the_code_was_free(stranger, db):
    def empty(plane):
        side = plane["side"]
        middle = side // 2 * side
        return plane["around"][middle : middle + side].count("0")

    free, priced = map(empty, stranger.get("/how/").context["planes"])
    assert free > 2 * priced


@pytest.mark.parametrize(
    ("query", "divergence"),
    [
        ({}, "0.82 nats = 0.15 bytes"),
        ({"mean": "0", "deviation": "1"}, "0.00 nats = 0.00 bytes"),
        ({"mean": "-2.5", "deviation": "0.3"}, "3.87 nats = 0.70 bytes"),
    ],
)
def test_the_divergence_of_two_gaussians_is_a_number_and_an_area(stranger, db, query, divergence):
    response = stranger.get("/how/", query)
    assert divergence in response.content.decode()
    points = [tuple(map(float, pair.split())) for pair in response.context["posterior"].area_path[1:].split("L")]
    area = sum(345 - y for _, y in points) * (points[-1][0] - points[0][0]) / (len(points) - 1) / (33.3 * 30)
    assert area == pytest.approx(float(divergence.split()[0]), abs=0.02)


@pytest.mark.parametrize("query", [{"mean": "2.6"}, {"deviation": "0"}, {"deviation": "nan"}, {"mean": "left"}])
def test_a_gaussian_that_cannot_be_drawn_is_a_404(stranger, db, query):
    assert stranger.get("/how/", query).status_code == 404


def test_the_training_card_says_what_the_recipe_is_and_how_far_it_went(stranger, db):
    from ml.config import TrainConfig

    recipe, training = TrainConfig(), ml.serving.runtime.load().info["training"]
    words = " ".join(strip_tags(stranger.get("/how/").content.decode()).split())
    first = recipe.epochs - recipe.final_epochs
    assert (
        f"learning rate {recipe.learning_rate:g} for {first:,} epochs, then 0.0001 for {recipe.final_epochs}" in words
    )
    assert recipe.final_learning_rate == 0.0001
    assert f"batches of {recipe.batch_size}" in words
    assert f"{training['epochs']:,} of {recipe.epochs:,}" in words
    assert ("it is not finished" in words) == (training["epochs"] < recipe.epochs)


def test_the_loss_curve_is_that_of_the_shipped_model_and_no_other(stranger, db, monkeypatch):
    training = ml.serving.runtime.load().info["training"]
    rows = [{"epoch": 20.0, "loss": 0.5, "psnr_db": 24.0}, {"epoch": 40.0, "loss": 0.41, "psnr_db": 27.5}]
    monkeypatch.setitem(training, "curve", rows)
    html = stranger.get("/how/").content.decode()
    assert "From epoch 20 to 40: the loss in training, from 0.500 to 0.410" in html
    assert "M0.0 0.0L400.0 160.0" in html
    monkeypatch.setitem(training, "curve", [])
    assert "no loss curve to show" in stranger.get("/how/").content.decode()


def test_the_address_says_where_the_balance_stands(stranger, db):
    assert 'data-stop="2"' in stranger.get("/how/?balance=2").content.decode()
    stops = len(stranger.get("/how/").context["balance"])
    for wrong in (0, stops + 1, "fair"):
        assert stranger.get(f"/how/?balance={wrong}").status_code == 404


def test_the_sheets_of_the_lessons_hold_one_picture_for_each_model(stranger, db):
    response = stranger.get("/how/")
    folder = settings.BASE_DIR / "static" / "lessons"
    shown = set(re.findall(r"/static/lessons/(\w+/[\w-]+\.webp)", response.content.decode()))
    assert shown == {str(path.relative_to(folder)) for path in folder.rglob("*.webp")}
    for name in shown:
        with Image.open(folder / name) as sheet:
            if name.startswith("plane/"):
                assert sheet.size == (32 * response.context["planes"][0]["side"],) * 2
            else:
                assert sheet.size == (
                    640 * (1 if name.endswith("cars.webp") else len(response.context["balance"])),
                    128,
                )


def test_it_says_that_familiarity_is_an_aid_and_no_guard(stranger, db):
    assert "an aid, not a guard" in stranger.get("/how/").content.decode()
