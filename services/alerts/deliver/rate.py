"""How many requests a minute each asker makes, counted in the door's own memory: a count in Redis would cost more than
the answers that it counts."""

import functools
import ipaddress
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

WINDOW_S = 60
_MOST = 100_000


@dataclass(frozen=True)
class Count:
    """`left` requests until the window ends in `resets_s` seconds; `over`: this one was too many."""

    limit: int
    left: int
    resets_s: int
    over: bool

    def headers(self) -> list[tuple[str, str]]:
        """How many requests are left (draft-ietf-httpapi-ratelimit-headers)."""
        policy = f'"default";q={self.limit};w={WINDOW_S}'
        return [("RateLimit-Policy", policy), ("RateLimit", f'"default";r={self.left};t={self.resets_s}')]


OF_ONE_READER = ("ratelimit-policy", "ratelimit")
"""Those headers, which stand on no answer that is kept."""


class Counter:
    """Counts by windows of a minute, the same for everyone, so that the old ones are forgotten at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._window, self._counts = -1, dict[str, int]()

    def count(self, who: str, limit: int) -> Count:
        now = self._clock()
        window, resets_s = int(now // WINDOW_S), WINDOW_S - int(now % WINDOW_S)
        with self._lock:
            if window != self._window or len(self._counts) >= _MOST:
                self._window, self._counts = window, {}
            made = self._counts[who] = self._counts.get(who, 0) + 1
        return Count(limit, max(0, limit - made), resets_s, made > limit)


@functools.lru_cache(maxsize=10_000)
def asker(address: str) -> str:
    """Who asks from an address: an IPv6 household has 2**64 of them. Empty for this machine itself, which nobody
    limits: its proxy says who asks (`shared/http.py`)."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.is_loopback:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)
