"""Lambda's entry point: Zappa's handler, without its import of boto3, which only storing and signing pictures need."""

import importlib
import sys
import types
from typing import Any


class Later(types.ModuleType):
    """Stands in for a module, and imports it when one of its names is first used."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            return Any  # for annotations, while the importing module is loaded
        return getattr(importlib.import_module(self.__name__), name)


LATER = ("boto3", "botocore")

sys.modules.update({name: Later(name) for name in LATER})
import zappa.utilities  # noqa: E402, F401 - the one part that imports them

for name in LATER:
    del sys.modules[name]

from zappa.handler import lambda_handler  # noqa: E402 - starts the site

__all__ = ["lambda_handler"]
