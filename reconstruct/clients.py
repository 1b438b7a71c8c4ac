"""From which address a request comes. Whatever a client can write into it itself is not asked."""

from __future__ import annotations

import functools
import ipaddress
import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)


def address_of(request: HttpRequest) -> str:
    """The IPv4 address, or the /64 of the IPv6 one, which is what one customer gets; empty where none is known.

    Every proxy appends to X-Forwarded-For who spoke to it. Beyond those that we trust, anyone may have written it.
    """
    peer, asked_from = peer_of(request), forwarded_for(request)
    if asked_from and not settings.TRUSTED_PROXIES and event_of(request) is None and is_near(peer):
        warn_of_proxy(peer)
    if event_of(request) is None or asked_from[-1:] != [peer]:  # in front of Lambda, Amazon has appended it already
        asked_from = [*asked_from, peer]
    return network(asked_from[-1 - settings.TRUSTED_PROXIES :][0])


def event_of(request: HttpRequest) -> dict[str, Any] | None:
    """What Lambda was called with, where this is Lambda. No header can have this name."""
    event: dict[str, Any] | None = request.META.get("lambda.event")
    return event


def peer_of(request: HttpRequest) -> str:
    """Who opened the connection: to the server or, where this is Lambda, to Amazon's function URL or API Gateway."""
    event = event_of(request)
    if event is None:
        return str(request.META.get("REMOTE_ADDR") or "")
    context = event.get("requestContext") or {}
    caller = context.get("http") or context.get("identity") or {}
    return str(caller.get("sourceIp") or "")


def forwarded_for(request: HttpRequest) -> list[str]:
    return [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]


def network(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), 64), strict=False).network_address)


def is_near(peer: str) -> bool:
    """Whether this is an address of the same machine or network, or a socket that has none."""
    address = network(peer)
    return not address or ipaddress.ip_address(address).is_private


@functools.cache
def warn_of_proxy(peer: str) -> None:
    """Once in a process and for each."""
    logger.warning(
        "A proxy at %r forwards requests, and TRUSTED_PROXIES is 0: all visitors share one address, and its limits. "
        "Set TRUSTED_PROXIES to the number of your proxies.",
        peer,
    )
