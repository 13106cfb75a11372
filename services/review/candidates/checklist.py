"""The features of a face that an officer compares one by one, and what speaks against a judgement. Pure.

The classes are those of FISWG's "Facial Image Comparison Feature List for Morphological Analysis", in brief, in the
order in which they bear witness across the years: what stays as a child grows comes first.
"""

from dataclasses import asdict, dataclass, fields
from typing import Literal

Finding = Literal["similar", "different", "unseen"]
FINDINGS: tuple[Finding, ...] = ("similar", "different", "unseen")


@dataclass(frozen=True)
class Features:
    """What was found of each class; None: not looked at."""

    ears: Finding | None = None
    scars_marks: Finding | None = None
    eyes: Finding | None = None
    eyebrows: Finding | None = None
    hairline: Finding | None = None
    mouth: Finding | None = None
    nose: Finding | None = None
    chin_jaw: Finding | None = None
    face_shape: Finding | None = None
    skin: Finding | None = None


CLASSES: tuple[str, ...] = tuple(item.name for item in fields(Features))
STAYS: frozenset[str] = frozenset({"ears", "scars_marks", "eyes", "eyebrows", "hairline"})
"""What changes little while a child grows up."""


def found(features: Features, finding: Finding) -> list[str]:
    """The classes with this finding, in order."""
    return [name for name, value in asdict(features).items() if value == finding]


def contradictions(outcome: str, features: Features) -> list[str]:
    """The classes that speak against an outcome: those that differ where it is this child, those that are similar
    where it is not. Not a rule: something to look at once more."""
    against: dict[str, Finding] = {"confirmed": "different", "rejected": "similar"}
    return found(features, against[outcome]) if outcome in against else []


def looked_at(features: Features) -> int:
    """How many classes could be compared."""
    return len(found(features, "similar")) + len(found(features, "different"))
