"""The matcher under one pack and another: what bad numbers and other packs' templates lead to."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from matcherroom import Matcher, open_matcher, portrait

from services.matcher.models import Probe, Template
from services.matcher.packs import FacePack, install_pack, open_pack
from shared.config import Settings

CHILD, YEARS_LATER = "person_a_1", "person_a_2"
COMBINED = "sface+mobilefacenet+dlib"


@pytest.fixture
def combined(settings: Settings) -> FacePack:
    install_pack(settings, COMBINED, print)
    return open_pack(replace(settings, model_pack=COMBINED))


@pytest.fixture
def matcher(settings: Settings, combined: FacePack) -> Iterator[Matcher]:
    yield from open_matcher(settings, combined)


def test_a_combined_pack_finds_a_child_years_later(matcher: Matcher) -> None:
    assert matcher.enrol("case-a", portrait(CHILD)) == ["enrolled"]
    assert matcher.enrol("case-b", portrait("person_b_1")) == ["enrolled"]
    assert matcher.found(portrait(YEARS_LATER))[:1] == ["case-a"]


def test_templates_of_another_pack_and_dimension_are_not_compared(matcher: Matcher, settings: Settings) -> None:
    default = Matcher(settings, open_pack(settings))
    default.enrol("case-a", portrait(CHILD))
    assert matcher.found(portrait(YEARS_LATER)) == []
    matcher.enrol("case-b", portrait(CHILD))
    assert matcher.found(portrait(YEARS_LATER)) == ["case-b"]
    assert default.found(portrait(YEARS_LATER)) == ["case-a"]


def test_a_network_that_answers_no_numbers_leaves_no_template_and_no_candidate(
    matcher: Matcher, settings: Settings, combined: FacePack
) -> None:
    matcher.enrol("case-a", portrait(CHILD))
    silent = lambda crops: np.full((len(crops), 192), np.nan, np.float32)  # noqa: E731
    first, _, third = combined.forwards
    broken = Matcher(settings, replace(combined, forwards=(first, silent, third)))
    assert broken.enrol("case-b", portrait(CHILD)) == ["unreadable"]
    assert broken.found(portrait(YEARS_LATER)) == []
    assert (broken.count(Template), broken.count(Probe)) == (1, 0)
