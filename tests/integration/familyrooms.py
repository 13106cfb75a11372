"""For tests: the families' door and the police desk on one state folder, and a carrier in the queue's place."""

import re
from io import BytesIO
from typing import Any

from desk import Desk
from familydoor import open_family_door, send_report
from sqlalchemy import select
from test_ingest_pages import hidden
from werkzeug.test import TestResponse

from services.ingest.handlers import HANDLERS
from services.ingest.models import db as door_db
from services.ingest.worker import open_worker
from services.review.cases.models import Case
from services.review.handlers import bound
from services.review.models import db as desk_db
from shared.config import Settings


class FamilyRooms:
    """What a family posts, what an officer does, and `carry` between them."""

    def __init__(self, settings: Settings) -> None:
        self.desk = Desk(settings)
        self.officer = self.desk.officer("Ada", "supervisor", regions=("SE",))
        self.door = open_family_door(settings)
        self.door_app, self.door_room = open_worker(settings)
        self.carried: set[str] = set()

    def report(self, **written: str) -> str:
        """Sends a report with one portrait through the pages; answers its tracking code."""
        code = send_report(self.door.application.test_client(), **written)
        self.carry()
        return code

    def post(self, path: str, code: str, *photos: bytes, key: str = "", **form: Any) -> TestResponse:
        """Posts a form of the status page; `key` is a form's that was posted before."""
        form |= {"code": code, "form": key or self.key()}
        if photos:
            form["photos"] = [(BytesIO(data), f"{place}.jpg") for place, data in enumerate(photos)]
        return self.door.post(path, data=form, content_type="multipart/form-data")

    def key(self) -> str:
        return hidden(self.door.get("/removal").text)

    def status(self, code: str) -> str:
        answer = self.door.post("/case", data={"code": code})
        assert answer.status_code == 200, answer.text
        return answer.text

    def case_id(self) -> str:
        with self.desk.app.app_context():
            return str(desk_db.session.scalars(select(Case.id).order_by(Case.opened_at.desc())).first())

    def page(self) -> str:
        return self.officer.get(f"/cases/{self.case_id()}").text

    def letter(self) -> str:
        """The id of the latest letter that nobody has seen to, on the case's page."""
        return re.findall(r"/letters/(\w+)/read", self.page())[-1]

    def carry(self) -> list[str]:
        """Takes every message between the two where it goes; answers their types."""
        taken = []
        while found := self._next():
            name, kind, text, receiver = found
            app = self.desk.app if receiver == "review" else self.door_app
            bus = self.desk.worker.room.bus if receiver == "review" else self.door_room.bus
            table: Any = bound(self.desk.worker) if receiver == "review" else dict(HANDLERS)
            with app.app_context():
                assert bus.receive(text, table) == "applied", kind
                bus.db.session.rollback()
            self.carried.add(name)
            taken.append(kind)
        return taken

    def _next(self) -> tuple[str, str, str, str] | None:
        for app, bus, db in (
            (self.desk.app, self.desk.worker.room.bus, desk_db),
            (self.door_app, self.door_room.bus, door_db),
        ):
            rows = bus.outbox.rows
            query = select(rows.c.id, rows.c.type, rows.c.envelope, rows.c.receiver).order_by(rows.c.position)
            with app.app_context():
                found = [tuple(row) for row in db.session.execute(query)]
                db.session.rollback()
            for row in found:
                if row[3] in ("review", "ingest") and row[0] not in self.carried and row[1] != "EnrolmentAsked":
                    return row  # type: ignore[return-value]
        return None
