"""What is measured: labelled photographs, with the age on each where it is known."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Role = Literal["gallery", "probe", "unused"]
OLDEST = 120.0
"""No age above this is believed."""


@dataclass(frozen=True)
class Photo:
    """`id` is its path inside the data's folder; `age` in years, None where unknown."""

    id: str
    path: Path
    identity: str
    role: Role = "unused"
    age: float | None = None


@dataclass(frozen=True)
class Pair:
    """Two photos by their place among the data's photos, and whether they show one person."""

    first: int
    second: int
    same: bool


@dataclass(frozen=True)
class Dataset:
    """`layout` names how it was read; `notes` say in sentences what was left out and why."""

    name: str
    layout: str
    photos: tuple[Photo, ...]
    pairs: tuple[Pair, ...] = ()
    notes: tuple[str, ...] = ()
