"""Photos of a form that is not sent yet, kept for a day under a key that only the form itself carries."""

import functools
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select

from services.ingest.forms import FormKey
from services.ingest.intake import Accepted
from services.ingest.models import KeptPhoto
from services.ingest.tools import Tools
from shared.bus import Work
from shared.errors import BlobMissing, SealBroken
from shared.keys import decrypt, encrypt, random_id

KEPT_FOR = timedelta(days=1)


def keep(form: FormKey, photo: Accepted, tools: Tools) -> str:
    """Puts a photo at the end of the form's drawer; returns its id."""
    id_ = random_id()
    with tools.room.bus.work() as work:
        _sweep(work, tools)
        last = work.session.scalar(select(func.max(KeptPhoto.position)).where(KeptPhoto.form_id == form.id))
        work.session.add(KeptPhoto(id=id_, form_id=form.id, position=(last or 0) + 1, expires_at=work.now + KEPT_FOR))
    # After the row: a kill in between leaves a row without a photo, never a photo that nothing would sweep.
    tools.room.blobs.put(_name(id_), encrypt(form.photo_key, photo.pack(), id_))
    return id_


def look(form: FormKey, tools: Tools) -> dict[str, Accepted]:
    """The form's photos by id, in the order they came. What has expired or cannot be opened is not there."""
    return {id_: photo for id_ in ids(form, tools) if (photo := _open(form, id_, tools))}


def ids(form: FormKey, tools: Tools) -> list[str]:
    """The ids of the form's photos, in the order they came."""
    with tools.room.bus.work() as work:
        fresh = select(KeptPhoto.id).where(KeptPhoto.form_id == form.id, KeptPhoto.expires_at > work.now)
        return list(work.session.scalars(fresh.order_by(KeptPhoto.position)))


def discard(form: FormKey, which: list[str], tools: Tools) -> None:
    """Takes photos out of the form's drawer."""
    with tools.room.bus.work() as work:
        _remove(work, tools, KeptPhoto.form_id == form.id, KeptPhoto.id.in_(which))


def empty(form: FormKey, work: Work, tools: Tools) -> None:
    """Empties the form's drawer within a work: once the report is sent, nothing of the form stays."""
    _remove(work, tools, KeptPhoto.form_id == form.id)


def sweep(tools: Tools) -> None:
    """Throws away what is older than a day."""
    with tools.room.bus.work() as work:
        _sweep(work, tools)


def _sweep(work: Work, tools: Tools) -> None:
    _remove(work, tools, KeptPhoto.expires_at <= work.now)


def _remove(work: Work, tools: Tools, *which: ColumnElement[bool]) -> None:
    gone = work.session.scalars(select(KeptPhoto.id).where(*which)).all()
    work.session.execute(delete(KeptPhoto).where(KeptPhoto.id.in_(gone)))
    for id_ in gone:
        work.after_commit(functools.partial(tools.room.blobs.delete, _name(id_)))


def _open(form: FormKey, id_: str, tools: Tools) -> Accepted | None:
    try:
        return Accepted.unpack(decrypt(form.photo_key, tools.room.blobs.get(_name(id_)), id_))
    except (BlobMissing, SealBroken):
        return None


def _name(id_: str) -> str:
    return f"kept/{id_}"
