"""Alerts before they are published: the list, the editor with its map, the preview. What is done: draft_steps.py."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from services.review import photos
from services.review.acting import allow, perform
from services.review.base import db
from services.review.cases import store as cases
from services.review.cases.rules import ENDED
from services.review.drafts import acts, content, lengths, rules, store
from services.review.drafts.differences import Difference, differences
from services.review.drafts.models import Draft
from services.review.drafts.schemas import edited
from services.review.people import store as people
from services.review.views import preview, reading
from services.review.views.access import needs, officer
from services.review.views.area import VIEWS_KM, area_of, proposed_km, steps_for
from services.review.views.cases import show
from services.review.views.context import now, tools
from services.review.views.faults import fault
from services.review.views.look import region
from services.review.views.paper import corners_text, field_of, fields_of, steps_text
from services.review.views.trying import NONE, Trouble, attempt
from shared.errors import NotAllowed
from shared.language import language
from shared.messages import CapStatus
from shared.problems import pointers

pages = Blueprint("drafts", __name__)

OPEN = ("draft", "pending", "returned", "live")


@pages.get("/drafts")
@needs("case.read")
def listed() -> str:
    state = request.args.get("state", "open")
    states = {"all": None, "open": OPEN}.get(state, (state,) if state in rules.TABLE else ())
    rows = store.on_desk(db.session(), officer(), states)
    lines = [(row, cases.get(db.session(), row.case_id), store.opened(db.session(), tools(), row)) for row in rows]
    return render_template("review/drafts.html", rows=lines, state=state, states=rules.TABLE)


@pages.post("/cases/<id:case_id>/drafts")
@needs("draft.write")
def create(case_id: str) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), acts.create_draft, officer(), case_id, {}),
        lambda draft_id: url_for("drafts.one", draft_id=draft_id),
        lambda trouble: show(case_id, trouble),
    )


@pages.get("/drafts/<id:draft_id>")
@needs("case.read")
def one(draft_id: str) -> str:
    return page(draft_id)


@pages.post("/drafts/<id:draft_id>/area")
@needs("draft.write")
def area(draft_id: str) -> ResponseReturnValue:
    """The map and the regions touched, of what the form says now. Saves nothing."""
    read = reading.draft(draft_id)
    if read.fields is None:
        raise NotAllowed("erased", "the case has been erased")
    typed = request.form.copy()
    typed.setlist("add_region", [])  # they stay ticked until they are saved
    given = {name: fields_of(typed, now())[name] for name in ("radius_km", "polygon", "rings", "regions")}
    try:
        fields = edited(read.fields, given)
    except ValidationError as error:
        found = [(pointer.removeprefix("#/").partition("/")[0], text) for pointer, text in pointers(error.messages)]
        return render_template("review/draft_area.html", area=None, faults=[fault(*each) for each in found]), 422
    view = request.form.get("view_km", 0, type=int)
    shown, ticked = area_of(read.details, fields, view), request.form.getlist("add_region")
    return render_template("review/draft_area.html", area=shown, picks=True, ticked=ticked)


@pages.get("/drafts/<id:draft_id>/preview")
@needs("case.read")
def previewed(draft_id: str) -> str:
    """As the public would get it: `as` is page, phone or cap, `tongue` the language of the alert."""
    read, form = reading.draft(draft_id), request.args.get("as", "page")
    tongue = request.args.get("tongue", language())
    said = preview.content_of(read)
    shown = preview.page(read, said, tongue) if said and form != "cap" else {}
    document = preview.document(read, said) if said and form == "cap" else ""
    return render_template(
        "review/draft_preview.html", read=read, draft=read.row, form=form, tongue=tongue, said=said,
        document=document, status=status(read), **shown,
    )  # fmt: skip


@pages.get("/drafts/<id:draft_id>/photo")
@needs("photo.read")
def picture(draft_id: str) -> Response:
    """The photo exactly as it would be published: cropped, re-encoded."""
    read = reading.draft(draft_id)
    allow(officer(), "photo.read", read.case.region, read.case.id)
    if read.case.state in ENDED:
        raise NotAllowed("photo_locked", f"the case is {read.case.state}")
    found = content.picture(db.session(), tools(), read.case, read.fields) if read.fields else None
    if found is None:
        raise NotAllowed("not_found", "the draft has no photo")
    return Response(found.data, mimetype=found.media_type)


@pages.post("/drafts/<id:draft_id>")
@needs("draft.write")
def edit(draft_id: str) -> ResponseReturnValue:
    """Saves what is written; with the button `submit` it then goes before another officer."""
    given, revision = fields_of(request.form, now()), request.form.get("revision", type=int)
    then = request.form.get("then", "")

    def save() -> None:
        perform(tools(), acts.edit_draft, officer(), draft_id, given, revision)
        if then == "submit":
            perform(tools(), acts.submit_draft, officer(), draft_id)

    view = request.form.get("view_km", 0, type=int)
    anchor = "area" if then == "show" or request.form.get("ring") else None
    return attempt(
        save,
        lambda _: url_for(
            "drafts.one", draft_id=draft_id, done="submitted" if then == "submit" else "saved", view_km=view or None,
            _anchor=anchor,
        ),
        lambda trouble: page(draft_id, trouble),
        partial(field_of, request.form),
    )  # fmt: skip


def page(draft_id: str, trouble: Trouble = NONE) -> str:
    """The version: its editor, or what it says, and what may be done with it."""
    read = reading.draft(draft_id)
    said = preview.content_of(read)
    view = request.args.get("view_km", 0, type=int)
    return render_template(
        "review/draft.html", read=read, draft=read.row, case=read.case, details=read.details, fields=read.fields,
        photos=photos.seen_to(db.session(), read.case.id), names=people.names(db.session()), trouble=trouble,
        form=request.form, done=request.args.get("done", ""), area=area_of(read.details, read.fields, view),
        views_km=VIEWS_KM, longest=lengths.LONGEST, on_a_phone=lengths.on_a_phone, gsm=alphabet(),
        ring=proposed_km(read.details, read.case) if read.details else None, extension_hours=rules.EXTENSION_HOURS,
        corners=corners_text(read.fields.polygon) if read.fields else "",
        steps=steps_text((read.fields and read.fields.rings) or steps_for(read.case)),
        widenings=store.widenings(db.session(), read.row.id),
        age=reading.age_of(read.details) if read.details else None, status=status(read), words_to_type=rules.WORDS,
        regions=[region(code, language()) for code in read.fields.regions] if read.fields else [],
        compared=compared(read) if read.fields else [], said=said,
        seen=preview.page(read, said, language()) if said else None,
        acts=rules.acts(read.row.state),  # type: ignore[arg-type]
    )  # fmt: skip


def status(read: reading.DraftRead) -> CapStatus:
    """CAP's status, were it published now."""
    test = read.fields.test if read.fields else False
    return rules.cap_status(tools().room.settings.exercise, test)


def compared(read: reading.DraftRead) -> list[tuple[str, Draft | None, list[Difference]]]:
    """What this version changes of what is live, and of what was returned: (which, that version, differences)."""
    session, found = db.session(), []
    before = store.version_before(session, read.row)
    if read.fields is None:
        return []
    if before is not None and (old := store.opened(session, tools(), before)):
        found.append(("live", before, differences(old, read.fields)))
    open_still = read.row.state in ("pending", "returned")
    if open_still and (returned := store.as_returned(session, tools(), read.row)):
        found.append(("returned", None, differences(returned, read.fields)))
    return found  # type: ignore[return-value]


def alphabet() -> dict[str, Any]:
    """What a script needs to count a telephone's message as lengths.py does."""
    return {
        "alphabet": "".join(sorted(lengths.GSM)), "twice": "".join(sorted(lengths.GSM_TWICE)),
        "gsm": lengths.GSM_MESSAGE, "ucs2": lengths.UCS2_MESSAGE,
    }  # fmt: skip
