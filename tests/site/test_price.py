"""A car at each price of its code: pictures, files and circles, and the page's control."""

import base64
import json
import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

import ml.serving.runtime
from ml.serving import coding
from reconstruct import storage
from reconstruct.latents import code_of
from reconstruct.pictures import webp
from tests.cars import as_file, draw_car
from tests.site.pictures import get, mean_difference, pixels, tiles

PRICES = coding.load().prices
BAD_PRICES = ["0", "-1", "1000", "nan", "inf", "cheap", ""]
CSS = Path(__file__).parents[2] / "static" / "css" / "car.css"


@pytest.fixture
def files(stranger, car):
    return json.loads(get(stranger, car, "files").body)


def page(client, car, **query):
    return client.get(car.get_absolute_url(), query).content.decode()


def circles(client, car):
    """By price: how wide and how high each circle of the drawing is, the car's own last."""
    drawing = get(client, car, "circles")
    assert drawing["Content-Type"] == "image/svg+xml"
    return [
        [(float(across), float(up)) for across, up in re.findall(r"scale\(([\d.]+) ([\d.]+)\)", at_price)]
        for at_price in drawing.body.decode().split("<svg x=")[1:]
    ]


@pytest.mark.parametrize("price", ["0.1", "1", "9.7", "300"])
def test_it_is_the_picture_in_the_file_at_the_nearest_price(stranger, car, price):
    coder = coding.load()
    held = coder.decode(get(stranger, car, "code", price=price).body)
    for depth in (2, 5):
        drawn = pixels(get(stranger, car, "priced", price=price, depth=depth))
        assert mean_difference(drawn, coder.draw(held, depth)) == 0


@pytest.mark.parametrize("price", BAD_PRICES)
def test_a_price_that_the_model_does_not_know_is_a_404(stranger, car, price):
    assert get(stranger, car, "priced", price=price).status_code == 404
    assert stranger.get(car.get_absolute_url(), {"price": price}).status_code == 404


@pytest.mark.parametrize("kind", ["priced", "files", "circles"])
def test_of_a_private_or_missing_car_there_is_nothing(stranger, visitor, private_car, kind):
    assert get(visitor, private_car, kind)["Cache-Control"].startswith("private")
    assert get(stranger, private_car, kind).status_code == 404
    assert stranger.get(f"/cars/no-such-car/{kind}").status_code == 404


@pytest.mark.parametrize("kind", ["priced", "files", "circles"])
def test_of_a_lost_photograph_there_is_nothing_and_the_page_goes_on(stranger, car, stored_files, kind):
    for path in stored_files():
        path.unlink()
    assert get(stranger, car, kind).status_code == 404
    assert 'id="price"' in page(stranger, car, price="3")


def test_another_price_is_one_of_endlessly_many_pictures(stranger, car, limit):
    limit("pictures", 1, 1)
    assert [get(stranger, car, "priced", price="3").status_code for _ in range(2)] == [200, 429]
    assert get(stranger, car, "priced").status_code == 200


def test_the_files_at_all_prices_are_one_small_answer(stranger, car, files):
    coder = coding.load()
    contents = [base64.b64decode(one["file"]) for one in files["files"]]
    assert [coder.decode(content).price for content in contents] == list(PRICES)
    assert contents[4] == get(stranger, car, "code").body
    assert files["model"] == coder.model
    assert [grid["channels"] * grid["size"] ** 2 for grid in files["grids"]] == list(coder.runtime.level_sizes)
    assert stranger.get(files["tables"]).status_code == 200
    assert len(json.dumps(files)) < 40_000


def test_for_all_prices_the_photograph_is_read_once_and_each_webp_is_written_once(stranger, car, monkeypatch):
    read, written = [], []
    read_photograph, encode = storage.read, webp.encoded
    monkeypatch.setattr(storage, "read", lambda key: read.append(key) or read_photograph(key))
    monkeypatch.setattr(webp, "encoded", lambda *args, **options: written.append(options) or encode(*args, **options))
    get(stranger, car, "files")
    get(stranger, car, "circles")
    assert len(read) == 1
    qualities = [options["quality"] for options in written]
    assert len(set(qualities)) == len(qualities) > 1


def test_beside_each_file_is_the_best_webp_that_is_no_longer_or_else_the_shortest(stranger, car, files):
    for one in files["files"]:
        length = len(base64.b64decode(one["file"]))
        webp = base64.b64decode(one["webp"].removeprefix("data:image/webp;base64,"))
        assert webp == get(stranger, car, "webp", size=length).body
        assert f"{length:,} bytes" in one["words"]
        assert f"{len(webp):,} bytes" in one["webp_words"]
        assert ("WebP has none so short" in one["webp_words"]) == (len(webp) > length)


def test_a_lower_price_comes_closer(files):
    psnr_db = [float(re.search(r"([\d.]+) dB", one["words"])[1]) for one in files["files"]]
    assert psnr_db[0] > psnr_db[6] > psnr_db[-1]


def test_circles_swell_with_the_price(stranger, visitor, car, store_car):
    store_car(visitor, as_file(draw_car((200, 200), paint=(20, 60, 160))))
    by_price = circles(stranger, car)
    assert len(by_price) == len(PRICES)
    assert {len(at_price) for at_price in by_price} == {2}
    widths = [at_price[-1][0] for at_price in by_price]
    assert widths[-1] > 2 * widths[PRICES.index(1)]
    assert all(0 < size < 1.1 for at_price in by_price for circle in at_price for size in circle)


def test_the_circle_of_the_car_swells_with_the_price_and_its_eight_draws_differ_more(stranger, car):
    widths, spreads = [], []
    for price in ("1", "300"):
        drawing = get(stranger, car, "circle/0/drawing", price=price).body.decode()
        widths.append(float(re.search(r'class="own".*?scale\(([\d.]+) ', drawing)[1]))
        spreads.append(np.std(tiles(get(stranger, car, "circle/0", price=price), 8), axis=0).mean())
    assert widths[1] > 2 * widths[0]
    assert spreads[1] > spreads[0]
    html = page(stranger, car, price="300")
    for address in ("circle/0?radius=1&amp;depth=5&amp;price=300&amp;", "circle/0/drawing?radius=1&amp;price=300&amp;"):
        assert address in html
    assert get(stranger, car, "circle/0", price="1000").status_code == 404


def test_browsers_get_the_posterior_at_every_price(stranger, car):
    with np.load(BytesIO(get(stranger, car, "posteriors").body)) as posteriors:
        assert posteriors["prices"].tolist() == list(PRICES)
        for number in (0, 14):
            code = code_of(car, ml.serving.runtime.load(), PRICES[number])
            assert np.abs(posteriors["mean"][number] - code.mean[0]).max() < 0.01
            assert np.abs(posteriors["logvar"][number] - code.logvar[0]).max() < 0.01


def test_only_the_gallerys_cars_are_among_the_circles_and_none_whose_photograph_is_lost(
    stranger, visitor, car, store_car, stored_files
):
    store_car(visitor, public=False)
    assert {len(at_price) for at_price in circles(stranger, car)} == {1}
    before = set(stored_files())
    store_car(visitor, as_file(draw_car((120, 120), paint=(200, 200, 30))))
    for path in set(stored_files()) - before:
        path.unlink()
    assert {len(at_price) for at_price in circles(stranger, car)} == {1}


def test_the_page_shows_the_price_of_its_address_and_its_figures(stranger, car, files):
    html = page(stranger, car, price="10")
    chosen = files["files"][PRICES.index(10)]
    assert chosen["words"] in html
    assert chosen["webp_words"] in html
    assert re.search(r"<option selected>10</option>", html)
    assert f"/cars/{car.slug}/priced?price=10&amp;v=" in html
    assert f'data-stop="{PRICES.index(10) + 1}"' in html


def test_without_a_price_in_its_address_the_page_runs_no_model(stranger, car, monkeypatch):
    stranger.get(car.get_absolute_url())  # places the car
    monkeypatch.setattr(coding.Coder, "encode", lambda *_: pytest.fail("encoded"))
    html = page(stranger, car)
    assert f"A file of {car.code_bytes}&nbsp;bytes" in html
    assert re.search(r"<option selected>1</option>", html)


def test_every_stop_of_the_slider_moves_the_circles():
    stops = re.findall(r'\.price\[data-stop="(\d+)"\] \.sprite { --stop: (\d+); }', CSS.read_text())
    assert stops == [(str(number), str(number)) for number in range(2, len(PRICES) + 1)]


@pytest.fixture
def examples(db, capsys):
    call_command("seed_examples")


def test_the_lesson_plays_on_a_car_of_the_readers_choice(visitor, stranger, examples, private_car):
    html = visitor.get("/how/").content.decode()
    assert f'href="?car={private_car.slug}#price"' in html
    example = visitor.get("/how/").context["car"]
    assert example.origin == "example"
    response = visitor.get("/how/", {"car": private_car.slug, "price": "30"})
    assert response.context["car"] == private_car
    html = response.content.decode()
    assert f"/cars/{private_car.slug}/priced?price=30&amp;" in html
    assert f'<input type="hidden" name="car" value="{private_car.slug}">' in html
    assert private_car.slug not in stranger.get("/how/").content.decode()
    for query in ({"car": private_car.slug}, {"car": "no-such-car"}, {"car": example.slug, "price": "nan"}):
        assert stranger.get("/how/", query).status_code == 404
