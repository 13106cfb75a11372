"""GET /v1/alerts and the canonical regional feeds, in each format."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response, request
from flask_babel import gettext
from marshmallow import ValidationError

from services.alerts import atom, geojson, jsonfeed, schemas, store
from services.alerts.addresses import Addresses
from services.alerts.choosing import choose
from services.alerts.feed import Page
from services.alerts.schemas import Query
from services.alerts.views.answers import public
from services.alerts.views.context import session, tools, where
from shared.http import Problem
from shared.language import language
from shared.problems import pointers

pages = Blueprint("feeds", __name__)
Format = tuple[Callable[[Page, Addresses], bytes], str]

FORMATS: dict[str, Format] = {
    "geojson": (geojson.feed, geojson.MEDIA_TYPE),
    "json": (jsonfeed.feed, jsonfeed.MEDIA_TYPE),
    "atom": (atom.feed, atom.MEDIA_TYPE),
}
ACCEPTED = {
    geojson.MEDIA_TYPE: "geojson",
    "application/json": "geojson",
    jsonfeed.MEDIA_TYPE: "json",
    atom.MEDIA_TYPE: "atom",
}


@pages.get("/v1/alerts")
def negotiated() -> Response:
    """The format that the asker accepts; GeoJSON if it does not say."""
    best = request.accept_mimetypes.best_match(list(ACCEPTED))
    if request.accept_mimetypes and best is None:
        raise Problem(406, gettext("We cannot answer in this form"), f"There are: {', '.join(ACCEPTED)}.")
    return _feed(ACCEPTED.get(best or "", "geojson"), _query(), request.path)


@pages.get("/v1/alerts.<any(geojson, json, atom):suffix>")
def everywhere(suffix: str) -> Response:
    return _feed(suffix, _query(), request.path)


@pages.get("/v1/regions/<code>/alerts.<any(geojson, json, atom):suffix>")
def regional(code: str, suffix: str) -> Response:
    """A region's canonical feed: the same address whether we or a CDN answer."""
    if not tools().regions.known(code.upper()):
        raise Problem(404, gettext("There is no such region"), gettext("/v1/regions lists them all."))
    return _feed(suffix, replace(_query(), regions=(code.upper(),)), request.path)


def _query() -> Query:
    try:
        return schemas.read(request.args, tools().regions)
    except ValidationError as error:
        errors = [
            {"pointer": pointer, "parameter": pointer[2:], "detail": detail}
            for pointer, detail in pointers(error.messages)
        ]
        raise Problem(400, gettext("We could not read this request"), errors[0]["detail"], errors) from error


def _feed(suffix: str, query: Query, path: str) -> Response:
    make, media_type = FORMATS[suffix]
    room = tools().room
    chosen = choose(store.live(session(), room.keys, query.status), query, tools().regions)
    changed = store.last_change(session(), query.status)
    page = Page(
        title=_title(query), items=chosen.items, checked=_to_the_minute(room.clock()), updated=changed,
        self_url=_address(path), home_url=where().base + "/",
        next_url=_address(path, chosen.next) if chosen.next else None, language=language(),
    )  # fmt: skip
    answer = public(make(page, where()), media_type, changed)
    answer.headers["Link"] = f'<{page.self_url}>; rel="self"'
    if page.next_url:
        answer.headers.add("Link", f'<{page.next_url}>; rel="next"')
    return answer


def _to_the_minute(moment: datetime) -> datetime:
    """`checked` moves once a minute, and with it the ETag: a feed that stands still is a dead one."""
    return moment.replace(second=0, microsecond=0)


def _address(path: str, after: str | None = None) -> str:
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return where().feed(path, query + ([("cursor", after)] if after else []))


def _title(query: Query) -> str:
    names = [tools().regions.get(code).name(language()) for code in query.regions]
    title = gettext("Missing children: %(places)s", places=", ".join(names)) if names else gettext("Missing children")
    return title if query.status == "Actual" else f"{query.status.upper()}: {title}"
