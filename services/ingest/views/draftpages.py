"""What the report's steps and its review have in common: the draft as JSON, its faults, its pages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from services.ingest import drafts, drawer, handlers
from services.ingest.draftkey import DraftKey
from services.ingest.drafts import Draft
from services.ingest.reading import Invalid, read_report
from services.ingest.rules import Fault, Report
from services.ingest.views import draftpass
from services.ingest.views.context import language, tools
from services.ingest.views.written import Form, report_json
from shared.http import Problem

Fields = Mapping[str, str]


def form_of(fields: Fields) -> Form:
    return MultiDict(fields)


def read(fields: Fields, photos: Sequence[str]) -> Report:
    """The report as it is written so far. Raises Invalid."""
    room = tools()
    json = report_json(form_of(fields), photos, language(), room.regions)
    return read_report(json, len(photos), room.room.clock(), room.clock)


def faults(fields: Fields, photos: Sequence[str]) -> tuple[Fault, ...]:
    try:
        read(fields, photos)
    except Invalid as invalid:
        return invalid.faults
    return ()


def photo_ids(key: DraftKey | None) -> list[str]:
    return drawer.ids(key, tools().room) if key else []


def opened() -> tuple[DraftKey, Draft] | Response:
    """The report that this browser works on, or where to go instead: its end if it was sent, else to the code."""
    key = draftpass.current()
    draft = drafts.load(key, tools().room) if key else None
    if key and draft:
        return key, draft
    return gone(key)


def gone(key: DraftKey | None) -> Response:
    """Where a page leads whose draft is not there any more."""
    if key and handlers.is_sent(key.code, tools()):
        return redirect(url_for("report.sent", again=1), 303)
    return redirect(url_for("resume.ask", gone=1), 303)


def refuse_other(key: DraftKey, tag: str) -> None:
    """Raises Problem (409) for a page that was opened for another report than the one this browser works on now."""
    if tag and tag != key.tag:
        detail = gettext(
            "In another window you went on with a different report. Nothing was changed. To go on with this one,"
            " enter its code."
        )
        raise Problem(409, gettext("This page belongs to another report"), detail)


def page(template: str, key: DraftKey | None, draft: Draft | None, **more: Any) -> str:
    """A page of the report. `tomorrow` is the last day a calendar offers: somewhere it is that day already."""
    return render_template(
        f"ingest/steps/{template}.html",
        draft=draft,
        draft_tag=key.tag if key else "",
        tomorrow=tools().room.clock().date() + timedelta(days=1),
        **more,
    )


def photo_fields(names: Iterable[str], ids: Sequence[str]) -> list[str]:
    """Of the names of fields those that belong to one of these photos."""
    parts = ("taken", "age", "face")
    known = {f"photo.{id_}.{part}" for id_ in ids for part in parts}
    return [name for name in names if name in known]
