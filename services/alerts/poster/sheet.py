"""What a poster says, in one language and on the clock of the place: words only, nothing of where they stand."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext, ngettext

from services.alerts.words import SEXES
from shared.addresses import Addresses
from shared.messages import AlertContent, CapStatus
from shared.regions import Regions
from shared.web.alertpage import EVENTS, named, text_for, there


@dataclass(frozen=True)
class Sheet:
    """`status` is CAP's; `warning` is empty where it is Actual. `facts` are (name, value); `photos` JPEGs, the most
    important first; `url` is the alert's page."""

    status: CapStatus
    language: str
    event: str
    warning: str
    headline: str
    facts: tuple[tuple[str, str], ...]
    description: str
    instruction: str
    ask: str
    contact: str
    scan: str
    foot: str
    url: str
    photos: tuple[bytes, ...]

    @property
    def letters(self) -> str:
        """Every letter that the poster may need."""
        told = [word for fact in self.facts for word in fact]
        said = (self.event, self.warning, self.headline, self.description, self.instruction, self.ask)
        return "".join((*told, *said, self.contact, self.scan, self.foot, self.url, "…"))


def sheet(
    content: AlertContent, regions: Regions, language: str, where: Addresses, alert_id: str,
    photos: tuple[bytes, ...], sent: datetime,
) -> Sheet:  # fmt: skip
    """The sheet of an alert as published at `sent`. Speaks the language that Babel speaks now."""
    text = text_for(content, language)
    warnings = {
        "Actual": "",
        "Exercise": gettext("Exercise: no child is missing"),
        "Test": gettext("Test: no child is missing"),
    }
    return Sheet(
        content.status, language, str(EVENTS[content.event_code]), warnings[content.status], text.headline,
        _facts(content, regions, language), text.description, text.instruction, gettext("Have you seen this child?"),
        content.contact.replace(" · ", "\n"), gettext("Scan for what is known now, or to tell what you saw."),
        _foot(content, regions, sent), where.page(alert_id), photos,
    )  # fmt: skip


def _facts(content: AlertContent, regions: Regions, language: str) -> tuple[tuple[str, str], ...]:
    area = text_for(content, language).area_desc
    places = gettext(", ").join(named(content, regions, language))
    told = [
        (gettext("Name"), content.child_name or ""),
        (str(SEXES[content.sex]), age(content.age_when_last_seen)),
        (gettext("Last seen"), content.last_seen_place),
        (gettext("When"), there(content, regions, content.last_seen_at)),
        (gettext("Where to look"), area if not places or places in area else f"{area} ({places})" if area else places),
    ]
    return tuple((name, value) for name, value in told if value)


def age(years: int) -> str:
    """In words."""
    if not years:
        return gettext("less than a year old")
    return ngettext("%(num)s year old", "%(num)s years old", years)


def _foot(content: AlertContent, regions: Regions, sent: datetime) -> str:
    return gettext(
        "Published by police, %(sent)s. Ends %(ends)s: please take it down then, or when the page says that it ended.",
        sent=there(content, regions, sent), ends=there(content, regions, content.expires),
    )  # fmt: skip
