"""What is answered about the desk's work in numbers. A count from one to four is told as `<5`."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Week:
    """A count of seven days, from `begins` on."""

    begins: date
    count: str


@dataclass(frozen=True)
class AgreementSaid:
    """How often two officers agreed without sight of each other: the share (0 to 1), and Cohen's kappa."""

    share: float
    kappa: float | None


@dataclass(frozen=True)
class Insight:
    """`waiting` by kind and state; `median` times of the last 90 days, in rough words, null of fewer than five; `live`
    alerts by region."""

    waiting: dict[str, dict[str, str]]
    candidates_decided: tuple[Week, ...]
    alerts_approved: tuple[Week, ...]
    median: dict[str, str | None]
    agreement: AgreementSaid | None
    live: dict[str, str]
