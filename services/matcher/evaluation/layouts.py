"""Readers of labelled folders into a Dataset. `docs/evaluating.md` documents what is accepted."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from services.matcher.evaluation import pairsfile
from services.matcher.evaluation.datasets import OLDEST, Dataset, Photo, Role
from shared.errors import ConfigError

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")
YOUNG = "y"
ADULT = 18
GALLERY_YEARS = 2.0

Half = Literal["all", "even", "odd"]

AGES = (
    re.compile(r"age[-_ ]?(?P<age>\d{1,3}(?:\.\d+)?)(?:[-_ ].*)?", re.IGNORECASE),  # age-12_2.jpg, age7.jpg
    re.compile(r"(?P<age>\d{1,3}(?:\.\d+)?)(?:[-_ ].*)?"),  # 12.jpg, 12_school.jpg, 0.5.jpg
    re.compile(r".*[A-Za-z\d]A(?P<age>\d{1,2})[a-z]?"),  # 001A12a.jpg (FG-NET)
    re.compile(r".*_age[-_ ]?(?P<age>\d{1,3})(?:[-_ ].*)?", re.IGNORECASE),  # ann_age-12_2.jpg
)
FGNET = re.compile(r"(?P<person>\d{3})A\d{2}[a-z]?", re.IGNORECASE)


def read(data: Path, half: Half = "all", young_age: float | None = None, adult_age: float | None = None) -> Dataset:
    """The dataset at `data`: a pairs file, or a folder in one of the layouts. Raises ConfigError."""
    data = data.resolve()
    if data.is_file():
        _only(half == "all", "--half", "a pairs file is measured whole")
        found = pairsfile.read(data)
    elif not data.is_dir():
        raise ConfigError(f"There is nothing at {data}; name a folder of photos or a pairs file.")
    elif any((folder / YOUNG).is_dir() for folder in _folders(data)):
        return halved(lag(data, young_age, adult_age), half)
    else:
        found = by_age(data)
    _only(
        young_age is None and adult_age is None,
        "--young-age and --adult-age",
        "only the LAG layout, whose photos have no age, takes them",
    )
    if not found.photos:
        raise ConfigError(f"{data} has no photos in a layout that is known; docs/evaluating.md shows the layouts.")
    return halved(found, half)


def _only(right: bool, options: str, what_for: str) -> None:
    if not right:
        raise ConfigError(f"Leave out {options}: {what_for}.")


def lag(data: Path, young_age: float | None = None, adult_age: float | None = None) -> Dataset:
    """`<name>/*.png` adult, the probes; `<name>/y/*.png` young, the gallery. Ages are unknown unless assumed."""
    photos: list[Photo] = []
    for folder in _folders(data):
        photos += _photos(data, folder.name, folder, "probe", adult_age)
        photos += _photos(data, folder.name, folder / YOUNG, "gallery", young_age)
    assumed = [(age, who) for age, who in ((young_age, "young"), (adult_age, "adult")) if age is not None]
    notes = tuple(f"The age {age:g} was assumed for every {who} photo." for age, who in assumed)
    return Dataset(data.name, "LAG (young photos searched for with adult photos)", tuple(photos), (), notes)


def by_age(data: Path) -> Dataset:
    """A folder a person, or FG-NET's files in one folder, with the age in each file's name.

    Gallery: a person's photos of the youngest age and of the two years after it, those under 18. Probes: all that
    are older. People whose youngest photo is of 18 or more are left out.
    """
    photos = [photo for folder in _folders(data) for photo in _photos(data, folder.name, folder, "unused", None)]
    photos += _flat(data)
    dated = [replace(photo, age=age_in(photo.path)) for photo in photos]
    known = [photo for photo in dated if photo.age is not None]
    ages = [photo.age for photo in known if photo.age is not None]
    notes = [f"The ages in the names are from {min(ages):g} to {max(ages):g} years."] if ages else []
    if len(known) < len(dated):
        notes.append(f"Photos left out, since their name tells no age: {len(dated) - len(known)}.")
    placed = [photo for person in _people(known) for photo in _roles(person)]
    adults = len({photo.identity for photo in known}) - len({photo.identity for photo in placed})
    if adults:
        notes.append(f"People left out, since they have no photo under {ADULT}: {adults}.")
    return Dataset(data.name, "ages in the file names", tuple(placed), (), tuple(notes))


def age_in(path: Path) -> float | None:
    """The age in years that a file's name tells, None if it tells none that a person may have.

    001 counts photos, it is nobody's age.
    """
    for pattern in AGES:
        match = pattern.fullmatch(path.stem)
        if match and float(match["age"]) <= OLDEST and not match["age"].startswith("00"):
            return float(match["age"])
    return None


def halved(dataset: Dataset, half: Half) -> Dataset:
    """The people whose name's SHA-256 begins with an even or an odd byte: fit on one half, measure on the other."""
    if half == "all":
        return dataset
    wanted = 0 if half == "even" else 1
    kept = tuple(p for p in dataset.photos if hashlib.sha256(p.identity.encode()).digest()[0] % 2 == wanted)
    return replace(dataset, photos=kept, notes=(*dataset.notes, f"Only the {half} half of the people was taken."))


def _folders(data: Path) -> list[Path]:
    return sorted(path for path in data.iterdir() if path.is_dir() and not path.name.startswith("."))


def _photos(data: Path, name: str, folder: Path, role: Role, age: float | None) -> list[Photo]:
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    pictures = [path for path in files if path.suffix.lower() in ENDINGS and _is_meant(path)]
    return [Photo(path.relative_to(data).as_posix(), path, name, role, age) for path in pictures]


def _is_meant(path: Path) -> bool:
    """A file or a link, one to nowhere too, so that it is told as unreadable; nothing hidden."""
    return not path.name.startswith(".") and (path.is_file() or (path.is_symlink() and not path.exists()))


def _flat(data: Path) -> list[Photo]:
    """FG-NET's own layout: all files in one folder, the person's number first in each name."""
    files = [path for path in sorted(data.iterdir()) if path.suffix.lower() in ENDINGS and _is_meant(path)]
    named = ((path, FGNET.fullmatch(path.stem)) for path in files)
    return [Photo(path.name, path, match["person"], "unused", None) for path, match in named if match]


def _people(photos: Iterable[Photo]) -> list[list[Photo]]:
    people: dict[str, list[Photo]] = {}
    for photo in photos:
        people.setdefault(photo.identity, []).append(photo)
    return list(people.values())


def _roles(person: Sequence[Photo]) -> list[Photo]:
    def age(photo: Photo) -> float:
        return OLDEST if photo.age is None else photo.age

    youngest = min(map(age, person))
    if youngest >= ADULT:
        return []
    last = youngest + GALLERY_YEARS
    return [
        replace(photo, role="gallery" if age(photo) <= last and age(photo) < ADULT else "probe") for photo in person
    ]
