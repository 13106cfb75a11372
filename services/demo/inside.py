"""What the story shows that no door shows: the templates and vectors there are, and that an erased photo is gone."""

import os
import secrets
import subprocess
import sys
from datetime import UTC, date, datetime

from flask import Flask
from nacl.public import PrivateKey
from sqlalchemy import text

from services.demo import cast
from services.demo.teller import StoryBroke
from services.ingest.models import Receipt
from services.ingest.models import db as ingest_db
from services.matcher.models import db as matcher_db
from services.operating import desk
from services.review import photos
from shared.blobs import hand_over
from shared.config import Settings
from shared.db import open_database
from shared.errors import BlobMissing, NotAllowed, SealBroken
from shared.keys import b64, random_id
from shared.messages import Child, EnrolmentAsked, LastSeen, Reporter, ReportPhoto, ReportSubmitted
from shared.photos import clean
from shared.room import open_room


class Inside:
    """Looks into the rooms' own stores, as only the operator of the machine can."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.matcher = Flask("inside the matcher")
        open_database(self.matcher, matcher_db, settings.database_url("matcher"))

    def templates(self) -> int:
        """How many templates the matcher holds."""
        return self._count("SELECT count(*) FROM templates")

    def open_probes(self) -> int:
        """How many probes' vectors the matcher holds."""
        return self._count("SELECT count(*) FROM probes")

    def _count(self, query: str) -> int:
        with self.matcher.app_context():
            return int(matcher_db.session.execute(text(query)).scalar_one())

    def stored(self, blob: str) -> bool:
        """Whether the desk's photo store has this ciphertext."""
        with desk(self.settings) as tools:
            return blob in tools.room.blobs.names()

    def blob_of(self, photo_id: str) -> str:
        """The name of a photograph's ciphertext in the store."""
        with desk(self.settings) as tools:
            return str(photos.get(tools.room.bus.db.session, photo_id).blob)

    def opens(self, photo_id: str) -> bool:
        """Whether the desk's keys open a photograph."""
        with desk(self.settings) as tools:
            session = tools.room.bus.db.session
            try:
                return bool(photos.plain(session, tools, photos.get(session, photo_id)))
            except (NotAllowed, SealBroken, BlobMissing):
                return False

    def break_in(self, born: date) -> None:
        """Sends the desk a report that the families' door would refuse, as if the door had been taken over."""
        app = Flask("a door that was broken into")
        open_database(app, ingest_db, self.settings.database_url("ingest"))
        room = open_room("ingest", ingest_db, self.settings)
        photo = clean(cast.portrait("impostor_2").read_bytes())
        reference = hand_over(
            room.outgoing("review"), photo.data, media_type=photo.media_type, width=photo.width, height=photo.height
        )
        now = datetime.now(UTC)
        report = ReportSubmitted(
            random_id(), b64(bytes(PrivateKey.generate().public_key)), Child("Robin Exempel", born, "unknown"),
            LastSeen(now, "Göteborg", 57.7, 11.95), Reporter("Nobody", "friend"), (ReportPhoto(reference),), "en", now,
        )  # fmt: skip
        receipt = Receipt(
            id=report.receipt_id, code_hash=secrets.token_hex(32), salt=secrets.token_bytes(16), kind="report",
            status="received", language="en", submitted_at=now, changed_at=now,
        )  # fmt: skip
        with app.app_context(), room.bus.work() as work:
            work.session.add(receipt)
            work.publish(report)

    def ask_gate(self, case_id: str) -> None:
        """Asks the gate to enrol a case, as the desk's web process could if somebody had taken it over."""
        with desk(self.settings) as tools, tools.room.bus.work() as work:
            work.publish(EnrolmentAsked(case_id))

    def homeward(self, *arguments: str) -> str:
        """What the `homeward` program prints. Raises StoryBroke if it fails."""
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "services.cli", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | self.settings.environment(),
        )
        if done.returncode:
            raise StoryBroke(f"homeward {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout.rstrip()
