"""Prints each figure: the median of several runs, its limit, and the ratio of the two.

python -m bench [--only stack|faces|webhooks|gallery|feeds|door|flood]... [--templates NUMBER]
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import door, faces, feeds, flood, gallery, webhooks
from bench.figures import Figure, memory_idle, sighting_to_desk, start_warm, test_suite
from bench.stacks import running, settings_in
from shared.config import Settings


def main() -> None:
    parts: dict[str, Callable[[], str]] = {
        "stack": _stack,
        "faces": lambda: faces.report(faces.measured(Settings.from_env())),
        "webhooks": webhooks.report,
        "door": door.report,
        "flood": flood.report,
        "gallery": lambda: gallery.report(gallery.figures(options.templates)),
        "feeds": lambda: feeds.report(feeds.compared()),
    }
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", action="append", choices=list(parts), help="this part; may be given more than once")
    asked.add_argument("--templates", type=int, default=gallery.WHOLE, help="how many templates the gallery has")
    options = asked.parse_args()
    for part in options.only or parts:
        print(f"\n{parts[part]()}", flush=True)


def _stack() -> str:
    with tempfile.TemporaryDirectory() as folder:
        figures = list(_measured(Path(folder)))
    lines = [f"{'figure':<46}{'median':>10}{'limit':>10}{'ratio':>8}  runs"]
    for figure in figures:
        median = statistics.median(figure.values)
        runs = " ".join(f"{value:.2f}" for value in figure.values)
        lines.append(f"{figure.name:<46}{median:>10.2f}{figure.limit:>10.2f}{median / figure.limit:>8.2f}  {runs}")
    return "\n".join(lines)


def _measured(folder: Path) -> Iterator[Figure]:
    settings = settings_in(folder)
    yield _told(start_warm(settings))
    with running(settings) as program:
        yield _told(memory_idle(program))
        yield _told(sighting_to_desk(settings))
    yield _told(test_suite())


def _told(figure: Figure) -> Figure:
    print(f"{figure.name}: {statistics.median(figure.values):.2f}", file=sys.stderr, flush=True)
    return figure


if __name__ == "__main__":
    main()
