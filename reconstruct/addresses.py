"""The addresses of pictures, which name the model that made them: see reconstruct.views.pictures."""

from django.urls import reverse
from django.utils.http import urlencode

import ml.serving.runtime


def versioned(name: str, *args: str | int, version: str | None = None, **query: str) -> str:
    """The address of this name, with the version of a model in it: by default, of the one that is served now."""
    return f"{reverse(name, args=args)}?{urlencode(query | {'v': version or ml.serving.runtime.load().version})}"
