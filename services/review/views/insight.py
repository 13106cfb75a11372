"""The desk's work in numbers: for every officer, as plots and as tables, without any person in them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
Weeks = Sequence[tuple[datetime, int]]
MOST_AROUND = 80
"""Regions beside those with an alert that are drawn; above it, countries are."""


@pages.get("/insight")
@signed_in
def shown() -> str:
    return render_template("review/insight.html", **numbers(), days=DAYS, weeks=WEEKS, least=rules.LEAST)


@dataclass(frozen=True)
class Facts:
    """The numbers, not yet as they may be told: `waiting` by kind and state, weeks with the moment at which each
    begins, `live` alerts by region. `medians` are words already."""

    waiting: Mapping[str, Mapping[str, int]]
    decided: Weeks
    approved: Weeks
    medians: Mapping[str, str | None]
    agreement: rules.Agreement | None
    live: Counter[str]


def facts() -> Facts:
    """What the page and the JSON tell, of the last DAYS days and as it is now."""
    session, at = db.session(), now()
    since = at - timedelta(days=DAYS)
    decided, approved = store.decided(session, since), store.approved(session, since)
    found = {"registered": store.registered(session, since), "decided": decided, "approved": approved}
    return Facts(
        store.waiting(session),
        rules.by_week([end for _, end in decided], at, WEEKS),
        rules.by_week([end for _, end in approved], at, WEEKS),
        {name: _span(rules.middle(store.spans(times))) for name, times in found.items()},
        rules.agreement(store.pairs(session, since)),
        store.live_by_region(session, tools()),
    )


def numbers() -> dict[str, Any]:
    """All that the page shows, each number as it may be told."""
    found = facts()
    return {
        "waiting": [_waiting(*each) for each in found.waiting.items()],
        "weekly": [
            _weekly(gettext("Candidates decided, by week"), found.decided),
            _weekly(gettext("Alerts approved, by week"), found.approved),
        ],
        "medians": found.medians,
        "agreement": found.agreement,
        "live": [(_name(code), code, rules.told(count)) for code, count in found.live.most_common()],
        "map": _map(found.live) if found.live else None,
    }


def _waiting(kind: str, counts: Mapping[str, int]) -> dict[str, Any]:
    names = {"cases": words.CASE_STATES, "candidates": words.CANDIDATE_STATES, "drafts": words.DRAFT_STATES}[kind]
    titles = {"cases": gettext("Cases"), "candidates": gettext("Candidates"), "drafts": gettext("Alerts")}
    rows = [(str(names[state]), count) for state, count in counts.items()]
    return {"title": titles[kind], "plot": charts.bars(rows, titles[kind]), "rows": _told(rows)}


def _weekly(title: str, weeks: Weeks) -> dict[str, Any]:
    rows = [(format_date(start, "d MMM" if language() == "en" else "M月d日"), count) for start, count in weeks]
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
