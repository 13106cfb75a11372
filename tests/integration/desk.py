"""A police desk for tests: its real app and its real handlers on SQLite, with officers and reports to work on."""

import dataclasses
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import promised
import pyotp
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from nacl.public import PrivateKey
from PIL import Image
from prepared import migrated, templates
from werkzeug.test import TestResponse

from services.review.app import create_app
from services.review.candidates import handlers as candidates
from services.review.candidates.models import Candidate, Search, Sighting
from services.review.cases import handlers as cases
from services.review.cases import letter_handlers as letters
from services.review.cases.letter_models import Letter
from services.review.cases.models import Case
from services.review.models import db
from services.review.people import factors, grants, invitations
from services.review.people import store as people
from services.review.people.acts import invite_officer
from services.review.people.models import DeskSession, Factor
from services.review.photo_models import Photo
from services.review.removals import handlers as removals
from services.review.removals.models import Removal
from services.review.tools import Tools
from services.review.views.api.document import description
from shared import messages as m
from shared.blobs import hand_over
from shared.bus import utc_now
from shared.config import Settings
from shared.keys import load_gate_key, random_id

PORTRAITS = Path(__file__).parents[1] / "data" / "portraits"
PASSWORD = "a sentence for the tests"
KEPT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""A real Argon2id hash that is soon checked: it says itself what work it takes, and the desk checks it as any other."""
NOW = datetime.now(UTC)
CHECKS = {
    "police_reference": "PV 2026/17", "relation_verified": True, "identity_verified": True, "custody_checked": True,
    "protection_orders_checked": True, "care_status_checked": True, "legal_basis": "Police act, section 1",
}  # fmt: skip
PARIS, LYON, BERLIN = (48.8566, 2.3522), (45.7640, 4.8357), (52.52, 13.405)


def plain(colour: str) -> bytes:
    """A picture with nobody in it."""
    picture = BytesIO()
    Image.new("RGB", (480, 600), colour).save(picture, "JPEG")
    return picture.getvalue()


def portrait(name: str) -> bytes:
    """A portrait of tests/data."""
    return (PORTRAITS / f"{name}.jpg").read_bytes()


@dataclass
class Officer:
    """A browser or program in which somebody may be logged in."""

    client: FlaskClient

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, body: Any = None) -> TestResponse:
        return self.client.post(path, json=body or {})

    def send(self, path: str, /, **form: Any) -> TestResponse:
        """Sends an HTML form."""
        return self.client.post(path, data=form)

    def read(self, path: str) -> Any:
        answer = self.client.get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def act(self, path: str, body: Any = None) -> Any:
        answer = self.post(f"/api/v1/{path}", body)
        assert answer.status_code in (200, 201), answer.get_data(as_text=True)
        return answer.get_json()

    def refused(self, path: str, body: Any = None) -> tuple[int, str]:
        """Status and reason of an act that is refused."""
        answer = self.post(f"/api/v1/{path}", body)
        assert answer.content_type == "application/problem+json", answer.get_data(as_text=True)
        return answer.status_code, answer.get_json()["reason"]


class Desk:
    """`hire` gives everybody an authenticator app, of which `code` tells the next code."""

    def __init__(self, settings: Settings) -> None:
        migrated(settings, "review")
        self.apps: dict[str, tuple[str, int]] = {}
        self.settings = settings
        self.app = templates(create_app(settings), "review")
        promised.watch(self.app, description)
        self.tools: Tools = self.app.extensions["homeward"]
        self.worker = dataclasses.replace(self.tools, gate=load_gate_key(settings.home / "keys"))

    def hire(self, name: str, *roles: str, regions: tuple[str, ...] = ("FR",), app: bool = True) -> str:
        """Somebody new, whose rights two have granted; without `app` there is no second factor yet."""
        with self.app.app_context(), self.tools.room.bus.work() as work:
            held = roles or ("reviewer",)
            id_, _code = invite_officer(work, self.tools, "operator", name, held[:1], regions)
            invitations.withdraw(work.session, id_)
            grants.withdraw(work.session, id_)
            person = people.get(work.session, id_)
            person.password, person.roles, person.regions = KEPT, sorted(held), sorted(regions)
            if app:
                self.apps[name] = factors.new_secret(), 0
                factors.add_totp(work.session, self.tools, id_, "app", self.apps[name][0], 0, work.now)
            return id_

    def code(self, name: str) -> str:
        """A code of somebody's app that was not used: of this half minute or the next; then the app is rewound."""
        secret, used = self.apps[name]
        current = int(utc_now().timestamp()) // factors.STEP_S
        if used > current:
            self.rewind(name)
            used = 0
        step = max(used + 1, current)
        self.apps[name] = secret, step
        return pyotp.TOTP(secret).at(step * factors.STEP_S)

    def rewind(self, name: str) -> None:
        """Time passes, as far as somebody's codes are concerned: those used before are good again."""
        self.apps[name] = self.apps[name][0], 0
        with self.app.app_context(), self.tools.room.bus.work() as work:
            person = people.by_name(work.session, name)
            for factor in work.session.query(Factor).filter_by(officer_id=person and person.id, kind="totp"):
                factor.counter = 0

    def login(self, name: str) -> dict[str, str]:
        """What a program posts to log in."""
        return {"name": name, "password": PASSWORD} | ({"code": self.code(name)} if name in self.apps else {})

    def officer(self, name: str, *roles: str, regions: tuple[str, ...] = ("FR",)) -> Officer:
        """Somebody new, logged in."""
        self.hire(name, *roles, regions=regions)
        officer = self.visitor()
        officer.act("session", self.login(name))
        return officer

    def stale(self, name: str) -> None:
        """Eleven minutes pass since somebody showed the second factor."""
        with self.app.app_context(), self.tools.room.bus.work() as work:
            person = people.by_name(work.session, name)
            for row in work.session.query(DeskSession).filter_by(officer_id=person and person.id):
                row.shown_at = work.now - timedelta(minutes=11)

    def visitor(self) -> Officer:
        return Officer(self.app.test_client())

    def tamper(self, *statements: str) -> None:
        """Changes the record, as somebody could who owns the database and takes its triggers away for a moment."""
        with self.app.app_context():
            postgresql = db.engine.dialect.name == "postgresql"
        names = ("update", "delete")
        off = ["ALTER TABLE audit DISABLE TRIGGER USER"] if postgresql else []
        off = off or [f"DROP TRIGGER IF EXISTS audit_no_{name}" for name in names]
        with self.app.app_context(), self.tools.room.bus.work() as work:
            for statement in (*off, *statements):
                work.session.connection().exec_driver_sql(statement)

    def handle(self, handler: Any, message: m.Message) -> None:
        """Has the room's worker take a message."""
        with self.app.app_context(), self.worker.room.bus.work(random_id()) as work:
            handler(message, work, self.worker)

    def report(
        self,
        name: str = "Lina Muster",
        born: date = date(2016, 5, 3),
        place: tuple[float, float] = PARIS,
        pictures: Sequence[bytes] = (),
    ) -> str:
        """A family's report, with these pictures or with two plain ones; answers the case's id."""
        receipt = random_id()
        child = m.Child(name, born, "female", "brown hair, a red coat")
        seen = m.LastSeen(NOW - timedelta(hours=3), "Gare de Lyon", *place, "on the way home from school")
        reporter = m.Reporter("Ada Muster", "mother", "ada@example.org", None)
        handed = [self.handed_over(each) for each in pictures or (plain("#446688"), plain("#886644"))]
        photos = (m.ReportPhoto(handed[0], date(2025, 6, 1)), *(m.ReportPhoto(each) for each in handed[1:]))
        family = b64encode(bytes(PrivateKey.generate().public_key)).decode()
        message = m.ReportSubmitted(receipt, family, child, seen, reporter, photos, "en", NOW)
        self.handle(cases.report_submitted, message)
        return str(self._only(Case, receipt_id=receipt).id)

    def amended(self, case_id: str, **given: Any) -> str:
        """What the family of a case sends after its report, by default a corrected name; answers the letter's id."""
        usual = {"kind": "correction", "text": "Zoé Martin", "fact": "name", "answers": None, "photos": ()}
        receipt = str(self._only(Case, id=case_id).receipt_id)
        before = {row.id for row in self._rows(Letter)}
        self.handle(letters.report_amended, m.ReportAmended(receipt_id=receipt, sent_at=NOW, **usual | given))
        return str(next(row.id for row in self._rows(Letter) if row.id not in before))

    def removal_asked(self, case_id: str | None = None, **given: Any) -> str:
        """A request for removal, of a case's report or of nothing that is known here; answers its id."""
        report = self._only(Case, id=case_id).receipt_id if case_id else None
        usual = {
            "family_key": b64encode(bytes(PrivateKey.generate().public_key)).decode(), "alert": None, "report": report,
            "affected": "me", "which": "", "text": "Please take my photo away.", "contact": "+33 1", "language": "en",
            "asked_at": NOW, "answer_by": NOW + timedelta(hours=72),
        }  # fmt: skip
        receipt = random_id()
        self.handle(removals.removal_requested, m.RemovalRequested(receipt_id=receipt, **usual | given))
        return str(self._only(Removal, receipt_id=receipt).id)

    def entered(self, by: Officer, **report: Any) -> str:
        """A case that an officer has registered; nobody has asked for its enrolment yet."""
        case_id = self.report(**report)
        by.act(f"cases/{case_id}/start")
        by.act(f"cases/{case_id}/verify", CHECKS)
        by.act(f"cases/{case_id}/register")
        return case_id

    def registered(self, by: Officer, **report: Any) -> str:
        """A case that an officer has registered and whose photos the matcher has enrolled."""
        case_id = self.entered(by, **report)
        self.handle(cases.enrolment_asked, m.EnrolmentAsked(case_id))
        photos = tuple(m.PhotoEnrolled(photo, "enrolled", 80.0) for photo in self.photos_of(case_id=case_id))
        self.handle(cases.enrol_completed, m.EnrolCompleted(str(self._only(Case, id=case_id).case_key), photos))
        return case_id

    def sighted(self, place: tuple[float, float] = PARIS, in_danger: bool = False, picture: bytes | None = None) -> str:
        """Somebody's sighting with one photo, this one or a plain one; answers its id."""
        receipt = random_id()
        given = self.handed_over(picture or plain("#557799"))
        message = m.SightingSubmitted(
            receipt, "", None, NOW, "Quai de Seine", *place, "with an elderly man", in_danger,
            (m.SightingPhoto(given, ((0.5, 0.4),)),), "+33 1 00 00 00 00", "en", NOW,
        )  # fmt: skip
        self.handle(candidates.sighting_submitted, message)
        return str(self._only(Sighting, receipt_id=receipt).id)

    def sighting(self, **sighting: Any) -> str:
        """A sighting whose photo the gate has sent to be searched; answers its id."""
        sighting_id = self.sighted(**sighting)
        for photo in self.photos_of(sighting_id=sighting_id):
            self.handle(candidates.search_asked, m.SearchAsked(photo, "sighting_triage", "public"))
        return sighting_id

    def candidate(self, case_id: str, **sighting: Any) -> str:
        """A sighting that the matcher finds to resemble the case; answers the candidate's id."""
        sighting_id = self.sighting(**sighting)
        photo = self.photos_of(sighting_id=sighting_id)[0]
        case_key, case_photo = self._only(Case, id=case_id).case_key, self.photos_of(case_id=case_id)[0]
        ranked = m.RankedCandidate(1, str(case_key), case_photo, 0.61, "strong", (0.5, 0.4), 8.0)
        search = self._only(Search, photo_id=photo).id
        self.handle(candidates.search_completed, m.SearchCompleted(search, 1, 1, (ranked,)))
        return str(self._only(Candidate, sighting_id=sighting_id).id)

    def sent(self, kind: str) -> int:
        """How many messages of a kind the desk has promised."""
        with self.app.app_context():
            return sum(row.type == kind for row in db.session.execute(self.tools.room.bus.outbox.rows.select()))

    def photos_of(self, **owner: str) -> list[str]:
        with self.app.app_context():
            return [photo.id for photo in db.session.query(Photo).filter_by(**owner).order_by(Photo.position)]

    def handed_over(self, picture: bytes) -> m.PhotoRef:
        """A transit copy, as the families' door hands it over."""
        width, height = Image.open(BytesIO(picture)).size
        return hand_over(self.tools.room.incoming, picture, media_type="image/jpeg", width=width, height=height)

    def _rows(self, table: Any) -> list[Any]:
        with self.app.app_context():
            return list(db.session.query(table))

    def _only(self, table: Any, **columns: Any) -> Any:
        with self.app.app_context():
            return db.session.query(table).filter_by(**columns).one()
