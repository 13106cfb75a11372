"""Prints each figure: the median of several runs, its limit, and the ratio of the two."""

import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import faces
from bench.figures import Figure, memory_idle, sighting_to_desk, start_warm, test_suite
from bench.stacks import running, settings_in
from shared.config import Settings


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        figures = list(_measured(Path(folder)))
    print(f"\n{'figure':<46}{'median':>10}{'limit':>10}{'ratio':>8}  runs")
    for figure in figures:
        median = statistics.median(figure.values)
        ratio = median / figure.limit
        runs = " ".join(f"{value:.2f}" for value in figure.values)
        print(f"{figure.name:<46}{median:>10.2f}{figure.limit:>10.2f}{ratio:>8.2f}  {runs}")
    print(f"\n{faces.report(faces.measured(Settings.from_env()))}")


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
