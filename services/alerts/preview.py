"""What other programs show of an alert's page: the preview in a chat or a network, and schema.org's description.

The words of a preview name no child: they stay in people's chats when the alert has ended (docs/decisions/0058).
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from services.alerts.area import shape_of
from services.alerts.poster.sheet import age
from services.alerts.store import Published
from services.alerts.words import SEXES
from shared.addresses import Addresses
from shared.messages import AlertContent
from shared.web.alertpage import EVENTS, text_for

LOCALES = {"en": "en_GB", "zh": "zh_CN"}
TAGS = {"en": "en", "zh": "zh-Hans"}
PIXELS = 1080


@dataclass(frozen=True)
class Preview:
    """`tags` are Open Graph's names and values, `data` is schema.org's JSON-LD."""

    title: str
    text: str
    tags: tuple[tuple[str, str], ...]
    data: dict[str, Any]


def preview(item: Published, content: AlertContent, where: Addresses, language: str, printed: bool) -> Preview:
    """The preview in `language`; its picture is the square one once it is `printed`: an exercise is marked on it."""
    title, text = _title(content), _text(content, language)
    tags = [
        ("og:type", "article"), ("og:site_name", "Homeward"), ("og:url", where.page(item.alert.id)),
        ("og:title", title), ("og:description", text), ("og:locale", LOCALES[language]),
    ]  # fmt: skip
    if printed:
        side = str(PIXELS)
        tags += [
            ("og:image", where.square(item.alert.id, language)), ("og:image:type", "image/jpeg"),
            ("og:image:width", side), ("og:image:height", side), ("og:image:alt", title),
        ]  # fmt: skip
    return Preview(title, text, tuple(tags), _data(item, content, where, language, title))


def _title(content: AlertContent) -> str:
    marks = {"Actual": "", "Exercise": gettext("EXERCISE: "), "Test": gettext("TEST: ")}
    who = gettext("%(child)s, %(age)s", child=SEXES[content.sex], age=age(content.age_when_last_seen))
    return f"{marks[content.status]}{EVENTS[content.event_code]}: {who}"


def _text(content: AlertContent, language: str) -> str:
    if content.status != "Actual":
        return gettext("Only a trial of the alert system. No child is missing.")
    place = text_for(content, language).area_desc
    return gettext("%(area)s: please look, and tell police what you saw.", area=place or content.last_seen_place)


def _data(item: Published, content: AlertContent, where: Addresses, language: str, title: str) -> dict[str, Any]:
    west, south, east, north = shape_of(content).bounds
    return {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": title,
        "url": where.page(item.alert.id),
        "inLanguage": TAGS[language],
        "isAccessibleForFree": True,
        "datePublished": item.alert.first_sent.isoformat(),
        "dateModified": item.changed_at.isoformat(),
        "expires": content.expires.isoformat(),
        "about": {
            "@type": "Person",
            **({"name": content.child_name} if content.child_name else {}),
            "image": [where.photo(item.alert.id, each.id) for each in item.photos[:1]],
        },
        "contentLocation": {
            "@type": "Place",
            "name": text_for(content, language).area_desc or content.last_seen_place,
            "geo": {"@type": "GeoShape", "box": f"{south:.4f} {west:.4f} {north:.4f} {east:.4f}"},
        },
    }
