"""Counts what was sent, in the queue's own server, so that all processes of the door count together."""

import hashlib
import logging

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import Redis

from services.ingest.guard.rules import (
    ADDRESS_SHARE,
    CALM_PER_MINUTE,
    KILOBYTE,
    MEGABYTE,
    PRESSED_SHARE,
    Allowance,
    Origin,
)

log = logging.getLogger(__name__)


class Counters:
    """Addresses are counted under a keyed hash, and forgotten after a day. Without the server each process counts for
    itself: a limit that cannot be asked stops nobody."""

    def __init__(self, redis: Redis, key: bytes, allowance: Allowance) -> None:
        self._key = hashlib.blake2b(key, digest_size=32).digest()
        # The connection is the queue's own; the address only tells `limits` what kind of server it is.
        shared = RedisStorage("redis://", redis.connection_pool, key_prefix="door", wrap_exceptions=True)
        self._shared, self._own = FixedWindowRateLimiter(shared), FixedWindowRateLimiter(MemoryStorage())
        self._sends = RateLimitItemPerHour(allowance.sends)
        self._sends_each = RateLimitItemPerHour(max(1, allowance.sends // ADDRESS_SHARE))
        self._calm_network = RateLimitItemPerHour(max(1, allowance.sends // PRESSED_SHARE))
        self._kilobytes = RateLimitItemPerDay(allowance.megabytes * MEGABYTE // KILOBYTE)
        self._calm = RateLimitItemPerMinute(CALM_PER_MINUTE)

    def may_send(self, origin: Origin) -> bool:
        """Notes one send, and says whether its address and its network may still."""
        mine = self._hit(self._sends_each, "address", origin.address)
        return mine and self._hit(self._sends, "network", origin.network)

    def may_carry(self, origin: Origin, kilobytes: int) -> bool:
        """Notes so much to read from a network, and says whether it may still."""
        return not kilobytes or self._hit(self._kilobytes, "bytes", origin.network, cost=kilobytes)

    def pressed(self, origin: Origin) -> bool:
        """Notes one send at the door, and says whether so many come, from everywhere or from there, that a pass is
        needed."""
        calm = self._hit(self._calm, "door", "all")
        return not (self._hit(self._calm_network, "calm", origin.network) and calm)

    def is_pressed(self, origin: Origin) -> bool:
        """The same without noting anything."""
        return not (self._test(self._calm, "door", "all") and self._test(self._calm_network, "calm", origin.network))

    def may_use(self, pass_id: str, uses: int) -> bool:
        """Notes one use of a pass."""
        return self._hit(RateLimitItemPerDay(uses), "pass", pass_id)

    def _hit(self, item: RateLimitItem, what: str, who: str, cost: int = 1) -> bool:
        try:
            return self._shared.hit(item, what, self._hidden(who), cost=cost)
        except StorageError:
            log.warning("the counters' server does not answer; this process counts alone")
            return self._own.hit(item, what, self._hidden(who), cost=cost)

    def _test(self, item: RateLimitItem, what: str, who: str) -> bool:
        try:
            return self._shared.test(item, what, self._hidden(who))
        except StorageError:
            return self._own.test(item, what, self._hidden(who))

    def _hidden(self, who: str) -> str:
        return hashlib.blake2b(who.encode(), key=self._key, digest_size=16).hexdigest()
