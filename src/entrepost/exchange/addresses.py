"""Which addresses a receiver may have: those of the public internet, and networks that the operator names.

A URL comes from a customer, and whoever resolves it stands inside our network: what is not plainly public is
refused, in whatever way it is written.

References
----------
IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890). RFC 4291 (mapped and compatible addresses),
RFC 6052 and RFC 8215 (NAT64), RFC 3056 (6to4), RFC 4380 (Teredo), RFC 6598 (shared), RFC 9637 (documentation).
WHATWG URL Standard, 'ends in a number'.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to addresses as text; raises OSError where there are none."""

NOT_PUBLIC: dict[str, str] = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "shared",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "for protocols",
    "192.0.2.0/24": "documentation",
    "192.31.196.0/24": "for protocols",
    "192.52.193.0/24": "for protocols",
    "192.88.99.0/24": "6to4",
    "192.168.0.0/16": "private",
    "192.175.48.0/24": "for protocols",
    "198.18.0.0/15": "for tests",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
    "::/96": "IPv4-compatible",
    "::ffff:0:0/96": "IPv4-mapped",
    "64:ff9b::/96": "NAT64",
    "64:ff9b:1::/48": "NAT64",
    "100::/64": "discarded",
    "2001::/23": "for protocols, Teredo among them",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "2620:4f:8000::/48": "for protocols",
    "3fff::/20": "documentation",
    "5f00::/16": "for protocols",
    "fc00::/7": "unique local",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}
"""Networks that are not plainly public, and what they are."""
GLOBAL_V6 = IPv6Network("2000::/3")
"""All unicast addresses of IPv6 that are given out."""
RANGES: tuple[tuple[Network, str], ...] = tuple((ip_network(text), what) for text, what in NOT_PUBLIC.items())
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def why_not(address: Address, allowed: Sequence[Network] = ()) -> str:
    """Why an address is not written to; nothing where it may be."""
    if any(address.version == each.version and address in each for each in allowed):
        return ""
    if isinstance(address, IPv6Address) and address.scope_id:
        return "it is of one link"
    for network, what in RANGES:
        if address.version == network.version and address in network:
            return f"it is {what}"
    if isinstance(address, IPv6Address) and address not in GLOBAL_V6:
        return "it is reserved"
    return ""


def find_addresses(host: str, port: int, resolver: Resolver, allowed: Sequence[Network] = ()) -> list[Address]:
    """The addresses of a host, all of which may be written to.

    A name of which one address may not is refused as a whole: it would be somebody's choice which is taken.

    Raises
    ------
    PermissionError
        When the name or one of its addresses is refused; the message says why.
    OSError
        When the name has no address.
    """
    literal = _literal(host)
    texts = [str(literal)] if literal is not None else list(resolver(check_name(host), port))
    addresses = [_parse(text) for text in dict.fromkeys(texts)]
    if not addresses:
        raise OSError("the name has no address")
    for address in addresses:
        if why := why_not(address, allowed):
            raise PermissionError(f"{address} is refused: {why}")
    return addresses


def check_host(host: str, allowed: Sequence[Network] = ()) -> None:
    """Whether a host may be written to, as far as that can be told without asking for its addresses.

    Raises
    ------
    PermissionError
        When it may not; the message says why.
    """
    literal = _literal(host)
    if literal is None:
        check_name(host)
    elif why := why_not(literal, allowed):
        raise PermissionError(f"{literal} is refused: {why}")


def check_name(host: str) -> str:
    """A host name of the public internet in plain letters: no number in disguise, no name of one machine.

    Raises
    ------
    PermissionError
        When it is none.
    """
    labels = host.lower().removesuffix(".").split(".")
    if len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise PermissionError("the host is no name: write it in ASCII, as hooks.example.org")
    if NUMBER.fullmatch(labels[-1]):
        raise PermissionError("the host is a number in disguise: write an address as 192.0.2.1")
    if len(labels) < 2 or labels[-1] in ("localhost", "local", "internal", "localdomain", "onion"):
        raise PermissionError("the host is a name of a machine or a house, none of the public internet")
    return host


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name as the system knows them, in the order in which to try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(place[0]) for *_, place in found]


def read_networks(text: str) -> tuple[Network, ...]:
    """Networks, divided by blanks or commas, as `10.1.0.0/16`; raises ValueError where one is none."""
    return tuple(ip_network(word) for word in text.replace(",", " ").split())


def _literal(host: str) -> Address | None:
    """The address that the host is, in its plain spelling."""
    if ":" in host:
        return _parse(host)
    try:
        return IPv4Address(host)
    except ValueError:
        return None


def _parse(text: str) -> Address:
    try:
        return ip_address(text)
    except ValueError:
        raise PermissionError("the host is no address: write it as 192.0.2.1 or [2001:db8::1]") from None
