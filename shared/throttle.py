"""How long to wait after failed tries at a log-in or a tracking code.

Counted per name and address, so that nobody can lock out somebody elsewhere.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

FREE = 5
"""Failures that cost nothing: people mistype."""
LONGEST_WAIT_S = 300.0
_REMEMBERED = 10_000

Who = tuple[str, str]


class Throttle:
    """The back-off of one web process: after five failures 2 s, then 4, 8 … at most five minutes.

    It forgets with the process, and the oldest when there are too many: it slows guessing down and decides nothing.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[Who, tuple[int, float]] = OrderedDict()

    def wait(self, name: str, address: str) -> float:
        """Seconds until `name` may try again from `address`; 0 if now."""
        with self._lock:
            _, until = self._failures.get((name, address), (0, 0.0))
        return max(0.0, until - self._clock())

    def failed(self, name: str, address: str) -> None:
        """Notes a wrong password or code."""
        with self._lock:
            count = self._failures.pop((name, address), (0, 0.0))[0] + 1
            pause = min(LONGEST_WAIT_S, 2.0 ** min(count - FREE, 20)) if count > FREE else 0.0
            self._failures[name, address] = count, self._clock() + pause
            while len(self._failures) > _REMEMBERED:
                self._failures.popitem(last=False)

    def passed(self, name: str, address: str) -> None:
        """A right one clears the slate."""
        with self._lock:
            self._failures.pop((name, address), None)
