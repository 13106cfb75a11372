"""Photos of a form that is not sent yet, under a key that only the form's writer has: a form's for a day, a draft's as
long as the draft."""

import functools
from datetime import timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, delete, func, select

from services.ingest.intake import Accepted
from services.ingest.models import KeptPhoto
from shared.bus import Work
from shared.errors import BlobMissing, SealBroken
from shared.keys import decrypt, encrypt, random_id
from shared.room import Room

KEPT_FOR = timedelta(days=1)


class Owner(Protocol):
    """What photos are kept for: a form that lives in one page, or a draft."""

    @property
    def id(self) -> str: ...

    @property
    def photo_key(self) -> bytes: ...


def keep(form: Owner, photo: Accepted, room: Room, kept_for: timedelta = KEPT_FOR, id_: str = "") -> str:
    """Puts a photo at the end of the form's drawer; returns its id (`id_`, if one is given)."""
    id_ = id_ or random_id()
    with room.bus.work() as work:
        _sweep(work, room)
        last = work.session.scalar(select(func.max(KeptPhoto.position)).where(KeptPhoto.form_id == form.id))
        work.session.add(KeptPhoto(id=id_, form_id=form.id, position=(last or 0) + 1, expires_at=work.now + kept_for))
    # After the row: a kill in between leaves a row without a photo, never a photo that nothing would sweep.
    room.blobs.put(_name(id_), encrypt(form.photo_key, photo.pack(), id_))
    return id_


def look(form: Owner, room: Room) -> dict[str, Accepted]:
    """The form's photos by id, in the order they came. What has expired or cannot be opened is not there."""
    return {id_: photo for id_ in ids(form, room) if (photo := _open(form, id_, room))}


def ids(form: Owner, room: Room) -> list[str]:
    """The ids of the form's photos, in the order they came."""
    with room.bus.work() as work:
        fresh = select(KeptPhoto.id).where(KeptPhoto.form_id == form.id, KeptPhoto.expires_at > work.now)
        return list(work.session.scalars(fresh.order_by(KeptPhoto.position)))


def discard(form: Owner, which: list[str], room: Room) -> None:
    """Takes photos out of the form's drawer."""
    with room.bus.work() as work:
        _remove(work, room, KeptPhoto.form_id == form.id, KeptPhoto.id.in_(which))


def empty(form: Owner, work: Work, room: Room) -> None:
    """Empties the form's drawer within a work: once the report is sent, nothing of the form stays."""
    _remove(work, room, KeptPhoto.form_id == form.id)


def sweep(room: Room) -> None:
    """Throws away what is older than it may be."""
    with room.bus.work() as work:
        _sweep(work, room)


def _sweep(work: Work, room: Room) -> None:
    _remove(work, room, KeptPhoto.expires_at <= work.now)


def _remove(work: Work, room: Room, *which: ColumnElement[bool]) -> None:
    gone = work.session.scalars(select(KeptPhoto.id).where(*which)).all()
    work.session.execute(delete(KeptPhoto).where(KeptPhoto.id.in_(gone)))
    for id_ in gone:
        work.after_commit(functools.partial(room.blobs.delete, _name(id_)))


def _open(form: Owner, id_: str, room: Room) -> Accepted | None:
    try:
        return Accepted.unpack(decrypt(form.photo_key, room.blobs.get(_name(id_)), id_))
    except (BlobMissing, SealBroken):
        return None


def _name(id_: str) -> str:
    return f"kept/{id_}"
