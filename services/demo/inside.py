"""What the story shows that no door shows: the templates and vectors there are, and that an erased photo is gone."""

import os
import subprocess
import sys

from flask import Flask
from sqlalchemy import text

from services.matcher.models import db as matcher_db
from services.operating import desk
from services.review import photos
from shared.config import Settings
from shared.db import open_database
from shared.errors import BlobMissing, NotAllowed, SealBroken


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

    def homeward(self, *arguments: str) -> str:
        """What the `homeward` program prints."""
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "services.cli", *arguments],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | self.settings.environment(),
        )
        return done.stdout.strip()
