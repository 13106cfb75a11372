"""What is answered about the people of the desk, and about one's own account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.review.people.rules import ROLES, SCOPES

Role = Literal[tuple(ROLES)]  # type: ignore[valid-type]
Scope = Literal[tuple(SCOPES)]  # type: ignore[valid-type]


@dataclass(frozen=True)
class Person:
    """An officer by id and name."""

    id: str
    name: str | None


@dataclass(frozen=True)
class OfficerSaid:
    """Who is logged in."""

    id: str
    name: str
    roles: tuple[Role, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True)
class LoggedIn:
    officer: OfficerSaid


@dataclass(frozen=True)
class HourSaid:
    """One case opened to one officer from elsewhere."""

    id: str
    officer: str
    officer_name: str | None
    granted_by: str
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Hours:
    hours: tuple[HourSaid, ...]


@dataclass(frozen=True)
class Readers:
    """Who may see a case: `officers` by jurisdiction, and every hour's access that was given."""

    officers: tuple[OfficerSaid, ...]
    hours: tuple[HourSaid, ...]


@dataclass(frozen=True)
class GrantSaid:
    """Rights that wait for a second granter. `refusal`: why this reader cannot confirm them."""

    id: str
    officer: str
    officer_name: str | None
    roles: tuple[Role, ...]
    regions: tuple[str, ...]
    asked_by: str
    asked_by_name: str | None
    asked_at: datetime
    is_in: bool
    refusal: str | None


@dataclass(frozen=True)
class Grants:
    grants: tuple[GrantSaid, ...]


@dataclass(frozen=True)
class PersonLine:
    """Somebody at the desk. `is_in`: the invitation was accepted; `invited_until` where one is open; `waits`: rights of
    theirs wait for a second granter."""

    id: str
    name: str
    roles: tuple[Role, ...]
    regions: tuple[str, ...]
    disabled: bool
    is_in: bool
    added_at: datetime
    invited_until: datetime | None
    waits: bool


@dataclass(frozen=True)
class People:
    people: tuple[PersonLine, ...]


@dataclass(frozen=True)
class FactorSaid:
    id: str
    kind: Literal["totp", "passkey"]
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class SessionSaid:
    """A log-in. `here`: it is the one that asks."""

    id: str
    begun_at: datetime
    used_at: datetime
    ends_at: datetime
    address: str
    browser: str
    here: bool


@dataclass(frozen=True)
class PersonFull(PersonLine):
    grant: GrantSaid | None
    factors: tuple[FactorSaid, ...]
    sessions: tuple[SessionSaid, ...]


@dataclass(frozen=True)
class Invited:
    """An invitation. Its `code`, also at the end of `link`, is in this answer and nowhere else."""

    officer: str
    code: str
    link: str
    ends_at: datetime


@dataclass(frozen=True)
class TokenSaid:
    id: str
    name: str
    scopes: tuple[Scope, ...]
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class TokenMade:
    """The `token` is in this answer and nowhere else."""

    token: str
    tokens: tuple[TokenSaid, ...]


@dataclass(frozen=True)
class Account:
    """One's own account. `scopes` are those that a token of one's own may have."""

    officer: OfficerSaid
    factors: tuple[FactorSaid, ...]
    recovery_codes_left: int
    sessions: tuple[SessionSaid, ...]
    tokens: tuple[TokenSaid, ...]
    scopes: tuple[Scope, ...]


@dataclass(frozen=True)
class RecoveryCodes:
    """They are in this answer and nowhere else; those from before are good no longer."""

    codes: tuple[str, ...]
