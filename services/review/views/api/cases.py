"""Cases: listed, read, and moved on by an officer's acts."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from services.review.acting import perform
from services.review.base import db
from services.review.cases import acts, ending, queue, scribing, store
from services.review.views import filters, reading, record, report_form, shapes
from services.review.views.access import needs, officer
from services.review.views.bodies import Close, Reason, Return, body, json_part, members
from services.review.views.context import now, tools

pages = Blueprint("api_cases", __name__)


@pages.get("/cases")
@needs("case.read")
def listed() -> Response:
    """`state` (all by default), `region`, `holder`, `waiting`, `order` and `words` as in `queue.Filters`."""
    given = MultiDict({"state": "all"} | request.args.to_dict())
    given["words"] = f"{given.get('words', '')} {store.number_of(given.get('number', ''))}".strip()
    found = queue.find(db.session(), tools(), officer(), filters.sent(given), now())
    return jsonify(cases=[shapes.case_line(line.case, line.name, line.age) for line in found.lines], more=found.more)


@pages.post("/cases")
@needs("case.start")
def create() -> ResponseReturnValue:
    """Multipart: a JSON part `report` and file parts `photos`."""
    request.max_content_length = report_form.REQUEST_LIMIT
    report, pictures = report_form.read(json_part("report")), report_form.pictures()
    return one(perform(tools(), scribing.file_report, officer(), "new", report, pictures)), 201


@pages.get("/cases/<id:case_id>")
@needs("case.read")
def one(case_id: str) -> Response:
    read = reading.case(case_id)
    entries = record.about_case(officer(), read.row, [draft.id for draft in read.drafts])
    return jsonify(shapes.case(read, entries))


@pages.post("/cases/<id:case_id>/start")
@needs("case.start")
def start(case_id: str) -> ResponseReturnValue:
    perform(tools(), acts.start_verification, officer(), case_id)
    return one(case_id)


@pages.post("/cases/<id:case_id>/verify")
@needs("case.check")
def verify(case_id: str) -> ResponseReturnValue:
    perform(tools(), acts.record_check, officer(), case_id, members())
    return one(case_id)


@pages.post("/cases/<id:case_id>/register")
@needs("case.register")
def register(case_id: str) -> ResponseReturnValue:
    perform(tools(), acts.register, officer(), case_id)
    return one(case_id)


@pages.post("/cases/<id:case_id>/return")
@needs("case.return")
def give_back(case_id: str) -> ResponseReturnValue:
    given = body(Return)
    perform(tools(), acts.return_to_family, officer(), case_id, given.reason, given.message)
    return one(case_id)


@pages.post("/cases/<id:case_id>/reject")
@needs("case.reject")
def reject(case_id: str) -> ResponseReturnValue:
    given = body(Return)
    perform(tools(), acts.reject, officer(), case_id, given.reason, given.message)
    return one(case_id)


@pages.post("/cases/<id:case_id>/close")
@needs("case.close")
def close(case_id: str) -> ResponseReturnValue:
    given = body(Close)
    perform(tools(), ending.close, officer(), case_id, given.reason, given.outcome_text)
    return one(case_id)


@pages.post("/cases/<id:case_id>/withdraw")
@needs("case.withdraw")
def withdraw(case_id: str) -> ResponseReturnValue:
    perform(tools(), ending.withdraw, officer(), case_id, body(Reason).reason)
    return one(case_id)


@pages.post("/cases/<id:case_id>/reopen")
@needs("case.reopen")
def reopen(case_id: str) -> ResponseReturnValue:
    perform(tools(), ending.reopen, officer(), case_id)
    return one(case_id)
