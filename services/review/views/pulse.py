"""Whether something on a page has changed: a short digest without a word in it about anybody.

live.js asks for it every few seconds, and reads the page anew only when the digest differs. So an open page is no
stream of reads in the record, and a list is fresh all the same.
"""

import hashlib
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import func, select

from services.review.acting import allow
from services.review.base import db
from services.review.candidates import store
from services.review.candidates.models import Candidate, DecisionRow, FollowUp, Search, Sighting
from services.review.cases import face_check, pairs
from services.review.cases import store as cases
from services.review.cases.models import Case
from services.review.people.store import covered
from services.review.removals import store as removals
from services.review.removals.models import Removal
from services.review.views.access import officer, signed_in

pages = Blueprint("pulse", __name__)


@pages.app_context_processor
def _pulse() -> dict[str, Any]:
    """For templates: the digests as they are when the page is made."""
    lists = {"cases": of_cases, "candidates": of_candidates, "probes": of_probes}
    return {"pulse": lists | {"candidate": of_candidate, "probe": of_probe, "alike": of_alike}}


@pages.get("/pulse/cases", endpoint="cases")
@signed_in
def cases_listed() -> Response:
    return _plain(of_cases())


@pages.get("/pulse/candidates")
@signed_in
def candidates() -> Response:
    return _plain(of_candidates())


@pages.get("/pulse/candidates/<id:candidate_id>")
@signed_in
def candidate(candidate_id: str) -> Response:
    return _plain(of_candidate(candidate_id))


@pages.get("/pulse/cases/<id:case_id>/alike")
@signed_in
def alike(case_id: str) -> Response:
    return _plain(of_alike(case_id))


@pages.get("/pulse/probes")
@signed_in
def probes() -> Response:
    return _plain(of_probes())


@pages.get("/pulse/probes/<id:sighting_id>")
@signed_in
def probe(sighting_id: str) -> Response:
    return _plain(of_probe(sighting_id))


def of_cases() -> str:
    """Of all cases in the officer's jurisdiction, who works on them, and the requests for removal."""
    seen = [func.count(column) for column in (Case.id, Case.claimed_by, Case.held_at, Case.review_due_at)]
    query = select(*seen, func.max(Case.changed_at), func.max(Case.claimed_until))
    waiting = select(func.count(), func.min(Removal.answer_by)).where(Removal.state == "open", removals.mine(officer()))
    found = db.session.execute(query.where(covered(Case.region, officer()))).one()
    return _digest(*found, *db.session.execute(waiting).one())


def of_candidates() -> str:
    """Of all candidates in the officer's jurisdiction, and of what waits for this officer."""
    mine = covered(Case.region, officer())
    query = select(func.count(Candidate.id), func.max(Candidate.changed_at))
    found = db.session.execute(query.join(Case, Candidate.case_id == Case.id).where(mine)).one()
    waiting = select(func.count()).select_from(FollowUp)
    asked = db.session.scalar(waiting.where(FollowUp.liaison == officer().id, FollowUp.told_at.is_(None)))
    return _digest(*found, asked)


def of_candidate(candidate_id: str) -> str:
    """Raises NotAllowed("not_found", "not_permitted")."""
    row = store.get(db.session(), candidate_id)
    allow(officer(), "candidate.read", cases.get(db.session(), row.case_id).region, row.case_id)
    count = select(func.count()).select_from(DecisionRow).where(DecisionRow.candidate_id == row.id)
    return _digest(row.state, db.session.scalar(count))


def of_alike(case_id: str) -> str:
    """Of the likely duplicates of a case. Raises NotAllowed("not_found", "not_permitted")."""
    row = cases.get(db.session(), case_id)
    allow(officer(), "case.read", row.region, row.id)
    found = sorted(f"{pair.id} {pair.revision} {pair.band}" for pair, _ in pairs.of_case(db.session(), row.id))
    searches = sorted(f"{search.id} {search.state}" for search in face_check.latest(db.session(), row.id))
    return _digest(row.compared_at is None, *found, "|", *searches)


def of_probes() -> str:
    """Of all officers' probes in the officer's jurisdiction."""
    mine = (covered(Sighting.region, officer()), Sighting.probed_by.is_not(None))
    query = select(func.count(Search.id), func.max(Search.asked_at), func.max(Search.answered_at))
    asked = db.session.execute(query.where(Search.purpose == "officer_probe")).one()
    return _digest(db.session.scalar(select(func.count()).select_from(Sighting).where(*mine)), *asked)


def of_probe(sighting_id: str) -> str:
    """Raises NotAllowed("not_found", "not_permitted")."""
    row = store.get_sighting(db.session(), sighting_id)
    allow(officer(), "sighting.read", row.region)
    searches = sorted(search.state for search in store.searches_of(db.session(), row.id))
    found = sorted(one.state for one in store.of_sighting(db.session(), row.id))
    return _digest(row.content_key is None, *searches, "|", *found)


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _plain(text: str) -> Response:
    return Response(text, mimetype="text/plain")
