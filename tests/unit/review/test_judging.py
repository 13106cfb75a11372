"""The pure rules of comparing and deciding: what is shown to whom, what speaks against what, how fast somebody went."""

from datetime import UTC, datetime, timedelta

import pytest

from services.review.candidates import blindness, rules
from services.review.candidates.checklist import Features, contradictions, looked_at
from services.review.candidates.travel import travel
from shared.errors import NotAllowed

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PARIS, BERLIN = (48.8566, 2.3522), (52.52, 13.405)


@pytest.mark.parametrize("state", ["pending", "half_decided", "disputed"])
def test_the_matchers_word_is_for_those_who_have_judged(state: rules.State) -> None:
    assert not blindness.shows_likelihood(state, judged=False, blind=True)
    assert blindness.shows_likelihood(state, judged=True, blind=True)
    assert blindness.shows_likelihood(state, judged=False, blind=False)


def test_once_all_is_decided_nothing_is_hidden() -> None:
    for state in rules.FINAL:
        assert blindness.shows_likelihood(state, judged=False, blind=True)
        assert not blindness.still_independent(state, may_settle=True, judged=False, blind=True)


@pytest.mark.parametrize(
    ("state", "may_settle", "judged", "independent"),
    [
        ("half_decided", False, True, True),
        ("disputed", False, False, False),
        ("disputed", True, False, True),
        ("disputed", True, True, False),
    ],
)
def test_who_is_still_to_decide_sees_no_others_decision(
    state: rules.State, may_settle: bool, judged: bool, independent: bool
) -> None:
    found = blindness.still_independent(state, may_settle=may_settle, judged=judged, blind=True)
    assert found is independent


@pytest.mark.parametrize(("made", "read"), [(0, 0), (1, 0), (1, 1), (2, 2), (3, None)])
def test_what_has_not_changed_for_an_officer_may_be_decided(made: int, read: int | None) -> None:
    rules.check_unchanged(made, read)


@pytest.mark.parametrize(("made", "read"), [(2, 0), (2, 1), (3, 2), (0, 7)])
def test_what_others_decided_meanwhile_is_not_decided_again(made: int, read: int) -> None:
    with pytest.raises(NotAllowed, match="decisions when it was read"):
        rules.check_unchanged(made, read)


def test_a_rejections_reason_may_be_in_ones_own_words() -> None:
    assert rules.reason_of("rejected", "", "other ears", settling=False) == "other"
    assert rules.reason_of("rejected", "age", "", settling=False) == "age"
    assert rules.reason_of("confirmed", "age", "", settling=False) is None


def test_features_that_speak_against_a_judgement_are_named() -> None:
    features = Features(ears="different", nose="similar", skin="unseen")
    assert contradictions("confirmed", features) == ["ears"]
    assert contradictions("rejected", features) == ["nose"]
    assert contradictions("inconclusive", features) == [] and looked_at(features) == 2


@pytest.mark.parametrize(
    ("hours", "verdict"), [(-1, "before"), (0.25, "impossible"), (3, "by_air"), (12, "by_car"), (400, "on_foot")]
)
def test_how_fast_somebody_must_have_been(hours: float, verdict: str) -> None:
    found = travel((NOW, *PARIS), (NOW + timedelta(hours=hours), *BERLIN))
    assert found.verdict == verdict and 870 < found.km < 885


def test_about_the_same_place_needs_no_speed_even_at_once() -> None:
    assert travel((NOW, *PARIS), (NOW, PARIS[0] + 0.001, PARIS[1])).verdict == "same_place"
