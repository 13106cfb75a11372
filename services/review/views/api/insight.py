"""The desk's work in numbers as JSON: the same numbers as the page, small ones told as `<5`."""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, Response, jsonify

from services.review.insight import rules
from services.review.views.access import signed_in
from services.review.views.api.answers.insight import Insight
from services.review.views.insight import facts
from services.review.views.shapes import Json
from shared.openapi import operation

pages = Blueprint("api_insight", __name__)


@pages.get("/insight")
@signed_in
@operation("Read the desk's work in numbers", gives=Insight)
def shown() -> Response:
    found = facts()
    agreement = found.agreement
    return jsonify(
        waiting={kind: _told(counts) for kind, counts in found.waiting.items()},
        candidates_decided=[_week(*each) for each in found.decided],
        alerts_approved=[_week(*each) for each in found.approved],
        median=found.medians, live=_told(found.live),
        agreement=agreement and {"share": agreement.share, "kappa": agreement.kappa},
    )  # fmt: skip


def _told(counts: Mapping[str, int]) -> Json:
    return {name: rules.told(count) for name, count in counts.items()}


def _week(begins: datetime, count: int) -> Json:
    return {"begins": begins.date().isoformat(), "count": rules.told(count)}
