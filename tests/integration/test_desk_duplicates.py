"""Two reports of one child: they find each other, are merged or declared distinct, and each of it is undone again. On
both databases where two officers meet."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from desk import BERLIN, CHECKS, LYON, Desk, Officer, plain
from test_desk_faces import sent

from services.review.acting import perform
from services.review.candidates import handlers as candidates
from services.review.candidates.models import Search
from services.review.cases import comparing, ending, merging, store
from services.review.cases import handlers as cases
from services.review.cases.duplicate_models import CaseTrace, LikelyPair
from services.review.cases.models import Case
from services.review.models import db
from services.review.people import store as people
from services.review.people.rules import Actor
from shared import messages as m
from shared.config import Settings
from shared.errors import NotAllowed

LINA = {"name": "Lina Muster", "born": date(2016, 5, 3)}
AGAIN = {"name": "MUSTER, Lina", "born": date(2016, 3, 5)}
OTHER = {"name": "Emma Petit", "born": date(2011, 9, 9), "place": LYON}


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings)


def compare(desk: Desk) -> None:
    """The worker's turn."""
    with desk.app.app_context():
        comparing.compare_new(desk.worker)


def two(desk: Desk, **other: Any) -> tuple[str, str]:
    """Two reports of perhaps one child, compared."""
    found = desk.report(**LINA), desk.report(**AGAIN | other)
    compare(desk)
    return found


def page(officer: Officer, path: str) -> str:
    answer = officer.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return unescape(answer.get_data(as_text=True))


def row(desk: Desk, case_id: str) -> Case:
    with desk.app.app_context():
        found = db.session.get(Case, case_id)
        assert found is not None
        db.session.expunge(found)
        return found


def verify(officer: Officer, case_id: str, register: bool = False) -> None:
    officer.act(f"cases/{case_id}/start")
    if register:
        officer.act(f"cases/{case_id}/verify", CHECKS)
        officer.act(f"cases/{case_id}/register")


def merge(officer: Officer, gone: str, kept: str, reason: str = "The same passport.", **more: str) -> Any:
    form = {"keep": kept, f"merge_reason_{kept}": reason} | more
    return officer.client.post(f"/cases/{gone}/beside/{kept}/merge", data=form)


def badges(shown: str) -> int:
    return len(re.findall(r"new letter\b", shown))


def statuses(desk: Desk, case_id: str) -> list[str]:
    receipt = row(desk, case_id).receipt_id
    return [told.status for told in sent(desk, m.CaseStatusChanged) if told.receipt_id == receipt]


def enrol(desk: Desk, case_id: str) -> set[str]:
    """The gate's answer to the last request, and the matcher's to that; answers the photos that were enrolled."""
    desk.handle(cases.enrolment_asked, m.EnrolmentAsked(case_id))
    asked = sent(desk, m.EnrolRequested)[-1]
    photos = tuple(m.PhotoEnrolled(photo.photo_id, "enrolled", 80.0) for photo in asked.photos)
    desk.handle(cases.enrol_completed, m.EnrolCompleted(asked.case_key, photos))
    return {photo.photo_id for photo in photos}


def test_two_reports_of_one_child_stand_beside_each_other_and_are_marked_in_the_list(desk: Desk) -> None:
    officer = desk.officer("Ada")
    first, second = two(desk)
    alone = desk.report(**OTHER)
    assert "is being compared" in page(officer, f"/cases/{alone}")
    compare(desk)
    shown = page(officer, f"/cases/{first}")
    assert f"/cases/{first}/beside/{second}" in shown and "name agrees" in shown and "day of birth nearly" in shown
    assert "No other open report resembles this one" in page(officer, f"/cases/{alone}")
    assert page(officer, "/cases").count("perhaps reported twice") == 2


def test_a_case_from_before_there_were_traces_is_compared_too(desk: Desk) -> None:
    first, second = desk.report(**LINA), desk.report(**AGAIN)
    with desk.app.app_context(), desk.tools.room.bus.work() as work:
        work.session.query(CaseTrace).delete()
    compare(desk)
    with desk.app.app_context():
        assert db.session.query(LikelyPair).count() == 0
    compare(desk)
    with desk.app.app_context():
        pair = db.session.query(LikelyPair).one()
        assert {pair.first_id, pair.second_id} == {first, second}


def test_a_trace_tells_neither_a_name_nor_a_day(desk: Desk) -> None:
    desk.report(**LINA)
    with desk.app.app_context():
        traces = [trace.trace for trace in db.session.query(CaseTrace)]
    assert len(traces) == 5 and all(re.fullmatch("[0-9a-f]{32}", trace) for trace in traces)


def test_of_a_case_elsewhere_only_its_region_is_named(desk: Desk) -> None:
    officer = desk.officer("Ada")
    first, second = two(desk, place=BERLIN, born=LINA["born"], name="Lina Müster")
    shown = page(officer, f"/cases/{first}")
    assert "A case in Berlin" in shown and row(desk, second).number not in shown and "Müster" not in shown
    assert officer.get(f"/cases/{first}/beside/{second}").status_code == 403
    number = row(desk, second).number
    assert "No case that you may see has this number" in page(officer, f"/cases/{first}/beside?number={number}")
    assert "This is the same case" in page(officer, f"/cases/{first}/beside?number={row(desk, first).number}")


def test_side_by_side_says_what_differs_and_both_looks_are_on_the_record(desk: Desk) -> None:
    officer = desk.officer("Ada")
    first, second = two(desk)
    answer = officer.get(f"/cases/{first}/beside?number={row(desk, second).number.lower()}")
    assert answer.location == f"/cases/{first}/beside/{second}"
    shown = page(officer, answer.location)
    assert "nearly agrees" in shown and "Only a case in verification" in shown and "0.0 km apart" in shown
    entries = desk.officer("Eve", "supervisor").read("audit")["entries"]
    assert {first, second} <= {entry["subject"]["id"] for entry in entries if entry["act"] == "case.read"}


def test_two_cases_are_declared_distinct_with_a_reason_and_doubted_again(desk: Desk) -> None:
    officer, intake = desk.officer("Ada"), desk.officer("Ina", "intake_officer")
    first, second = two(desk)
    path = f"/cases/{first}/beside/{second}"
    assert intake.send(f"{path}/distinct", distinct_reason=" ").status_code == 409
    assert intake.send(f"{path}/distinct", distinct_reason="Twins.").status_code == 303
    shown = page(officer, f"/cases/{second}")
    assert "1 case declared distinct" in shown and "agrees" not in shown and "Twins." in shown
    assert "perhaps reported twice" not in page(officer, "/cases")
    assert "Undo that first" in merge(officer, first, second).get_data(as_text=True)
    assert officer.send(f"{path}/doubt", doubt_reason="One mother.").status_code == 303
    assert f"/beside/{second}" in page(officer, f"/cases/{first}") and "One mother." in page(officer, f"/cases/{first}")
    assert officer.send(f"{path}/doubt", doubt_reason="Again.").status_code == 409


def test_a_merged_report_is_a_link_and_its_family_sees_how_the_kept_case_stands(desk: Desk) -> None:
    officer = desk.officer("Ada")
    kept, gone = two(desk)
    verify(officer, gone)
    assert "Please give a reason." in merge(officer, gone, kept, " ").get_data(as_text=True)
    answer = merge(officer, gone, kept)
    assert (answer.status_code, answer.location) == (303, f"/cases/{kept}?done=merged#alike")
    assert row(desk, gone).state == "merged" and statuses(desk, gone)[-1] == "received"
    verify(officer, kept, register=True)
    assert statuses(desk, gone)[-2:] == ["in_verification", "registered"]
    shown = page(officer, f"/cases/{kept}")
    assert "Also reported as" in shown and row(desk, gone).number in shown
    shown = page(officer, f"/cases/{gone}")
    assert "part of another case" in shown and row(desk, kept).number in shown
    photo = desk.photos_of(case_id=gone)[0]
    assert officer.get(f"/api/v1/photos/{photo}").status_code == 200
    officer.act(f"cases/{kept}/close", {"reason": "located", "outcome_text": "She is safe."})
    assert statuses(desk, gone)[-1] == "ended"
    assert officer.get(f"/api/v1/photos/{photo}").status_code == 409
    receipts = {told.receipt_id for told in sent(desk, m.FamilyMessageSent)}
    assert receipts == {row(desk, kept).receipt_id}  # words are for those they were written to


def test_only_a_verified_reports_photos_are_enrolled_for_the_kept_case_and_undoing_takes_them_out(desk: Desk) -> None:
    officer = desk.officer("Ada")
    kept, gone, unverified = desk.registered(officer, **LINA), desk.registered(officer, **AGAIN), desk.report(**LINA)
    verify(officer, unverified)
    assert merge(officer, unverified, kept).status_code == 303
    assert enrol(desk, kept) == set(desk.photos_of(case_id=kept))
    old_key = row(desk, gone).case_key
    assert merge(officer, gone, kept).status_code == 303
    assert [told.case_key for told in sent(desk, m.ForgetRequested)] == [old_key]
    assert enrol(desk, kept) == {*desk.photos_of(case_id=kept), *desk.photos_of(case_id=gone)}
    before = row(desk, kept).case_key
    answer = officer.send(f"/cases/{gone}/unmerge", unmerge_reason="Cousins of one name.")
    assert answer.status_code == 303
    assert sent(desk, m.ForgetRequested)[-1].case_key == before != row(desk, kept).case_key
    assert enrol(desk, kept) == set(desk.photos_of(case_id=kept))
    again = row(desk, gone)
    assert again.state == "registered" and again.case_key not in (None, old_key) and again.merged_into is None
    assert statuses(desk, gone)[-1] == "registered"
    assert enrol(desk, gone) == set(desk.photos_of(case_id=gone))


def test_the_sightings_of_a_merged_case_are_searched_again_once_its_photos_are_the_kept_ones(desk: Desk) -> None:
    officer = desk.officer("Ada")
    kept, gone = desk.registered(officer, **LINA), desk.registered(officer, **AGAIN)
    candidate = desk.candidate(gone)
    assert "is undecided: its sighting is searched anew" in page(officer, f"/cases/{gone}/beside/{kept}")
    merge(officer, gone, kept)
    assert officer.refused(f"candidates/{candidate}/decisions", {"outcome": "rejected"})[1] == "case_not_registered"
    asked = len(sent(desk, m.SearchAsked))
    enrol(desk, kept)
    (again,) = sent(desk, m.SearchAsked)[asked:]
    desk.handle(candidates.search_asked, again)
    with desk.app.app_context():
        search = db.session.query(Search).filter_by(photo_id=again.photo_id, state="asked").one().id
    found = m.RankedCandidate(
        1, str(row(desk, kept).case_key), desk.photos_of(case_id=gone)[0], 0.6, "strong", (0.5, 0.4)
    )
    desk.handle(candidates.search_completed, m.SearchCompleted(search, 1, 1, (found,)))
    (made,) = officer.read(f"cases/{kept}")["candidates"]
    assert page(officer, f"/candidates/{made['id']}")


def test_a_case_with_a_live_alert_is_not_merged_and_the_family_of_a_merged_one_hears_of_an_alert(desk: Desk) -> None:
    officer, second = desk.officer("Ada"), desk.officer("Bea")
    kept, gone = desk.registered(officer, **LINA), desk.registered(officer, **AGAIN)
    draft = officer.act(f"cases/{kept}/drafts")["id"]
    officer.act(f"drafts/{draft}/submit")
    second.act(f"drafts/{draft}/approve")
    with desk.app.app_context():
        alert = sent(desk, m.AlertApproved)[-1]
    answer = merge(officer, kept, gone)
    assert answer.status_code == 409 and "Cancel that alert first" in answer.get_data(as_text=True)
    from services.review.drafts import handlers as drafts

    published = m.AlertPublished(alert.alert_id, alert.version, "urn:x", "Alert", desk.tools.room.clock())
    desk.handle(drafts.alert_published, published)
    merge(officer, gone, kept)
    assert statuses(desk, gone)[-1] == "alert_live"


def test_a_merge_is_undone_within_thirty_days_or_once_the_kept_case_has_ended(desk: Desk) -> None:
    officer = desk.officer("Ada")
    kept, gone = desk.registered(officer, **LINA), desk.report(**AGAIN)
    verify(officer, gone)
    merge(officer, gone, kept)
    with desk.app.app_context(), desk.tools.room.bus.work() as work:
        store.get(work.session, gone).merged_at = work.now - timedelta(days=31)
    undo = f"/cases/{gone}/unmerge"
    assert officer.send(undo, unmerge_reason="Late.").status_code == 409
    officer.act(f"cases/{kept}/close", {"reason": "withdrawn"})
    assert officer.send(undo, unmerge_reason="They still seek her.").status_code == 303
    assert row(desk, gone).state == "in_verification" and statuses(desk, gone)[-1] == "in_verification"
    assert officer.send(undo, unmerge_reason="Again.").status_code == 409


def test_a_merge_is_undone_only_by_who_may_merge_the_kept_case_too(desk: Desk) -> None:
    officer, both = desk.officer("Ada"), desk.officer("Bea", regions=("FR", "DE"))
    kept, gone = desk.registered(both, **LINA, place=BERLIN), desk.registered(both, **AGAIN)
    assert merge(both, gone, kept).status_code == 303
    enrol(desk, kept)
    before = row(desk, kept).case_key
    assert "Undo the merge" not in page(officer, f"/cases/{gone}") and "Undo the merge" in page(both, f"/cases/{gone}")
    assert officer.send(f"/cases/{gone}/unmerge", unmerge_reason="Two children.").status_code == 403
    assert (row(desk, gone).state, row(desk, kept).case_key) == ("merged", before)
    assert both.send(f"/cases/{gone}/unmerge", unmerge_reason="Two children.").status_code == 303
    assert row(desk, kept).case_key != before


def test_what_a_merged_family_writes_stands_in_its_own_case_and_marks_the_kept_one(desk: Desk) -> None:
    officer = desk.officer("Ada")
    kept, gone, deeper = desk.registered(officer, **LINA), desk.registered(officer, **AGAIN), desk.report(**AGAIN)
    verify(officer, deeper)
    merge(officer, deeper, gone)
    merge(officer, gone, kept)
    changed, asked = row(desk, kept).changed_at, len(sent(desk, m.EnrolmentAsked))
    picture = m.ReportPhoto(desk.handed_over(plain("#113355")))
    letter = desk.amended(gone, kind="addition", fact=None, text="She has a blue bag.", photos=(picture,))
    assert row(desk, kept).changed_at > changed
    assert "She has a blue bag." in page(officer, f"/cases/{gone}")
    shown = page(officer, f"/cases/{kept}")
    assert "She has a blue bag." not in shown and shown.count("new letter") == 1
    listed = page(officer, "/cases?state=letters")
    assert all(row(desk, each).number in listed for each in (kept, gone)) and badges(listed) == 2
    assert officer.send(f"/cases/{gone}/letters/{letter}/read").status_code == 303
    assert [told.case_id for told in sent(desk, m.EnrolmentAsked)[asked:]] == [kept]
    assert len(enrol(desk, kept)) == 5 and "new letter" not in page(officer, f"/cases/{kept}")
    desk.amended(deeper)
    assert badges(page(officer, "/cases?state=letters")) == 3
    assert officer.send(f"/cases/{gone}/letters", letter_text="Thank you.").status_code == 303
    assert sent(desk, m.FamilyMessageSent)[-1].receipt_id == row(desk, gone).receipt_id


def test_a_merged_family_withdraws_its_own_report_and_the_kept_case_goes_on(desk: Desk) -> None:
    officer = desk.officer("Ada")
    kept, gone = desk.registered(officer, **LINA), desk.registered(officer, **AGAIN)
    merge(officer, gone, kept)
    enrol(desk, kept)
    officer.act(f"cases/{gone}/withdraw", {"reason": "They asked."})
    assert row(desk, gone).state == "withdrawn" and row(desk, kept).state == "registered"
    assert enrol(desk, kept) == set(desk.photos_of(case_id=kept))


def test_a_merged_case_lives_and_is_erased_with_the_kept_one_unless_the_law_holds_it(desk: Desk) -> None:
    officer = desk.officer("Eve", "supervisor")
    kept, gone, held = desk.registered(officer, **LINA), desk.report(**AGAIN), desk.report(**AGAIN)
    compare(desk)
    for each in (gone, held):
        verify(officer, each)
        assert merge(officer, each, kept).status_code == 303
    officer.act(f"cases/{held}/hold", {"reason": "Court order."})
    officer.act(f"cases/{kept}/close", {"reason": "located"})
    with desk.app.app_context():
        perform(desk.tools, ending.erase, None, kept)
    assert row(desk, gone).state == "erased" and row(desk, held).state == "merged"
    officer.act(f"cases/{held}/lift-hold", {"reason": "It is over."})
    with desk.app.app_context():
        perform(desk.tools, ending.erase, None, held)
        assert db.session.query(LikelyPair).count() == 0 and db.session.query(CaseTrace).count() == 0


def test_who_read_the_cases_before_one_was_changed_is_asked_to_read_again(desk: Desk) -> None:
    officer = desk.officer("Ada")
    first, second = two(desk)
    verify(officer, second)
    stamp = re.search(r'name="seen" value="([^"]+)"', page(officer, f"/cases/{first}/beside/{second}"))
    assert stamp
    officer.act(f"cases/{second}/verify", {"custody_checked": True})
    answer = merge(officer, second, first, seen=stamp[1])
    assert answer.status_code == 409 and "was changed while you had this page open" in answer.get_data(as_text=True)
    assert row(desk, second).state == "in_verification"


def test_nobody_merges_a_case_that_a_colleague_works_on(desk: Desk) -> None:
    officer = desk.officer("Ada")
    first, second = two(desk)
    verify(officer, second)
    answer = merge(desk.officer("Bea"), second, first)
    assert answer.status_code == 409 and "another officer" in answer.get_data(as_text=True).lower()
    assert officer.get(f"/cases/{first}/beside/{first}").status_code == 409


def test_the_photos_of_a_case_are_compared_through_the_gate_and_nobody_is_a_candidate(desk: Desk) -> None:
    officer, intake = desk.officer("Ada"), desk.officer("Ina", "intake_officer")
    known, asking = desk.registered(officer, **OTHER), desk.report(**LINA)
    assert intake.send(f"/cases/{asking}/compare-faces").status_code == 403
    assert officer.send(f"/cases/{asking}/compare-faces").status_code == 303
    wanted = [asked for asked in sent(desk, m.SearchAsked) if asked.purpose == "duplicate_check"]
    assert [asked.photo_id for asked in wanted] == desk.photos_of(case_id=asking)
    for asked in wanted:
        desk.handle(candidates.search_asked, asked)
    assert "faces are being compared" in page(officer, f"/cases/{asking}")
    assert officer.send(f"/cases/{asking}/compare-faces").status_code == 409
    with desk.app.app_context():
        searches = [search.id for search in db.session.query(Search).filter_by(purpose="duplicate_check")]
    key, photo = str(row(desk, known).case_key), desk.photos_of(case_id=known)[0]
    found = m.RankedCandidate(1, key, photo, 5.1, "strong", (0.5, 0.4), 1.0)
    desk.handle(candidates.search_completed, m.SearchCompleted(searches[0], 1, 1, (found,)))
    desk.handle(candidates.search_completed, m.SearchCompleted(searches[1], 3, 0, (), ()))
    closed = sent(desk, m.ProbeClosed)
    assert [(each.search_id, each.outcome, each.case_key) for each in closed] == [(searches[0], "inconclusive", None)]
    for one, other in ((asking, known), (known, asking)):
        shown = page(officer, f"/cases/{one}")
        assert "faces: strong resemblance" in shown and f"/beside/{other}" in shown
    assert officer.read("candidates")["candidates"] == [] and officer.read(f"cases/{known}")["candidates"] == []
    acts = [entry["act"] for entry in desk.officer("Eve", "supervisor").read("audit")["entries"]]
    assert {"case.faces", "gate.search", "search.completed"} <= set(acts)


def test_the_gate_searches_no_photo_of_a_case_that_ended_meanwhile(desk: Desk) -> None:
    officer = desk.officer("Ada")
    case = desk.report(**LINA)
    officer.send(f"/cases/{case}/compare-faces")
    asked = [each for each in sent(desk, m.SearchAsked) if each.purpose == "duplicate_check"]
    officer.act(f"cases/{case}/withdraw")
    before = desk.sent("SearchRequested")
    for each in asked:
        desk.handle(candidates.search_asked, each)
    assert desk.sent("SearchRequested") == before
    assert officer.send(f"/cases/{case}/compare-faces").status_code == 409


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, settings: Settings, postgres: Callable[[], str]) -> Iterator[Desk]:
    if request.param == "postgresql":
        settings = replace(settings, review_database_url=postgres())
    yield Desk(settings)


def test_of_two_who_merge_two_cases_crosswise_at_once_one_is_refused(both: Desk) -> None:
    desk, officers = both, [both.officer("Ada"), both.officer("Bea")]
    first, second = desk.registered(officers[0], **LINA), desk.registered(officers[1], **AGAIN)

    def act(name: str, gone: str, kept: str) -> str:
        with desk.app.app_context():
            person = people.by_name(db.session(), name)
            assert person is not None
            actor = people.actor(db.session(), person.id)
            assert isinstance(actor, Actor)
            db.session.rollback()
            try:
                perform(desk.tools, merging.merge, replace(actor, fresh=True), gone, kept, "One child.")
            except NotAllowed as refusal:
                return refusal.reason
        return "done"

    with ThreadPoolExecutor(2) as pool:
        made = [pool.submit(act, "Ada", first, second), pool.submit(act, "Bea", second, first)]
        results = sorted(each.result() for each in made)
    assert results[0] == "done" and results[1] in ("kept_ended", "wrong_state")
    assert sorted((row(desk, first).state, row(desk, second).state)) == ["merged", "registered"]
