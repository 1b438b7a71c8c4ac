"""Pictures that are no cars: real ones, and synthetic ones, each of KINDS another for every state of the generator."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from sklearn.datasets import load_sample_images

SIDE = 256
REAL = (
    "astronaut",
    "brick",
    "camera",
    "cat",
    "cell",
    "checkerboard",
    "clock",
    "coffee",
    "coins",
    "colorwheel",
    "grass",
    "gravel",
    "horse",
    "hubble_deep_field",
    "immunohistochemistry",
    "logo",
    "microaneurysms",
    "moon",
    "page",
    "retina",
    "rocket",
    "shepp_logan_phantom",
    "text",
)  # those of skimage.data that need no download


def colour(random: np.random.Generator, low: int = 0, high: int = 256) -> tuple[int, int, int]:
    red, green, blue = random.integers(low, high, 3).tolist()
    return red, green, blue


def soft(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(1)).resize((128, 128), Image.Resampling.LANCZOS)


def plain(random: np.random.Generator) -> Image.Image:
    return Image.new("RGB", (128, 128), colour(random))


def noise(random: np.random.Generator) -> Image.Image:
    return Image.fromarray(random.integers(0, 256, (128, 128, 3), dtype=np.uint8))


def clouds(random: np.random.Generator) -> Image.Image:
    return Image.fromarray(random.integers(0, 256, (8, 8, 3), dtype=np.uint8)).resize(
        (128, 128), Image.Resampling.BICUBIC
    )


def text(random: np.random.Generator) -> Image.Image:
    page = Image.new("RGB", (128, 128), "white")
    for top in range(4, 124, 12):
        line = "".join(chr(letter) for letter in random.integers(97, 123, 20))
        ImageDraw.Draw(page).text((4, top), line, fill=colour(random, 0, 90))
    return page


def word(random: np.random.Generator) -> Image.Image:
    page = Image.new("RGB", (128, 128), "white")
    letters = "".join(chr(letter) for letter in random.integers(65, 91, 4))
    ImageDraw.Draw(page).text((10, 40), letters, fill=colour(random, 0, 200), font=ImageFont.load_default(40))
    return page


def face(random: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", (SIDE, SIDE), colour(random, 120))
    draw = ImageDraw.Draw(picture)
    x, y = (128 + random.integers(-15, 15, 2)).tolist()
    width, height = int(random.integers(60, 85)), int(random.integers(80, 105))
    draw.ellipse((x - width, y - height - 15, x + width, y + height - 30), fill=colour(random, 0, 120))
    draw.ellipse((x - width + 8, y - height + 15, x + width - 8, y + height), fill=(220, 170, 130))
    for eye in (x - 0.4 * width, x + 0.4 * width):
        draw.ellipse((eye - 12, y - 18, eye + 12, y - 4), fill="white")
        draw.circle((eye, y - 11), 5, fill=(40, 60, 90))
        draw.line((eye - 14, y - 28, eye + 14, y - 30), fill=(60, 40, 30), width=4)
    draw.line((x, y - 5, x - 6, y + 22), fill=(180, 130, 100), width=4)
    draw.arc((x - 25, y + 20, x + 25, y + 55), 10, 170, fill=(170, 50, 50), width=6)
    return soft(picture)


def animal(random: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    draw, fur, back = ImageDraw.Draw(picture), colour(random, 20, 200), int(random.integers(100, 140))
    draw.ellipse((70, back - 30, 200, back + 35), fill=fur)
    draw.ellipse((35, back - 65, 95, back - 5), fill=fur)
    for leg in (85, 105, 165, 185):
        draw.rectangle((leg, back + 20, leg + 12, back + 85), fill=fur)
    for ear in (45, 70):
        draw.polygon([(ear, back - 55), (ear + 8, back - 90), (ear + 20, back - 55)], fill=fur)
    draw.line((198, back, 235, back - 45), fill=fur, width=8)
    draw.circle((56, back - 41), 4, fill="black")
    return soft(picture)


def mountains(random: np.random.Generator) -> Image.Image:
    picture = Image.linear_gradient("L").resize((128, 128)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for _ in range(6):
        left, height = int(random.integers(-20, 120)), int(random.integers(20, 70))
        draw.polygon([(left, 110), (left + 30, 110 - height), (left + 60, 110)], fill=colour(random, 20, 160))
    return picture


KINDS = (plain, noise, clouds, text, word, face, animal, mountains)


def real() -> dict[str, Image.Image]:
    """Photographs, scans and drawings that come with scikit-image and scikit-learn, by name."""
    pictures = {name: getattr(skimage.data, name)() for name in REAL}
    samples = load_sample_images()
    pictures |= dict(zip(samples.filenames, samples.images, strict=True))
    return {Path(name).stem: Image.fromarray(picture) for name, picture in pictures.items()}


def faces() -> list[Image.Image]:
    """Small grey portraits from Labeled Faces in the Wild, which come with scikit-image."""
    return [Image.fromarray(face) for face in skimage.data.lfw_subset()[:100:4]]
