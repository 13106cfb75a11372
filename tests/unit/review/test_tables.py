"""The desk's rules, walked row by row: state tables, four eyes, the gate's conditions, rights and jurisdictions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest

from services.review.candidates import blindness
from services.review.candidates import rules as candidates
from services.review.cases import rules as cases
from services.review.drafts import rules as drafts
from services.review.people.rules import ROLES, Actor, may, require
from shared.errors import NotAllowed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CHECKED = cases.Checks("REF 1", True, True, True, True, True, "Police act, section 1")
FACTS = cases.CaseFacts("registered", "officer", date(2016, 5, 3), date(2026, 11, 1), CHECKED)


@pytest.mark.parametrize("rules", [cases, drafts])
def test_every_act_in_every_state_is_in_the_table_or_refused(rules: object) -> None:
    for state in get_args(rules.State):  # type: ignore[attr-defined]
        for act in get_args(rules.Act):  # type: ignore[attr-defined]
            if act in rules.TABLE[state]:  # type: ignore[attr-defined]
                assert rules.next_state(state, act) == rules.TABLE[state][act]  # type: ignore[attr-defined]
            else:
                with pytest.raises(NotAllowed, match="not possible"):
                    rules.next_state(state, act)  # type: ignore[attr-defined]


def test_every_state_of_a_case_has_words_for_the_family() -> None:
    assert set(cases.FAMILY_STATUS) == set(get_args(cases.State))


def test_a_checked_and_registered_minors_case_may_be_enrolled() -> None:
    assert cases.may_enrol(FACTS) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "in_verification"}, "not_registered"),
        ({"registered_by": None}, "not_registered"),
        ({"state": "closed"}, "closed"),
        ({"born": date(2008, 11, 1)}, "not_a_minor"),
        ({"born": date(2026, 11, 2)}, "born_after_last_seen"),
        ({"checks": replace(CHECKED, police_reference=" ")}, "police_reference_missing"),
        ({"checks": replace(CHECKED, relation_verified=False)}, "relation_unverified"),
        ({"checks": replace(CHECKED, identity_verified=False)}, "identity_unverified"),
        ({"checks": replace(CHECKED, custody_checked=False)}, "custody_unchecked"),
        ({"checks": replace(CHECKED, protection_orders_checked=False)}, "protection_orders_unchecked"),
        ({"checks": replace(CHECKED, care_status_checked=False)}, "care_status_unchecked"),
        ({"checks": replace(CHECKED, legal_basis="")}, "legal_basis_missing"),
    ],
)
def test_each_condition_of_the_gate_alone_keeps_a_case_out(change: dict[str, object], reason: str) -> None:
    assert cases.may_enrol(replace(FACTS, **change)) == [reason]  # type: ignore[arg-type]


def test_a_child_one_day_before_the_eighteenth_birthday_is_a_minor() -> None:
    assert cases.may_enrol(replace(FACTS, born=date(2008, 11, 2))) == []


def test_an_officer_sees_no_others_decision_until_both_have_decided() -> None:
    first, second = candidates.Decision("a", "confirmed"), candidates.Decision("b", "rejected")
    assert blindness.visible([first], "b", independent=True) == []
    assert blindness.visible([first], "a", independent=True) == [first]
    assert blindness.visible([first, second], "c", independent=False) == [first, second]


def test_a_search_has_one_of_three_purposes_and_the_desks_need_an_officer() -> None:
    allowed = candidates.may_search("sighting_triage", by_desk=False, permitted=False, readable=True)
    assert allowed == []
    assert candidates.may_search("curiosity", by_desk=True, permitted=True, readable=True) == ["unknown_purpose"]
    refused = candidates.may_search("officer_probe", by_desk=False, permitted=True, readable=True, of="probe")
    assert refused == ["not_permitted"]


@pytest.mark.parametrize("purpose", ["sighting_triage", "officer_probe", "duplicate_check"])
@pytest.mark.parametrize("of", ["sighting", "probe", "case"])
def test_a_photo_is_searched_for_what_it_is_of_and_nothing_else(purpose: str, of: candidates.Owner) -> None:
    reasons = candidates.may_search(purpose, by_desk=True, permitted=True, readable=True, of=of)
    assert reasons == ([] if candidates.PURPOSES[of] == purpose else ["wrong_purpose"])


def test_the_photos_of_a_case_that_has_ended_are_not_compared() -> None:
    reasons = candidates.may_search(
        "duplicate_check", by_desk=True, permitted=True, readable=True, of="case", locked=True
    )
    assert reasons == ["photo_locked"]


def test_a_merge_can_be_undone_for_thirty_days_and_longer_where_the_kept_case_has_ended() -> None:
    cases.may_unmerge(NOW - timedelta(days=30), NOW, kept_ended=False)
    cases.may_unmerge(NOW - timedelta(days=300), NOW, kept_ended=True)
    with pytest.raises(NotAllowed, match="30 days"):
        cases.may_unmerge(NOW - timedelta(days=30, seconds=1), NOW, kept_ended=False)


def test_whoever_wrote_an_alert_cannot_approve_it() -> None:
    drafts.may_approve("c", {"a", "b"})
    with pytest.raises(NotAllowed):
        drafts.may_approve("b", {"a", "b"})


@pytest.mark.parametrize("lasts", [timedelta(minutes=59), timedelta(days=30, seconds=1)])
def test_an_alert_lasts_from_an_hour_to_thirty_days(lasts: timedelta) -> None:
    with pytest.raises(NotAllowed):
        drafts.check_expiry(NOW + lasts, NOW)
    drafts.check_expiry(NOW + timedelta(days=1), NOW)


def officer(*roles: str, regions: tuple[str, ...] = ("FR",)) -> Actor:
    return Actor("o", "Officer", frozenset(roles), regions)


@pytest.mark.parametrize(("region", "allowed"), [("FR", True), ("FR-IDF", True), ("FRX", False), ("DE", False)])
def test_an_officer_acts_within_the_own_jurisdiction(region: str, allowed: bool) -> None:
    assert may(officer("reviewer"), "case.register", region) is allowed


def test_a_place_in_no_region_is_for_supervisors() -> None:
    assert not may(officer("reviewer"), "case.register", None)
    assert may(officer("supervisor"), "case.register", None)


def test_auditors_and_administrators_read_no_case() -> None:
    for role in ("auditor", "administrator"):
        assert not any(act.startswith(("case.", "photo.", "candidate.")) for act in ROLES[role])
        with pytest.raises(NotAllowed):
            require(officer(role), "case.read", "FR")
