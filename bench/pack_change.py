"""How long a change to another model pack takes, and what searches feel of it: `python -m bench.pack_change [CASES]`.

A stack of its own with so many registered cases of one photograph each, changed from the default pack to another.
"""

import secrets
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask
from nacl.public import PrivateKey
from sqlalchemy import ColumnElement, func, select

from bench.stacks import running, settings_in
from services.demo import cast
from services.demo.doors import Officer, Public
from services.demo.play import officers
from services.ingest.models import Receipt
from services.ingest.models import db as ingest_db
from services.matcher import changeover
from services.matcher.models import db as matcher_db
from services.operating import desk
from services.review.candidates.models import Search
from services.review.cases.renewal import progress
from services.review.photo_models import Photo
from shared.blobs import hand_over
from shared.config import Settings
from shared.db import open_database
from shared.keys import b64, random_id
from shared.messages import Child, LastSeen, Reporter, ReportPhoto, ReportSubmitted
from shared.photos import clean
from shared.room import open_room

CASES = 1000
BEFORE, AFTER = "opencv-zoo", "mobilefacenet"
SEARCH_EVERY_S = 5.0
PATIENCE_S = 120.0
CHILD, SIGHTED = "person_a_1", "impostor_1"


@dataclass
class Bench:
    settings: Settings

    def __post_init__(self) -> None:
        self.public = Public(self.settings.public_url("ingest"))
        name, password = next(iter(officers(self.settings).items()))
        self.officer = Officer(self.settings.public_url("review"), name, password)

    def register(self, cases: int) -> None:
        """So many cases, all of them enrolled."""
        _report(self.settings, cases)
        registered = 0
        while registered < cases:
            for case in self.officer.get("/api/v1/cases", state="submitted")["cases"]:
                self.officer.act("cases", case["id"], "start")
                self.officer.act("cases", case["id"], "verify", **cast.CHECKS)
                self.officer.act("cases", case["id"], "register")
                registered += 1
        while _count(self.settings, Photo.outcome.is_not(None)) < cases:
            time.sleep(0.5)

    def search(self) -> float:
        """Seconds from a sighting to the matcher's answer on the desk. Whom it finds is not looked at: a gallery of one
        face many times over teaches it that strangers are alike. Raises RuntimeError if there is no answer."""
        before, begun = _count(self.settings, Search.answered_at.is_not(None)), time.monotonic()
        self.public.submit("sighting", cast.sighting("Bench."), [cast.portrait(SIGHTED)])
        while _count(self.settings, Search.answered_at.is_not(None)) == before:
            if time.monotonic() - begun > PATIENCE_S:
                raise RuntimeError("the search was not answered")
            time.sleep(0.02)
        return time.monotonic() - begun


def _report(settings: Settings, cases: int) -> None:
    """Sends the desk so many reports, past the door, which takes a second for each."""
    app, now = Flask("bench"), datetime.now(UTC)
    open_database(app, ingest_db, settings.database_url("ingest"))
    room = open_room("ingest", ingest_db, settings)
    family = b64(bytes(PrivateKey.generate().public_key))
    photo = clean(cast.portrait(CHILD).read_bytes())
    with app.app_context():
        for _ in range(cases):
            ref = hand_over(room.outgoing("review"), photo.data, media_type=photo.media_type, width=photo.width,
                            height=photo.height)  # fmt: skip
            report = ReportSubmitted(
                random_id(), family, Child("Bench Exempel", date(2012, 3, 2), "unknown"),
                LastSeen(datetime(2018, 9, 14, 16, tzinfo=UTC), "Göteborg", 57.7, 11.95), Reporter("Nobody", "friend"),
                (ReportPhoto(ref, date(2018, 6, 1)),), "en", now,
            )  # fmt: skip
            with room.bus.work() as work:
                work.session.add(Receipt(
                    id=report.receipt_id, code_hash=secrets.token_hex(32), salt=secrets.token_bytes(16), kind="report",
                    status="received", language="en", submitted_at=now, changed_at=now,
                ))  # fmt: skip
                work.publish(report)


def _count(settings: Settings, which: ColumnElement[bool]) -> int:
    """How many rows there are at the desk."""
    with desk(settings) as tools:
        return int(tools.room.bus.db.session.scalar(select(func.count()).where(which)) or 0)


def searched_with(settings: Settings) -> changeover.Roles | None:
    app = Flask("bench")
    open_database(app, matcher_db, settings.database_url("matcher"))
    with app.app_context():
        return changeover.roles(matcher_db.session())


def answered(settings: Settings) -> tuple[str, int, int]:
    """The wanted pack, and how many of the cases were enrolled under it."""
    with desk(settings) as tools:
        told = progress(tools.room.bus.db.session(), tools.room.clock())
    return (told.pack.name, told.done, told.cases) if told else ("", 0, 0)


def wait_for_change(settings: Settings, bench: Bench, cases: int) -> tuple[float, list[float]]:
    """Seconds until the searches use the other pack, and those that each search took meanwhile."""
    begun = time.monotonic()
    searches: list[float] = []
    while (now := searched_with(settings)) is None or now.serving.name != AFTER:
        searches.append(bench.search())
        name, done, _ = answered(settings)
        print(
            f"{time.monotonic() - begun:6.0f} s: {done} of {cases} under {name or BEFORE}", file=sys.stderr, flush=True
        )
        time.sleep(SEARCH_EVERY_S)
    return time.monotonic() - begun, searches


def main(cases: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(settings_in(Path(folder)), model_pack=BEFORE)
        with running(settings):
            bench = Bench(settings)
            bench.register(cases)
            before = [bench.search() for _ in range(5)]
        changed = replace(settings, model_pack=AFTER)
        with running(changed):
            bench = Bench(changed)
            seconds, during = wait_for_change(changed, bench, cases)
            after = [bench.search() for _ in range(5)]
    print(f"{cases} cases from {BEFORE} to {AFTER}: {seconds:.0f} s, {cases / seconds:.1f} cases a second")
    for name, taken in (("before", before), ("during", during), ("after", after)):
        print(f"sighting to answer {name}: median {statistics.median(taken):.2f} s, longest {max(taken):.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
