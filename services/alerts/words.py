"""Words of the pages that come out of an alert's data."""

from flask_babel import lazy_gettext

from shared.messages import AlertContent
from shared.regions import Regions

LONGEST_AREA = 49
ANYWHERE = {"en": "The area of this alert", "zh": "此警报的区域"}
SEXES = {"female": lazy_gettext("Girl"), "male": lazy_gettext("Boy"), "unknown": lazy_gettext("Child")}


def area_names(regions: Regions, content: AlertContent) -> dict[str, str]:
    """What the alert's regions are called in each of its languages, as short as CAP's profile wants an areaDesc."""
    return {
        text.language: ", ".join(regions.get(code).name(text.language) for code in content.regions)[:LONGEST_AREA]
        or ANYWHERE[text.language]
        for text in content.texts
    }
