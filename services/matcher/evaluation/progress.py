"""Tells how far a long piece of work is: a bar in a terminal, plain lines elsewhere; nothing within two seconds."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.matcher.evaluation.embedding import Progress

EVERY_S = 2.0


@contextmanager
def shown(what: str, say: Callable[[str], None]) -> Iterator[Progress]:
    """Something to tell (done, of). The bar is on standard error, so that the figures alone are on standard output."""
    if not sys.stderr.isatty():
        yield lines(what, say)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def lines(what: str, say: Callable[[str], None], now: Callable[[], float] = time.monotonic) -> Progress:
    """A line every two seconds, with the time that is left at this pace."""
    begun = last = now()

    def tell(done: int, of: int) -> None:
        nonlocal last
        if now() - last < EVERY_S:
            return
        last = now()
        left = (last - begun) / max(done, 1) * (of - done)
        say(f"{what}: {done} of {of}, about {left:.0f} s left")

    return tell
