"""What comes after a report, as plain values for the desk's JSON: letters, requests for removal, likely duplicates."""

from dataclasses import asdict

from services.review.cases.duplicate_models import LikelyPair
from services.review.cases.letters import Told
from services.review.cases.likeness import Likeness
from services.review.removals.models import Removal
from services.review.views import alike, reading, removals, shapes
from services.review.views.shapes import Json, time


def letter(told: Told) -> Json:
    row = told.row
    return {
        "id": row.id, "way": row.way, "kind": row.kind, "fact": row.fact, "text": told.text, "photos": row.photos,
        "asks": row.asks, "answers": row.answers, "author": row.author, "at": time(row.at),
        "read_at": time(row.read_at), "read_by": row.read_by, "taken_at": time(row.taken_at),
        "answered_at": time(told.answered_at),
    }  # fmt: skip


def removal_line(row: Removal) -> Json:
    return {
        "id": row.id, "state": row.state, "region": row.region, "language": row.language,
        "asked_at": time(row.asked_at), "answer_by": time(row.answer_by), "outcome": row.outcome,
        "answered_by": row.answered_by, "answered_at": time(row.answered_at),
    }  # fmt: skip


def removal(read: removals.RemovalRead) -> Json:
    return removal_line(read.row) | {
        "asked": asdict(read.details) if read.details else None,
        "case_id": read.case.id if read.case else None,
        "draft_id": read.draft.id if read.draft else None,
    }


def beside_case(found: alike.Alike) -> Json:
    return {
        "lines": [_line(line) for line in found.lines], "apart": [_line(line) for line in found.apart],
        "elsewhere": list(found.elsewhere), "parts": [_part(part) for part in found.parts],
        "kept": found.kept.id if found.kept else None, "faces": found.faces,
        "several": found.several.id if found.several else None, "waits": found.waits,
    }  # fmt: skip


def _line(line: alike.Line) -> Json:
    row = line.case
    return {
        "id": row.id, "number": row.number, "state": row.state, "name": line.name, "opened_at": time(row.opened_at),
        "pair": _pair(line.pair), "likeness": _likeness(line.likeness),
    }  # fmt: skip


def _part(part: alike.Part) -> Json:
    return {
        "id": part.case.id, "number": part.case.number, "region": part.case.region, "name": part.name,
        "merged_at": time(part.case.merged_at), "candidates": part.candidates,
        "photos": [shapes.photo(photo) for photo in part.photos] if part.readable else [],
    }  # fmt: skip


def _pair(row: LikelyPair) -> Json:
    return {"band": row.band, "apart_by": row.apart_by, "apart_at": time(row.apart_at)}


def _likeness(found: Likeness) -> Json:
    return asdict(found) | {"points": found.points}


def beside(read: alike.Beside) -> Json:
    return {
        "one": _side(read.one), "other": _side(read.other), "pair": _pair(read.pair) if read.pair else None,
        "likeness": _likeness(read.likeness), "stamp": read.stamp, "ways": [_way(way) for way in read.ways],
    }  # fmt: skip


def _side(read: reading.CaseRead) -> Json:
    return shapes.case_head(read) | {
        "facts": shapes.facts(read),
        "police_reference": read.details.checks.police_reference if read.details else "",
        "photos": shapes.case_photos(read),
    }


def _way(way: alike.Way) -> Json:
    return {
        "case_id": way.case.id, "kept_id": way.kept.id, "refusal": way.refusal, "photos": way.photos,
        "templates": way.templates, "undecided": way.undecided, "verified": way.verified,
    }  # fmt: skip
