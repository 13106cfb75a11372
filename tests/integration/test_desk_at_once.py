"""Two who act in the same moment: whichever is first, nothing falls between them. On both databases."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from desk import CHECKS, Desk

from services.review import audit
from services.review.candidates import handlers as candidates
from services.review.candidates.models import Candidate, Search, Sighting
from services.review.cases import handlers as cases
from services.review.cases.models import Case
from services.review.models import db
from services.review.tidying import tidy
from shared import messages as m
from shared.config import Settings


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, settings: Settings, postgres: Callable[[], str]) -> Iterator[Desk]:
    if request.param == "postgresql":
        settings = replace(settings, review_database_url=postgres())
    yield Desk(settings)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Does the acts side by side, each half a second long between its checks and its commit, so that they meet."""
    record = audit.record

    def slow(*args: Any, **named: Any) -> None:
        time.sleep(0.5)
        record(*args, **named)

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(len(acts)) as pool:
        patch.setattr(audit, "record", slow)
        return [future.result() for future in [pool.submit(act) for act in acts]]


def only(desk: Desk, table: Any, **columns: Any) -> Any:
    with desk.app.app_context():
        return db.session.query(table).filter_by(**columns).one()


def sent(desk: Desk, kind: str) -> int:
    """How many messages of a kind the desk has promised."""
    rows = desk.tools.room.bus.outbox.rows
    with desk.app.app_context():
        return sum(row.type == kind for row in db.session.execute(rows.select()))


def two_candidates(desk: Desk, *case_ids: str) -> list[str]:
    """Candidates of one search of one sighting, one for each case."""
    sighting = desk.sighting()
    photo = desk.photos_of(sighting_id=sighting)[0]
    ranked = []
    for rank, case_id in enumerate(case_ids, 1):
        case_key, face = str(only(desk, Case, id=case_id).case_key), desk.photos_of(case_id=case_id)[0]
        ranked.append(m.RankedCandidate(rank, case_key, face, 0.5, "strong", (0.5, 0.4), 8.0))
    search = only(desk, Search, photo_id=photo).id
    desk.handle(candidates.search_completed, m.SearchCompleted(search, 1, 1, tuple(ranked)))
    return [only(desk, Candidate, case_id=case_id).id for case_id in case_ids]


def test_of_two_who_decide_the_last_candidates_one_closes_the_probe_and_sets_the_sightings_end(desk: Desk) -> None:
    ada, bert = desk.officer("Ada"), desk.officer("Bert")
    paths = [f"candidates/{one}/decisions" for one in two_candidates(desk, *(desk.registered(ada) for _ in "12"))]
    for path in paths:
        ada.act(path, {"outcome": "rejected", "reason": "age"})
    cleo = desk.officer("Cleo")
    assert sent(desk, "ProbeClosed") == 0
    at_once(
        lambda: bert.act(paths[0], {"outcome": "rejected", "reason": "age"}),
        lambda: cleo.act(paths[1], {"outcome": "rejected", "reason": "age"}),
    )
    assert sent(desk, "ProbeClosed") == 1
    assert only(desk, Sighting).expires_at is not None


def test_the_second_of_two_who_decide_at_once_has_not_seen_the_first(desk: Desk) -> None:
    ada, bert = desk.officer("Ada"), desk.officer("Bert")
    path = f"candidates/{desk.candidate(desk.registered(ada))}"

    def decided(who: Any, outcome: str) -> list[str]:
        assert who.read(path)["decisions"] == []
        return [
            row["outcome"]
            for row in who.act(f"{path}/decisions", {"outcome": outcome, "note": "the ears"})["decisions"]
        ]

    answers = at_once(lambda: decided(ada, "confirmed"), lambda: decided(bert, "rejected"))
    assert sorted(map(len, answers)) in ([1, 2], [2, 2])  # whoever saw two had decided
    assert ada.read(path)["state"] == "disputed"


def test_no_alert_goes_live_while_its_case_is_being_closed(desk: Desk) -> None:
    author, other = desk.officer("Ada"), desk.officer("Bert")
    case_id = desk.registered(author)
    draft = author.act(f"cases/{case_id}/drafts")["id"]
    author.act(f"drafts/{draft}/submit")
    close = f"/api/v1/cases/{case_id}/close"
    at_once(lambda: other.post(f"/api/v1/drafts/{draft}/approve"), lambda: author.post(close, {"reason": "located"}))
    assert author.read(f"cases/{case_id}")["state"] == "closed"
    assert author.read(f"drafts/{draft}")["state"] in ("pending", "cancelled")
    assert sent(desk, "AlertApproved") == sent(desk, "AlertCancelled")


def test_a_case_withdrawn_in_the_moment_of_its_registration_is_forgotten(desk: Desk) -> None:
    ada, bert = desk.officer("Ada"), desk.officer("Bert")
    case_id = desk.report()
    ada.act(f"cases/{case_id}/start")
    ada.act(f"cases/{case_id}/verify", CHECKS)

    def withdraw() -> None:
        time.sleep(0.2)
        bert.post(f"/api/v1/cases/{case_id}/withdraw")

    at_once(lambda: ada.post(f"/api/v1/cases/{case_id}/register"), withdraw)
    assert ada.read(f"cases/{case_id}")["state"] in ("closed", "withdrawn")
    assert sent(desk, "ForgetRequested") == sent(desk, "EnrolmentAsked")


def test_a_candidate_that_comes_while_its_case_is_being_closed_keeps_no_probe(desk: Desk) -> None:
    officer = desk.officer("Ada")
    case_id = desk.registered(officer)
    case_key, face = str(only(desk, Case, id=case_id).case_key), desk.photos_of(case_id=case_id)[0]
    photo = desk.photos_of(sighting_id=desk.sighting())[0]
    ranked = m.RankedCandidate(1, case_key, face, 0.5, "strong", (0.5, 0.4), 8.0)
    answer = m.SearchCompleted(only(desk, Search, photo_id=photo).id, 1, 1, (ranked,))
    at_once(
        lambda: desk.handle(candidates.search_completed, answer),
        lambda: officer.act(f"cases/{case_id}/close", {"reason": "located"}),
    )
    assert sent(desk, "ProbeClosed") == 1
    assert only(desk, Sighting).expires_at is not None


def test_a_case_closed_while_its_enrolment_is_under_way_is_not_enrolled(desk: Desk) -> None:
    officer = desk.officer("Ada")
    case_id = desk.report()
    officer.act(f"cases/{case_id}/start")
    officer.act(f"cases/{case_id}/verify", CHECKS)
    officer.act(f"cases/{case_id}/register")
    case_key = str(only(desk, Case, id=case_id).case_key)
    officer.act(f"cases/{case_id}/close", {"reason": "mistaken"})
    desk.handle(cases.enrolment_asked, m.EnrolmentAsked(case_id))
    assert (sent(desk, "EnrolRequested"), sent(desk, "ForgetRequested")) == (0, 1)
    assert list(desk.tools.room.outgoing("matcher").names()) == []
    late = tuple(m.PhotoEnrolled(photo, "enrolled", 80.0) for photo in desk.photos_of(case_id=case_id))
    desk.handle(cases.enrol_completed, m.EnrolCompleted(case_key, late))
    assert "case.enrolled" not in [row["act"] for row in officer.read(f"cases/{case_id}")["audit"]]


def test_a_sighting_erased_while_it_was_searched_gets_no_candidate_and_its_probe_is_closed(desk: Desk) -> None:
    officer = desk.officer("Ada")
    case_id = desk.registered(officer)
    photo = desk.photos_of(sighting_id=desk.sighting())[0]
    with desk.app.app_context(), desk.tools.room.bus.work() as work:
        work.session.query(Sighting).one().expires_at = work.now.replace(year=2000)
    with desk.app.app_context():
        tidy(desk.tools)
    case_key, face = str(only(desk, Case, id=case_id).case_key), desk.photos_of(case_id=case_id)[0]
    ranked = m.RankedCandidate(1, case_key, face, 0.5, "strong", (0.5, 0.4), 8.0)
    search = only(desk, Search, photo_id=photo).id
    desk.handle(candidates.search_completed, m.SearchCompleted(search, 1, 1, (ranked,)))
    assert officer.read("candidates")["candidates"] == []
    assert sent(desk, "ProbeClosed") == 1
