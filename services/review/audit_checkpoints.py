"""Checkpoints: once a day how far the chain goes, signed, written outside the database: to a folder, and by e-mail.

Who can write to the database and has the room's key could make the whole chain anew; not so that it fits a checkpoint
that somebody else keeps.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review import mail
from services.review.audit_chain import Mark, said_by
from services.review.audit_models import AuditHead, Checkpoint
from services.review.tools import Tools
from shared.config import Settings
from shared.errors import ConfigError

EVERY = timedelta(days=1)
LOOKED_EVERY_S = 300.0
KIND = "homeward audit checkpoint"
log = logging.getLogger(__name__)


def daily(tools: Tools) -> None:
    """Makes the day's checkpoint, once the last one is a day old; for the worker's clock."""
    last = tools.room.bus.db.session.scalar(select(Checkpoint).order_by(Checkpoint.seq.desc()).limit(1))
    now = tools.room.clock()
    tools.room.bus.db.session.rollback()
    if last is None or now - last.at >= EVERY:
        make(tools)


def make(tools: Tools) -> Mark | None:
    """Makes a checkpoint of the chain as it is and writes it outside; None where nothing was recorded yet.

    The folder and the e-mail are tried even if one of them fails; the desk's log then says so.
    """
    mark = _kept(tools)
    if mark is None:
        return None
    for put in (_put_into_folder, _send):
        try:
            put(tools.room.settings, mark)
        except (OSError, ConfigError) as error:
            log.warning("the checkpoint of entry %s was not put outside: %s", mark.seq, type(error).__name__)
    return mark


def _kept(tools: Tools) -> Mark | None:
    with tools.room.bus.work() as work:
        head = work.session.scalar(select(AuditHead).where(AuditHead.id == 1).with_for_update())
        if head is None or head.seq == 0:
            return None
        known = work.session.get(Checkpoint, head.seq)
        if known:
            return Mark(known.seq, known.hash, known.at, known.signature)
        mark = Mark(head.seq, head.hash, work.now, "")
        mark = replace(mark, signature=tools.room.keys.sign(said_by(mark)))
        work.session.add(Checkpoint(seq=mark.seq, hash=mark.hash, at=mark.at, signature=mark.signature))
        return mark


def folder(settings: Settings) -> Path:
    """Where checkpoints are written: what is set, else `audit` in the state folder."""
    return Path(settings.audit_checkpoints).absolute() if settings.audit_checkpoints else settings.home / "audit"


def _put_into_folder(settings: Settings, mark: Mark) -> None:
    place = folder(settings)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = place / f"checkpoint-{mark.at:%Y-%m-%d}-{mark.seq:09d}.json"
    if not file.exists():
        draft = file.with_suffix(".new")
        draft.write_text(as_text(mark))
        draft.replace(file)


def _send(settings: Settings, mark: Mark) -> None:
    if settings.audit_mail:
        subject = f"Homeward: checkpoint of the record, entry {mark.seq}"
        mail.send(settings, settings.audit_mail, subject, as_text(mark))


def as_text(mark: Mark) -> str:
    """A checkpoint as it is kept outside."""
    told = {"kind": KIND, "seq": mark.seq, "hash": mark.hash, "at": mark.at.isoformat(), "signature": mark.signature}
    return json.dumps(told, indent=1) + "\n"


def read(text: str) -> Mark:
    """What `as_text` wrote, also out of an e-mail. Raises ConfigError."""
    start, end = text.find("{"), text.rfind("}")
    try:
        told = json.loads(text[start : end + 1])
        if told["kind"] != KIND:
            raise ValueError("another kind")
        at = datetime.fromisoformat(told["at"]).astimezone(UTC)
        return Mark(int(told["seq"]), str(told["hash"]), at, str(told["signature"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            "This is not a checkpoint of the record. Give a file that Homeward wrote or mailed."
        ) from error


def outside(settings: Settings) -> Iterator[Mark]:
    """The checkpoints in the folder. Raises ConfigError for one that cannot be read."""
    for file in sorted(folder(settings).glob("checkpoint-*.json")):
        yield read(file.read_text())


def latest(session: Session) -> Mark | None:
    """The newest checkpoint."""
    row = session.scalar(select(Checkpoint).order_by(Checkpoint.seq.desc()).limit(1))
    return Mark(row.seq, row.hash, row.at, row.signature) if row else None
