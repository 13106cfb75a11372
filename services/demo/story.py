"""Who plays in the story, and what its acts look at. The acts are in acts_desk.py, acts_public.py and acts_end.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from services.demo.doors import Door, Officer, Public, Refusal
from services.demo.inside import Inside
from services.demo.teller import StoryBroke, Teller
from shared.config import Settings

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
CHILD = "Alva Exempel"


@dataclass
class Story:
    """Who plays, and what became of it so far."""

    tell: Teller
    settings: Settings
    family: Public
    lind: Officer
    berg: Officer
    supervisor: Officer
    news: Door
    inside: Inside
    seen: dict[str, Any] = field(default_factory=dict)


@contextmanager
def refused(story: Story, status: int, reason: str, text: str) -> Iterator[None]:
    """Holds if the block is refused with this status and reason."""
    try:
        yield
    except Refusal as refusal:
        story.tell.held(refusal.status == status and refusal.reason == reason, f"{text} (HTTP {status}, {reason})")
        return
    raise StoryBroke(f"{text}: it was allowed")


def new_case(story: Story) -> str | None:
    """The id of a report that waits on the desk."""
    waiting = story.lind.get("/api/v1/cases", state="submitted")["cases"]
    return str(waiting[0]["id"]) if waiting else None


def candidates(story: Story, case: str) -> list[dict[str, Any]]:
    return [found for found in story.lind.get("/api/v1/candidates")["candidates"] if found["case_id"] == case]


def feed(story: Story, path: str, **query: str) -> str:
    """A feed of exercises, as text."""
    return story.news.ask("GET", path, params={"status": "exercise"} | query).text


def regional(story: Story, region: str, suffix: str) -> str:
    return feed(story, f"/v1/regions/{region}/alerts.{suffix}")


def cap(story: Story, alert: str) -> etree._Element:
    """The newest CAP message of an alert."""
    return etree.fromstring(story.news.ask("GET", f"/v1/alerts/{alert}.cap").content)
