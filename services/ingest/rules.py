"""What a valid report and a valid sighting are, and what each status says to a family. Pure.

A `Fault` carries a code, not words: `words.py` puts it into the reader's language.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from shared.messages import CaseStatus, Child, Language, LastSeen, Point, Reporter

ADULT = 18
OLDEST = 130
"""A child who was missing for long may be sighted as an adult."""
REPORT_PHOTOS = (1, 20)
SIGHTING_PHOTOS = (0, 10)
CLOCK_SLACK = timedelta(minutes=15)
"""How far ahead of ours a person's clock may run before "last seen" counts as the future."""

Kind = Literal["report", "sighting", "removal"]


@dataclass(frozen=True)
class Fault:
    """Something to mend. `pointer` is a JSON pointer into the report, as `#/child/born`; `limit` a number to name."""

    pointer: str
    code: str
    limit: int | None = None


@dataclass(frozen=True)
class PhotoNote:
    """What a family says about one photo: when it was taken, the child's age in it, the point on the child's face."""

    taken: date | None = None
    age: float | None = None
    face: Point | None = None


@dataclass(frozen=True)
class SeenNote:
    """What is said of one photo of a sighting: the points on the faces that are meant (None: the only face), and about
    how old the child in it is."""

    faces: tuple[Point, ...] | None = None
    age: float | None = None


@dataclass(frozen=True)
class Report:
    """A report that was read and found valid."""

    child: Child
    last_seen: LastSeen
    reporter: Reporter
    photos: tuple[PhotoNote, ...]
    language: Language


@dataclass(frozen=True)
class Sighting:
    """A sighting that was read and found valid."""

    alert: str | None
    seen_at: datetime
    place: str
    lat: float
    lon: float
    note: str
    in_danger: bool
    photos: tuple[SeenNote, ...]
    contact: str | None
    language: Language


def age_on(born: date, day: date) -> int:
    """Whole years of age on `day`. A child born on 29 February has its birthday on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def moment_faults(pointer: str, seen: datetime | None, now: datetime) -> Iterator[Fault]:
    """A sighting, or the last time the child was seen, cannot lie in the future."""
    if seen and seen > now + CLOCK_SLACK:
        yield Fault(pointer, "future")


def child_faults(born: date | None, seen: date | None, today: date) -> Iterator[Fault]:
    """Born, then last seen, while still a minor. `seen` and `today` are days on the clock of the place."""
    if born and born > today:
        yield Fault("#/child/born", "born_in_future")
    elif born and seen and seen < born:
        yield Fault("#/last_seen/at", "before_birth")
    elif born and seen and age_on(born, seen) >= ADULT:
        yield Fault("#/child/born", "adult")


def reach_faults(email: str | None, phone: str | None) -> Iterator[Fault]:
    """An officer must be able to answer: an e-mail address or a telephone number."""
    if not email and not phone:
        yield Fault("#/reporter/phone", "no_contact")
    if email and not _is_address(email):
        yield Fault("#/reporter/email", "bad_email")
    if phone and sum(character.isdigit() for character in phone) < 5:
        yield Fault("#/reporter/phone", "bad_phone")


def consent_faults(consent: bool | None) -> Iterator[Fault]:
    """Without consent we may not pass the report on."""
    if consent is False:
        yield Fault("#/consent", "no_consent")


def most_photos(kind: Kind) -> int:
    """How many photos one report or sighting may have."""
    return (REPORT_PHOTOS if kind == "report" else SIGHTING_PHOTOS)[1]


def photo_faults(count: int, limits: tuple[int, int]) -> Iterator[Fault]:
    """As many photos as `limits` say, both included."""
    fewest, most = limits
    if count < fewest:
        yield Fault("#/photos", "no_photos")
    elif count > most:
        yield Fault("#/photos", "too_many_photos", most)


def taken_faults(taken: tuple[date | None, ...], born: date | None, today: date) -> Iterator[Fault]:
    """A photo of the child is taken after its birth and before tomorrow."""
    for index, day in enumerate(taken):
        if day and day > today:
            yield Fault(f"#/photos/{index}/taken", "taken_in_future")
        elif day and born and day < born:
            yield Fault(f"#/photos/{index}/taken", "taken_before_birth")


def _is_address(text: str) -> bool:
    name, _, host = text.rpartition("@")
    return bool(name and "." in host.strip(".") and not any(c.isspace() or c in "<>,;" for c in text))


@dataclass(frozen=True)
class StatusWords:
    """What a status means to the person who asks: one line, and what happens next."""

    title: str
    next: str


def _mark(text: str) -> str:
    """Marks a text for translation; the page translates it."""
    return text


REPORT_STATUS: dict[CaseStatus, StatusWords] = {
    "received": StatusWords(
        _mark("We have your report. An officer will read it."),
        _mark("You do not need to send it again. The officer may call you or write to you."),
    ),
    "in_verification": StatusWords(
        _mark("An officer is reading your report."),
        _mark("They check what is needed to start the search, and may call you with questions."),
    ),
    "returned": StatusWords(
        _mark("An officer has a question for you."),
        _mark("Please read the message below and answer it here, or add what is missing."),
    ),
    "registered": StatusWords(
        _mark("Your child is registered as missing."),
        _mark("Photos from people who may have seen your child are now compared, and officers look at each one."),
    ),
    "alert_live": StatusWords(
        _mark("An alert for your child is public."),
        _mark("People in the region see it now. Please keep your telephone near you."),
    ),
    "ended": StatusWords(
        _mark("This case is closed."),
        _mark("An officer will tell you in person what is known. If you have questions, please call the police."),
    ),
}

SIGHTING_STATUS: dict[CaseStatus, StatusWords] = {
    "received": StatusWords(
        _mark("We have your sighting. Thank you."),
        _mark("An officer will read it. If you left a way to reach you, they may have a question."),
    ),
    "ended": StatusWords(
        _mark("Officers have dealt with your sighting. Thank you."),
        _mark("We cannot tell you what came of it, to protect the child."),
    ),
}

REMOVAL_STATUS: dict[CaseStatus, StatusWords] = {
    "received": StatusWords(
        _mark("We have your request. An officer will answer it."),
        _mark("They check who is asking and what is concerned. Until then nothing is decided."),
    ),
    "ended": StatusWords(
        _mark("An officer has answered your request."),
        _mark("Please read the answer below. If you do not agree, please call the police."),
    ),
}


def status_words(kind: Kind, status: CaseStatus) -> StatusWords:
    """The words for `status`. Whoever sent a sighting learns nothing of a case: all but the end reads as received."""
    if kind == "report":
        return REPORT_STATUS[status]
    if kind == "removal":
        return REMOVAL_STATUS["ended" if status == "ended" else "received"]
    return SIGHTING_STATUS["ended" if status == "ended" else "received"]
