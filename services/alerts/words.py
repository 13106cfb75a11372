"""Words of the pages that come out of an alert's data."""

from flask_babel import lazy_gettext

from shared.messages import AlertContent, AlertText
from shared.regions import Regions

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
