"""The picture that other sites show beside a link: the photograph and its reconstruction, side by side."""

from functools import cache

from PIL import Image, ImageDraw, ImageFont, ImageOps

SIZE = (1200, 630)  # what the Open Graph protocol's readers expect
MARGIN = 48
TILE = (540, 400)
PAPER, INK, SOFT, SIGNAL = "#f2f1ed", "#171614", "#5c5952", "#c2360a"
WHITE = "#ffffff"


def draw(photograph: Image.Image, rebuilt: Image.Image, *, title: str, captions: tuple[str, str]) -> Image.Image:
    """The card, RGB, of SIZE."""
    card = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(card)
    pen.text((MARGIN, MARGIN), title, INK, font(56))
    pen.text((SIZE[0] - MARGIN, MARGIN + 22), "auto·encoder", SIGNAL, font(32), anchor="ra")
    top = 138
    for number, (picture, caption) in enumerate(zip((photograph, rebuilt), captions, strict=True)):
        left = MARGIN + number * (SIZE[0] - 2 * MARGIN - TILE[0])
        tile = ImageOps.pad(picture, TILE, Image.Resampling.LANCZOS, color=WHITE)
        card.paste(tile, (left, top))
        pen.text((left, top + TILE[1] + 18), caption, SOFT, font(30))
    return card


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
