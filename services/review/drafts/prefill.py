"""A sensible first draft out of a case, so that the officer mends words instead of finding them at 3 a.m."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from services.review import photos
from services.review.cases import store as cases
from services.review.cases.models import Case
from services.review.cases.rules import age_on
from services.review.cases.schemas import Details
from services.review.drafts.schemas import DraftFields, Seen
from services.review.photo_models import Photo
from services.review.tools import Tools
from shared.bus import Work
from shared.messages import AlertText, Language, Sex

LASTS = timedelta(hours=24)
RADIUS_KM = 10.0
LANGUAGES: tuple[Language, ...] = ("en", "zh")
LONGEST_AREA = 49
LONGEST_HEADLINE = 139

_EMERGENCY = {"CN": "110", "US": "911", "CA": "911", "GB": "999", "JP": "110", "AU": "000", "NZ": "111"}
_SEX: dict[Language, dict[Sex, str]] = {
    "en": {"female": "girl", "male": "boy", "unknown": "child"},
    "zh": {"female": "女孩", "male": "男孩", "unknown": "儿童"},
}
_EXERCISE: dict[Language, str] = {"en": "EXERCISE: ", "zh": "演练："}
_HEADLINE: dict[Language, str] = {"en": "Missing {sex}, {age}: {name}", "zh": "寻找失踪{sex}{name}，{age}岁"}
_DESCRIPTION: dict[Language, str] = {
    "en": "{name}, a {sex} aged {age}, is missing. Last seen on {at} at {place}. {appearance}",
    "zh": "{sex}{name}，{age}岁，现已失踪。最后一次被看到：{at}，{place}。{appearance}",
}
_INSTRUCTION: dict[Language, str] = {
    "en": "If you see this child, call {number} at once and stay where you can see them. Do not share rumours.",
    "zh": "如果看到这名儿童，请立即拨打{number}，并留在能看到孩子的地方。请勿传播未经证实的消息。",
}
_CONTACT = "{number} · {case}"


def prefilled(work: Work, tools: Tools, case: Case, seen: Seen | None = None) -> DraftFields:
    """The case's own words, region and clearest photo, to be read and mended; with `seen`, the region and words of
    where the child was sighted. Raises NotAllowed("erased")."""
    details, region = cases.readable(tools, case), case.region
    if seen:
        there = replace(details.last_seen, at=seen.at, place=seen.place, lat=seen.lat, lon=seen.lon)
        details, region = replace(details, last_seen=there), tools.regions.first(seen.lat, seen.lon)
    number = _EMERGENCY.get((case.region or "").split("-")[0], "112")
    best = _clearest(photos.seen_to(work.session, case.id))
    return DraftFields(
        texts=tuple(_text(tools, region, details, number, language) for language in LANGUAGES),
        contact=_CONTACT.format(number=number, case=case.number),
        last_seen_place=details.last_seen.place,
        radius_km=RADIUS_KM,
        regions=(region,) if region else (),
        expires=(work.now + LASTS).replace(second=0, microsecond=0),
        photo_id=best.id if best else None,
        seen=seen,
    )


def _text(tools: Tools, region: str | None, details: Details, number: str, language: Language) -> AlertText:
    words = partial(str.format, **_words(details, language), number=number)
    exercise = _EXERCISE[language] if tools.room.settings.exercise else ""
    area = tools.regions.get(region).name(language) if region else details.last_seen.place
    return AlertText(
        language,
        headline=(exercise + words(_HEADLINE[language]))[:LONGEST_HEADLINE],
        description=words(_DESCRIPTION[language]).strip()[:4000],
        instruction=words(_INSTRUCTION[language]),
        area_desc=area[:LONGEST_AREA],
    )


def _words(details: Details, language: Language) -> dict[str, object]:
    child, seen = details.child, details.last_seen
    return {
        "name": child.name, "sex": _SEX[language][child.sex], "age": age_on(child.born, _utc(seen.at).date()),
        "at": f"{_utc(seen.at):%Y-%m-%d %H:%M} UTC", "place": seen.place, "appearance": child.appearance,
    }  # fmt: skip


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _clearest(own: Sequence[Photo]) -> Photo | None:
    """The enrolled photo of the highest quality, else the family's first."""
    ranked = sorted(own, key=lambda photo: (photo.outcome != "enrolled", -(photo.quality or 0.0), photo.position))
    return ranked[0] if ranked else None
