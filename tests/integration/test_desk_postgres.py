"""The desk on PostgreSQL, where rows come in no order and transactions run side by side."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import test_desk_alerts as alerts
import test_desk_cases as cases
import test_desk_decisions as decisions
from desk import Desk

from shared.config import Settings


@pytest.fixture
def desk(settings: Settings, postgres: Callable[[], str]) -> Desk:
    return Desk(replace(settings, review_database_url=postgres()))


@pytest.mark.parametrize(
    "story",
    [
        alerts.test_insight_tells_medians_and_agreement_from_five_on,
        cases.test_a_case_is_registered_when_every_check_is_made,
        cases.test_after_erasure_nothing_personal_can_be_read_and_the_record_still_holds,
        cases.test_the_list_is_filtered_by_state_and_number,
        cases.test_the_record_verifies_and_tells_where_it_was_changed,
        decisions.test_a_live_alert_is_amended_by_two_and_cancelled_by_one,
        decisions.test_of_four_who_decide_at_once_two_count_and_the_record_stays_whole,
        decisions.test_nobody_approves_the_own_draft_and_nobody_twice,
        decisions.test_sightings_show_each_photos_search_and_danger_comes_first,
        decisions.test_where_two_differ_a_supervisor_settles,
    ],
    ids=lambda story: story.__name__.removeprefix("test_"),
)
def test_it_holds_on_postgresql_too(story: Callable[[Desk], None], desk: Desk) -> None:
    story(desk)
