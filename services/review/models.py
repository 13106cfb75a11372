"""Every table of review, gathered on one `db` (migrations and the composition roots import this)."""

import services.review.audit_models
import services.review.candidates.models
import services.review.cases.duplicate_models
import services.review.cases.letter_models
import services.review.cases.models
import services.review.drafts.models
import services.review.oncall.models
import services.review.people.models
import services.review.photo_models
import services.review.removals.models  # noqa: F401
from services.review.base import db

__all__ = ["db"]
