"""Photographs in a browser test's hand: picked, dropped and sent."""

import base64
import re

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car

CAR_PAGE = re.compile(r"/cars/[\w-]+/$")
TRANSFER = """([name, mimeType, base64]) => {
  const transfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  transfer.items.add(new File([bytes], name, { type: mimeType }));
  return transfer;
}"""


def photograph(size=(320, 200), format="JPEG", **options):
    """A drawing of a car with some grain, so that it takes as many bytes as a photograph does."""
    picture = np.asarray(draw_car(size)).astype(int)
    grain = np.random.default_rng(0).integers(-20, 20, picture.shape)
    return as_file(Image.fromarray(np.clip(picture + grain, 0, 255).astype(np.uint8)), format, **options)


def as_upload(content, name="car.jpg", mime_type="image/jpeg"):
    return {"name": name, "mimeType": mime_type, "buffer": content}


def pick(page, upload):
    page.get_by_label("Drop a photograph").set_input_files(upload)


def transfer(page, upload):
    content = base64.b64encode(upload["buffer"]).decode()
    return page.evaluate_handle(TRANSFER, [upload["name"], upload["mimeType"], content])


def send(page):
    page.get_by_role("button", name="Reconstruct it").click()


def uploaded_car(page):
    expect(page).to_have_url(CAR_PAGE)
    expect(page.get_by_alt_text("The car as the model rebuilt it")).to_be_visible()
    return Reconstruction.objects.get()
