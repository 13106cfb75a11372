"""GET /v1/alerts and the canonical regional feeds, in each format."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext
from marshmallow import ValidationError

from services.alerts import atom, geojson, jsonfeed, schemas, store
from services.alerts.choosing import Chosen, choose
from services.alerts.feed import Page
from services.alerts.schemas import Query
from services.alerts.shelf import Made, Reached, Shelf, next_end
from services.alerts.views.answers import CHECKED_EVERY, checked, digest, misread, public
from services.alerts.views.context import session, tools, where
from shared.addresses import Addresses
from shared.http import Problem

pages = Blueprint("feeds", __name__)
SHELF, REACHED = "feeds_shelf", "regions_reached"
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
    return _feed(ACCEPTED.get(best or "", "geojson"), request.path, _query)


@pages.get("/v1/alerts.<any(geojson, json, atom):suffix>")
def everywhere(suffix: str) -> Response:
    return _feed(suffix, request.path, _query)


@pages.get("/v1/regions/<code>/alerts.<any(geojson, json, atom):suffix>")
def regional(code: str, suffix: str) -> Response:
    """A region's canonical feed: the same address whether we or a CDN answer."""
    region = code.upper()
    return _feed(suffix, f"/v1/regions/{region}/alerts.{suffix}", lambda: _of_region(region))


def _of_region(region: str) -> Query:
    if not tools().regions.known(region):
        raise Problem(404, gettext("There is no such region"), gettext("/v1/regions lists them all."))
    if "region" in request.args:
        raise misread({"region": ["This address is of one region; ask /v1/alerts for several."]})
    return _query(regions=(region,))


def _query(**of_address: Any) -> Query:
    """What is asked for, with what the address itself says."""
    try:
        return schemas.check_cursor(replace(schemas.read(request.args, tools().regions), **of_address))
    except ValidationError as error:
        raise misread(error.messages) from error


def _feed(suffix: str, path: str, asked: Callable[[], Query]) -> Response:
    """The feed that was `asked` for, from the shelf while it is true."""
    shelf = cast(Shelf, current_app.extensions[SHELF])
    now = tools().room.clock()
    made = shelf.get(session(), (suffix, path, request.query_string), now, lambda: _made(suffix, asked(), path, now))
    answer = public(made.body, made.media_type, made.modified, tag=made.tag)
    for link in made.links:
        answer.headers.add("Link", link)
    return answer


def _made(suffix: str, query: Query, path: str, now: datetime) -> Made:
    make, media_type = FORMATS[suffix]
    page, body = _fitting(make, query, path, now)
    urls = (("self", page.self_url), ("hub", page.hub_url), ("next", page.next_url), ("prev", page.previous_url))
    links = tuple(f'<{url}>; rel="{rel}"' for rel, url in urls if url)
    until = min(filter(None, (page.checked + CHECKED_EVERY, next_end(session(), now))))
    modified = max(filter(None, (page.updated, page.checked)))
    return Made(body, digest(body), media_type, modified, links, until)


def _fitting(make: Make, query: Query, path: str, now: datetime) -> tuple[Page, bytes]:
    """The page asked for, with fewer alerts where they would make it too long."""
    only = cast(Reached, current_app.extensions[REACHED]).ids(session(), query.regions) if query.regions else None
    live = store.live(session(), tools().room.keys, query.status, now, only)
    while True:
        page = _page(choose(live, query, tools().regions), query, path, now)
        body = make(page, where())
        if len(body) <= LONGEST or len(page.items) <= 1:
            return page, body
        query = replace(query, limit=len(page.items) // 2)


def _page(chosen: Chosen, query: Query, path: str, now: datetime) -> Page:
    return Page(
        title=_title(query), language=query.lang, items=chosen.items, checked=checked(now),
        updated=store.last_change(session(), query.status, now), home_url=where().base + "/",
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
    title = gettext("Missing children: %(places)s", places=", ".join(names)) if names else gettext("Missing children")
    return title if query.status == "Actual" else f"{query.status.upper()}: {title}"
