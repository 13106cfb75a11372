"""What the comparison page shows besides the candidate itself: aligned faces, way and time, the search's others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from markupsafe import Markup

from services.review import photos, words
from services.review.acting import allow
from services.review.base import db
from services.review.candidates import store
from services.review.candidates.aligning import Eyes
from services.review.candidates.models import Candidate
from services.review.candidates.travel import Travel, travel
from services.review.cases import store as cases
from services.review.cases.models import Case
from services.review.people.rules import may
from services.review.photo_models import Photo
from services.review.views.access import officer
from services.review.views.context import aligner, tools
from services.review.views.reading import CandidateRead
from shared.errors import BlobMissing, ConfigError, NotAllowed
from shared.language import language
from shared.mapframe import Outline, Pin, Ring, fit
from shared.maps import svg_map

COUNTRIES_FROM_KM = 400.0
"""On a map of a longer way, countries are drawn instead of their parts."""


SLOWEST_SAID = 0.1


@dataclass(frozen=True)
class Side:
    """One photograph: the picture, the point on the face, and where its eyes are; None where none were found."""

    photo: Photo
    face: tuple[float, float] | None
    eyes: Eyes | None


@dataclass(frozen=True)
class Other:
    """Another candidate of the same search. `name` is the child's."""

    row: Candidate
    case: Case
    name: str


def sides(read: CandidateRead, wanted: str | None) -> tuple[Side, Side]:
    """The child's photo (`wanted`, or the one that the matcher found most telling) and the sighting's."""
    own = {photo.id: photo for photo in read.case.photos}
    mine = own.get(wanted or "", read.case_photo)
    return _side(mine, face_of(read.row, mine)), _side(read.photo, face_of(read.row, read.photo))


def face_of(row: Candidate, photo: Photo) -> tuple[float, float] | None:
    """The point on the face to compare in one of a candidate's photos; None: its largest face."""
    point = row.face if photo.id == row.photo_id else photo.face
    return (point[0], point[1]) if point else None


def photo_of(candidate_id: str, photo_id: str) -> tuple[Candidate, Photo]:
    """A candidate that the officer may read, and one photo of either side. Raises NotAllowed."""
    row = store.get(db.session(), candidate_id)
    allow(officer(), "candidate.read", cases.get(db.session(), row.case_id).region, row.case_id)
    photo = photos.get(db.session(), photo_id)
    if photo.id != row.photo_id and photo.case_id != row.case_id:
        raise NotAllowed("not_found", f"photo {photo_id} is not of this candidate")
    return row, photo


def _side(photo: Photo, face: tuple[float, float] | None) -> Side:
    def load() -> bytes:
        return photos.for_officer(db.session(), tools(), officer(), photo.id)

    try:
        return Side(photo, face, aligner().eyes(photo.id, face, load))
    except (BlobMissing, ConfigError, NotAllowed, OSError):  # the page then shows the photo as it is, or why it cannot
        return Side(photo, face, None)


def others(read: CandidateRead) -> tuple[list[Other], int]:
    """The other candidates of the same search that this officer may read, and how many there are besides. While the
    matcher's word is hidden their order tells nothing either."""
    rows = store.others_of_search(db.session(), read.row)
    mine = [(row, case) for row, case in rows if may(officer(), "candidate.read", case.region, case.id)]
    named = [Other(row, case, _name(case)) for row, case in mine]
    if not read.shows:
        named.sort(key=lambda other: other.case.number)
    return named, len(rows) - len(mine)


def _name(case: Case) -> str:
    details = cases.opened(tools(), case)
    return details.child.name if details else case.number


def way(read: CandidateRead) -> Travel | None:
    """From where the child was last seen to the sighting; None where one of them is erased or has no place."""
    details, seen = read.case.details, read.sighting_details
    if details is None or seen is None or seen.point is None:
        return None
    return travel((details.last_seen.at, details.last_seen.lat, details.last_seen.lon), (seen.seen_at, *seen.point))


def map_of(read: CandidateRead, made: Travel) -> Markup:
    """Both places with a line between them."""
    details, seen = read.case.details, read.sighting_details
    if details is None or seen is None or seen.point is None:
        raise ValueError("a map needs two places")
    start = Pin(details.last_seen.lat, details.last_seen.lon, gettext("last seen"))
    end = Pin(*seen.point, gettext("sighting"))
    room = [Ring(pin.lat, pin.lon, max(1.0, 0.15 * made.km)) for pin in (start, end)]
    frame = fit([], [start, end], room, (640, 360))
    near = {code for bounds in frame.on_map() for code in tools().regions.touching(*bounds)}
    if made.km > COUNTRIES_FROM_KM:
        near = {code.partition("-")[0] for code in near}
    outlines = [Outline(tools().regions.shape(code), _region(code), faint=True) for code in sorted(near)]
    title = gettext("Where the child was last seen, and where the sighting was")
    return svg_map(outlines, [start, end], title=title, frame=frame, ways=[(start, end)])


def _region(code: str) -> str:
    return tools().regions.get(code).name(language())


def times(read: CandidateRead) -> Sequence[tuple[datetime, str, str]]:
    """What happened when, in order."""
    details, seen = read.case.details, read.sighting_details
    found = [
        (details.last_seen.at, gettext("The child was last seen"), details.last_seen.place) if details else None,
        (read.case.row.opened_at, gettext("The family's report came in"), ""),
        (seen.seen_at, gettext("The sighting"), seen.place) if seen else None,
        (read.sighting.received_at, gettext("The sighting came in"), ""),
        (read.row.made_at, gettext("The matcher found a resemblance"), ""),
    ]
    return sorted((entry for entry in found if entry), key=lambda entry: entry[0])


def in_words(made: Travel) -> list[str]:
    """Distance, time between, and speed, each a short text."""
    hours = abs(made.took.total_seconds()) / 3600
    told = [gettext("%(km)s km as the crow flies", km=_figure(made.km))]
    if hours < 48:
        told.append(gettext("%(hours)s hours between", hours=f"{hours:.1f}"))
    elif hours < 24 * 730:
        told.append(gettext("%(days)s days between", days=f"{hours / 24:,.0f}"))
    else:
        told.append(gettext("%(years)s years between", years=f"{hours / 24 / 365.25:.1f}"))
    if made.kmh is not None and made.kmh >= SLOWEST_SAID and made.verdict != "same_place":
        told.append(gettext("at least %(speed)s km/h", speed=_figure(made.kmh)))
    return told


def _figure(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"


def verdict(made: Travel) -> str:
    return str(words.TRAVEL[made.verdict])
