"""Words of the pages that come out of an alert's data."""

import re

from flask_babel import lazy_gettext
from markupsafe import Markup, escape

from shared.messages import AlertContent, AlertText
from shared.regions import Regions

_NUMBER = re.compile(r"(?<![A-Za-z0-9-])\+?\d[\d ()/-]*\d(?![A-Za-z0-9-])")

EVENTS = {
    "MEP": lazy_gettext("Missing child in danger"),
    "CAE": lazy_gettext("Child abduction suspected"),
}
LONGEST_AREA = 49
ANYWHERE = {"en": "The area of this alert", "zh": "此警报的区域"}
SEXES = {"female": lazy_gettext("Girl"), "male": lazy_gettext("Boy"), "unknown": lazy_gettext("Child")}


def text_for(content: AlertContent, language: str) -> AlertText:
    """The alert's words in the reader's language, else in its first."""
    return next((text for text in content.texts if text.language == language), content.texts[0])


def area_names(regions: Regions, content: AlertContent) -> dict[str, str]:
    """What the alert's regions are called in each of its languages, as short as CAP's profile wants an areaDesc."""
    return {
        text.language: ", ".join(regions.get(code).name(text.language) for code in content.regions)[:LONGEST_AREA]
        or ANYWHERE[text.language]
        for text in content.texts
    }


def to_call(contact: str) -> Markup:
    """The contact with its telephone numbers as links that call them. `HW-2026-000005` is no such number."""
    parts, at = [], 0
    for match in _NUMBER.finditer(contact):
        number = re.sub(r"[^\d+]", "", match[0].replace("(0)", ""))
        if 3 <= len(number) <= 16:
            parts += [escape(contact[at : match.start()]), Markup('<a href="tel:{}">{}</a>').format(number, match[0])]
            at = match.end()
    return Markup("").join([*parts, escape(contact[at:])])
