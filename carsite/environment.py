"""Reads environment variables. One that is empty counts as missing, and one that makes no sense stops the start."""

import os

from django.core.exceptions import ImproperlyConfigured

ON, OFF = ("1", "true", "on", "yes", "y", "ok"), ("0", "false", "off", "no", "n")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def required(name: str, fix: str) -> str:
    """The environment variable's text. Raises ImproperlyConfigured, naming it and the fix, when there is none."""
    if not (value := text(name)):
        raise ImproperlyConfigured(f"{name} is not set. {fix} (On your own machine, LOCAL=1 needs no settings at all.)")
    return value


def switch(name: str, default: bool) -> bool:
    """The environment variable as on or off. Raises ImproperlyConfigured when it is neither."""
    word = text(name, "1" if default else "0").lower()
    if word not in ON + OFF:
        raise ImproperlyConfigured(f"{name} is {word!r}: write 1 for on, or 0 for off.")
    return word in ON


def whole_number(name: str, default: int, least: int = 1) -> int:
    """The environment variable as an integer from `least` on. Raises ImproperlyConfigured when it is anything else."""
    digits = text(name, str(default))
    if not digits.isdecimal() or int(digits) < least:
        raise ImproperlyConfigured(f"{name} is {digits!r}: write a whole number from {least} on, such as {default}.")
    return int(digits)


def hourly_limits(name: str, default: str) -> tuple[int, int]:
    """Two limits an hour, for a visitor and for a client's address. Raises ImproperlyConfigured for anything else."""
    written = text(name, default)
    numbers = [part.strip() for part in written.split(",")]
    if len(numbers) != 2 or not all(number.isdecimal() and int(number) for number in numbers):
        raise ImproperlyConfigured(
            f"{name} is {written!r}: write how often an hour for a visitor, a comma, and how often for an address, "
            f"such as {default}."
        )
    return int(numbers[0]), int(numbers[1])


def names(listed: str) -> list[str]:
    """What stands between commas."""
    return [name.strip() for name in listed.split(",") if name.strip()]
