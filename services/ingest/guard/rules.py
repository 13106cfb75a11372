"""How much one address, one network and the whole door may send, and when a pass is asked for. Pure."""

import ipaddress
from dataclasses import dataclass
from typing import Literal

KILOBYTE, MEGABYTE = 1024, 1024 * 1024
NETWORK_BITS = {4: 24, 6: 48}
ADDRESS_SHARE, PRESSED_SHARE = 4, 4
"""One address may send a fourth of its network's allowance, and from a fourth of it on a network needs passes."""
CALM_PER_MINUTE = 60
"""Sends a minute from everywhere together; above it everybody needs a pass."""
TEXT_BYTES = 256 * 1024
"""A report without photos is smaller than this: it is taken as long as anything can be."""

Answer = Literal["yes", "later", "no_photos", "full"]


@dataclass(frozen=True)
class Allowance:
    """A network's, by the hour and the day."""

    sends: int
    megabytes: int


@dataclass(frozen=True)
class Origin:
    """Where a request comes from: its address, and its network (/24, or /48 of IPv6)."""

    address: str
    network: str


def origin(address: str) -> Origin | None:
    """None for loopback: that is this machine, or an operator who has not said that a proxy stands before it."""
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return Origin("unknown", "unknown")
    mapped = getattr(read, "ipv4_mapped", None)
    read = mapped or read
    if read.is_loopback:
        return None
    network = ipaddress.ip_network((read, NETWORK_BITS[read.version]), strict=False)
    return Origin(str(read), str(network))


def kilobytes(size: int) -> int:
    """Whole kilobytes, rounded up: what a body counts as."""
    return -(-size // KILOBYTE)


def room_left(free: int, size: int, floor: int) -> Answer:
    """Whether a body of `size` bytes may still come in with `free` bytes on the disk: photos down to the `floor`, then
    text down to a fourth of it."""
    if free - size >= floor:
        return "yes"
    if size <= TEXT_BYTES:
        return "yes" if free >= floor // 4 else "full"
    return "no_photos"
