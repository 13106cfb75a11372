"""What the desk's templates know besides the house's: who reads, what they may do, and what things are called."""

from typing import Any

from flask import Flask, g

from services.review import words
from services.review.deeds import deed
from services.review.people.rules import holds, may
from services.review.retold import retold, whence
from services.review.views.context import tools
from services.review.views.record import Entry
from shared.web.alertpage import to_call


def dress(app: Flask) -> None:
    app.context_processor(_context)
    app.add_template_filter(deed)
    app.add_template_filter(region)
    app.add_template_filter(told)
    app.add_template_filter(agent)
    app.add_template_filter(whence)
    app.add_template_filter(to_call)


def told(entry: Entry) -> str:
    """The words of a row of the record."""
    return retold(entry.act, entry.text or "", refused=entry.refused)


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def agent(said: str) -> str:
    """What a browser says of itself, in two words; a program's own words as they are."""
    browser = next((name for part, name in _BROWSERS if part in said), "")
    system = next((name for part, name in _SYSTEMS if part in said), "")
    return ", ".join(part for part in (browser, system) if part) or said[:60] or "—"


def region(code: str | None, language: str) -> str:
    """A region's name, as `Île-de-France (FR-IDF)`."""
    if code is None:
        return str(words.NO_REGION)
    known = tools().regions
    return f"{known.get(code).name(language)} ({code})" if known.known(code) else code


def _context() -> dict[str, Any]:
    officer = g.get("officer")
    return {
        "officer": officer,
        "words": words,
        "may": lambda act, region, case=None: officer is not None and may(officer, act, region, case),
        "holds": lambda act: officer is not None and holds(officer, act),
    }
