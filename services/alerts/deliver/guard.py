"""Where a webhook may go: to public addresses only, so that nobody can make us knock at doors inside a network."""

import ipaddress
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST_URL = 2000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Forbidden(Exception):
    """A webhook may not go there; the text says why."""


def check_url(url: str, *, loopback: bool = False) -> SplitResult:
    """The parts of an address that may be subscribed. Who it leads to is checked at each connection. Raises Forbidden.

    `loopback` permits http:// too, as `check_addresses` then lets it lead to this machine only.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise Forbidden("This is no URL.") from None
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or not host:
        raise Forbidden(f"An absolute URL in ASCII of at most {LONGEST_URL} characters, please.")
    if parts.scheme not in ("https", "http") or (parts.scheme == "http" and not loopback):
        raise Forbidden("An address that starts with https://, please.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Forbidden("No user, password or fragment in the URL, please: the signature says who we are.")
    _check_literal(host, parts.scheme, loopback=loopback)
    return parts


def _check_literal(host: str, scheme: str, *, loopback: bool) -> None:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return  # a name
    try:
        check_addresses([host], scheme, loopback=loopback)
    except Forbidden:
        raise Forbidden("A public address, please: this one leads into a private network.") from None


def check_addresses(found: Sequence[str], scheme: str, *, loopback: bool = False) -> list[str]:
    """The IP addresses to connect to. One that is not public spoils them all. Raises Forbidden."""
    for text in found:
        address = ipaddress.ip_address(text)
        if address.is_loopback and loopback:
            continue
        if scheme != "https" or not _public(address):
            raise Forbidden("address_not_public")
    if not found:
        raise Forbidden("no_such_host")
    return list(dict.fromkeys(found))


def _public(address: Address) -> bool:
    """Neither private, loopback, link-local nor multicast; nor an IPv6 address that wraps an IPv4 one."""
    if isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped or address.sixtofour or address.teredo or address in _NAT64
    ):
        return False
    return address.is_global and not address.is_multicast
