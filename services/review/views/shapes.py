"""The desk's JSON: each thing that an officer reads, as plain values."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.review.base import db
from services.review.candidates import following, opinions
from services.review.candidates.models import Candidate, DecisionRow, Judgement, Search
from services.review.candidates.schemas import FEATURES, SIGHTING_DETAILS
from services.review.cases import claiming
from services.review.cases.models import Case
from services.review.cases.schemas import CHECKS, DETAILS
from services.review.drafts import rules as drafts
from services.review.drafts import store as written
from services.review.drafts.models import Draft
from services.review.drafts.schemas import FIELDS
from services.review.people import store as people
from services.review.people.models import Hour
from services.review.people.rules import Actor
from services.review.photo_models import Photo
from services.review.repeats import Repeat
from services.review.views import likelihood
from services.review.views.context import now, tools
from services.review.views.reading import CandidateRead, CaseRead, DraftRead, SightingRead
from services.review.views.record import Entry

Json = dict[str, Any]


def officer(actor: Actor) -> Json:
    return {"id": actor.id, "name": actor.name, "roles": sorted(actor.roles), "regions": list(actor.regions)}


def hour(row: Hour, names: Mapping[str, str]) -> Json:
    return {
        "id": row.id, "officer": row.officer_id, "officer_name": names.get(row.officer_id),
        "granted_by": row.granted_by, "begins_at": time(row.begins_at), "ends_at": time(row.ends_at),
    }  # fmt: skip


def case_line(row: Case, name: str | None, age: int | None) -> Json:
    """A case in a list. `name` is the child's and `age` in years when last seen, None once it is erased."""
    held = claiming.holder(row, now())
    return {
        "id": row.id, "number": row.number, "state": row.state, "region": row.region, "name": name, "age": age,
        "opened_at": time(row.opened_at), "changed_at": time(row.changed_at),
        "holder": held and {"officer": held.officer, "until": time(held.until)},
        "review_due_at": time(row.review_due_at),
    }  # fmt: skip


def case(read: CaseRead, record: Iterable[Entry]) -> Json:
    """All but its letters (shapes_later.py)."""
    row, details = read.row, read.details
    told = DETAILS.dump(details) if details else {}
    return case_head(read) | {
        "language": row.language, "receipt_id": row.receipt_id, "closed_at": time(row.closed_at),
        "close_reason": row.close_reason, "registered_by": row.registered_by,
        "filed_by": row.filed_by, "filed_how": row.filed_how, "reviewed_at": time(row.reviewed_at),
        "hold": {"officer": row.held_by, "at": time(row.held_at), "reason": told.get("hold_reason")}
        if row.held_at else None,
        "facts": facts(read), "merged_into": row.merged_into, "merged_at": time(row.merged_at),
        "checklist": CHECKS.dump(details.checks) if details else None,
        "reason": told.get("reason"), "outcome_text": told.get("outcome_text"),
        "photos": case_photos(read),
        "repeats": repeats(read.repeats),
        "refusals": list(read.refusals), "acts": list(read.acts),
        "drafts": [draft_line(item) for item in read.drafts],
        "candidates": [candidate_line(item) for item in read.candidates],
        "audit": [entry(item) for item in record],
    }  # fmt: skip


def case_head(read: CaseRead) -> Json:
    return case_line(read.row, read.details.child.name if read.details else None, read.age)


def facts(read: CaseRead) -> Json:
    """What the family said."""
    told = DETAILS.dump(read.details) if read.details else {}
    return {part: told.get(part) for part in ("child", "last_seen", "reporter")} | {"age_when_last_seen": read.age}


def case_photos(read: CaseRead) -> list[Json]:
    return [case_photo(item, read.age_in(item)) for item in read.photos]


def case_photo(row: Photo, age: float | None) -> Json:
    later = {"added_at": time(row.added_at), "letter_id": row.letter_id, "waits": row.waits}
    return photo(row) | later | {"age_at_photo": age}


def photo(row: Photo) -> Json:
    return {
        "id": row.id, "url": f"/api/v1/photos/{row.id}", "width": row.width, "height": row.height,
        "taken": row.taken.isoformat() if row.taken else None, "age": row.age, "face": row.face, "faces": row.faces,
        "outcome": row.outcome, "quality": row.quality, "advice": row.advice or [], "found": row.found or [],
    }  # fmt: skip


def sighting(read: SightingRead) -> Json:
    row = read.row
    told = SIGHTING_DETAILS.dump(read.details) if read.details else {}
    return told | {
        "id": row.id, "alert": row.alert, "region": row.region, "in_danger": row.in_danger,
        "language": row.language, "received_at": time(row.received_at), "expires_at": time(row.expires_at),
        "photos": [photo(item) | _searched(search) for item, search in read.photos],
        "repeats": repeats(read.repeats),
        "candidates": [candidate_line(item) for item in read.candidates],
    }  # fmt: skip


def repeats(found: Mapping[str, Repeat]) -> list[Json]:
    """Which pictures came elsewhere too."""
    return [
        {
            "photo": photo_id, "before": one.before, "others": one.others, "case": one.case.id if one.case else None,
            "sighting": one.first.id if one.first and not one.case else None,
        }
        for photo_id, one in found.items()
    ]  # fmt: skip


def probe(read: SightingRead) -> Json:
    """A probe is a sighting, by whom, and whether its face is still to be chosen."""
    choosing = any(photo.faces is None for photo, _ in read.photos) and read.details is not None
    return sighting(read) | {"probed_by": read.row.probed_by, "face_needed": choosing}


def _searched(search: Search | None) -> Json:
    if search is None:
        return {"search": None}
    return {
        "search": search.state, "reason": search.reason, "faces_found": search.faces_found,
        "faces_searched": search.faces_searched,
    }  # fmt: skip


def candidate_line(row: Candidate) -> Json:
    """The matcher's word is null until this officer has judged the faces alone."""
    return {
        "id": row.id, "case_id": row.case_id, "sighting_id": row.sighting_id, "state": row.state,
        "made_at": time(row.made_at), "changed_at": time(row.changed_at),
    } | likelihood.said(row)  # fmt: skip


def candidate(read: CandidateRead) -> Json:
    return candidate_line(read.row) | {
        "face": read.row.face,
        "case": case_head(read.case),
        "case_photo": case_photo(read.case_photo, read.age_at_photo),
        "sighting": SIGHTING_DETAILS.dump(read.sighting_details) if read.sighting_details else None,
        "sighting_photo": photo(read.photo),
        "decisions": [
            {
                "officer": row.officer,
                "outcome": row.outcome,
                "reason": row.reason,
                "note": note,
                "features": _features(row),
                "at": time(row.at),
            }
            for row, note in read.decisions
        ],
        "judgement": read.judgement
        and {
            "outcome": read.judgement.outcome,
            "features": _features(read.judgement),
            "at": time(read.judgement.at),
        },
        "revision": read.revision,
        "refusal": read.refusal,
        "follow_up": _follow_up(read.row),
    }


def _features(row: DecisionRow | Judgement) -> Json:
    return FEATURES.dump(opinions.features_of(db.session(), tools(), row))  # type: ignore[return-value]


def _follow_up(row: Candidate) -> Json | None:
    chosen = following.of(db.session(), row.id)
    return chosen and {
        "chosen_by": chosen.chosen_by,
        "chosen_at": time(chosen.chosen_at),
        "liaison": chosen.liaison,
        "told_at": time(chosen.told_at),
        "told_by": chosen.told_by,
        "draft_id": chosen.draft_id,
    }


def draft_line(row: Draft) -> Json:
    return {
        "id": row.id, "alert_id": row.alert_id, "case_id": row.case_id, "version": row.version, "state": row.state,
        "revision": row.revision, "identifier": row.identifier, "sent_at": time(row.sent_at),
        "made_at": time(row.made_at), "changed_at": time(row.changed_at),
    }  # fmt: skip


def draft(read: DraftRead) -> Json:
    names = people.names(db.session())
    return draft_line(read.row) | {
        "fields": FIELDS.dump(read.fields) if read.fields else None,
        "writers": [{"id": id_, "name": names.get(id_)} for id_ in sorted(read.writers)],
        "reason": read.reason, "refusal": read.refusal, "acts": list(drafts.acts(read.row.state)),  # type: ignore[arg-type]
        "approved_by": read.row.approved_by, "approved_at": time(read.row.approved_at),
        "widenings": [
            {"identifier": each.identifier, "radius_km": each.radius_km, "sent": time(each.sent)}
            for each in written.widenings(db.session(), read.row.id)
        ],
    }  # fmt: skip


def entry(row: Entry) -> Json:
    return {
        "seq": row.seq, "at": time(row.at), "actor": row.actor, "actor_name": row.actor_name, "act": row.act,
        "refused": row.refused, "subject": {"kind": row.subject.kind, "id": row.subject.id}, "text": row.text,
        "origin": row.origin,
    }  # fmt: skip


def verified(entries: int, broken: Sequence[tuple[int, str]]) -> Json:
    faults = [{"seq": seq, "fault": fault} for seq, fault in broken]
    return {"entries": entries, "whole": not broken, "broken": faults}


def time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
