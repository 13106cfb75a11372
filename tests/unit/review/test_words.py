"""Words for people: every state, reason and act of the desk has them, and the record's codes are told in them."""

from typing import get_args

import pytest
from flask import Flask

from services.review import words
from services.review.candidates import checklist
from services.review.candidates import rules as candidates
from services.review.candidates.following import CHOICES
from services.review.candidates.travel import Verdict
from services.review.cases import rules as cases
from services.review.cases.likeness import WEIGHTS, Grade
from services.review.drafts import rules as drafts
from services.review.people.rules import ROLES
from services.review.retold import retold
from shared.language import speak
from shared.messages import Band, EnrolOutcome, Sex


@pytest.mark.parametrize(
    ("known", "named"),
    [
        (set(cases.TABLE), words.CASE_STATES),
        (set(candidates.TABLE), words.CANDIDATE_STATES),
        (set(drafts.TABLE), words.DRAFT_STATES),
        (set(cases.CHECKLIST), words.CHECKS),
        (set(cases.CLOSE_REASONS), words.CLOSE_REASONS),
        (set(candidates.OUTCOMES), words.OUTCOMES),
        (set(candidates.REASONS), words.REJECTIONS),
        (set(checklist.CLASSES), words.FEATURES),
        (set(checklist.CLASSES), words.FEATURE_HINTS),
        (set(checklist.FINDINGS), words.FINDINGS),
        (set(get_args(Verdict)), words.TRAVEL),
        (set(CHOICES), words.FOLLOW_UPS),
        (set(get_args(Band)), words.BANDS),
        (set(get_args(Grade)), words.GRADES),
        (set(get_args(Grade)), words.GRADE_KINDS),
        (set(WEIGHTS), words.LIKENESS),
        (set(get_args(EnrolOutcome)), words.PHOTOS),
        (set(get_args(Sex)), words.SEXES),
        (set(ROLES), words.ROLES),
        (set(ROLES), words.ROLE_HINTS),
    ],
)
def test_everything_that_a_page_names_has_a_name(known: set[str], named: words.Words) -> None:
    assert known == set(named)


def test_every_reason_against_a_registration_has_a_sentence() -> None:
    assert set(get_args(cases.Reason)) <= set(words.REASONS)


@pytest.mark.parametrize(
    ("act", "text", "refused", "told"),
    [
        ("case.check", "custody_checked: yes\nlegal_basis", False, "Custody is checked: yes\nLegal basis"),
        ("case.register", "not_a_minor: not_a_minor, custody_unchecked", True, "18 or older"),
        ("case.close", "located\n\nShe is safe.", False, "The child was found\n\nShe is safe."),
        ("candidate.decide", "rejected, now disputed\n\nother eyes", False, "two officers differ\n\nother eyes"),
        ("candidate.decide", "rejected, now rejected because age\n\n", False, "rejected\nThe ages cannot fit"),
        ("candidate.judge", "confirmed", False, "It is this child"),
        ("case.merge", "HW-1 into HW-2\n\nOne passport.", False, "HW-1 became part of HW-2\n\nOne passport."),
        ("case.unmerge", "HW-1 out of HW-2\n\nCousins.", False, "HW-1 was part of HW-2\n\nCousins."),
        ("case.distinct", "HW-1 and HW-2\n\nTwins.", False, "HW-1 and HW-2\n\nTwins."),
        ("search.completed", "2 children alike", False, "2 children alike"),
        ("gate.search", "duplicate_check for abc", False, "for a duplicate check"),
        ("candidate.follow", "liaison, draft", False, "place of the sighting"),
        ("case.enrolled", "1 of 2 photos", False, "1 of 2 photos"),
        ("case.reject", "custody_checked: yes", False, "custody_checked: yes"),
    ],
)
def test_the_record_is_retold_in_words(act: str, text: str, refused: bool, told: str) -> None:
    app = Flask("words")
    speak(app)
    with app.app_context():
        assert told in retold(act, text, refused=refused)
