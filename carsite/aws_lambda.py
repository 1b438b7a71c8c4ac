"""Lambda's way in: Zappa's handler, without its import of boto3, which only who stores or signs a picture needs."""

import importlib
import sys
import types
from typing import Any


class Later(types.ModuleType):
    """Stands in for a module in someone's namespace, and is imported when that is first asked for something."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            return Any  # an annotation's type, while that someone is imported
        return getattr(importlib.import_module(self.__name__), name)


LATER = ("boto3", "botocore")

sys.modules.update({name: Later(name) for name in LATER})
import zappa.utilities  # noqa: E402, F401 - the one part that imports them

for name in LATER:
    del sys.modules[name]

from zappa.handler import lambda_handler  # noqa: E402 - starts the site

__all__ = ["lambda_handler"]
