"""A visitor's key: it opens their history in another browser."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from reconstruct.visitors import forget, remember, visitor_by


@require_POST
def open_key(request: HttpRequest) -> HttpResponse:
    """This browser is the key's visitor from now on."""
    visitor = visitor_by(request.POST.get("key", ""))
    if visitor is None:
        messages.warning(request, "This is not a link that this site gave, or a part of it is missing. Copy all of it.")
        return redirect("history")
    messages.success(request, "These cars are yours in this browser, too.")
    response = redirect("history")
    remember(response, visitor)
    return response


@require_POST
def forget_key(request: HttpRequest) -> HttpResponse:
    messages.success(request, "This browser has forgotten your cars. Your link still opens them.")
    response = redirect("history")
    forget(response)
    return response
