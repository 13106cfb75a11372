"""For measuring galleries: synthetic faces, and matcher's databases full of them."""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from flask import Flask
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from services.matcher.calibration import SFACE
from services.matcher.metric import plain, unit
from services.matcher.models import GalleryHead, Template, db
from services.matcher.packs import FacePack, Manifest, Network
from services.prepare import migrate_room
from shared.config import Settings
from shared.db import open_database
from shared.faces import Face
from shared.grants import EnrolmentGrant, issue
from shared.keys import create_keys, load_gate_key
from shared.routes import ROOMS

DIMENSION = 128
PHOTOS = 3
SAME = 0.6
"""Mean inner product of two photos of one person; of two people it is 0, with a spread of 0.09."""
METRIC = plain((DIMENSION,))
DIGEST = "d" * 64
AT_A_TIME = 10_000
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@dataclass(frozen=True)
class People:
    """`gallery` (n, d): PHOTOS photos of each person in a row; `probes`: one more photo of some of them."""

    gallery: np.ndarray
    probes: np.ndarray


def people(count: int, probes: int = 100, seed: int = 7, dimension: int = DIMENSION) -> People:
    """Unit vectors of `count` photos, float32: each a person's centre and noise of every photo's own."""
    random = np.random.default_rng(seed)
    centres = unit(random.standard_normal((-(-count // PHOTOS), dimension), dtype=np.float32))
    gallery = np.repeat(centres, PHOTOS, axis=0)[:count]
    some = centres[random.choice(len(centres), probes)]
    for rows in (gallery, some):
        for start in range(0, len(rows), AT_A_TIME):
            part = rows[start : start + AT_A_TIME]
            noise = random.standard_normal(part.shape, dtype=np.float32)
            part += np.sqrt((1 / SAME - 1) / dimension) * noise
            part /= np.linalg.norm(part, axis=1, keepdims=True)
    return People(gallery, some)


class StubPack:
    """A pack whose detector finds one face in the middle of anything, and whose network answers `next`."""

    def __init__(self) -> None:
        self.next = np.zeros(DIMENSION, np.float32)
        points = np.asarray([[38, 52], [74, 52], [56, 72], [42, 92], [71, 92]], np.float32)
        face = Face((0.2, 0.2, 0.6, 0.6), points, 0.9)
        manifest = Manifest("bench", "none", (Network("bench", DIMENSION),), SFACE)
        self.pack = FacePack(manifest, "1", lambda bgr: [face], (self._forward,))

    def _forward(self, crops: np.ndarray) -> np.ndarray:
        return np.repeat(self.next[None], len(crops), axis=0)


def settings_in(folder: Path) -> Settings:
    create_keys(folder / "keys", ROOMS)
    return Settings.from_env({"HOMEWARD_HOME": str(folder)})


def filled(settings: Settings, vectors: np.ndarray, told: Callable[[str], None]) -> Settings:
    """A matcher's database with a template of each vector, each case under a grant that the gate signed."""
    migrate_room(settings, "matcher")
    app = Flask("bench")
    open_database(app, db, settings.database_url("matcher"))
    begun = time.monotonic()
    with app.app_context(), Session(db.engine) as session:
        if db.engine.dialect.name == "sqlite":
            session.connection(execution_options={"writes": True})
        rows = _rows(settings, vectors)
        while part := list(itertools.islice(rows, AT_A_TIME)):
            session.connection().execute(insert(Template.__table__), part)
        _set_head(session, len(vectors))
        session.commit()
    with app.app_context():
        db.engine.dispose()
    told(f"{len(vectors):,} templates written in {time.monotonic() - begun:.0f} s")
    return settings


def _set_head(session: Session, seq: int) -> None:
    if not session.execute(update(GalleryHead).values(seq=seq)).rowcount:  # type: ignore[attr-defined]
        session.execute(insert(GalleryHead).values(id=1, seq=seq))


def _rows(settings: Settings, vectors: np.ndarray) -> Iterator[dict[str, object]]:
    gate = load_gate_key(settings.home / "keys")
    for number, vector in enumerate(vectors):
        case = case_key(number)
        if number % PHOTOS == 0:
            grant = issue(EnrolmentGrant(case, DIGEST, 9.0, NOW), gate)
        yield {
            "id": f"t{number:025}", "seq": number + 1, "case_key": case, "photo_id": f"p{number:025}",
            "pack": "bench", "pack_version": "1", "vector": vector, "age_at_photo": 8.5, "quality": 50.0,
            "grant": grant, "photo_digest": DIGEST, "enrolled_at": NOW,
        }  # fmt: skip


def case_key(number: int) -> str:
    """The key of the case that row `number` belongs to, as long as real ones; in no order."""
    person = number // PHOTOS
    return f"{(person * 2654435761) % 2**32:010}{person:016}"


def times_ms(act: Callable[[np.ndarray], object], probes: Sequence[np.ndarray] | np.ndarray) -> np.ndarray:
    """How long `act` took for each probe, in ms."""
    taken = []
    for probe in probes:
        begun = time.perf_counter()
        act(probe)
        taken.append(1000 * (time.perf_counter() - begun))
    return np.asarray(taken)


def on_postgres(settings: Settings, url: str) -> Settings:
    return replace(settings, matcher_database_url=url)
