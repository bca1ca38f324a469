"""Where a request comes from, as limits count it."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"
IPV6_PREFIX = 64  # what one subscriber gets


def client_address(request: HttpRequest) -> str:
    """The client's address: the one that the outermost of SIGAP_PROXIES proxies saw, else the connection's.

    A header with fewer addresses than proxies, or with one that can't be read, is not believed.
    """
    proxies = settings.SIGAP_PROXIES
    if proxies:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        if len(forwarded) >= proxies and _parsed(forwarded[-proxies]) is not None:
            return str(_parsed(forwarded[-proxies]))
    return str(_parsed(str(request.META.get("REMOTE_ADDR", ""))) or UNKNOWN)


def client_network(request: HttpRequest) -> str:
    """As `client_address`, an IPv6 address by its /64."""
    return network_of(client_address(request))


def network_of(address: str) -> str:
    """An address as limits count it: IPv6 by its /64, since its owner has all of them; else the text as it is."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((parsed, IPV6_PREFIX), strict=False))
    return str(parsed or address)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address, also with a port behind it, in brackets, or of IPv4 written as IPv6."""
    plain = text.strip()
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        address = ipaddress.ip_address(plain.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
