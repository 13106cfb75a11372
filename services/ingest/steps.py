"""The report's questions, one group a page, in the order in which they are asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.ingest.rules import Fault

MOST_PHOTOS = 10
"""On the pages; programs may send twice as many."""


@dataclass(frozen=True)
class Step:
    """One page. `fields` are its form's fields; `parts` begin the pointers of what may be wrong on it."""

    name: str
    fields: tuple[str, ...]
    parts: tuple[str, ...]


STEPS = (
    Step("child", ("child.name", "child.born", "child.sex", "child.appearance"), ("#/child",)),
    Step(
        "last-seen",
        (
            "last_seen.at.day", "last_seen.at.time", "last_seen.place", "last_seen.point", "last_seen.region",
            "last_seen.view", "last_seen.circumstances",
        ),
        ("#/last_seen",),
    ),
    Step("photos", (), ("#/photos",)),
    Step("you", ("reporter.name", "reporter.relation", "reporter.phone", "reporter.email"), ("#/reporter",)),
)  # fmt: skip
NAMES = tuple(step.name for step in STEPS)
LONGEST = 20_000
"""Characters that are kept of one field; a fault is said long before."""


def step(name: str) -> Step:
    return STEPS[NAMES.index(name)]


def after(name: str) -> str:
    """The page after a step's."""
    following = (*NAMES, "review")
    return following[following.index(name) + 1]


def before(name: str) -> str | None:
    """The page before a step's or the review, None before the first."""
    place = (*NAMES, "review").index(name)
    return NAMES[place - 1] if place else None


def faults_on(step_: Step, faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults that are mended on this step's page."""
    return tuple(fault for fault in faults if fault.pointer.startswith(step_.parts))


def step_of(field: str) -> str:
    """On which page a field is (`child.born`, `photo.x.age`, `photos`); what is on none is on the review."""
    for one in STEPS:
        stems = {part.removeprefix("#/") for part in one.parts} | ({"photo"} if one.name == "photos" else set())
        if field.split(".")[0] in stems:
            return one.name
    return "review"
