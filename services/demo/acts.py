"""The story's acts in their order. Every step is real: real HTTP, real photographs, the real matcher."""

from services.demo.acts_desk import a_family_reports, an_officer_registers, two_officers_decide, two_sightings
from services.demo.acts_end import an_adult_is_refused, nothing_can_be_read_any_more, one_more_stays, the_record_holds
from services.demo.acts_public import an_alert_goes_out, news_feeds_pull_it, the_child_is_found

ACTS = (
    a_family_reports, an_officer_registers, two_sightings, two_officers_decide, an_alert_goes_out, news_feeds_pull_it,
    an_adult_is_refused, the_child_is_found, nothing_can_be_read_any_more, the_record_holds, one_more_stays,
)  # fmt: skip
