"""GET /v1/alerts and the canonical regional feeds, in each format."""

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext
from marshmallow import ValidationError

from services.alerts import atom, geojson, jsonfeed, schemas
from services.alerts.feed import Page
from services.alerts.live.again import mark
from services.alerts.live.answering import Chosen, choose
from services.alerts.live.snapshot import Moment
from services.alerts.schemas import Query
from services.alerts.views.answers import checked, misread, public
from services.alerts.views.context import tools, where
from shared.addresses import Addresses
from shared.http import Problem

pages = Blueprint("feeds", __name__)
Make = Callable[[Page, Addresses], bytes]

FORMATS: dict[str, tuple[Make, str]] = {
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
LONGEST = 900_000
"""Bytes of a page; alerts with long texts make it shorter than its `limit`."""


@pages.get("/v1/alerts")
def negotiated() -> Response:
    """The format that the asker accepts; GeoJSON if it does not say."""
    best = request.accept_mimetypes.best_match(list(ACCEPTED))
    if request.accept_mimetypes and best is None:
        raise Problem(406, gettext("We cannot answer in this form"), f"There are: {', '.join(ACCEPTED)}.")
    return _feed(ACCEPTED.get(best or "", "geojson"), request.path)


@pages.get("/v1/alerts.<any(geojson, json, atom):suffix>")
def everywhere(suffix: str) -> Response:
    return _feed(suffix, request.path)


@pages.get("/v1/regions/<code>/alerts.<any(geojson, json, atom):suffix>")
def regional(code: str, suffix: str) -> Response:
    """A region's canonical feed: the same address whether we or a CDN answer."""
    region = code.upper()
    if not tools().regions.known(region):
        raise Problem(404, gettext("There is no such region"), gettext("/v1/regions lists them all."))
    if "region" in request.args:
        raise misread({"region": ["This address is of one region; ask /v1/alerts for several."]})
    return _feed(suffix, f"/v1/regions/{region}/alerts.{suffix}", regions=(region,))


def _query(**of_address: Any) -> Query:
    """What is asked for, with what the address itself says."""
    try:
        return schemas.check_cursor(replace(schemas.read(request.args, tools().regions), **of_address))
    except ValidationError as error:
        raise misread(error.messages) from error


def _feed(suffix: str, path: str, **of_address: Any) -> Response:
    """The feed at `path`, marked as one that can be given again until anything changes (live/again.py)."""
    query, (make, media_type) = _query(**of_address), FORMATS[suffix]
    live, now = tools().live.now(), checked(tools().room.clock())
    page, body = _fitting(make, query, path, live, now)
    mark(request.environ, (live.version, now))
    answer = public(body, media_type, page.updated, also=page.checked)
    urls = (("self", page.self_url), ("hub", page.hub_url), ("next", page.next_url), ("prev", page.previous_url))
    for rel, url in urls:
        if url:
            answer.headers.add("Link", f'<{url}>; rel="{rel}"')
    return answer


def _fitting(make: Make, query: Query, path: str, live: Moment, now: datetime) -> tuple[Page, bytes]:
    """The page asked for, with fewer alerts where they would make it too long."""
    while True:
        page = _page(choose(live.of(query.status), tools().live.groups, query), query, path, live, now)
        body = make(page, where())
        if len(body) <= LONGEST or len(page.items) <= 1:
            return page, body
        query = replace(query, limit=len(page.items) // 2)


def _page(chosen: Chosen, query: Query, path: str, live: Moment, now: datetime) -> Page:
    return Page(
        title=_title(query), language=query.lang, items=chosen.items, checked=now,
        updated=live.updated.get(query.status), home_url=where().base + "/",
        self_url=_at(path, request.args.get("cursor", "")), first_url=_at(path, ""),
        next_url=None if chosen.next is None else _at(path, chosen.next),
        previous_url=None if chosen.previous is None else _at(path, chosen.previous), hub_url=_hub(path),
    )  # fmt: skip


def _hub(path: str) -> str:
    """The hub, for the feeds that it is told of: those without a filter, in one format (`deliver/fanout.py`)."""
    return "" if request.query_string or path == "/v1/alerts" else tools().room.settings.websub_hub


def _at(path: str, cursor: str) -> str:
    """The address of the feed's page with this cursor; the first page has none."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return where().feed(path, asked + ([("cursor", cursor)] if cursor else []))


def _title(query: Query) -> str:
    names = [tools().regions.get(code).name(query.lang) for code in query.regions]
    return _named(query.lang, ", ".join(names), query.status)


@functools.lru_cache(maxsize=5000)
def _named(lang: str, places: str, status: str) -> str:
    """The title in `lang`, which this request speaks; kept, since Babel takes a tenth of an answer to begin."""
    title = gettext("Missing children: %(places)s", places=places) if places else gettext("Missing children")
    return title if status == "Actual" else f"{status.upper()}: {title}"
