"""The record of a period, to be taken elsewhere: as CSV for people, as JSON lines of a list for programs.

Each row comes with what its hash covers (the text's ciphertext as a digest), so that the chain can be checked anew
without the desk. The words are those that the reader may read; erased ones are gone.
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy.orm import Session

from services.review import audit
from services.review.audit_models import AuditRow

PAGE = 500
COLUMNS = (
    "seq", "at", "actor", "actor_name", "origin", "act", "refused", "subject_kind", "subject_id", "text", "text_state",
    "text_sha256", "sealed_to", "previous", "hash", "signature",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Told = tuple[str | None, str]
"""A row's words, and whether they are `readable`, `erased` or `hidden` from this reader."""


def rows(
    session: Session, wanted: audit.Wanted, names: dict[str, str], tell: Callable[[AuditRow], Told]
) -> Iterator[dict[str, Any]]:
    """The wanted rows, oldest first, each as plain values by the names of `COLUMNS`."""
    after = 0
    while page := audit.in_order(session, after, PAGE, wanted):
        yield from (_plain(row, names, tell) for row in page)
        after = page[-1].seq


def _plain(row: AuditRow, names: dict[str, str], tell: Callable[[AuditRow], Told]) -> dict[str, Any]:
    text, state = tell(row)
    return {
        "seq": row.seq, "at": row.at.isoformat(), "actor": row.actor, "actor_name": names.get(row.actor),
        "origin": row.origin, "act": row.act, "refused": row.refused, "subject_kind": row.subject_kind,
        "subject_id": row.subject_id, "text": text, "text_state": state,
        "text_sha256": hashlib.sha256(row.text).hexdigest(), "sealed_to": row.sealed_to, "previous": row.previous,
        "hash": row.hash, "signature": row.signature,
    }  # fmt: skip


def as_csv(found: Iterator[dict[str, Any]]) -> Iterator[str]:
    """UTF-8 CSV with a header. What a spreadsheet would take for a formula gets an apostrophe in front."""
    yield _line(COLUMNS)
    for row in found:
        yield _line([_safe(row[column]) for column in COLUMNS])


def as_json(found: Iterator[dict[str, Any]]) -> Iterator[str]:
    """One JSON array, a row a line."""
    yield "["
    for number, row in enumerate(found):
        yield ("\n" if number == 0 else ",\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


WRITERS: dict[str, Callable[[Iterator[dict[str, Any]]], Iterator[str]]] = {"csv": as_csv, "json": as_json}


def _safe(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: Any) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
