"""Answers that were given, to be given again while nothing has changed: most readers ask for the same few feeds."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")
MOST_BYTES = 64_000_000


class Answers(Generic[T]):
    """The newest answers of one version of what is live, up to MOST_BYTES. Another version forgets them all: an alert
    that has ended is in none of them. Safe to share between threads."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most, self.size = most, 0
        self.version: tuple[Any, ...] | None = None
        self.kept: OrderedDict[Hashable, tuple[int, T]] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, version: tuple[Any, ...], key: Hashable) -> T | None:
        with self.lock:
            self._turn(version)
            if version != self.version or key not in self.kept:
                return None
            self.kept.move_to_end(key)
            return self.kept[key][1]

    def keep(self, version: tuple[Any, ...], key: Hashable, answer: T, size: int) -> None:
        with self.lock:
            self._turn(version)
            if version != self.version:
                return
            if key not in self.kept:
                self.kept[key] = size, answer
                self.size += size
            while self.size > self.most:
                self.size -= self.kept.popitem(last=False)[1][0]

    def _turn(self, version: tuple[Any, ...]) -> None:
        """Forgets all, once there is a newer version."""
        if self.version is None or version > self.version:
            self.kept.clear()
            self.version, self.size = version, 0
