"""A car's file: downloaded, and opened again."""

import pytest
from playwright.sync_api import expect


@pytest.mark.packaged
def test_a_code_is_downloaded_and_opened_again(open_page, car, tmp_path):
    page = open_page(car.get_absolute_url())
    with page.expect_download() as download:
        page.get_by_role("link", name="Its file").click()
    assert download.value.suggested_filename == f"{car.slug}.vae"
    download.value.save_as(tmp_path / "car.vae")
    assert (tmp_path / "car.vae").stat().st_size == car.code_bytes

    page.get_by_role("link", name="the car can be decoded again").click()
    page.get_by_label("The file of a code").set_input_files(tmp_path / "car.vae")
    page.get_by_role("button", name="Decode it").click()
    expect(page.get_by_text("From a code")).to_be_visible()


@pytest.mark.packaged
def test_a_file_that_is_no_code_is_refused_in_place(open_page, db):
    page = open_page("/code/")
    page.get_by_label("The file of a code").set_input_files(
        {"name": "car.json", "mimeType": "application/json", "buffer": b"{}"}
    )
    page.get_by_role("button", name="Decode it").click()
    expect(page.get_by_role("alert")).to_contain_text("not a code that we can read")
