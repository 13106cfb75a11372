"""A desk in which something of everything is there, and somebody of every role: for tests that walk all its routes."""

import json
import os
import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path

from desk import Desk

from services.review.models import db
from services.review.people import account, store
from services.review.people.models import Grant
from shared.config import Settings
from shared.keys import create_keys, random_id
from shared.routes import ROOMS

INTAKE, REVIEWER, SUPERVISOR = "intake_officer", "reviewer", "supervisor"
AUDITOR, ADMIN = "auditor", "administrator"
ALL = (INTAKE, REVIEWER, SUPERVISOR, AUDITOR, ADMIN)
PHOTO = (Path(__file__).parents[1] / "data" / "portraits" / "person_a_1.jpg").read_bytes()
ON_CALL = {"name": "Night", "address": "night@example.org", "region": "FR"}


def settings_in(home: Path) -> Settings:
    """Settings of a house in `home`, with its keys."""
    create_keys(home / "keys", ROOMS)
    return Settings.from_env({"HOMEWARD_HOME": str(home), "HOMEWARD_MODELS": os.environ["HOMEWARD_MODELS"]})


def copy(source: Path, target: Path) -> None:
    """One SQLite database into another, though both are in use."""
    with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(target)) as to:
        from_.backup(to)


class World:
    """A desk in which something of everything is there, put back as it was before each question."""

    def __init__(self, settings: Settings) -> None:
        self.desk = desk = Desk(settings)
        writer = desk.officer("Writer", SUPERVISOR)
        case = desk.registered(writer)
        self.ids = {"case_id": case, "photo_id": desk.photos_of(case_id=case)[0], "candidate_id": desk.candidate(case)}
        self.ids["other_id"] = desk.report(name="Lina")
        self.ids["draft_id"] = writer.act(f"cases/{case}/drafts")["id"]
        probe = {"purpose": "Found", "reference": "ASE 1", "place": "Lyon", "age": 9}
        parts = {"probe": (BytesIO(json.dumps(probe).encode()), "probe.json"), "photo": (BytesIO(PHOTO), "p.jpg")}
        answer = writer.client.post("/api/v1/probes", data=parts)
        assert answer.status_code == 201, answer.get_json()
        self.ids["sighting_id"] = answer.get_json()["id"]
        self.ids["on_call_id"] = writer.act("on-call", ON_CALL)["on_call"][0]["id"]
        self.ids["view_id"] = writer.act("case-views", {"name": "hers"})["views"][0]["id"]
        self.ids["hour_id"] = "none"
        self.ids["letter_id"], self.ids["removal_id"] = desk.amended(case), desk.removal_asked(case)
        self.ids["officer_id"] = self.waiting = desk.hire("Waits", INTAKE)
        desk.hire("Away", INTAKE, regions=("DE",))
        self.grant = random_id()
        with desk.app.app_context(), desk.tools.room.bus.work() as work:
            work.session.add(
                Grant(
                    id=self.grant, officer_id=self.waiting, roles=["reviewer"], regions=["FR"], asked_by="somebody",
                    asked_at=work.now,
                )
            )  # fmt: skip
        self.people = {
            (role, place): desk.officer(f"{role} {place}", role, regions=regions)
            for role in ALL
            for place, regions in (("here", ("FR",)), ("there", ("DE",)))
        }
        self.stale = {role: desk.officer(f"{role} stale", role) for role in ALL}
        for role in ALL:
            desk.stale(f"{role} stale")
        program = desk.hire("Program")
        with desk.app.app_context():
            person = store.actor(db.session(), program)
            assert person is not None
            self.token = account.make_token(desk.tools, person, "all", account.scopes_of(person), 30)
        self.file, self.kept = settings.home / "review.sqlite", settings.home / "kept.sqlite"
        copy(self.file, self.kept)

    def restore(self) -> None:
        copy(self.kept, self.file)

    def path(self, name: str) -> str:
        """A route's address with real ids in it."""
        path = next(self.desk.app.url_map.iter_rules(name.split()[1])).rule
        for id_, value in self.ids.items():
            path = path.replace(f"<id:{id_}>", value)
        return path
