"""A page of alerts, as every feed format takes it."""

from dataclasses import dataclass
from datetime import datetime

from services.alerts.store import Published

TERMS = (
    "Remove an alert within 15 minutes of its Cancel or its end. Show its headline, photo and contact unchanged. "
    "Never show an alert whose status is Exercise or Test to the public."
)


@dataclass(frozen=True)
class Page:
    """`checked` is when we last looked, `updated` when anything last changed (None: nothing ever was).

    `first_url` is the feed's own address, whichever of its pages this is;
    `next_url` and `previous_url` are the pages beside this one (RFC 5005), None where there is none. `hub_url` is the
    WebSub hub that is told of this feed's changes, if there is one."""

    title: str
    items: tuple[Published, ...]
    checked: datetime
    updated: datetime | None
    self_url: str
    first_url: str
    home_url: str
    next_url: str | None
    previous_url: str | None
    language: str
    hub_url: str = ""
    terms: str = TERMS
