"""The addresses of pictures, which name the model that made them: see reconstruct.views.responses."""

from django.urls import reverse
from django.utils.http import urlencode


def versioned(name: str, *args: str | int, version: str, **query: str) -> str:
    """The address of the route `name`, with the version of a model in its query."""
    return f"{reverse(name, args=args)}?{urlencode(query | {'v': version})}"
