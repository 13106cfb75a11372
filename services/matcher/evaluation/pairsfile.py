"""Reader of a CSV of labelled pairs: path_a, path_b, same, and if known age_a, age_b."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from services.matcher.evaluation.datasets import OLDEST, Dataset, Pair, Photo
from shared.errors import ConfigError


def read(file: Path) -> Dataset:
    """A CSV with the columns path_a, path_b, same, and if known age_a, age_b; paths are relative to the file."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{file.name} cannot be read as a CSV of pairs: {error}.") from error
    if not rows or not {"path_a", "path_b", "same"} <= set(rows[0]):
        raise ConfigError(f"{file.name} needs a first line with path_a,path_b,same and at least one pair below it.")
    reader = _Pairs(file)
    found = tuple(reader.pair(number, row) for number, row in enumerate(rows, start=2))
    return Dataset(file.name, "pairs", reader.named(found), found)


class _Pairs:
    """Reads a pairs file row by row; each photo at an age becomes one Photo, however often it is named."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.photos: dict[tuple[str, float | None], Photo] = {}
        self.places: dict[tuple[str, float | None], int] = {}

    def pair(self, line: int, row: dict[str, str | None]) -> Pair:
        same = (row.get("same") or "").strip().lower()
        if same not in ("0", "1", "true", "false", "yes", "no"):
            raise ConfigError(f"Line {line} of {self.file.name}: `same` is {same!r}; write 1 or 0.")
        first, second = (self._place(line, row.get(f"path_{x}"), row.get(f"age_{x}")) for x in "ab")
        return Pair(first, second, same in ("1", "true", "yes"))

    def _place(self, line: int, path: str | None, age: str | None) -> int:
        if not (path or "").strip():
            raise ConfigError(f"Line {line} of {self.file.name} lacks a path.")
        name = str(path).strip()
        key = name, self._age(line, age)
        if key not in self.places:
            self.places[key] = len(self.places)
            self.photos[key] = Photo(name, self.file.parent / name, name, "unused", key[1])
        return self.places[key]

    def _age(self, line: int, age: str | None) -> float | None:
        if not (age or "").strip():
            return None
        try:
            years = float(str(age))
        except ValueError:
            years = -1.0
        if not 0 <= years <= OLDEST:
            raise ConfigError(f"Line {line} of {self.file.name}: the age {age!r} is not a number of years.")
        return years

    def named(self, found: Sequence[Pair]) -> tuple[Photo, ...]:
        """The photos, those that pairs call the same person under one name: the first photo's path."""
        leader = list(range(len(self.photos)))

        def lead(place: int) -> int:
            while leader[place] != place:
                place = leader[place]
            return place

        for pair in found:
            if pair.same:
                low, high = sorted((lead(pair.first), lead(pair.second)))
                leader[high] = low
        photos = list(self.photos.values())
        return tuple(replace(photo, identity=photos[lead(at)].id) for at, photo in enumerate(photos))
