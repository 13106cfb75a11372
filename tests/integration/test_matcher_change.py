"""The matcher changes to another model pack: real packs, both databases, a probe finds its child at every moment."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from matcherroom import Matcher, open_matcher, portrait
from sqlalchemy import select

from services.matcher import changeover, learned, worker
from services.matcher.models import Answered, LearnedMetric, Template, db
from services.matcher.packs import FacePack, install_pack, open_pack
from shared import messages as m
from shared.config import Settings
from shared.envelope import parse, unseal

CHILD, YEARS_LATER, ANOTHER, SAME_AGAIN = "person_a_1", "person_a_2", "person_b_1", "person_b_2"
BEFORE, AFTER = "opencv-zoo", "mobilefacenet"


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FacePack]:
    settings = Settings.from_env()
    for name in (BEFORE, AFTER):
        install_pack(settings, name, print)
    return {name: open_pack(replace(settings, model_pack=name)) for name in (BEFORE, AFTER)}


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, settings: Settings, postgres: Callable[[], str]) -> Settings:
    return replace(settings, matcher_database_url=postgres()) if request.param == "postgresql" else settings


@pytest.fixture
def matcher(place: Settings, packs: dict[str, FacePack]) -> Iterator[Matcher]:
    """One that has a child enrolled under the pack before."""
    for matcher in open_matcher(place, packs[BEFORE]):
        do(matcher, worker.start)
        matcher.enrol("case-a", portrait(CHILD))
        yield matcher


def do(matcher: Matcher, act: Callable[..., object]) -> None:
    with matcher.app.app_context():
        act(matcher.tools)
        db.session.rollback()


def restarted(matcher: Matcher, pack: FacePack) -> Matcher:
    """Another worker of the same room, set to this pack."""
    fresh = Matcher(replace(matcher.settings, model_pack=pack.name), pack)
    fresh.now = matcher.now
    do(fresh, worker.start)
    return fresh


def packs_of(matcher: Matcher, table: type[Template] | type[Answered] = Template) -> set[tuple[str, str]]:
    with matcher.app.app_context():
        return {(row.case_key, row.pack) for row in db.session.execute(select(table.case_key, table.pack))}


def serving(matcher: Matcher) -> list[str]:
    with matcher.app.app_context():
        return [each.pack.name for each in matcher.tools.packs.now(db.session()).all]


def matching_of(matcher: Matcher) -> str:
    """The version of the metric that searches use."""
    with matcher.app.app_context():
        session = db.session()
        return matcher.tools.packs.now(session).serving.chosen.now(session).metric.version


def learned_for(matcher: Matcher) -> dict[str, str]:
    """Of each metric that is active, the pack."""
    with matcher.app.app_context():
        rows = db.session.scalars(select(LearnedMetric).where(LearnedMetric.state == "active"))
        return {row.version: row.pack for row in rows}


def announced(matcher: Matcher) -> list[m.PackId]:
    """What review was told, in order."""
    with matcher.app.app_context():
        told = [unseal(parse(text), matcher.review) for text in matcher._sent() if text]
    return [message.pack for message in told if isinstance(message, m.PackChanged)]


def rounds(matcher: Matcher) -> list[str]:
    with matcher.app.app_context():
        told = [unseal(parse(text), matcher.review) for text in matcher._sent() if text]
    return [message.round_id for message in told if isinstance(message, m.PackChanged)]


def test_a_child_is_found_before_during_and_after_the_change(matcher: Matcher, packs: dict[str, FacePack]) -> None:
    assert announced(matcher) == []
    changing = restarted(matcher, packs[AFTER])
    assert announced(changing) == [packs[AFTER].id]
    assert serving(changing) == [BEFORE, AFTER]
    assert changing.found(portrait(YEARS_LATER)) == ["case-a"]

    do(changing, worker.change)  # not yet: the case was not asked for
    assert serving(changing) == [BEFORE, AFTER]
    changing.enrol("case-a", portrait(CHILD))
    assert changing.found(portrait(YEARS_LATER)) == ["case-a"]
    do(changing, worker.tend)
    do(changing, worker.change)
    assert serving(changing) == [AFTER]
    assert changing.found(portrait(YEARS_LATER)) == ["case-a"]

    assert ("case-a", BEFORE) in packs_of(changing)  # a search that was begun before may still be looking
    changing.now += changeover.KEPT_AFTER_SWITCH + timedelta(seconds=1)
    do(changing, worker.change)
    assert packs_of(changing) == packs_of(changing, Answered) == {("case-a", AFTER)}
    assert changing.found(portrait(YEARS_LATER)) == ["case-a"]


def test_every_answer_says_in_which_round(matcher: Matcher, packs: dict[str, FacePack]) -> None:
    def answered(by: Matcher) -> str | None:
        answer = by.tell(m.EnrolRequested("case-a", (by.to_enrol(portrait(CHILD)),)))
        assert isinstance(answer, m.EnrolCompleted)
        return answer.round_id

    before, changing = answered(matcher), restarted(matcher, packs[AFTER])
    (after,) = rounds(changing)
    assert answered(changing) == after != before
    assert answered(matcher) == after  # the worker that was set to the other one goes by the room's rows


def test_a_case_closed_during_the_change_is_gone_from_both(matcher: Matcher, packs: dict[str, FacePack]) -> None:
    matcher.enrol("case-b", portrait(ANOTHER))
    changing = restarted(matcher, packs[AFTER])
    changing.enrol("case-a", portrait(CHILD))
    answer = changing.tell(m.ForgetRequested("case-a"))
    assert isinstance(answer, m.ForgetCompleted)
    assert packs_of(changing) == packs_of(changing, Answered) == {("case-b", BEFORE)}
    assert changing.found(portrait(YEARS_LATER)) == matcher.found(portrait(YEARS_LATER)) == []
    assert changing.enrol("case-a", portrait(CHILD)) == ["refused"]
    assert packs_of(changing, Answered) == {("case-b", BEFORE)}
    changing.tell(m.ForgetRequested("case-b"))  # with nobody left to ask for
    do(changing, worker.change)
    assert serving(changing) == [AFTER]
    assert changing.found(portrait(YEARS_LATER)) == []


def test_a_case_registered_during_the_change_is_found_at_once_and_after_it(
    matcher: Matcher, packs: dict[str, FacePack]
) -> None:
    changing = restarted(matcher, packs[AFTER])
    changing.enrol("case-b", portrait(ANOTHER))
    assert changing.found(portrait(SAME_AGAIN)) == matcher.found(portrait(SAME_AGAIN)) == ["case-b"]
    changing.enrol("case-a", portrait(CHILD))
    do(changing, worker.change)
    assert serving(changing) == [AFTER]
    assert changing.found(portrait(SAME_AGAIN)) == ["case-b"]


def test_a_worker_restarted_in_the_middle_goes_on_and_announces_nothing_twice(
    matcher: Matcher, packs: dict[str, FacePack]
) -> None:
    matcher.enrol("case-b", portrait(ANOTHER))
    restarted(matcher, packs[AFTER]).enrol("case-a", portrait(CHILD))
    again = restarted(matcher, packs[AFTER])
    do(again, worker.change)
    assert serving(again) == [BEFORE, AFTER]
    assert again.found(portrait(SAME_AGAIN)) == ["case-b"]
    again.enrol("case-b", portrait(ANOTHER))
    do(again, worker.change)
    assert serving(again) == serving(restarted(matcher, packs[AFTER])) == [AFTER]
    assert announced(again) == [packs[AFTER].id]
    assert again.found(portrait(SAME_AGAIN)) == ["case-b"]
    assert matcher.found(portrait(YEARS_LATER)) == ["case-a"]  # a worker that was not restarted


def test_a_case_none_of_whose_photos_is_admitted_any_more_does_not_hold_up_the_change(
    matcher: Matcher, packs: dict[str, FacePack]
) -> None:
    matcher.enrol("case-b", portrait(ANOTHER))
    changing = restarted(matcher, packs[AFTER])
    changing.enrol("case-b", portrait(ANOTHER))
    assert changing.tell(m.EnrolRequested("case-a", ())) == m.EnrolCompleted("case-a", (), rounds(changing)[0])
    do(changing, worker.change)
    assert changing.found(portrait(YEARS_LATER)) == []


def test_going_back_in_the_middle_is_announced_and_leaves_nothing_of_the_other_pack(
    matcher: Matcher, packs: dict[str, FacePack]
) -> None:
    restarted(matcher, packs[AFTER]).enrol("case-a", portrait(CHILD))
    back = restarted(matcher, packs[BEFORE])
    assert announced(back) == [packs[AFTER].id, packs[BEFORE].id]
    assert serving(back) == [BEFORE]
    back.now += changeover.KEPT_AFTER_SWITCH + timedelta(seconds=1)
    do(back, worker.change)
    assert packs_of(back) == packs_of(back, Answered) == {("case-a", BEFORE)}
    assert back.found(portrait(YEARS_LATER)) == ["case-a"]


def test_a_pack_that_finds_hardly_a_face_is_not_switched_to(
    matcher: Matcher, packs: dict[str, FacePack], caplog: pytest.LogCaptureFixture
) -> None:
    blind = replace(packs[AFTER], detect=lambda bgr, thorough=False: [])
    changing = restarted(matcher, blind)
    assert changing.enrol("case-a", portrait(CHILD)) == ["no_face"]
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            do(changing, worker.change)
    assert serving(changing) == [BEFORE, AFTER]
    assert changing.found(portrait(YEARS_LATER)) == ["case-a"]
    assert caplog.text.count("Only 0 of 1 cases can be found") == 1


def test_each_pack_is_searched_with_the_matching_that_was_learned_for_it(
    matcher: Matcher, packs: dict[str, FacePack], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learned, "FEWEST_FACES", 1)
    matcher.enrol("case-b", portrait(ANOTHER))
    do(matcher, worker.learn)
    before = matching_of(matcher)
    assert learned_for(matcher) == {before: BEFORE}

    changing = restarted(matcher, packs[AFTER])
    assert matching_of(changing) == before
    changing.enrol("case-a", portrait(CHILD))
    changing.enrol("case-b", portrait(ANOTHER))
    assert changing.found(portrait(YEARS_LATER)) == ["case-a"]
    do(changing, worker.change)  # learns first from what was enrolled
    after = matching_of(changing)
    assert set(learned_for(changing).values()) == {BEFORE, AFTER}
    assert learned_for(changing)[after] == AFTER
    assert changing.found(portrait(YEARS_LATER)) == ["case-a"]

    back = restarted(changing, packs[BEFORE])
    back.enrol("case-a", portrait(CHILD))
    back.enrol("case-b", portrait(ANOTHER))
    assert matching_of(back) == after
    do(back, worker.change)
    assert serving(back) == [BEFORE]
    assert learned_for(back)[matching_of(back)] == BEFORE
    assert back.found(portrait(YEARS_LATER)) == ["case-a"]


@pytest.mark.parametrize("trouble", ["missing", "another version"])
def test_where_the_pack_before_cannot_be_used_the_chosen_one_searches_and_a_warning_says_so(
    trouble: str, matcher: Matcher, packs: dict[str, FacePack], caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    if trouble == "missing":
        matcher.settings = replace(matcher.settings, models=settings.home / "nothing")
    else:
        with matcher.app.app_context(), matcher.bus.work() as work:
            for table in (Template, Answered, changeover.PackInUse):
                work.session.query(table).update({"pack_version": "older"})
    with caplog.at_level(logging.WARNING):
        changing = restarted(matcher, packs[AFTER])
    assert "its templates are not searched" in caplog.text
    assert serving(changing) == [AFTER]
    assert changing.found(portrait(YEARS_LATER)) == []
    changing.enrol("case-a", portrait(CHILD))
    assert changing.found(portrait(YEARS_LATER)) == ["case-a"]
    do(changing, worker.change)
    changing.now += changeover.KEPT_AFTER_SWITCH + timedelta(seconds=1)
    do(changing, worker.change)
    assert packs_of(changing) == {("case-a", AFTER)}


def test_a_room_whose_templates_are_all_of_another_pack_serves_that_one_at_first(
    place: Settings, packs: dict[str, FacePack]
) -> None:
    for matcher in open_matcher(place, packs[BEFORE]):
        matcher.enrol("case-a", portrait(CHILD))  # as a version of this program that declared no pack
        changing = restarted(matcher, packs[AFTER])
        assert serving(changing) == [BEFORE, AFTER]
        assert announced(changing) == [packs[AFTER].id]
        assert changing.found(portrait(YEARS_LATER)) == ["case-a"]
