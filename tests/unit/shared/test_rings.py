"""The policy of areas that widen: which jurisdiction has which rings, and which of them holds at which hour."""

from datetime import timedelta

import pytest

from shared.config import Settings
from shared.errors import ConfigError
from shared.rings import DEFAULT, km_at, policy

SETTING = "0:80,2:160;SE=0:50,6:150;SE-O=0:20,0.5:40"


@pytest.mark.parametrize(("hours", "km"), [(-1, 100), (0.5, 100), (1, 200), (2, 300), (3, 500), (400, 500)])
def test_the_rings_widen_with_the_hours_since_last_seen(hours: float, km: float) -> None:
    assert km_at(policy(DEFAULT, None), timedelta(hours=hours)) == km


@pytest.mark.parametrize(
    ("region", "first"), [("SE-O", 20), ("SE-O-HARBOUR", 20), ("SE-N", 50), ("SE", 50), ("FR-IDF", 80), (None, 80)]
)
def test_the_smallest_jurisdiction_that_has_rings_of_its_own_decides(region: str | None, first: float) -> None:
    assert policy(SETTING, region)[0] == (0, first)


def test_without_general_rings_the_usual_ones_hold() -> None:
    assert policy("SE=0:50", "FR") == policy(DEFAULT, None)


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ("1:100", "hour 0"), ("0:100,1:50", "wider"), ("0:100,0:200", "later"), ("100/200", "hours:kilometres"),
        ("se=0:50", "hours:kilometres"), ("0:9999", "500 km"), ("0:nan", "hours:kilometres"),
    ],
)  # fmt: skip
def test_a_policy_that_makes_no_sense_is_named(setting: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=fault):
        Settings.from_env({"HOMEWARD_RINGS": setting})
