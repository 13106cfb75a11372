"""Unfinished reports, kept so that only their tracking code opens them: made, read, saved, sent away, swept."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from services.ingest import drawer, tracking, uploads
from services.ingest.draftkey import DraftKey
from services.ingest.models import Draft as Row
from services.ingest.models import KeptPhoto, db
from services.ingest.tracking import new_code
from shared.bus import Work
from shared.errors import SealBroken
from shared.room import Room

Fields = Mapping[str, str]


@dataclass(frozen=True)
class Draft:
    """What was written so far: by step, the fields' texts. `revision` counts the saves, `revisions` those of a step."""

    steps: Mapping[str, Fields]
    revisions: Mapping[str, int]
    revision: int
    expires_at: datetime
    salt: bytes

    @property
    def written(self) -> dict[str, str]:
        """All fields of all steps."""
        return {name: text for fields in self.steps.values() for name, text in fields.items()}

    def revision_of(self, step: str) -> int:
        return self.revisions.get(step, 0)


class Gone(Exception):
    """The draft is not there any more: sent, or expired."""


def start(step: str, fields: Fields, room: Room) -> DraftKey:
    """Keeps the first step of a report under a new code, and returns its key."""
    code, salt = new_code(), tracking.new_salt()
    key = DraftKey.of(code, salt)
    with room.bus.work() as work:
        draft = Draft({step: dict(fields)}, {step: 1}, 1, _expiry(work, room), salt)
        work.session.add(
            Row(id=key.id, salt=salt, body=key.seal(_pack(draft)), revision=1, expires_at=draft.expires_at)
        )
    return key


def load(key: DraftKey, room: Room) -> Draft | None:
    """The draft of this key; None if it was sent, has expired, or does not open."""
    row = db.session.get(Row, key.id, populate_existing=True)
    found = _unpack(row, key) if row and row.expires_at > room.clock() else None
    db.session.rollback()
    return found


def save(key: DraftKey, step: str, change: Callable[[Draft], Fields | None], room: Room) -> Draft:
    """Saves what `change` makes of the draft as it stands now (None: leave it), in one transaction. Raises Gone."""
    with room.bus.work() as work:
        row = work.session.scalar(select(Row).where(Row.id == key.id).with_for_update())
        draft = _unpack(row, key) if row and row.expires_at > work.now else None
        if row is None or draft is None:
            raise Gone
        fields = change(draft)
        if fields is None:
            return draft
        saved = _with(draft, step, fields, _expiry(work, room))
        row.body, row.revision, row.expires_at = key.seal(_pack(saved)), saved.revision, saved.expires_at
        photos = update(KeptPhoto).where(KeptPhoto.form_id == key.id)
        work.session.execute(photos.values(expires_at=saved.expires_at))
    return saved


def by_code(code: str, room: Room) -> DraftKey | None:
    """The key of the draft under this code (in its written form), if there is one."""
    row = db.session.get(Row, tracking.lookup_hash(code), populate_existing=True)
    salt = row.salt if row and row.expires_at > room.clock() else None
    db.session.rollback()
    return DraftKey.of(code, salt) if salt else None


def clear(key: DraftKey, work: Work, room: Room) -> None:
    """Takes a draft, its photos and its half uploads away, within a work."""
    drawer.empty(key, work, room)
    uploads.clear(key, work, room)
    work.session.execute(delete(Row).where(Row.id == key.id))


def sweep(room: Room) -> None:
    """Takes expired drafts away; the drawer and the uploads sweep their own."""
    with room.bus.work() as work:
        work.session.execute(delete(Row).where(Row.expires_at <= work.now))


def lifetime(room: Room) -> timedelta:
    return timedelta(days=room.settings.draft_days)


def _expiry(work: Work, room: Room) -> datetime:
    return work.now + lifetime(room)


def _with(draft: Draft, step: str, fields: Fields, expires_at: datetime) -> Draft:
    steps, revisions = dict(draft.steps) | {step: dict(fields)}, dict(draft.revisions)
    revisions[step] = draft.revision_of(step) + 1
    return replace(draft, steps=steps, revisions=revisions, revision=draft.revision + 1, expires_at=expires_at)


def _pack(draft: Draft) -> bytes:
    return json.dumps({"steps": draft.steps, "revisions": draft.revisions}).encode()


def _unpack(row: Row, key: DraftKey) -> Draft | None:
    try:
        body = json.loads(key.open(row.body))
    except SealBroken:
        return None
    return Draft(body["steps"], body["revisions"], row.revision, row.expires_at, row.salt)
