"""Photos on their way: what of one has arrived is kept until the rest comes, and only its draft or form opens it."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select, update

from services.ingest.drawer import KEPT_FOR, Owner
from services.ingest.models import Upload, db
from shared.bus import Work
from shared.errors import HomewardError
from shared.keys import decrypt, encrypt, random_id
from shared.photos import MAX_BYTES
from shared.room import Room

MOST = 10
"""Photos on their way at a time, for one draft or form."""
MOST_PIECES = 2_000
"""A photo comes in some dozens; who sends single bytes is stopped."""


class UploadError(HomewardError):
    """This upload cannot go on. `code` is one of unknown, too_large, too_many, wrong_offset."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Progress:
    """How many bytes of `length` have arrived, in how many pieces that are still here."""

    id: str
    length: int
    received: int
    pieces: int

    @property
    def ripe(self) -> bool:
        """All is here, and no photo was made of it yet."""
        return self.received == self.length and self.pieces > 0


def begin(key: Owner, length: int, room: Room) -> Progress:
    """Makes room for a photo of `length` bytes. Raises UploadError."""
    if not 0 < length <= MAX_BYTES:
        raise UploadError("too_large")
    upload = Progress(random_id(), length, 0, 0)
    with room.bus.work() as work:
        _remove(work, room, Upload.expires_at <= work.now)
        running = select(func.count()).where(Upload.form_id == key.id, Upload.received < Upload.length)
        if (work.session.scalar(running) or 0) >= MOST:
            raise UploadError("too_many")
        until = work.now + KEPT_FOR
        work.session.add(Upload(id=upload.id, form_id=key.id, length=length, received=0, pieces=0, expires_at=until))
    return upload


def progress(key: Owner, id_: str, room: Room) -> Progress:
    """How far it is. Raises UploadError for an upload that is unknown, expired, or another's."""
    row = db.session.get(Upload, id_, populate_existing=True)
    found = row and row.form_id == key.id and row.expires_at > room.clock()
    here = Progress(row.id, row.length, row.received, row.pieces) if row and found else None
    db.session.rollback()
    if here is None:
        raise UploadError("unknown")
    return here


def add(key: Owner, id_: str, offset: int, pieces: Iterable[bytes], room: Room) -> Progress:
    """Keeps the pieces as they come, beginning at `offset`: a line that breaks loses one piece at most. Raises
    UploadError."""
    here = progress(key, id_, room)
    if offset != here.received:
        raise UploadError("wrong_offset")
    for piece in pieces:
        here = _keep(key, here, piece, room)
    return here


def whole(key: Owner, upload: Progress, room: Room) -> bytes:
    """All of a photo that has arrived. Raises BlobMissing or SealBroken where a piece is lost or was changed."""
    names = [_name(upload.id, number) for number in range(upload.pieces)]
    return b"".join(decrypt(key.photo_key, room.blobs.get(name), name) for name in names)


def settle(key: Owner, upload: Progress, room: Room) -> None:
    """Its photo was made: the pieces go, that it arrived stays known to whoever asks again after a broken line."""
    with room.bus.work() as work:
        work.session.execute(update(Upload).where(Upload.id == upload.id, Upload.form_id == key.id).values(pieces=0))
        _drop(work, room, upload.id, upload.pieces)


def end(key: Owner, id_: str, room: Room) -> None:
    """Forgets an upload: it was called off, or is no photo."""
    with room.bus.work() as work:
        _remove(work, room, Upload.id == id_, Upload.form_id == key.id)


def clear(key: Owner, work: Work, room: Room) -> None:
    """Forgets all uploads of a draft or form, within a work."""
    _remove(work, room, Upload.form_id == key.id)


def sweep(room: Room) -> None:
    """Forgets what was left half-way for a day."""
    with room.bus.work() as work:
        _remove(work, room, Upload.expires_at <= work.now)


def _keep(key: Owner, here: Progress, piece: bytes, room: Room) -> Progress:
    """One piece more. Of two that come at the same offset one wins, and the other is told so."""
    received = here.received + len(piece)
    if received > here.length or here.pieces >= MOST_PIECES:
        raise UploadError("too_large")
    with room.bus.work() as work:
        mine = update(Upload).where(Upload.id == here.id, Upload.received == here.received)
        if not work.session.execute(mine.values(received=received, pieces=here.pieces + 1)).rowcount:
            raise UploadError("wrong_offset")
        name = _name(here.id, here.pieces)
        room.blobs.put(name, encrypt(key.photo_key, piece, name))
    return Progress(here.id, here.length, received, here.pieces + 1)


def _remove(work: Work, room: Room, *which: ColumnElement[bool]) -> None:
    gone = work.session.execute(select(Upload.id, Upload.pieces).where(*which)).all()
    work.session.execute(delete(Upload).where(Upload.id.in_([id_ for id_, _ in gone])))
    for id_, pieces in gone:
        _drop(work, room, id_, pieces)


def _drop(work: Work, room: Room, id_: str, pieces: int) -> None:
    """One piece more than are counted: a kill may have left the last without its count."""
    for number in range(pieces + 1):
        work.after_commit(functools.partial(room.blobs.delete, _name(id_, number)))


def _name(id_: str, number: int) -> str:
    return f"uploads/{id_}/{number}"
