"""The desk's work in numbers: for every officer, as plots and as tables, without any person in them."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from babel.dates import format_timedelta
from flask import Blueprint, render_template
from flask_babel import format_date, get_locale, gettext
from markupsafe import Markup

from services.review import words
from services.review.base import db
from services.review.insight import charts, rules, store
from services.review.views.access import signed_in
from services.review.views.context import now, tools
from shared.language import language
from shared.mapframe import Outline, fit
from shared.maps import svg_map

pages = Blueprint("insight", __name__)

DAYS, WEEKS = 90, 12
MOST_AROUND = 80
"""Regions beside those with an alert that are drawn; above it, countries are."""


@pages.get("/insight")
@signed_in
def shown() -> str:
    return render_template("review/insight.html", **numbers(), days=DAYS, weeks=WEEKS, least=rules.LEAST)


def numbers() -> dict[str, Any]:
    """All that the page shows, each number as it may be told."""
    session, at = db.session(), now()
    since = at - timedelta(days=DAYS)
    decided, approved = store.decided(session, since), store.approved(session, since)
    spans = {
        "registered": store.spans(store.registered(session, since)),
        "decided": store.spans(decided),
        "approved": store.spans(approved),
    }
    live = store.live_by_region(session, tools())
    return {
        "waiting": [_waiting(*each) for each in store.waiting(session).items()],
        "weekly": [
            _weekly(gettext("Candidates decided, by week"), [end for _, end in decided], at),
            _weekly(gettext("Alerts approved, by week"), [end for _, end in approved], at),
        ],
        "medians": {name: _span(rules.middle(found)) for name, found in spans.items()},
        "agreement": rules.agreement(store.pairs(session, since)),
        "live": [(_name(code), code, rules.told(count)) for code, count in live.most_common()],
        "map": _map(live) if live else None,
    }


def _waiting(kind: str, counts: Mapping[str, int]) -> dict[str, Any]:
    names = {"cases": words.CASE_STATES, "candidates": words.CANDIDATE_STATES, "drafts": words.DRAFT_STATES}[kind]
    titles = {"cases": gettext("Cases"), "candidates": gettext("Candidates"), "drafts": gettext("Alerts")}
    rows = [(str(names[state]), count) for state, count in counts.items()]
    return {"title": titles[kind], "plot": charts.bars(rows, titles[kind]), "rows": _told(rows)}


def _weekly(title: str, moments: list[datetime], at: datetime) -> dict[str, Any]:
    rows = [
        (format_date(start, "d MMM" if language() == "en" else "M月d日"), count)
        for start, count in rules.by_week(moments, at, WEEKS)
    ]
    return {"title": title, "plot": charts.columns(rows, title), "rows": _told(rows)}


def _told(rows: list[tuple[str, int]]) -> list[tuple[str, str]]:
    return [(name, rules.told(count)) for name, count in rows]


def _span(span: timedelta | None) -> str | None:
    """`2 hours`: the largest unit that fits, for what is a rough number."""
    if span is None:
        return None
    if span < timedelta(minutes=1):
        return gettext("under a minute")
    return str(format_timedelta(span, granularity="minute", threshold=1.5, locale=get_locale()))


def _name(code: str) -> str:
    return tools().regions.get(code).name(language()) if tools().regions.known(code) else code


def _map(live: Counter[str]) -> Markup | None:
    """The regions with live alerts, each with its number, among their neighbours."""
    regions = tools().regions
    known = {code: f"{_name(code)}: {rules.told(count)}" for code, count in sorted(live.items()) if regions.known(code)}
    return _drawn(tuple(known.items()), gettext("Live alerts by region")) if known else None


@lru_cache(maxsize=8)
def _drawn(labels: tuple[tuple[str, str], ...], title: str) -> Markup:
    """Kept, since a map of the whole world takes a second or two to draw."""
    regions, known = tools().regions, dict(labels)
    marked = [Outline(regions.shape(code), label) for code, label in labels]
    frame = fit(marked, [], [])
    near = {code for bounds in frame.on_map() for code in regions.touching(*bounds)} - set(known)
    if len(near) > MOST_AROUND:
        near = {code.partition("-")[0] for code in near} - set(known)
    around = [Outline(regions.shape(code), faint=True) for code in sorted(near) if regions.known(code)]
    return svg_map([*around, *marked], title=title, frame=frame)
