"""The address that a request comes from, without trusting headers that the client can write itself."""

from __future__ import annotations

import functools
import ipaddress
import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)


def address_of(request: HttpRequest) -> str:
    """The IPv4 address, or the /64 network of the IPv6 one, which is what one customer gets; empty if unknown.

    Every proxy appends the address of its client to X-Forwarded-For. Entries before those of the trusted proxies can be
    forged.
    """
    peer, forwarded = peer_of(request), forwarded_for(request)
    if forwarded and not settings.TRUSTED_PROXIES and event_of(request) is None and is_near(peer):
        warn_of_proxy(peer)
    if event_of(request) is None or forwarded[-1:] != [peer]:  # in front of Lambda, Amazon has appended it already
        forwarded = [*forwarded, peer]
    return network(forwarded[-1 - settings.TRUSTED_PROXIES :][0])


def event_of(request: HttpRequest) -> dict[str, Any] | None:
    """The event that Lambda was called with; None elsewhere. No header can set it."""
    event: dict[str, Any] | None = request.META.get("lambda.event")
    return event


def peer_of(request: HttpRequest) -> str:
    """The address that opened the connection to the server or, on Lambda, to the function URL or API Gateway."""
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
    """Whether this address is on the same machine or network, or is that of a Unix socket."""
    address = network(peer)
    return not address or ipaddress.ip_address(address).is_private


@functools.cache
def warn_of_proxy(peer: str) -> None:
    """Logs once for each proxy in a process."""
    logger.warning(
        "A proxy at %r forwards requests, and TRUSTED_PROXIES is 0: all visitors share one address, and its limits. "
        "Set TRUSTED_PROXIES to the number of your proxies.",
        peer,
    )
