"""An area that widens with time, from the officers' approval on the desk over the bus to the feeds and back."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from alertsroom import AlertsRoom
from desk import NOW, Desk, Officer
from sqlalchemy import event, select

from services.alerts.models import db as alerts_db
from services.alerts.widening import widen
from services.alerts.worker import bound as of_alerts
from services.review.handlers import bound as of_desk
from services.review.models import db as desk_db
from shared.config import Settings

RINGS = [[0, 50], [4, 100], [5, 200], [40, 300]]
"""The child was last seen three hours ago: 50 km now, 100 in an hour, 200 in two; the last would come after the end."""


class Stack:
    """The desk and the alerts room, and a carrier in the queue's place between them."""

    def __init__(self, settings: Settings) -> None:
        self.desk, self.room = Desk(settings), AlertsRoom(settings)
        self.room.now = NOW
        self.author, self.other = self.desk.officer("Ada"), self.desk.officer("Bert")
        self.carried: set[str] = set()

    def carry(self) -> None:
        desk, room = self.desk, self.room
        ways: list[tuple[Any, Any, Any, str, Any, Any, Any]] = [
            (desk.app, desk_db, desk.worker.room.bus, "alerts", room.app, room.tools.room.bus, of_alerts(room.tools)),
            (room.app, alerts_db, room.tools.room.bus, "review", desk.app, desk.worker.room.bus, of_desk(desk.worker)),
        ]
        for app, database, bus, to, receiver, its, table in ways:
            rows = bus.outbox.rows
            query = select(rows.c.id, rows.c.envelope).where(rows.c.receiver == to).order_by(rows.c.position)
            with app.app_context():
                waiting = [tuple(row) for row in database.session.execute(query) if row.id not in self.carried]
            for id_, text in waiting:
                with receiver.app_context():
                    assert its.receive(text, table) == "applied"
                self.carried.add(id_)

    def widen(self) -> None:
        self.room.widen()
        self.carry()

    def drafted(self, **fields: Any) -> str:
        case_id = self.desk.registered(self.author)
        return str(self.author.act(f"cases/{case_id}/drafts", {"rings": RINGS} | fields)["id"])

    def approved(self, draft_id: str) -> dict[str, Any]:
        self.author.act(f"drafts/{draft_id}/submit")
        self.other.act(f"drafts/{draft_id}/approve")
        self.carry()
        return dict(self.author.read(f"drafts/{draft_id}"))

    def told(self, alert_id: str) -> dict[str, Any]:
        return dict(json.loads(self.room.door.get(f"/v1/alerts/{alert_id}").data)["properties"])


@pytest.fixture(params=["sqlite", "postgresql"])
def stack(request: pytest.FixtureRequest, settings: Settings, postgres: Callable[[], str]) -> Stack:
    if request.param == "postgresql":
        settings = replace(settings, review_database_url=postgres(), alerts_database_url=postgres())
    return Stack(settings)


def test_an_approved_area_widens_by_itself_at_its_hours_and_not_beyond(stack: Stack) -> None:
    id_ = stack.drafted()
    alert = stack.approved(id_)["alert_id"]
    before = stack.told(alert)
    assert before["radius_km"] == 50
    stack.room.later(minutes=59)
    stack.widen()
    assert stack.told(alert)["radius_km"] == 50
    stack.room.later(minutes=2)
    stack.widen()
    stack.widen()
    after = stack.told(alert)
    assert (after["radius_km"], after["msg_type"]) == (100, "Update")
    assert set(before["regions"]) < set(after["regions"]) and after["headline"] == before["headline"]
    stack.room.later(hours=1)
    stack.widen()
    stack.room.later(hours=10)
    stack.widen()
    first, second, third = stack.room.messages(alert)
    assert stack.told(alert)["radius_km"] == 200
    assert [ref.split(",")[1] for ref in third.references.split()] == [first.identifier, second.identifier]
    rows = json.loads(stack.room.door.get("/v1/changes").data)["changes"]
    assert [row["kind"] for row in rows] == ["published", "amended", "amended"]


def test_the_desk_says_that_it_widened_by_itself(stack: Stack) -> None:
    id_ = stack.drafted()
    alert = stack.approved(id_)["alert_id"]
    stack.room.later(hours=1, minutes=1)
    stack.widen()
    row = stack.author.read(f"drafts/{id_}")
    first, second = stack.room.messages(alert)
    assert (row["state"], row["identifier"]) == ("live", first.identifier)
    assert [(each["identifier"], each["radius_km"]) for each in row["widenings"]] == [(second.identifier, 100)]
    page = stack.author.get(f"/drafts/{id_}").text
    assert "widened to 100 km by itself" in page
    case = stack.author.get(f"/cases/{row['case_id']}").text
    assert "Alert widened by itself" in case and "to 100 km" in case
    told = [
        each["text"] for each in stack.author.read(f"cases/{row['case_id']}")["audit"] if each["act"] == "alert.widened"
    ]
    assert told == [f"100 km, {second.identifier}"]
    amended = stack.author.act(f"drafts/{id_}/amend")["id"]
    seen = stack.author.get(f"/api/v1/drafts/{amended}/cap").text
    assert f"{first.identifier}," in seen and f"{second.identifier}," in seen and f"{alert}.3<" in seen


def test_who_was_away_at_an_hour_goes_to_the_widest_at_once_and_a_late_approval_begins_there(stack: Stack) -> None:
    late = stack.drafted()
    stack.author.act(f"drafts/{late}/submit")
    stack.other.act(f"drafts/{late}/approve")
    id_ = stack.approved(stack.drafted())["alert_id"]
    stack.room.later(hours=3)
    stack.widen()
    assert [row.msg_type for row in stack.room.messages(id_)] == ["Alert", "Update"]
    assert stack.told(id_)["radius_km"] == 200


@pytest.mark.parametrize("settled", ["ended", "expired", "amended to a circle", "amended to fewer"])
def test_what_has_ended_or_was_amended_does_not_widen(stack: Stack, settled: str) -> None:
    id_ = stack.drafted()
    alert = stack.approved(id_)["alert_id"]
    if settled == "ended":
        stack.other.act(f"drafts/{id_}/cancel", {"reason": "found"})
    elif settled.startswith("amended"):
        amended = stack.author.act(f"drafts/{id_}/amend")["id"]
        rings = [] if settled == "amended to a circle" else RINGS[:2]
        put(stack.author, amended, {"rings": rings, "radius_km": 20})
        stack.approved(amended)
    stack.carry()
    stack.room.later(days=2 if settled == "expired" else 0, hours=5)
    stack.widen()
    kinds = [row.msg_type for row in stack.room.messages(alert)]
    assert kinds == {
        "ended": ["Alert", "Cancel"], "expired": ["Alert"], "amended to a circle": ["Alert", "Update"],
        "amended to fewer": ["Alert", "Update", "Update"],
    }[settled]  # fmt: skip
    if settled.startswith("amended"):
        assert stack.told(alert)["radius_km"] == (20 if settled == "amended to a circle" else 100)


def test_a_worker_killed_while_it_widens_has_done_nothing_and_two_at_once_do_it_once(stack: Stack) -> None:
    alert = stack.approved(stack.drafted())["alert_id"]
    stack.room.later(hours=1, minutes=1)
    commits = iter((False, True))  # the first only looks what is due

    def die(_session: Any) -> None:
        if next(commits, True):
            raise KeyboardInterrupt

    with stack.room.app.app_context():
        event.listen(alerts_db.session, "before_commit", die)
        with pytest.raises(KeyboardInterrupt):
            widen(stack.room.tools)
        event.remove(alerts_db.session, "before_commit", die)
        alerts_db.session.info.pop("working", None)
        alerts_db.session.rollback()
    assert len(stack.room.messages(alert)) == 1
    with ThreadPoolExecutor(3) as workers:
        list(workers.map(lambda _: stack.room.widen(), range(3)))
    stack.carry()
    assert [row.msg_type for row in stack.room.messages(alert)] == ["Alert", "Update"]
    assert stack.told(alert)["radius_km"] == 100


def test_a_test_goes_to_the_chosen_regions_alone_and_never_widens(stack: Stack) -> None:
    id_ = stack.drafted(test=True)
    assert "widens by itself" not in stack.other.get(f"/drafts/{id_}").text.split("area-summary")[1]
    alert = stack.approved(id_)["alert_id"]
    stack.room.later(hours=3)
    stack.widen()
    assert [row.msg_type for row in stack.room.messages(alert)] == ["Alert"]
    document = stack.room.messages(alert)[0].document or b""
    assert document.count(b"<valueName>ISO 3166-2<") == 2  # FR-IDF, in each of two languages


def put(officer: Officer, draft_id: str, fields: dict[str, Any]) -> None:
    answer = officer.client.put(f"/api/v1/drafts/{draft_id}", json=fields)
    assert answer.status_code == 200, answer.text
