"""gzip and brotli of what is served: made once for each body, also for those who ask for it later."""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Iterable

import brotli
from werkzeug.datastructures import Accept, ETags

CODINGS = ("br", "gzip")
"""Best first."""
SUFFIXES = {"br": ".br", "gzip": ".gz"}
"""Of the files that nginx and Caddy look for."""
BROTLI_QUALITY, GZIP_LEVEL = 9, 9
_MOST_BYTES = 64 * 1024 * 1024


def compressed(body: bytes, coding: str) -> bytes:
    """The body in a coding, the same bytes whenever it is made."""
    if coding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY))
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


def tags_of(tag: str) -> dict[str, str]:
    """The ETags of one text, by coding: `tag` is any of them."""
    plain = tag.partition("-")[0]
    return {"": plain} | {coding: f"{plain}-{coding}" for coding in CODINGS}


def held(tags: Iterable[str], asked: ETags) -> str | None:
    """Which of the ETags of a text the asker has: any of them makes a 304, since they are one text."""
    return next((tag for tag in tags if asked.contains_weak(tag)), None)


def chosen(accepted: Accept) -> str:
    """The coding to answer in; empty for none."""
    best = accepted.best_match([*CODINGS, "identity"])
    return best if best in CODINGS else ""


class Variants:
    """The compressed bodies that were asked for lately, by their ETags."""

    def __init__(self, most: int = _MOST_BYTES) -> None:
        self._most, self._size = most, 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def get(self, tag: str, coding: str, body: bytes) -> bytes:
        """`tag` names this body in this coding."""
        with self._lock:
            if (found := self._kept.get(tag)) is not None:
                self._kept.move_to_end(tag)
                return found
        made = compressed(body, coding)
        with self._lock:
            if tag not in self._kept:
                self._kept[tag], self._size = made, self._size + len(made)
            while self._size > self._most:
                _, gone = self._kept.popitem(last=False)
                self._size -= len(gone)
        return made
