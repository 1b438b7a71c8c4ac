"""A car in a link: the way there from a stored car, its QR code, and the page of the car that a link itself holds."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ml.serving.runtime import Runtime, load
from reconstruct import code_file, links, wording
from reconstruct.addresses import versioned
from reconstruct.limits.requests import limited
from reconstruct.links import Held
from reconstruct.models import Origin, Reconstruction
from reconstruct.pictures import card, qr
from reconstruct.pictures.files import File, jpeg, png, side_by_side
from reconstruct.views.responses import created, versioned_picture

CARD_QUALITY = 88
PICTURES = ("picture", "depths", "card")  # of the page, by the ends of their routes' names


def start_of(request: HttpRequest, _: None) -> str:
    """What every link begins with: the site's address, and the route's."""
    return request.build_absolute_uri(reverse("link", args=["-"])).removesuffix("-")


def link_or_404(car: Reconstruction, start: str, characters: int) -> str:
    try:
        return links.link_to(car, start, characters)
    except ValueError:
        raise Http404 from None


@versioned_picture(slow=True, start=start_of)
def link_of(car: Reconstruction, runtime: Runtime, start: str) -> HttpResponse:
    """Leads from a stored car to the link that holds it, and that says nothing else of it."""
    return HttpResponseRedirect(link_or_404(car, start, links.CHARACTERS))


@versioned_picture(slow=True, start=start_of)
def qr_code(car: Reconstruction, runtime: Runtime, start: str) -> File:
    """The QR code of a link that holds the car, at a price at which it scans easily."""
    return qr.svg(link_or_404(car, start, qr.CHARACTERS))


@require_safe
@limited("pictures")
def link(request: HttpRequest, held: str) -> HttpResponse:
    """The page of the car in the link. What is no car of this model is a 404 that says why."""
    try:
        opened = links.held_in(held)
    except code_file.CodeFileError as error:
        return render(request, "no_link.html", {"error": str(error)}, status=404)
    runtime = load()
    context = {
        "text": held,
        "held": opened,
        "tile": (opened.car.width, opened.car.height),
        "depths": [wording.depth_words(number) for number in range(1, runtime.depths + 1)],
        **{f"{name}_url": versioned(f"link_{name}", held, version=runtime.version) for name in PICTURES},
    }
    return render(request, "link.html", context)


def held_or_404(text: str) -> Held:
    """What the link holds. Decodes it, so it is called after a token is taken."""
    try:
        return links.held_in(text)
    except code_file.CodeFileError:
        raise Http404 from None


@versioned_picture(endless=True)
def picture(runtime: Runtime, held: str) -> File:
    return png(held_or_404(held).picture())


@versioned_picture(endless=True)
def depths(runtime: Runtime, held: str) -> File:
    """The car at every depth, side by side."""
    opened = held_or_404(held)
    return png(side_by_side([opened.picture(n) for n in range(1, runtime.depths + 1)], runtime.depths))


@versioned_picture(endless=True)
def link_card(runtime: Runtime, held: str) -> File:
    """The picture that other sites show beside the link."""
    opened = held_or_404(held)
    size = f"{opened.code_bytes:,} bytes"
    captions = ("From the first level of its code", f"Rebuilt from {size}, all in the link")
    pictures = opened.picture(depth=1), opened.picture()
    return jpeg(card.draw(*pictures, title=f"A car in {size}", captions=captions), CARD_QUALITY)


@require_safe
@limited("pictures")
def file(request: HttpRequest, held: str) -> HttpResponse:
    """The file that the link holds."""
    headers = {"Content-Disposition": f'attachment; filename="car.{code_file.SUFFIX}"'}
    return HttpResponse(held_or_404(held).content, content_type=code_file.MEDIA_TYPE, headers=headers)


@require_POST
@limited("codes")
def keep_link(request: HttpRequest, held: str) -> HttpResponse:
    """Saves the car in the link as a car of the visitor's, with all that a car's page can do."""
    opened = held_or_404(held)
    return created(request, opened.picture(), upload_bytes=opened.code_bytes, public=False, origin=Origin.CODE)
