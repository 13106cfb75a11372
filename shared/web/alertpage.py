"""An alert as people read it: what `alert_article.html` needs. The alerts room publishes it, the desk previews it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_datetime, gettext, lazy_gettext, ngettext
from markupsafe import Markup, escape

from shared.clock import Clock
from shared.geo import polygon
from shared.mapframe import Pin
from shared.maps import alert_map
from shared.messages import AlertContent, AlertText
from shared.regions import Regions

EVENTS = {
    "MEP": lazy_gettext("Missing child in danger"),
    "CAE": lazy_gettext("Child abduction suspected"),
}
MOST_NAMES = 12
_NUMBER = re.compile(r"(?<![A-Za-z0-9-])\+?\d[\d ()/-]*\d(?![A-Za-z0-9-])")


@dataclass(frozen=True)
class Shown:
    """A photo on the page: its address, its size in pixels, its description by language."""

    url: str
    width: int
    height: int
    alt: dict[str, str]
    credit: str


def article(
    content: AlertContent, regions: Regions, language: str, photos: Sequence[Shown], changed: datetime, seen_url: str
) -> dict[str, Any]:
    """The variables of `alert_article.html`. `seen_url` is where who has seen the child goes."""
    pin = Pin(content.lat, content.lon, gettext("Last seen about here"))
    return {
        "content": content, "text": text_for(content, language), "event": EVENTS[content.event_code],
        "photos": photos, "changed": changed, "seen_url": seen_url,
        "seen_clock": there(content, regions, content.last_seen_at),
        "places": named(content, regions, language),
        "map": alert_map(
            regions, content.regions, pin, content.radius_km, language=language, title=gettext("Where to look"),
            description=content.last_seen_place, polygon=polygon(content.polygon) if content.polygon else None,
        ),
    }  # fmt: skip


def named(content: AlertContent, regions: Regions, language: str) -> list[str]:
    """The alert's regions in the reader's language: those it is for first of all, and how many more."""
    names = [regions.get(code).name(language) for code in content.regions if regions.known(code)]
    if len(names) <= MOST_NAMES:
        return names
    more = len(names) - MOST_NAMES
    return [*names[:MOST_NAMES], ngettext("%(num)s more region", "%(num)s more regions", more)]


def text_for(content: AlertContent, language: str) -> AlertText:
    """The alert's words in the reader's language, else in its first."""
    return next((text for text in content.texts if text.language == language), content.texts[0])


def there(content: AlertContent, regions: Regions, moment: datetime) -> str:
    """A time on the wall clocks of where the child was last seen."""
    zone = Clock(regions.at).zone_at(content.lat, content.lon)
    # Translators: a pattern of CLDR
    return str(format_datetime(moment.astimezone(zone), gettext("d MMMM y, HH:mm"), rebase=False))


def to_call(contact: str) -> Markup:
    """The contact with its telephone numbers as links that call them. `HW-2026-000005` is no such number."""
    parts, at = [], 0
    for match in _NUMBER.finditer(contact):
        number = re.sub(r"[^\d+]", "", match[0].replace("(0)", ""))
        if 3 <= len(number) <= 16:
            parts += [escape(contact[at : match.start()]), Markup('<a href="tel:{}">{}</a>').format(number, match[0])]
            at = match.end()
    return Markup("").join([*parts, escape(contact[at:])])
