"""The HNSW indexes over projections in PostgreSQL: one for each pack, version and metric, made once there are many."""

import hashlib
import logging
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine, String, literal, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session

from services.matcher.metric import Metric
from services.matcher.models import Projection
from services.matcher.packs import FacePack

log = logging.getLogger("homeward.gallery")

INDEXED_FROM = 20_000
"""Projections from which an index is made. Below, comparing them all takes a few milliseconds and is exact."""
M = 24
EF_CONSTRUCTION = 128
BUILD_MEMORY = "1GB"

_VALID = text("SELECT coalesce((SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)), false)")
_MANY = "SELECT count(*) FROM (SELECT 1 FROM projections WHERE {where} LIMIT {limit}) AS counted"
_MAKE = """
    CREATE INDEX CONCURRENTLY {name} ON projections USING hnsw ((vector::halfvec({dimension})) halfvec_ip_ops)
    WITH (m = {m}, ef_construction = {ef}) WHERE {where}
"""


def partition(pack: FacePack, metric: str) -> list[tuple[Any, str]]:
    """The columns, each with its value, that tell this pack's and metric's projections from all others."""
    return [
        (Projection.metric, metric),
        (Projection.pack, pack.name),
        (Projection.pack_version, pack.version),
    ]


def name_of(pack: FacePack, metric: str) -> str:
    return f"{_prefix(pack)}{_short(metric)}"


def _prefix(pack: FacePack) -> str:
    return f"hnsw_{_short(pack.name, pack.version)}_"


def _short(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]


def ready(session: Session | Connection, pack: FacePack, metric: str) -> bool:
    """Whether there is a whole index."""
    return bool(session.execute(_VALID, {"name": name_of(pack, metric)}).scalar_one())


def make(engine: Any, pack: FacePack, metric: Metric) -> bool:
    """Makes the index if there is none and there are many projections; searches and enrolments go on meanwhile.

    One worker makes it. What is left of one that was broken off is dropped first. Returns whether there is one.
    """
    with _apart(engine) as connection:
        if ready(connection, pack, metric.version):
            return True
        where = _where(pack, metric.version)
        many = connection.exec_driver_sql(_MANY.format(where=where, limit=INDEXED_FROM)).scalar_one()
        name = name_of(pack, metric.version)
        if many < INDEXED_FROM or not _first(connection, name):
            return False
        log.info("making the index %s over the metric %s", name, metric.version)
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
        connection.exec_driver_sql(f"SET maintenance_work_mem = '{BUILD_MEMORY}'")
        connection.exec_driver_sql(
            _MAKE.format(name=name, dimension=metric.dimension, m=M, ef=EF_CONSTRUCTION, where=where)
        )
        log.info("the index %s is ready", name)
        return True


def drop_others(engine: Any, pack: FacePack, kept: Iterable[str]) -> None:
    """Drops the pack's indexes of metrics that are not `kept`."""
    names = {name_of(pack, metric) for metric in kept}
    mine = text("SELECT indexname FROM pg_indexes WHERE tablename = 'projections' AND starts_with(indexname, :prefix)")
    with _apart(engine) as connection:
        for name in connection.scalars(mine, {"prefix": _prefix(pack)}).all():
            if name not in names:
                connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def drop_unused(engine: Any, packs: Iterable[FacePack]) -> None:
    """Drops the indexes of all packs but these."""
    mine = tuple(_prefix(pack) for pack in packs)
    every = text("SELECT indexname FROM pg_indexes WHERE tablename = 'projections' AND starts_with(indexname, 'hnsw_')")
    with _apart(engine) as connection:
        for name in connection.scalars(every).all():
            if not name.startswith(mine):
                connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def _apart(engine: Engine) -> Connection:
    """A connection outside of any transaction that does not go back to the pool: it holds settings and locks."""
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.detach()
    return connection


def _first(connection: Connection, name: str) -> bool:
    """Whether no other worker is making it: a lock that ends with the connection."""
    return bool(
        connection.execute(text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))"), {"name": name}).scalar_one()
    )


def _where(pack: FacePack, metric: str) -> str:
    return " AND ".join(f"{column.key} = {_quoted(word)}" for column, word in partition(pack, metric))


def _quoted(word: str) -> str:
    compiled = literal(word, String).compile(dialect=PGDialect_psycopg(), compile_kwargs={"literal_binds": True})
    return str(compiled).replace("%%", "%")
