"""Galleries of up to a million templates, in memory and in PostgreSQL, beside what they must hold to.

python -m bench.gallery [--templates NUMBER] [--postgres NUMBER]
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from bench import gallery_memory as memory
from bench.figures import Figure
from bench.gallery_postgres import Curve, curve
from bench.gallery_rooms import DIMENSION, METRIC, filled, people, settings_in
from services.matcher.manifests import MANIFESTS
from services.matcher.models import db

WHOLE = 1_000_000
IN_POSTGRES = 100_000
WIDE = 2 + MANIFESTS["sface+mobilefacenet+dlib"].dimension
"""Numbers in a projection of the widest pack that needs no licence accepted."""


def figures(size: int = WHOLE, in_postgres: int | None = None) -> Iterator[Figure]:
    """Everything measured with `size` templates, as it is known; what is no single figure is told on standard error."""
    faces = people(size)
    told(f"{size:,} templates of {DIMENSION} numbers, the {METRIC.version} metric makes them {METRIC.dimension}")
    yield from _beside_faiss(faces.gallery, faces.probes, size)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = filled(settings_in(Path(folder)), faces.gallery, told)
        started = memory.start_from_disk(settings)
        told(f"of the start's {started['seconds']:.1f} s a processor worked {started['busy']:.1f} s")
        yield Figure(f"start from disk, {size:,} templates (s)", (started["seconds"],), 20 * size / WHOLE)
        yield Figure(f"memory of a template of {DIMENSION} numbers (bytes)", (started["bytes"],), 1200)
        yield Figure("the same, peak while loading (bytes)", (started["peak"],), 1200)
        desk = memory.Desk(settings)
        try:
            yield from _through_the_handler(desk, faces.gallery, faces.probes, size)
        finally:
            desk.stop()
    wide = people(size // 4, dimension=WIDE)
    what = f"{len(wide.gallery):,} of {WIDE} numbers"
    yield from _compared(what, memory.beside(memory.searching(wide.gallery), wide.gallery, wide.probes))
    yield from _in_postgres(in_postgres or min(IN_POSTGRES, size))


def _beside_faiss(gallery: np.ndarray, probes: np.ndarray, size: int) -> Iterator[Figure]:
    taken = memory.growth(gallery, probes, sorted({size // 100, size // 10, size}))
    for count, values in taken.items():
        told(f"memory, {count:>10,} templates: {_spread(values)}")
    for name, of in (("p50", np.median), ("least", np.min)):
        slope, base = np.polyfit(list(taken), [float(of(values)) for values in taken.values()], 1)
        line = f"{base:.2f} ms + {slope * 1e6:.2f} ms a million"
        told(f"memory, 10,000,000 templates: {name} {base + slope * 1e7:.2f} ms (by the line {line})")
    yield from _compared("scan and re-ranking", memory.beside(memory.searching(gallery), gallery, probes))


def _compared(what: str, taken: dict[str, np.ndarray]) -> Iterator[Figure]:
    for name, values in taken.items():
        told(f"{what}, {name}: {_spread(values)}")
    ours = (float(np.median(taken["ours"])),)
    yield Figure(f"memory, {what} p50, by FAISS alone (ms)", ours, 1.3 * float(np.median(taken["faiss"])))
    yield Figure(f"memory, {what} p50, by reading once (ms)", ours, 2.5 * float(np.median(taken["reading"])))


def _spread(taken: np.ndarray) -> str:
    return f"p50 {np.median(taken):.2f} ms, p95 {np.percentile(taken, 95):.2f} ms, least {taken.min():.2f} ms"


def _through_the_handler(desk: memory.Desk, gallery: np.ndarray, probes: np.ndarray, size: int) -> Iterator[Figure]:
    desk.job_ms(probes[0])
    for what, some in (("not yet verified", probes[1:]), ("verified", probes)):
        taken = np.asarray([desk.job_ms(probe) for probe in some])
        told(f"job to SearchCompleted, grants {what}: {_spread(taken[:, 0])}; processor {_spread(taken[:, 1])}")
        yield memory.p95(f"job to SearchCompleted p95, grants {what} (ms)", taken[:, 0], 300)
    with desk.app.app_context():
        yield from _compared("whole search", memory.beside(desk.search, gallery, probes))
        recall = memory.recall_at_50(desk.gallery, gallery, probes[:50], db.session())
    yield Figure("memory, missed of exact float32's best 50 cases (%)", (100 * (1 - recall),), 0.1)


def _in_postgres(count: int) -> Iterator[Figure]:
    faces = people(count)
    seen: Curve = curve(faces.gallery, faces.probes, told)
    told(f"pgvector, {count:,} templates: exact without an index {seen.exact_ms:.1f} ms")
    for width, (recall, p50, p95) in seen.points.items():
        told(f"pgvector, the nearest {width:>4}: recall@50 {recall:.4f}, p50 {p50:6.2f} ms, p95 {p95:6.2f} ms")
    recall, p50, p95 = seen.search
    told(f"pgvector, the whole Gallery.search: recall@50 {recall:.4f}, p50 {p50:.2f} ms, p95 {p95:.2f} ms")
    yield Figure(f"pgvector, missed of the best 50 of {count:,} (%)", (100 * (1 - recall),), 2)


def told(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def report(rows: Iterable[Figure]) -> str:
    """The table that `make bench` prints: each figure beside what it must hold to."""
    lines = [f"{'gallery':<70}{'measured':>10}{'limit':>10}{'ratio':>8}"]
    for figure in rows:
        middle = float(np.median(figure.values))
        told(f"{figure.name}: {middle:.2f}")
        lines.append(f"{figure.name:<70}{middle:>10.2f}{figure.limit:>10.2f}{middle / figure.limit:>8.2f}")
    return "\n".join(lines)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--templates", type=int, default=WHOLE, help="how many templates; a million take some minutes")
    asked.add_argument(
        "--postgres", type=int, help=f"how many of them in PostgreSQL, {IN_POSTGRES:,} at most if not said"
    )
    options = asked.parse_args()
    begun = time.monotonic()
    table = report(figures(options.templates, options.postgres))
    told(f"{time.monotonic() - begun:.0f} s in all")
    print(f"\n{table}")


if __name__ == "__main__":
    main()
