"""The alerts' table and CAP's small print, walked row by row."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from services.alerts import rules
from shared.cap import Sent, cap_time, references
from shared.errors import Refused

NOW = datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize("state", rules.TABLE)
@pytest.mark.parametrize("act", ["amend", "cancel", "expire"])
def test_only_a_live_alert_can_be_acted_on(state: rules.State, act: rules.Act) -> None:
    if state == "live":
        assert rules.next_state(state, act) in rules.TABLE
    else:
        with pytest.raises(Refused, match="alert_ended"):
            rules.next_state(state, act)


def test_times_have_a_numeric_offset_and_no_fraction() -> None:
    assert cap_time(NOW) == "2026-11-24T09:00:00-00:00"
    assert cap_time(NOW.astimezone(timezone(timedelta(hours=8)))) == "2026-11-24T09:00:00-00:00"


def test_sent_is_whole_seconds_and_always_later_than_before() -> None:
    first = rules.sent_at(NOW, None)
    second = rules.sent_at(NOW, first)
    assert first == NOW.replace(microsecond=0)
    assert second == first + timedelta(seconds=1)
    assert rules.sent_at(NOW + timedelta(days=1), second) == first + timedelta(days=1)


def test_expired_messages_are_not_referred_to() -> None:
    old = Sent("x.1", NOW - timedelta(days=3), NOW - timedelta(days=2))
    new = Sent("x.2", NOW - timedelta(days=1), NOW + timedelta(days=1))
    assert references("police.example", [old, new], NOW) == "police.example,x.2,2026-11-23T09:00:00-00:00"


def test_an_amendment_is_later_than_what_is_live_whatever_was_rejected_between() -> None:
    for later in (2, 3):
        rules.check_version(1, later)
    for wrong in (0, 1):
        with pytest.raises(Refused, match="wrong_version"):
            rules.check_version(1, wrong)
