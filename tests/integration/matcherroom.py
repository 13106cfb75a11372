"""For tests: a matcher with real models and database, and the desk's side of it, which hands photos over and signs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from prepared import migrated
from sqlalchemy import func, select

from services.matcher import worker
from services.matcher.models import Probe, Template, db
from services.matcher.packs import FacePack
from shared import messages as m
from shared.blobs import hand_over
from shared.config import Settings
from shared.envelope import parse, unseal
from shared.grants import EnrolmentGrant, SearchGrant, issue
from shared.keys import load_gate_key, load_room_keys, random_id
from shared.photos import clean

PORTRAITS = Path(__file__).parents[1] / "data" / "portraits"


def portrait(name: str) -> bytes:
    return clean((PORTRAITS / f"{name}.jpg").read_bytes()).data


def side_by_side(*names: str) -> bytes:
    """One picture of several people, 400 pixels each."""
    people = [cv2.resize(cv2.imread(str(PORTRAITS / f"{name}.jpg")), (400, 500)) for name in names]
    return clean(cv2.imencode(".jpg", np.hstack(people))[1].tobytes()).data


def grey() -> bytes:
    return clean(cv2.imencode(".jpg", np.full((300, 300, 3), 128, np.uint8))[1].tobytes()).data


@dataclass
class Matcher:
    """One worker of a matcher. `tell` gives it a message and returns what it answered."""

    settings: Settings
    pack: FacePack
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.app, self.tools = worker.open_worker(self.settings, self.pack)
        self.gate = load_gate_key(self.settings.home / "keys")
        self.review = load_room_keys(self.settings.home / "keys", "review")
        self.bus = self.tools.room.bus
        self.bus.clock = lambda: self.now

    def tell(self, message: m.Message) -> m.Message | None:
        with self.app.app_context():
            before = self._sent()
            with self.bus.work() as work:
                worker.bound(self.tools)[type(message)](message, work)
            answers = self._sent()[len(before) :]
            db.session.rollback()
        return unseal(parse(answers[0]), self.review) if answers else None

    def _sent(self) -> list[str]:
        rows = self.bus.outbox.rows
        return list(db.session.scalars(select(rows.c.envelope).order_by(rows.c.position)))

    def hand_over(self, photo: bytes) -> m.PhotoRef:
        return hand_over(self.tools.room.incoming, photo, media_type="image/jpeg", width=1, height=1)

    def to_enrol(self, photo: bytes, case_key: str = "case-a", photo_id: str = "", **grant: Any) -> m.PhotoToEnrol:
        ref = self.hand_over(photo)
        given = {"case_key": case_key, "photo_digest": ref.digest, "age_when_last_seen": 9.0, "issued_at": self.now}
        text = issue(EnrolmentGrant(**(given | grant)), self.gate)
        return m.PhotoToEnrol(photo_id or random_id(), ref, text, age_at_photo=8.0)

    def enrol(self, case_key: str, *photos: bytes) -> list[str]:
        """The outcome of each photo."""
        answer = self.tell(m.EnrolRequested(case_key, tuple(self.to_enrol(photo, case_key) for photo in photos)))
        assert isinstance(answer, m.EnrolCompleted)
        return [photo.outcome for photo in answer.photos]

    def to_search(self, photo: bytes, faces: Any = None, limit: int = 50, **grant: Any) -> m.SearchRequested:
        ref, search_id = self.hand_over(photo), random_id()
        given = {
            "search_id": search_id, "photo_digest": ref.digest, "purpose": "sighting_triage",
            "issued_at": self.now, "expires_at": self.now + timedelta(seconds=120),
        }  # fmt: skip
        text = issue(SearchGrant(**(given | grant)), self.gate)
        return m.SearchRequested(search_id, text, ref, faces, probe_age=14.0, limit=limit)

    def search(self, photo: bytes, **options: Any) -> m.SearchCompleted:
        answer = self.tell(self.to_search(photo, **options))
        assert isinstance(answer, m.SearchCompleted)
        return answer

    def found(self, photo: bytes, **options: Any) -> list[str]:
        """The case keys of the candidates, best first."""
        return [candidate.case_key for candidate in self.search(photo, **options).candidates]

    def count(self, table: type[Template] | type[Probe]) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(table)) or 0

    def in_transit(self) -> list[str]:
        return list(self.tools.room.incoming.names())


def open_matcher(settings: Settings, pack: FacePack) -> Iterator[Matcher]:
    """A matcher on an empty, migrated database."""
    migrated(settings, "matcher")
    yield Matcher(settings, pack)
