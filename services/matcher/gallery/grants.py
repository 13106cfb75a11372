"""Verifies the grants of templates that are about to be answered, or wait to be (docs/decisions/0023)."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.matcher.gallery import admitted
from services.matcher.models import Template
from shared.keys import Directory

AT_A_TIME = 500
"""SQLite takes no more than some thousand values in one question."""


def holding(session: Session, directory: Directory, wanted: Mapping[int, tuple[bytes, bytes]]) -> set[int]:
    """Which rows still stand in the table, under exactly these keys, with a grant that holds.

    `wanted`: sequence numbers, each with the case key and photo id that a cache has of it.
    """
    numbers = list(wanted)
    good: set[int] = set()
    for start in range(0, len(numbers), AT_A_TIME):
        rows = session.execute(
            select(
                Template.seq, Template.id, Template.case_key, Template.photo_id, Template.photo_digest, Template.grant
            ).where(Template.seq.in_(numbers[start : start + AT_A_TIME]))
        )
        good |= {
            row.seq
            for row in rows
            if (row.case_key.encode(), row.photo_id.encode()) == wanted[row.seq]
            and admitted(directory, row.id, row.grant, row.case_key, row.photo_digest)
        }
    return good
