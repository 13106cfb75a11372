"""What a program may post about what comes after a report: letters, requests for removal, likely duplicates."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Written:
    """An officer's words to a family; `asks`: its page then shows a field for the answer."""

    text: str
    asks: bool = False


@dataclass(frozen=True)
class Answered:
    """What was decided on a request for removal (removed, partly, kept), and the words to whoever asked."""

    outcome: str
    message: str


@dataclass(frozen=True)
class Compared:
    """What was decided on two cases that were compared; `seen` is the `stamp` of what was read: if one of them was
    changed since, nothing is done. Null: that does not matter."""

    reason: str
    seen: str | None = None
