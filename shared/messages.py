"""Every message that passes between rooms: frozen dataclasses, each with its marshmallow schema.

A message's `type` is its class name, its `version` the class's `VERSION`. `shared/routes.py` says who may send
it to whom. Times are timezone-aware UTC; places are WGS 84 degrees; points are fractions of a picture
(0 to 1 from its top left); ages are years; identifiers are random and mean nothing elsewhere.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Literal

from shared.schema import between, longest, schema_for

Language = Literal["en", "zh"]
Sex = Literal["female", "male", "unknown"]
Point = tuple[float, float]
Place = tuple[float, float]
"""Latitude and longitude in degrees."""
Box = tuple[float, float, float, float]
"""x, y, width, height, as fractions of the picture."""

Purpose = Literal["sighting_triage", "officer_probe", "duplicate_check"]
EnrolOutcome = Literal[
    "enrolled", "no_face", "several_faces", "too_small", "too_blurred", "turned_away", "drawn", "unreadable", "refused"
]
QualityReason = Literal[
    "too_small", "too_blurred", "turned_away", "drawn", "small_face", "soft", "eyes_hidden", "mouth_hidden", "turned",
    "nodding", "dark", "bright", "uneven_light", "eyes_in_shadow", "pale", "unsure",
]  # fmt: skip
RefusalReason = Literal["expired", "used", "forged", "wrong_photo", "unreadable"]
Band = Literal["very_strong", "strong", "moderate", "weak"]
ProbeOutcome = Literal["confirmed", "rejected", "inconclusive"]
CaseStatus = Literal["received", "in_verification", "returned", "registered", "alert_live", "ended"]
CapStatus = Literal["Actual", "Exercise", "Test"]
EventCode = Literal["CAE", "MEP"]
Amendment = Literal["addition", "answer", "correction"]
Fact = Literal["name", "born", "appearance", "circumstances", "phone", "email", "other"]
"""What of a report its sender corrects."""
Affected = Literal["me", "my_child", "in_care", "other"]
"""Whose removal is asked for."""


class Message:
    """Base of all messages. `subject` names what the message is about; messages about one subject keep their order."""

    VERSION: ClassVar[int] = 1
    SUBJECT: ClassVar[str]

    @property
    def subject(self) -> str:
        return str(getattr(self, self.SUBJECT))


# ---- parts ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PackId:
    """A model pack and its version. Only face templates of the same of both can be compared."""

    name: str = field(metadata=longest(40))
    version: str = field(metadata=longest(40))

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class PhotoRef:
    """A sealed photo on its way: where its ciphertext lies, the key that opens it (base64), and the SHA-256 of
    the plain bytes (hex). `width` and `height` are pixels."""

    blob: str
    key: str
    digest: str
    media_type: str
    width: int
    height: int


@dataclass(frozen=True)
class Child:
    name: str = field(metadata=longest(200))
    born: date
    sex: Sex
    appearance: str = field(default="", metadata=longest(4000))


@dataclass(frozen=True)
class LastSeen:
    at: datetime
    place: str = field(metadata=longest(400))
    lat: float = field(metadata=between(-90, 90))
    lon: float = field(metadata=between(-180, 180))
    circumstances: str = field(default="", metadata=longest(8000))


@dataclass(frozen=True)
class Reporter:
    name: str = field(metadata=longest(200))
    relation: str = field(metadata=longest(200))
    email: str | None = field(default=None, metadata=longest(320))
    phone: str | None = field(default=None, metadata=longest(60))


@dataclass(frozen=True)
class ReportPhoto:
    """A photo of the missing child. `face` is the point on the child's face, if others are in the picture."""

    photo: PhotoRef
    taken: date | None = None
    age: float | None = field(default=None, metadata=between(0, 130))
    face: Point | None = None


@dataclass(frozen=True)
class SightingPhoto:
    """A photo of a sighted child. Only the `faces` that the sender marked are looked at; None: the only face.
    `age` is about how old the sender thinks the child is."""

    photo: PhotoRef
    faces: tuple[Point, ...] | None = None
    age: float | None = field(default=None, metadata=between(0, 130))


# ---- families' door -> police desk ------------------------------------------------------------------------


@dataclass(frozen=True)
class ReportSubmitted(Message):
    """A family's report. `family_key` is the X25519 public key (base64) that only the tracking code opens."""

    SUBJECT: ClassVar[str] = "receipt_id"
    receipt_id: str
    family_key: str
    child: Child
    last_seen: LastSeen
    reporter: Reporter
    photos: tuple[ReportPhoto, ...]
    language: Language
    submitted_at: datetime


@dataclass(frozen=True)
class SightingSubmitted(Message):
    """A sighting by a member of the public, of the alert `alert` or of no alert in particular."""

    SUBJECT: ClassVar[str] = "receipt_id"
    receipt_id: str
    family_key: str
    alert: str | None
    seen_at: datetime
    place: str
    lat: float = field(metadata=between(-90, 90))
    lon: float = field(metadata=between(-180, 180))
    note: str = field(metadata=longest(8000))
    in_danger: bool
    photos: tuple[SightingPhoto, ...]
    contact: str | None
    language: Language
    submitted_at: datetime


@dataclass(frozen=True)
class ReportAmended(Message):
    """What a family adds to its report, corrects in it, or answers: `answers` is the id of the FamilyMessageSent that
    asked, `fact` what is corrected, `text` its right value or the family's words."""

    SUBJECT: ClassVar[str] = "receipt_id"
    receipt_id: str
    kind: Amendment
    text: str = field(metadata=longest(4000))
    fact: Fact | None
    answers: str | None = field(metadata=longest(64))
    photos: tuple[ReportPhoto, ...]
    sent_at: datetime


@dataclass(frozen=True)
class WithdrawalRequested(Message):
    """The family asks that its report be withdrawn. An officer decides."""

    SUBJECT: ClassVar[str] = "receipt_id"
    receipt_id: str
    text: str = field(metadata=longest(4000))
    sent_at: datetime


@dataclass(frozen=True)
class RemovalRequested(Message):
    """Somebody asks that an alert or a report about them, or about their child, be taken away. `receipt_id` is the
    request's own, `report` the receipt of the report that is meant; `family_key` only the request's code opens."""

    SUBJECT: ClassVar[str] = "receipt_id"
    receipt_id: str
    family_key: str
    alert: str | None = field(metadata=longest(64))
    report: str | None = field(metadata=longest(64))
    affected: Affected
    which: str = field(metadata=longest(1000))
    text: str = field(metadata=longest(4000))
    contact: str | None = field(metadata=longest(400))
    language: Language
    asked_at: datetime
    answer_by: datetime


@dataclass(frozen=True)
class ContactConfirmed(Message):
    """Whoever reads the report's e-mail has said that it is theirs: `mark` is that of ContactAsked."""

    SUBJECT: ClassVar[str] = "receipt_id"
    receipt_id: str
    mark: str = field(metadata=longest(64))
    confirmed_at: datetime


# ---- police desk -> itself (its worker alone holds the gate's signing key) --------------------------------


@dataclass(frozen=True)
class EnrolmentAsked(Message):
    """An officer registered (or reopened) a case, or marked the child in a photo of one: the gate is asked to grant its
    photos' enrolment."""

    SUBJECT: ClassVar[str] = "case_id"
    case_id: str


@dataclass(frozen=True)
class SearchAsked(Message):
    """The gate is asked to grant the search of one photo of a sighting."""

    SUBJECT: ClassVar[str] = "photo_id"
    photo_id: str
    purpose: Purpose
    actor: str


# ---- police desk -> matcher -------------------------------------------------------------------------------


@dataclass(frozen=True)
class PhotoToEnrol:
    """One photo with its own signed EnrolmentGrant (see services/review/gate.py, services/matcher/rules.py)."""

    photo_id: str
    photo: PhotoRef
    grant: str
    face: Point | None = None
    age_at_photo: float | None = None


@dataclass(frozen=True)
class EnrolRequested(Message):
    """The photos of a case that the gate admits. None at all: it admits none of them (any more)."""

    SUBJECT: ClassVar[str] = "case_key"
    case_key: str
    photos: tuple[PhotoToEnrol, ...]


@dataclass(frozen=True)
class SearchRequested(Message):
    """One photo, the faces marked in it, and a short-lived signed SearchGrant."""

    SUBJECT: ClassVar[str] = "search_id"
    search_id: str
    grant: str
    photo: PhotoRef
    faces: tuple[Point, ...] | None
    probe_age: float | None = None
    limit: int = 50


@dataclass(frozen=True)
class ProbeClosed(Message):
    """The officers' outcome for a search's probe; its vector is then erased."""

    SUBJECT: ClassVar[str] = "search_id"
    search_id: str
    outcome: ProbeOutcome
    case_key: str | None


@dataclass(frozen=True)
class ForgetRequested(Message):
    SUBJECT: ClassVar[str] = "case_key"
    case_key: str


# ---- matcher -> police desk -------------------------------------------------------------------------------


@dataclass(frozen=True)
class PhotoEnrolled:
    """What became of one photo. Where a face was measured, `quality` is 0 to 100 and `advice` what would help. `found`
    is where faces are, so that an officer can mark the child among several: places only, nothing of who they are."""

    photo_id: str
    outcome: EnrolOutcome
    quality: float | None = None
    advice: tuple[QualityReason, ...] = ()
    found: tuple[Box, ...] = ()


@dataclass(frozen=True)
class EnrolCompleted(Message):
    """What became of a case's photos under the pack of this round (see PackChanged): the one that is being changed to,
    while one is."""

    SUBJECT: ClassVar[str] = "case_key"
    case_key: str
    photos: tuple[PhotoEnrolled, ...]
    round_id: str | None = field(default=None, metadata=longest(26))


@dataclass(frozen=True)
class RankedCandidate:
    """A registered case that resembles the probe, by all its photos; `photo_id` is the most telling one.

    `score` is log10 of the likelihood ratio; `age_gap` is probe age minus age at that photo, in years."""

    rank: int
    case_key: str
    photo_id: str
    score: float
    band: Band
    face: Point
    age_gap: float | None = None


@dataclass(frozen=True)
class SearchCompleted(Message):
    """What the marked faces resemble. `found` is where all faces are, for an officer to mark others."""

    SUBJECT: ClassVar[str] = "search_id"
    search_id: str
    faces_found: int
    faces_searched: int
    candidates: tuple[RankedCandidate, ...]
    found: tuple[Box, ...] = ()


@dataclass(frozen=True)
class SearchRefused(Message):
    SUBJECT: ClassVar[str] = "search_id"
    search_id: str
    reason: RefusalReason


@dataclass(frozen=True)
class ForgetCompleted(Message):
    SUBJECT: ClassVar[str] = "case_key"
    case_key: str
    templates: int


@dataclass(frozen=True)
class PackChanged(Message):
    """The matcher wants every registered case enrolled under this model pack. All such messages keep their order.

    A pack that is changed to a second time has another `round_id`: what was enrolled the first time does not count."""

    SUBJECT: ClassVar[str] = "pack"
    pack: PackId
    round_id: str = field(metadata=longest(26))

    @property
    def subject(self) -> str:
        return self.SUBJECT


# ---- police desk -> alerts --------------------------------------------------------------------------------


@dataclass(frozen=True)
class AlertText:
    """What people read, in one language. The Public Alerts profile wants a headline under 140 characters, an area's
    description under 50."""

    language: Language
    headline: str = field(metadata=longest(139))
    description: str = field(metadata=longest(4000))
    instruction: str = field(metadata=longest(2000))
    area_desc: str = field(metadata=longest(49))


@dataclass(frozen=True)
class PublishedPhoto:
    """The approved crop, re-encoded. `alt` is [(language, text)]."""

    photo: PhotoRef
    alt: tuple[tuple[Language, str], ...]
    credit: str = ""


@dataclass(frozen=True)
class AlertRing:
    """From `at` on, the alert is for the circle of this radius, and for these regions."""

    at: datetime
    radius_km: float = field(metadata=between(0.1, 20000))
    regions: tuple[str, ...]


@dataclass(frozen=True)
class AlertContent:
    """Everything an alert may say in public, and nothing else. `lat`/`lon` are already rounded. With a `polygon` (its
    corners in order, each once) the alert is for that area, else for the circle of `radius_km`. `rings` are the circles
    that were approved to follow by themselves, each later and wider than the one before it."""

    status: CapStatus
    event_code: EventCode
    texts: tuple[AlertText, ...]
    contact: str
    child_name: str | None
    age_when_last_seen: int
    sex: Sex
    last_seen_at: datetime
    last_seen_place: str
    lat: float = field(metadata=between(-90, 90))
    lon: float = field(metadata=between(-180, 180))
    radius_km: float = field(metadata=between(0.1, 20000))
    regions: tuple[str, ...]
    effective: datetime
    expires: datetime
    photos: tuple[PublishedPhoto, ...]
    polygon: tuple[Place, ...] = ()
    rings: tuple[AlertRing, ...] = ()


@dataclass(frozen=True)
class AlertApproved(Message):
    SUBJECT: ClassVar[str] = "alert_id"
    alert_id: str
    version: int
    content: AlertContent
    approved_at: datetime


@dataclass(frozen=True)
class AlertAmended(Message):
    SUBJECT: ClassVar[str] = "alert_id"
    alert_id: str
    version: int
    content: AlertContent
    approved_at: datetime


@dataclass(frozen=True)
class AlertCancelled(Message):
    SUBJECT: ClassVar[str] = "alert_id"
    alert_id: str
    cancelled_at: datetime


# ---- alerts -> police desk --------------------------------------------------------------------------------


@dataclass(frozen=True)
class AlertPublished(Message):
    """A CAP message went out: an Alert, an Update or a Cancel. `widened_km`: it is an Update that the alerts room made
    by itself, of the version that is live, with the circle that was approved for this hour."""

    SUBJECT: ClassVar[str] = "alert_id"
    alert_id: str
    version: int
    identifier: str
    msg_type: Literal["Alert", "Update", "Cancel"]
    sent: datetime
    widened_km: float | None = None


@dataclass(frozen=True)
class AlertExpired(Message):
    SUBJECT: ClassVar[str] = "alert_id"
    alert_id: str
    expired_at: datetime


# ---- police desk -> families' door ------------------------------------------------------------------------


@dataclass(frozen=True)
class CaseStatusChanged(Message):
    SUBJECT: ClassVar[str] = "receipt_id"
    receipt_id: str
    status: CaseStatus
    changed_at: datetime


@dataclass(frozen=True)
class FamilyMessageSent(Message):
    """An officer's words to the family, sealed (base64) to the family's own key: only the tracking code opens it.
    `asks`: the officer asks for an answer."""

    SUBJECT: ClassVar[str] = "receipt_id"
    receipt_id: str
    sealed: str
    sent_at: datetime
    asks: bool = False


@dataclass(frozen=True)
class ContactAsked(Message):
    """A code was mailed to the report's e-mail address: `mark` is its SHA-256 (hex). The address is not told."""

    SUBJECT: ClassVar[str] = "receipt_id"
    receipt_id: str
    mark: str = field(metadata=longest(64))
    asked_at: datetime


# ---- every room -> every room -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Acknowledged(Message):
    """The receiver's answer to message `message_id`: `applied`, `failed` (send it again) or `refused` (never)."""

    SUBJECT: ClassVar[str] = "message_id"
    message_id: str
    outcome: Literal["applied", "failed", "refused"]
    reason: str = field(default="", metadata=longest(200))


MESSAGES: dict[str, type[Message]] = {cls.__name__: cls for cls in Message.__subclasses__()}
SCHEMAS = {name: schema_for(cls) for name, cls in MESSAGES.items()}  # type: ignore[arg-type]  # classes are hashable


def dump(message: Message) -> dict[str, object]:
    """The message's payload as JSON-ready values."""
    return dict(SCHEMAS[type(message).__name__].dump(message))


def load(type_: str, payload: dict[str, object]) -> Message:
    """The message of type `type_` from its payload. Raises marshmallow.ValidationError."""
    return SCHEMAS[type_].load(payload)  # type: ignore[no-any-return]
