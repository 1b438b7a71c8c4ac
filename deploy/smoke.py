"""Does a site work? python -m deploy.smoke https://… uploads a car that does not exist, looks at it, and deletes it."""

from __future__ import annotations

import argparse
import sys
from io import BytesIO
from urllib.parse import urljoin

import requests
from PIL import Image

from deploy.stage import DeployError
from ml.serving.runtime import load
from ml.serving.transforms import to_image

TIMEOUT_S = 60  # a cold start may be under way


def check(site: str, origin_secret: str = "") -> None:
    """Prints what it has seen. Raises DeployError, with what is wrong. `origin_secret`: what a CDN would add."""
    visitor = requests.Session()
    visitor.headers.update({"Referer": site, "X-Origin-Secret": origin_secret})
    home = expect(200, visitor.get(site, timeout=TIMEOUT_S))
    print("The home page is there.")

    car = BytesIO()
    to_image(load().examples()[0]).save(car, "JPEG")
    form = {"csrfmiddlewaretoken": token_in(home.text)}  # without "public", so the gallery never shows it
    address = urljoin(site, "upload/")
    uploaded = visitor.post(
        address, form, files={"image": ("car.jpg", car.getvalue())}, timeout=TIMEOUT_S, allow_redirects=False
    )
    page = urljoin(site, expect(303, uploaded).headers["Location"])
    try:
        expect(200, visitor.get(page, timeout=TIMEOUT_S))
        for kind in ("original", "reconstruction", "depth/1"):
            picture = expect(200, visitor.get(f"{page}{kind}", timeout=TIMEOUT_S))
            Image.open(BytesIO(picture.content)).verify()
        print("A car was uploaded and reconstructed; its page and its pictures are there.")
    finally:
        expect(200, visitor.post(f"{page}delete/", form, timeout=TIMEOUT_S))
    expect(404, visitor.get(page, timeout=TIMEOUT_S))
    print("It is deleted again.")


def expect(status: int, response: requests.Response) -> requests.Response:
    if response.status_code != status:
        raise DeployError(f"{response.request.method} {response.url} answered {response.status_code}, not {status}.")
    return response


def token_in(page: str) -> str:
    _, _, rest = page.partition('name="csrfmiddlewaretoken" value="')
    if not rest:
        raise DeployError("The page at this address has no form: is it this site?")
    return rest.partition('"')[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", help="the address of the home page")
    arguments = parser.parse_args()
    try:
        check(arguments.site.rstrip("/") + "/")
    except (DeployError, requests.RequestException) as error:
        sys.exit(f"The site does not work. {error}")


if __name__ == "__main__":
    main()
