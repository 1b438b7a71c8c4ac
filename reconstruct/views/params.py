"""Numbers in addresses: what is none, or is out of range, names no page and no picture."""

from django.http import Http404, HttpRequest

import ml.serving.runtime

MAX_ID = 2**63 - 1


def number_or_404(request: HttpRequest, name: str, default: float, *, low: float, high: float) -> float:
    """The number of this name in the query. Raises Http404 when it is none, or not between low and high."""
    try:
        number = float(request.GET.get(name, default))
    except ValueError:
        raise Http404 from None
    if not low <= number <= high:  # nor is it when it is NaN
        raise Http404
    return number


def whole_number_or_404(request: HttpRequest, name: str, default: int, *, low: int, high: int) -> int:
    """The whole number of this name in the query. Raises Http404 when it is none, or not between low and high."""
    text = request.GET.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and low <= int(text) <= high):
        raise Http404
    return int(text)


def cursor_or_404(request: HttpRequest) -> int | None:
    """The id that the page ends before; None on the first page."""
    return whole_number_or_404(request, "before", 0, low=1, high=MAX_ID) if "before" in request.GET else None


def depth_or_404(request: HttpRequest) -> int:
    """The depth that the query names, else the deepest. Raises Http404 for one that the model does not have."""
    depths = ml.serving.runtime.load().depths
    return whole_number_or_404(request, "depth", depths, low=1, high=depths)
