"""QR codes of links, to be printed or scanned from a screen."""

from __future__ import annotations

from io import BytesIO

from reconstruct.pictures.files import File

# 97 × 97 modules, of which 15 % may be unreadable: a telephone's camera reads them from a page as wide as a hand.
VERSION = 20
CORRECTION = "M"
CHARACTERS = 666  # that fit, in the mode that small letters need: ISO/IEC 18004, table 7
BORDER = 4  # modules of white around it, as the standard asks for
SIDE = 4 * VERSION + 17 + 2 * BORDER  # in modules, with the border


def svg(link: str) -> File:
    """The QR code, black on white. Raises ValueError for a link of more than CHARACTERS."""
    import segno  # noqa: PLC0415 - it loads an XML parser, which no other page needs

    code = segno.make_qr(link, version=VERSION, error=CORRECTION, mode="byte", boost_error=False)
    file = BytesIO()
    code.save(file, kind="svg", border=BORDER, scale=4, light="#fff", svgclass=None, lineclass=None)
    return File(file.getvalue(), "image/svg+xml")
