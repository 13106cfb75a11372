"""Rights as rules: an hour's case, tokens, fresh factors, and what one granter alone may give."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.review.people.names import rights
from services.review.people.rules import (
    APART,
    DECIDES,
    FRESH,
    READS,
    ROLES,
    SCOPES,
    Actor,
    FactorNeeded,
    apart,
    held_meanwhile,
    holds,
    is_fresh,
    may,
    may_confirm,
    needs_second,
    require,
)
from shared.errors import NotAllowed

ADA = Actor("ada", "Ada", frozenset({"reviewer"}), ("FR",), fresh=True)
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


def reason(actor: Actor, act: str, region: str | None, case: str | None = None) -> str:
    with pytest.raises(NotAllowed) as refused:
        require(actor, act, region, case)
    return refused.value.reason


def test_every_act_is_some_roles_and_no_decision_is_a_scopes() -> None:
    known = frozenset().union(*ROLES.values())
    assert known >= DECIDES and known >= READS
    assert not DECIDES & frozenset().union(*SCOPES.values())
    assert not any(READS & ROLES[role] & {"case.read", "photo.read"} for role in APART)


def test_a_decision_needs_a_fresh_factor_and_a_look_does_not() -> None:
    stale = replace(ADA, fresh=False)
    require(stale, "case.read", "FR-IDF")
    with pytest.raises(FactorNeeded):
        require(stale, "case.register", "FR-IDF")
    assert reason(stale, "case.register", "DE") == "not_permitted"  # no factor makes up for a right


@pytest.mark.parametrize(("ago", "fresh"), [(FRESH, True), (FRESH + timedelta(seconds=1), False)])
def test_a_factor_is_fresh_for_ten_minutes(ago: timedelta, fresh: bool) -> None:
    assert is_fresh(NOW - ago, NOW) is fresh
    assert not is_fresh(None, NOW)


def test_an_hour_opens_one_case_and_neither_its_transfer_nor_further_hours() -> None:
    away = Actor("b", "Bert", frozenset({"supervisor"}), ("DE",), cases=frozenset({"c1"}), fresh=True)
    assert may(away, "case.read", "FR", "c1") and may(away, "candidate.decide", "FR", "c1")
    assert not may(away, "case.read", "FR", "c2") and not may(away, "case.read", "FR")
    assert reason(away, "case.transfer", "FR", "c1") == reason(away, "access.grant", "FR", "c1") == "not_permitted"
    intake = replace(away, roles=frozenset({"intake_officer"}))
    assert reason(intake, "candidate.decide", "FR", "c1") == "not_permitted"


def test_a_token_has_at_most_what_its_officer_has_and_decides_never() -> None:
    token = replace(ADA, scopes=frozenset({"cases.read"}))
    assert holds(token, "case.read") and not holds(token, "case.start")
    assert reason(replace(token, scopes=frozenset(SCOPES)), "case.register", "FR") == "person_needed"
    assert not holds(replace(ADA, scopes=frozenset({"record.read"})), "audit.read")


@pytest.mark.parametrize(
    ("before", "after", "needed"),
    [
        ((["intake_officer"], ["FR"]), (["reviewer"], ["FR"]), True),
        (([], []), (["supervisor"], ["FR-IDF"]), True),
        ((["reviewer"], ["FR"]), (["reviewer"], ["FR", "DE"]), True),
        ((["reviewer"], ["FR"]), (["reviewer"], ["FR-IDF"]), False),
        ((["supervisor"], ["FR"]), (["intake_officer"], ["FR", "DE"]), False),
        ((["intake_officer"], ["FR"]), (["intake_officer"], ["DE"]), False),
        (([], []), (["auditor"], []), False),
        (([], []), (["administrator"], []), True),
    ],
)
def test_only_what_makes_somebody_decide_more_needs_a_second_granter(
    before: tuple[list[str], list[str]], after: tuple[list[str], list[str]], needed: bool
) -> None:
    assert needs_second(rights(*before), rights(*after)) is needed


def test_until_then_somebody_holds_what_was_granted_before_or_what_one_may_grant() -> None:
    reviewer, wider = rights(["reviewer"], ["FR"]), rights(["supervisor"], ["FR", "DE"])
    assert held_meanwhile(reviewer, wider) == reviewer
    assert held_meanwhile(rights([], []), wider) == rights([], ["FR", "DE"])


def test_the_second_granter_is_neither_the_first_nor_the_person_and_a_supervisor_grants_at_home() -> None:
    admin = Actor("root", "Root", frozenset({"administrator"}), (), fresh=True)
    may_confirm(admin, "other", "ada", ["DE"])
    for asked_by, officer in (("root", "ada"), ("other", "root")):
        with pytest.raises(NotAllowed, match="somebody else"):
            may_confirm(admin, asked_by, officer, ["DE"])
    supervisor = replace(admin, roles=frozenset({"supervisor"}), regions=("FR",))
    may_confirm(supervisor, "other", "ada", ["FR-IDF"])
    with pytest.raises(NotAllowed, match="in DE, FR"):
        may_confirm(supervisor, "other", "ada", ["DE", "FR"])


@pytest.mark.parametrize(
    ("roles", "together"),
    [(["auditor"], True), (["auditor", "reviewer"], False), (["administrator", "auditor"], False),
     (["intake_officer", "supervisor"], True)],
)  # fmt: skip
def test_who_audits_or_administers_does_nothing_else(roles: list[str], together: bool) -> None:
    assert apart(roles) is together
