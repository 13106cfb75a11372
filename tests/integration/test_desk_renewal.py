"""The matcher changes its pack: the desk asks for every registered case again, a few at a time, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from desk import LYON, Desk, Officer
from sqlalchemy import func, select

from services.cli import main
from services.prepare import migrate_room
from services.review.candidates import handlers as candidates
from services.review.candidates.models import Search
from services.review.cases import handlers as cases
from services.review.cases import renewal
from services.review.cases.models import Case
from services.review.models import db
from shared import messages as m
from shared.config import Settings
from shared.envelope import parse, unseal
from shared.keys import load_room_keys

PACK = m.PackId("dlib", "2-1")
BEFORE, AFTER = "round-before", "round-after"


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, settings: Settings, postgres: Callable[[], str]) -> Desk:
    return Desk(replace(settings, review_database_url=postgres()) if request.param == "postgresql" else settings)


@pytest.fixture
def officer(desk: Desk) -> Officer:
    return desk.officer("Ada")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(renewal, "AT_ONCE", 2)
    return 2


def changed(desk: Desk, round_id: str = AFTER) -> None:
    desk.handle(cases.pack_changed, m.PackChanged(PACK, round_id))


def renew(desk: Desk, later: timedelta = timedelta(0)) -> None:
    """One turn of the worker's job."""
    clock = desk.tools.room.bus.clock
    room = replace(desk.worker.room, clock=lambda: clock() + later)
    room.bus.clock = room.clock
    with desk.app.app_context():
        renewal.renew(replace(desk.worker, room=room))
    room.bus.clock = clock


def asked(desk: Desk) -> list[str]:
    """The cases that the gate was asked for, in order."""
    rows = desk.tools.room.bus.outbox.rows
    with desk.app.app_context():
        return list(
            db.session.scalars(select(rows.c.subject).where(rows.c.type == "EnrolmentAsked").order_by(rows.c.position))
        )


def sent(desk: Desk, kind: str) -> int:
    rows = desk.tools.room.bus.outbox.rows
    with desk.app.app_context():
        return db.session.scalar(select(func.count()).select_from(rows).where(rows.c.type == kind)) or 0


def answer(desk: Desk, case_id: str, round_id: str | None = AFTER, outcome: Any = "enrolled") -> None:
    """The gate decides and the matcher answers."""
    desk.handle(cases.enrolment_asked, m.EnrolmentAsked(case_id))
    with desk.app.app_context():
        key = str(db.session.get(Case, case_id).case_key)
    photos = tuple(m.PhotoEnrolled(photo, outcome, 80.0) for photo in desk.photos_of(case_id=case_id))
    desk.handle(cases.enrol_completed, m.EnrolCompleted(key, photos, round_id))


def progress(desk: Desk) -> tuple[int, int]:
    with desk.app.app_context():
        told = renewal.progress(db.session(), desk.tools.room.clock())
    assert told is not None
    return told.done, told.cases


def stalled(desk: Desk, later: timedelta) -> tuple[str, ...]:
    """The numbers of the cases that an operator is told of."""
    with desk.app.app_context():
        told = renewal.progress(db.session(), desk.tools.room.clock() + later)
    assert told is not None
    return told.stalled


def test_where_the_pack_never_changed_nothing_is_asked_for(desk: Desk, officer: Officer) -> None:
    desk.registered(officer)
    renew(desk)
    assert len(asked(desk)) == 1
    shown = CliRunner().invoke(main, ["models", "progress"], env=desk.settings.environment())
    assert "never changed" in shown.output


def test_cases_are_asked_for_a_few_at_a_time_newest_first_until_each_was_answered(
    desk: Desk, officer: Officer, few: int
) -> None:
    ids = [desk.registered(officer) for _ in range(5)]
    before = len(asked(desk))
    changed(desk)
    for _ in range(3):
        renew(desk)
    first = asked(desk)[before:]
    assert sorted(first) == sorted(ids[-few:])
    answer(desk, ids[4])
    renew(desk)
    assert asked(desk)[before + few :] == [ids[2]]
    for case_id in (ids[3], ids[2]):
        answer(desk, case_id)
    assert progress(desk) == (3, 5)
    renew(desk)
    for case_id in ids[:2]:
        answer(desk, case_id)
    renew(desk)
    assert sorted(asked(desk)[before:]) == sorted(ids)
    assert progress(desk) == (5, 5)


def test_every_grant_is_decided_anew_and_a_closed_case_is_never_enrolled_again(
    desk: Desk, officer: Officer, few: int
) -> None:
    ids = [desk.registered(officer) for _ in range(3)]
    officer.act(f"cases/{ids[2]}/close", {"reason": "located"})
    before, granted = len(asked(desk)), sent(desk, "EnrolRequested")
    changed(desk)
    renew(desk)
    assert sorted(asked(desk)[before:]) == sorted(ids[:2])
    officer.act(f"cases/{ids[1]}/close", {"reason": "located"})
    desk.handle(cases.enrolment_asked, m.EnrolmentAsked(ids[1]))
    answer(desk, ids[0])
    renew(desk, later=timedelta(days=2))
    assert len(asked(desk)) == before + 2
    assert sent(desk, "EnrolRequested") == granted + 1
    assert progress(desk) == (1, 1)


def test_of_a_registered_case_that_the_gate_no_longer_admits_the_matcher_hears_that_there_is_nothing(
    desk: Desk, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = desk.registered(officer)
    changed(desk)
    renew(desk)
    monkeypatch.setattr(cases.gate, "enrolment_reasons", lambda tools, case: ["custody_unchecked"])
    desk.handle(cases.enrolment_asked, m.EnrolmentAsked(case_id))
    rows = desk.tools.room.bus.outbox.rows
    with desk.app.app_context():
        last = select(rows.c.envelope).where(rows.c.type == "EnrolRequested").order_by(rows.c.position.desc()).limit(1)
        matcher = load_room_keys(desk.settings.home / "keys", "matcher")
        request = unseal(parse(db.session.scalar(last)), matcher)
    assert isinstance(request, m.EnrolRequested)
    assert request.photos == ()
    desk.handle(cases.enrol_completed, m.EnrolCompleted(request.case_key, (), AFTER))
    assert progress(desk) == (1, 1)


def test_an_answer_in_another_round_is_asked_for_again(desk: Desk, officer: Officer) -> None:
    case_id = desk.registered(officer)
    changed(desk)
    renew(desk)
    before = len(asked(desk))
    answer(desk, case_id, BEFORE)
    renew(desk)
    answer(desk, case_id, None)
    renew(desk)
    assert asked(desk)[before:] == [case_id, case_id]
    answer(desk, case_id)
    renew(desk)
    assert len(asked(desk)) == before + 2


def test_an_answer_that_comes_before_the_change_is_announced_counts(desk: Desk, officer: Officer) -> None:
    case_id = desk.registered(officer)
    answer(desk, case_id, AFTER)
    before = len(asked(desk))
    changed(desk)
    renew(desk)
    assert (len(asked(desk)), progress(desk)) == (before, (1, 1))


def test_going_back_keeps_what_was_answered_and_another_change_to_the_same_pack_asks_for_all(
    desk: Desk, officer: Officer
) -> None:
    ids = [desk.registered(officer) for _ in range(2)]
    changed(desk, BEFORE)
    for case_id in ids:
        answer(desk, case_id, BEFORE)
    changed(desk)
    answer(desk, ids[0])
    changed(desk, BEFORE)
    assert progress(desk) == (1, 2)
    changed(desk, "round-third")  # the matcher kept nothing of what it enrolled the second time
    assert progress(desk) == (0, 2)
    answer(desk, ids[0])  # under way since then
    assert progress(desk) == (0, 2)


def test_cases_that_stay_unanswered_hold_up_no_others_for_long_and_are_asked_for_again(
    desk: Desk, officer: Officer, few: int
) -> None:
    ids = [desk.registered(officer) for _ in range(3)]
    before = len(asked(desk))
    changed(desk)
    renew(desk)
    renew(desk, later=timedelta(minutes=50))
    assert len(asked(desk)) == before + few
    renew(desk, later=timedelta(minutes=70))
    assert sorted(asked(desk)[before:]) == sorted(ids)
    assert (stalled(desk, timedelta(minutes=50)), len(stalled(desk, timedelta(minutes=70)))) == ((), few)
    renew(desk, later=timedelta(hours=25))
    assert len(asked(desk)) == before + len(ids) + few


def test_a_case_registered_during_the_change_is_asked_for_once(desk: Desk, officer: Officer) -> None:
    changed(desk)
    case_id = desk.entered(officer)
    renew(desk)
    assert asked(desk) == [case_id]


def test_only_a_child_that_could_not_be_found_before_has_sightings_searched_again(desk: Desk, officer: Officer) -> None:
    found, unseen = desk.registered(officer), desk.registered(officer, place=LYON)
    answer(desk, unseen, BEFORE, "no_face")
    desk.sighting()
    with desk.app.app_context():
        search = db.session.scalars(select(Search.id)).one()
    desk.handle(candidates.search_completed, m.SearchCompleted(search, 1, 1, ()))
    changed(desk)
    before = sent(desk, "SearchAsked")
    answer(desk, found)
    assert sent(desk, "SearchAsked") == before
    answer(desk, unseen)
    assert sent(desk, "SearchAsked") == before + 1


def test_a_desk_started_anew_goes_on(desk: Desk, officer: Officer, few: int) -> None:
    ids = [desk.registered(officer) for _ in range(3)]
    before = len(asked(desk))
    changed(desk)
    renew(desk)
    for case_id in asked(desk)[before:]:
        answer(desk, case_id)
    fresh = Desk(desk.settings)
    renew(fresh)
    assert sorted(asked(fresh)[before:]) == sorted(ids)


def test_the_progress_is_told_to_the_operator_and_on_the_administrators_page(desk: Desk, officer: Officer) -> None:
    migrate_room(desk.settings, "matcher")
    ids = [desk.registered(officer) for _ in range(3)]
    changed(desk)
    answer(desk, ids[0])
    shown = CliRunner().invoke(main, ["models", "progress"], env=desk.settings.environment())
    assert shown.output.splitlines()[0] == "dlib: 1 of 3 cases enrolled again."
    people = desk.officer("Root", "administrator", regions=()).get("/people").get_data(as_text=True)
    assert "1 of 3 cases have been enrolled again" in people
    for case_id in ids[1:]:
        answer(desk, case_id)
    assert (
        "3 of 3 cases enrolled again"
        in CliRunner().invoke(main, ["models", "progress"], env=desk.settings.environment()).output
    )


def test_the_change_is_in_the_record(desk: Desk) -> None:
    changed(desk)
    supervisor = desk.officer("Sue", "supervisor")
    assert "pack.changed" in [row["act"] for row in supervisor.read("audit")["entries"]]
