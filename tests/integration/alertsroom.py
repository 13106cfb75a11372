"""The alerts room for tests: its real handlers and its real door on SQLite, with a clock of its own."""

import dataclasses
import itertools
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from builders import NOW, an_alert_content
from flask.testing import FlaskClient
from prepared import migrated, templates

from services.alerts import handlers
from services.alerts.app import create_app
from services.alerts.models import CapMessage, db
from services.alerts.poster.press import Press
from services.alerts.retention import wipe_frozen
from services.alerts.tools import Tools
from services.alerts.widening import widen
from services.alerts.worker import open_worker
from shared import messages as m
from shared.blobs import hand_over
from shared.config import Settings
from shared.messages import AlertContent, PublishedPhoto
from shared.photos import clean

PORTRAIT = Path(__file__).parents[1] / "data" / "portraits" / "person_a_1.jpg"


class AlertsRoom:
    """`now` is the time in the room; handlers are called as the bus calls them."""

    def __init__(self, settings: Settings) -> None:
        migrated(settings, "alerts")
        self.now = NOW
        self.app, tools = open_worker(settings)
        tools.room.bus.clock = lambda: self.now
        self.tools = Tools(dataclasses.replace(tools.room, clock=lambda: self.now), tools.regions)
        app = templates(create_app(settings), "alerts")
        app.extensions["homeward"] = self.tools
        self.door: FlaskClient = app.test_client()
        self.ids = (f"message{number}" for number in itertools.count())

    def photo(self) -> PublishedPhoto:
        picture = clean(PORTRAIT.read_bytes())
        reference = hand_over(
            self.tools.room.incoming, picture.data, media_type=picture.media_type,
            width=picture.width, height=picture.height,
        )  # fmt: skip
        return PublishedPhoto(reference, (("en", "The child"), ("zh", "孩子")), "Police")

    def tell(self, message: m.Message) -> None:
        with self.app.app_context(), self.tools.room.bus.work(next(self.ids)) as work:
            handlers.HANDLERS[type(message)](message, work, tools=self.tools)

    def approve(self, id_: str = "a1", **changes: Any) -> AlertContent:
        content = an_alert_content(**{"photos": (self.photo(),)} | changes)
        self.tell(m.AlertApproved(id_, 1, content, self.now))
        return content

    def amend(self, version: int, id_: str = "a1", **changes: Any) -> None:
        content = an_alert_content(**{"photos": (self.photo(),)} | changes)
        self.tell(m.AlertAmended(id_, version, content, self.now))

    def cancel(self, id_: str = "a1") -> None:
        self.tell(m.AlertCancelled(id_, self.now))

    def expire(self) -> None:
        with self.app.app_context():
            handlers.expire(self.tools)

    def widen(self) -> None:
        with self.app.app_context():
            widen(self.tools)

    def wipe_frozen(self) -> None:
        with self.app.app_context():
            wipe_frozen(self.tools)

    def print(self) -> None:
        with self.app.app_context():
            Press(self.tools).run()

    def later(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now

    def messages(self, id_: str = "a1") -> list[CapMessage]:
        with self.app.app_context():
            rows = db.session.query(CapMessage).filter_by(alert_id=id_).order_by(CapMessage.number).all()
            db.session.expunge_all()
            return rows

    def sent_to_review(self) -> list[str]:
        with self.app.app_context():
            rows = self.tools.room.bus.outbox.rows
            return [row.type for row in db.session.execute(rows.select().order_by(rows.c.position))]


def features(room: AlertsRoom, query: str = "") -> list[str]:
    """The ids of the alerts that the feed holds."""
    answer = room.door.get(f"/v1/alerts.geojson?{query}")
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in json.loads(answer.data)["features"]]
