"""Which IP addresses a webhook may connect to.

An IPv6 address that carries an IPv4 address leads, by a tunnel or a translator, to that IPv4 address. Only the two
forms in use today are translated and judged by the inner address; all other forms are refused, whatever they carry.
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

NAT64 = IPv6Network("64:ff9b::/96")
ALLOCATED = IPv6Network("2000::/3")  # global unicast; everything else in IPv6 is private, special or unassigned
# Inside 2000::/3, but tunnels, identifiers without a route, tests and documentation.
SPECIAL = (
    IPv6Network("2001::/23"),  # Teredo, benchmarks, ORCHID and other protocol assignments
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),  # 6to4
    IPv6Network("3fff::/20"),
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
)
ISATAP = {0x0000_5EFE, 0x0200_5EFE}  # the upper half of the interface identifier
PRIVATE = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv4Network("100.64.0.0/10"),
    IPv6Network("fc00::/7"),
)


def parsed(address: str) -> Address | None:
    """The address that a connection really goes to; None for text that is none and for an address with a scope."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(ip, IPv4Address):
        return ip
    if ip.scope_id is not None:
        return None
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip


def is_loopback(address: str) -> bool:
    """Whether the address is this machine's own."""
    ip = parsed(address)
    return ip is not None and ip.is_loopback


def is_public(address: str) -> bool:
    """Whether the address is one of the public internet."""
    ip = parsed(address)
    if ip is None or not ip.is_global or ip.is_multicast or _is_within(ip, SPECIAL):
        return False
    return isinstance(ip, IPv4Address) or (ip in ALLOCATED and not _is_isatap(ip))


def is_private(address: str) -> bool:
    """Whether the address is one of a private network; never this machine, the link, or a special purpose."""
    ip = parsed(address)
    return ip is not None and _is_within(ip, PRIVATE) and not (isinstance(ip, IPv6Address) and _is_isatap(ip))


def _is_within(ip: Address, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    return any(ip in network for network in networks if network.version == ip.version)


def _is_isatap(ip: IPv6Address) -> bool:
    return int(ip) >> 32 & 0xFFFF_FFFF in ISATAP
