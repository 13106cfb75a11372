"""Reads the room's table into columns: a million templates are a matter of seconds, so rows never become objects."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, LargeBinary, Table, func, select, type_coerce
from sqlalchemy.orm import Session

from services.matcher.gallery.block import Columns
from services.matcher.gallery.projecting import projected, tell_left_out
from services.matcher.metric import Metric
from services.matcher.models import Template

log = logging.getLogger("homeward.gallery")

AT_A_TIME = 4096
TOLD_EVERY = 100_000


def newer(session: Session, mine: ColumnElement[bool], after: int, metric: Metric) -> Iterator[Columns]:
    """The templates with a number above `after`, projected, in parts. Says how far it is."""
    connection = session.connection()
    table: Table = Template.__table__
    vector: Any = table.c.vector
    if connection.dialect.name == "sqlite":
        vector = type_coerce(vector, LargeBinary)  # many at once are made into an array faster than one by one
    new = select(
        table.c.seq, table.c.case_key, table.c.photo_id, table.c.age_at_photo, table.c.quality, vector
    ).where(mine, table.c.seq > after)  # fmt: skip
    whole = connection.scalar(select(func.count(table.c.seq)).where(table.c.seq > after)) or 0
    read = told = 0
    with connection.execute(new.execution_options(yield_per=AT_A_TIME)) as result:
        for rows in result.partitions():
            yield _columns(list(zip(*rows, strict=True)), metric)
            read += len(rows)
            if read - told >= TOLD_EVERY:
                log.info("%d of at most %d templates loaded", read, whole)
                told = read


def _columns(given: Sequence[Any], metric: Metric) -> Columns:
    seq, case, photo, age, quality, vectors = given
    ages = np.asarray(age, np.float64)  # None becomes NaN
    good, exact = projected(vectors, ages, metric)
    rows = Columns(
        keys(case), keys(photo), np.asarray(seq, np.int64), ages, np.asarray(quality, np.float64),
        np.zeros(len(seq), np.bool_), np.zeros((len(seq), 0), np.float32),
    )  # fmt: skip
    if not good.all():
        tell_left_out(rows.seq[~good].tolist())
        rows = rows.chosen(good)
    rows.exact = exact
    return rows


def keys(words: Sequence[str]) -> np.ndarray:
    """Keys as an array of bytes, which takes a tenth of the room of as many texts."""
    try:
        return np.asarray(words, np.bytes_)
    except UnicodeEncodeError:
        return np.asarray([word.encode() for word in words], np.bytes_)
