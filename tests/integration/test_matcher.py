"""The matcher on real portraits, with the real model: what it enrols, finds, refuses and forgets."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from matcherroom import Matcher, grey, open_matcher, portrait, side_by_side

from services.matcher.models import Forgotten, Probe, Search, Template, db
from services.matcher.packs import FacePack, open_pack
from services.matcher.worker import SEARCHES_KEPT, bound, sweep
from shared import messages as m
from shared.blobs import hand_over
from shared.config import Settings
from shared.envelope import close
from shared.grants import EnrolmentGrant, SearchGrant, issue
from shared.keys import GateKey

CHILD, YEARS_LATER, OTHER, STRANGER = "person_a_1", "person_a_2", "person_b_1", "impostor_1"


@pytest.fixture(scope="module")
def pack() -> FacePack:
    return open_pack(Settings(models=Path(os.environ["HOMEWARD_MODELS"])))


@pytest.fixture(params=["sqlite", "postgresql"])
def matcher(
    request: pytest.FixtureRequest, settings: Settings, pack: FacePack, postgres: Callable[[], str]
) -> Iterator[Matcher]:
    """A matcher that remembers in memory what SQLite keeps, and one that searches in PostgreSQL."""
    if request.param == "postgresql":
        settings = replace(settings, matcher_database_url=postgres())
    yield from open_matcher(settings, pack)


def forged(matcher: Matcher, grant: EnrolmentGrant | SearchGrant) -> str:
    """Signed by the police desk itself instead of its gate."""
    return issue(grant, GateKey(matcher.review.signing))


def test_a_child_is_found_years_later_and_a_stranger_resembles_nobody(matcher: Matcher) -> None:
    assert matcher.enrol("case-a", portrait(CHILD)) == ["enrolled"]
    assert matcher.enrol("case-b", portrait(OTHER)) == ["enrolled"]
    (found,) = matcher.search(portrait(YEARS_LATER)).candidates
    assert (found.rank, found.case_key, found.band, found.age_gap) == (1, "case-a", "strong", 6.0)
    assert found.score > 1
    assert matcher.found(portrait(STRANGER)) == []


def test_a_probe_with_candidates_is_kept_until_it_is_closed_and_one_without_leaves_no_vector(matcher: Matcher) -> None:
    matcher.enrol("case-a", portrait(CHILD))
    matcher.search(portrait(STRANGER))
    assert matcher.count(Probe) == 0
    answer = matcher.search(portrait(YEARS_LATER))
    assert matcher.count(Probe) == 1
    assert matcher.tell(m.ProbeClosed(answer.search_id, "confirmed", "case-a")) is None
    assert matcher.count(Probe) == 0


def test_transit_copies_are_gone_after_the_answer(matcher: Matcher) -> None:
    matcher.enrol("case-a", portrait(CHILD), grey())
    matcher.search(portrait(STRANGER))
    matcher.tell(replace(matcher.to_search(portrait(STRANGER)), grant="nonsense"))
    assert matcher.in_transit() == []


# ---- enrolment ----------------------------------------------------------------------------------------------


def test_each_photo_gets_its_own_outcome(matcher: Matcher) -> None:
    broken = hand_over(matcher.tools.room.incoming, b"no picture", media_type="image/jpeg", width=1, height=1)
    grant = EnrolmentGrant("case-a", broken.digest, 9.0, matcher.now)
    gone = matcher.to_enrol(portrait(STRANGER), photo_id="gone")
    matcher.tools.room.incoming.delete(gone.photo.blob)
    asked = (
        matcher.to_enrol(portrait(CHILD), photo_id="good"),
        matcher.to_enrol(grey(), photo_id="wall"),
        matcher.to_enrol(side_by_side(CHILD, OTHER, STRANGER), photo_id="three"),
        replace(matcher.to_enrol(side_by_side(CHILD, OTHER, STRANGER), photo_id="middle"), face=(0.5, 0.4)),
        m.PhotoToEnrol("broken", broken, issue(grant, matcher.gate)),
        gone,
    )
    answer = matcher.tell(m.EnrolRequested("case-a", asked))
    assert isinstance(answer, m.EnrolCompleted)
    assert {photo.photo_id: photo.outcome for photo in answer.photos} == {
        "good": "enrolled", "wall": "no_face", "three": "several_faces", "middle": "enrolled",
        "broken": "unreadable", "gone": "unreadable",
    }  # fmt: skip
    assert matcher.count(Template) == 2
    assert matcher.found(portrait("person_b_2")) == ["case-a"]


@pytest.mark.parametrize(
    "wrong",
    [{"age_when_last_seen": 18.0}, {"case_key": "case-b"}, {"photo_digest": "0" * 64}, {"purpose": "something"}],
    ids=["adult", "other case", "other photo", "other purpose"],
)
def test_a_grant_for_an_adult_another_case_or_another_photo_enrols_nothing(
    matcher: Matcher, wrong: dict[str, object]
) -> None:
    answer = matcher.tell(m.EnrolRequested("case-a", (matcher.to_enrol(portrait(CHILD), **wrong),)))
    assert isinstance(answer, m.EnrolCompleted)
    assert [photo.outcome for photo in answer.photos] == ["refused"]
    assert matcher.count(Template) == 0


def test_a_grant_that_the_gate_did_not_sign_enrols_nothing(matcher: Matcher) -> None:
    asked = matcher.to_enrol(portrait(CHILD))
    own = forged(matcher, EnrolmentGrant("case-a", asked.photo.digest, 9.0, matcher.now))
    search = matcher.to_search(portrait(CHILD)).grant
    answer = matcher.tell(m.EnrolRequested("case-a", (replace(asked, grant=own), replace(asked, grant=search))))
    assert isinstance(answer, m.EnrolCompleted)
    assert [photo.outcome for photo in answer.photos] == ["refused", "refused"]
    assert matcher.count(Template) == 0


def test_the_same_photo_enrolled_again_takes_its_own_place(matcher: Matcher) -> None:
    for photo in (CHILD, OTHER):
        matcher.tell(m.EnrolRequested("case-a", (matcher.to_enrol(portrait(photo), photo_id="one"),)))
        assert matcher.found(portrait(photo)) == ["case-a"]
    assert matcher.count(Template) == 1
    assert matcher.found(portrait(YEARS_LATER)) == []


# ---- searching ----------------------------------------------------------------------------------------------


def test_of_several_faces_only_the_marked_ones_are_searched(matcher: Matcher) -> None:
    matcher.enrol("case-a", portrait(CHILD))
    matcher.enrol("case-b", portrait(OTHER))
    crowd = side_by_side(STRANGER, "person_b_2", YEARS_LATER)
    unmarked = matcher.search(crowd)
    assert (unmarked.faces_found, unmarked.faces_searched, unmarked.candidates) == (3, 0, ())
    stranger, child = (1 / 6, 0.4), (5 / 6, 0.4)
    one = matcher.search(crowd, faces=[stranger])
    assert (one.faces_searched, one.candidates) == (1, ())
    two = matcher.search(crowd, faces=[stranger, child, child])
    assert (two.faces_searched, [candidate.case_key for candidate in two.candidates]) == (2, ["case-a"])
    assert two.candidates[0].face[0] > 2 / 3
    assert matcher.count(Probe) == 1  # the child's; the stranger's face left nothing
    everybody = matcher.found(crowd, faces=[stranger, (0.5, 0.4), child])
    assert sorted(everybody) == ["case-a", "case-b"]


def test_no_face_is_an_answer_and_not_a_refusal(matcher: Matcher) -> None:
    answer = matcher.search(grey())
    assert (answer.faces_found, answer.faces_searched, answer.candidates) == (0, 0, ())


def test_a_case_is_a_candidate_once_by_its_best_photo(matcher: Matcher) -> None:
    matcher.enrol("case-a", portrait(CHILD), portrait(YEARS_LATER))
    (found,) = matcher.search(portrait(YEARS_LATER)).candidates
    assert found.score > 5


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"photo_digest": "0" * 64}, "wrong_photo"),
        ({"search_id": "another"}, "forged"),
        ({"purpose": "curiosity"}, "forged"),
    ],
    ids=["other photo", "other search", "other purpose"],
)
def test_a_grant_for_something_else_searches_nothing(matcher: Matcher, wrong: dict[str, object], reason: str) -> None:
    matcher.enrol("case-a", portrait(CHILD))
    asked = matcher.to_search(portrait(YEARS_LATER), **wrong)
    assert matcher.tell(asked) == m.SearchRefused(asked.search_id, reason)  # type: ignore[arg-type]
    assert matcher.count(Probe) == 0


def test_a_forged_grant_searches_nothing(matcher: Matcher) -> None:
    asked = matcher.to_search(portrait(YEARS_LATER))
    times = (matcher.now, matcher.now + timedelta(seconds=60))
    own = forged(matcher, SearchGrant(asked.search_id, asked.photo.digest, "sighting_triage", *times))
    assert matcher.tell(replace(asked, grant=own)) == m.SearchRefused(asked.search_id, "forged")


def test_a_grant_that_came_too_late_is_answered_so_and_can_be_given_anew(matcher: Matcher) -> None:
    matcher.enrol("case-a", portrait(CHILD))
    asked = matcher.to_search(portrait(YEARS_LATER))
    matcher.now += timedelta(seconds=121)
    assert matcher.tell(asked) == m.SearchRefused(asked.search_id, "expired")
    assert matcher.found(portrait(YEARS_LATER)) == ["case-a"]


def test_a_grant_serves_once(matcher: Matcher) -> None:
    asked = matcher.to_search(portrait(STRANGER))
    assert isinstance(matcher.tell(asked), m.SearchCompleted)
    again = replace(asked, photo=matcher.hand_over(portrait(STRANGER)))
    assert matcher.tell(again) == m.SearchRefused(asked.search_id, "used")


def test_a_search_that_died_before_its_commit_is_done_again_in_full(matcher: Matcher) -> None:
    matcher.enrol("case-a", portrait(CHILD))
    asked = matcher.to_search(portrait(YEARS_LATER))
    act = bound(matcher.tools)[m.SearchRequested]
    with matcher.app.app_context(), pytest.raises(KeyboardInterrupt), matcher.bus.work() as work:
        act(asked, work)
        raise KeyboardInterrupt
    assert matcher.count(Probe) == 0
    answer = matcher.tell(asked)
    assert isinstance(answer, m.SearchCompleted)
    assert [candidate.case_key for candidate in answer.candidates] == ["case-a"]


def test_a_photo_that_is_not_there_or_not_the_one_sent_is_unreadable(matcher: Matcher) -> None:
    asked = matcher.to_search(portrait(STRANGER))
    matcher.tools.room.incoming.put(asked.photo.blob, b"something else")
    assert matcher.tell(asked) == m.SearchRefused(asked.search_id, "unreadable")
    assert matcher.tell(asked) == m.SearchRefused(asked.search_id, "unreadable")  # by now its copy is gone


# ---- forgetting ---------------------------------------------------------------------------------------------


def test_a_forgotten_case_is_never_found_nor_enrolled_again(matcher: Matcher) -> None:
    matcher.enrol("case-a", portrait(CHILD), portrait(YEARS_LATER))
    matcher.enrol("case-b", portrait(OTHER))
    assert matcher.found(portrait(YEARS_LATER)) == ["case-a"]
    assert matcher.tell(m.ForgetRequested("case-a")) == m.ForgetCompleted("case-a", 2)
    assert matcher.found(portrait(YEARS_LATER)) == []
    assert matcher.enrol("case-a", portrait(CHILD)) == ["refused"]
    assert matcher.tell(m.ForgetRequested("case-a")) == m.ForgetCompleted("case-a", 0)
    assert (matcher.count(Template), matcher.count(Forgotten)) == (1, 1)
    assert matcher.found(portrait("person_b_2")) == ["case-b"]


def test_a_forget_that_overtakes_an_enrolment_wins(matcher: Matcher) -> None:
    keys = matcher.review
    late = close(m.EnrolRequested("case-a", (matcher.to_enrol(portrait(CHILD)),)), keys, "matcher", 1, matcher.now)
    end = close(m.ForgetRequested("case-a"), keys, "matcher", 2, matcher.now)
    with matcher.app.app_context():
        outcomes = [matcher.bus.receive(each.text(), bound(matcher.tools)) for each in (end, late)]
    assert outcomes == ["applied", "applied"]
    assert matcher.count(Template) == 0
    assert matcher.in_transit() == []


def test_a_transit_copy_that_outlived_its_worker_is_gone_once_the_message_comes_again(matcher: Matcher) -> None:
    asked = matcher.to_search(portrait(STRANGER))
    text = close(asked, matcher.review, "matcher", 1, matcher.now).text()
    left = matcher.tools.room.incoming.get(asked.photo.blob)
    with matcher.app.app_context():
        assert matcher.bus.receive(text, bound(matcher.tools)) == "applied"
        matcher.tools.room.incoming.put(asked.photo.blob, left)  # killed between commit and deletion
        assert matcher.bus.receive(text, bound(matcher.tools)) == "applied"
    assert matcher.in_transit() == []


def test_a_grant_played_again_in_a_message_of_its_own_searches_nothing(matcher: Matcher) -> None:
    matcher.enrol("case-a", portrait(CHILD))
    asked = matcher.to_search(portrait(YEARS_LATER))
    assert isinstance(matcher.tell(asked), m.SearchCompleted)
    matcher.tell(m.ProbeClosed(asked.search_id, "rejected", None))
    for search_id in (asked.search_id, "another"):
        again = replace(asked, search_id=search_id, photo=matcher.hand_over(portrait(YEARS_LATER)))
        refusal = matcher.tell(again)
        assert isinstance(refusal, m.SearchRefused) and refusal.reason in ("used", "forged")
    assert (matcher.count(Probe), matcher.in_transit()) == (0, [])


def test_closed_searches_are_dropped_a_day_later_and_open_ones_stay(matcher: Matcher) -> None:
    matcher.enrol("case-a", portrait(CHILD))
    matcher.search(portrait(STRANGER))
    still_open = matcher.search(portrait(YEARS_LATER))
    matcher.now += SEARCHES_KEPT + timedelta(minutes=1)
    with matcher.app.app_context():
        sweep(matcher.tools)
        assert [row.id for row in db.session.query(Search)] == [still_open.search_id]
    assert matcher.count(Probe) == 1


# ---- several workers, and starting again --------------------------------------------------------------------


def test_two_workers_on_one_database_see_each_others_enrolments_and_deletions(matcher: Matcher, pack: FacePack) -> None:
    other = Matcher(matcher.settings, pack)
    matcher.enrol("case-a", portrait(CHILD))
    assert other.found(portrait(YEARS_LATER)) == ["case-a"]
    other.tell(m.ForgetRequested("case-a"))
    assert matcher.found(portrait(YEARS_LATER)) == []


def test_a_worker_started_again_knows_its_gallery(matcher: Matcher, pack: FacePack) -> None:
    matcher.enrol("case-a", portrait(CHILD))
    assert Matcher(matcher.settings, pack).found(portrait(YEARS_LATER)) == ["case-a"]


def test_a_template_whose_grant_does_not_hold_is_left_out_when_the_gallery_loads(
    matcher: Matcher, pack: FacePack, caplog: pytest.LogCaptureFixture
) -> None:
    matcher.enrol("case-a", portrait(CHILD))
    matcher.enrol("case-b", portrait(OTHER))
    with matcher.app.app_context(), matcher.bus.work() as work:
        planted = work.session.query(Template).filter_by(case_key="case-a").one()
        planted.case_key = "case-x"
    fresh = Matcher(matcher.settings, pack)
    assert fresh.found(portrait(YEARS_LATER)) == []
    assert fresh.found(portrait("person_b_2")) == ["case-b"]
    assert "has no grant that holds" in caplog.text
