"""Cases: listed, read, and moved on by an officer's acts."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from services.review.acting import perform
from services.review.base import db
from services.review.cases import acts, ending, letters, queue, scribing, store
from services.review.cases.rules import Checks
from services.review.views import filters, reading, record, report_form, shapes, shapes_later
from services.review.views.access import needs, officer
from services.review.views.api.answers.cases import CaseFull, Cases
from services.review.views.api.asked import CaseQueue
from services.review.views.bodies import Close, Reason, Return, body, json_part, members, multipart
from services.review.views.context import now, tools
from shared.openapi import Multipart, operation

pages = Blueprint("api_cases", __name__)
WRITTEN_DOWN = Multipart("photos", 0, scribing.MOST_PHOTOS, "report", report_form.WrittenReport)


@pages.get("/cases")
@needs("case.read")
@operation("List and search cases", gives=Cases, asks=CaseQueue)
def listed() -> Response:
    """All of one's regions, unless the address asks for some."""
    given = MultiDict({"state": "all"} | request.args.to_dict())
    given["words"] = f"{given.get('words', '')} {store.number_of(given.get('number', ''))}".strip()
    found = queue.find(db.session(), tools(), officer(), filters.sent(given), now())
    return jsonify(cases=[shapes.case_line(line.case, line.name, line.age) for line in found.lines], more=found.more)


@pages.post("/cases")
@needs("case.start")
@operation("File a report that an officer wrote down", takes=WRITTEN_DOWN, gives=CaseFull, status=201)
def create() -> ResponseReturnValue:
    """Multipart: a JSON part `report` and file parts `photos`."""
    multipart(report_form.REQUEST_LIMIT)
    report, pictures = report_form.read(json_part("report")), report_form.pictures()
    return one(perform(tools(), scribing.file_report, officer(), "new", report, pictures)), 201


@pages.get("/cases/<id:case_id>")
@needs("case.read")
@operation("Read a case", gives=CaseFull)
def one(case_id: str) -> Response:
    read = reading.case(case_id)
    entries = record.about_case(officer(), read.row, [draft.id for draft in read.drafts])
    written = [shapes_later.letter(each) for each in letters.thread(db.session(), tools(), read.row)]
    return jsonify(shapes.case(read, entries) | {"letters": written})


@pages.post("/cases/<id:case_id>/start")
@needs("case.start")
@operation("Begin the verification", gives=CaseFull)
def start(case_id: str) -> ResponseReturnValue:
    perform(tools(), acts.start_verification, officer(), case_id)
    return one(case_id)


@pages.post("/cases/<id:case_id>/verify")
@needs("case.check")
@operation("Fill in the checklist", takes=Checks, gives=CaseFull)
def verify(case_id: str) -> ResponseReturnValue:
    perform(tools(), acts.record_check, officer(), case_id, members())
    return one(case_id)


@pages.post("/cases/<id:case_id>/register")
@needs("case.register")
@operation("Register a case, and have its photos enrolled", gives=CaseFull)
def register(case_id: str) -> ResponseReturnValue:
    perform(tools(), acts.register, officer(), case_id)
    return one(case_id)


@pages.post("/cases/<id:case_id>/return")
@needs("case.return")
@operation("Return a report to the family", takes=Return, gives=CaseFull)
def give_back(case_id: str) -> ResponseReturnValue:
    given = body(Return)
    perform(tools(), acts.return_to_family, officer(), case_id, given.reason, given.message)
    return one(case_id)


@pages.post("/cases/<id:case_id>/reject")
@needs("case.reject")
@operation("Reject a report", takes=Return, gives=CaseFull)
def reject(case_id: str) -> ResponseReturnValue:
    given = body(Return)
    perform(tools(), acts.reject, officer(), case_id, given.reason, given.message)
    return one(case_id)


@pages.post("/cases/<id:case_id>/close")
@needs("case.close")
@operation("Close a case", takes=Close, gives=CaseFull)
def close(case_id: str) -> ResponseReturnValue:
    given = body(Close)
    perform(tools(), ending.close, officer(), case_id, given.reason, given.outcome_text)
    return one(case_id)


@pages.post("/cases/<id:case_id>/withdraw")
@needs("case.withdraw")
@operation("Withdraw a case at the family's wish", takes=Reason, gives=CaseFull)
def withdraw(case_id: str) -> ResponseReturnValue:
    perform(tools(), ending.withdraw, officer(), case_id, body(Reason).reason)
    return one(case_id)


@pages.post("/cases/<id:case_id>/reopen")
@needs("case.reopen")
@operation("Reopen a case within 30 days of its end", gives=CaseFull)
def reopen(case_id: str) -> ResponseReturnValue:
    perform(tools(), ending.reopen, officer(), case_id)
    return one(case_id)
