"""What another officer is to see of a version: each field that is not as it was, word by word. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from services.review.drafts.schemas import FIELDS, DraftFields
from shared.messages import Language

Kind = Literal["same", "gone", "new"]
_PIECE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+|\s+")
"""A word, a run of spaces, or one Chinese sign."""
TEXTS = ("headline", "description", "instruction", "area_desc")


@dataclass(frozen=True)
class Difference:
    """A field (of one language, or of both: None) before and after, and the pieces that it shares."""

    name: str
    language: Language | None
    before: str
    after: str

    @property
    def pieces(self) -> tuple[tuple[Kind, str], ...]:
        return tuple(_pieces(self.before, self.after))


def differences(before: DraftFields, after: DraftFields) -> list[Difference]:
    """All that differs, in the order of the form; nothing else."""
    found = [*_texts(before, after), *_alts(before, after), *_rest(before, after)]
    return [each for each in found if each.before != each.after]


def _texts(before: DraftFields, after: DraftFields) -> Iterator[Difference]:
    old, new = ({text.language: text for text in fields.texts} for fields in (before, after))
    for language in dict.fromkeys([*old, *new]):
        for name in TEXTS:
            yield Difference(name, language, getattr(old.get(language), name, ""), getattr(new.get(language), name, ""))


def _alts(before: DraftFields, after: DraftFields) -> Iterator[Difference]:
    old, new = dict(before.alt), dict(after.alt)
    for language in dict.fromkeys([*old, *new]):
        yield Difference("alt", language, old.get(language, ""), new.get(language, ""))


def _rest(before: DraftFields, after: DraftFields) -> Iterator[Difference]:
    old, new = FIELDS.dump(before), FIELDS.dump(after)
    for name in new:
        if name not in ("texts", "alt"):
            yield Difference(name, None, _plain(name, old[name]), _plain(name, new[name]))


def _plain(name: str, value: Any) -> str:
    """A value as one reads it."""
    if value is None or value in ("", [], ()):
        return ""
    if name == "crop":
        return ", ".join(f"{part * 100:.1f} %" for part in value)
    if name == "polygon":
        return "; ".join(f"{lat:g}, {lon:g}" for lat, lon in value)
    if name == "rings":
        return "; ".join(f"{hours:g} h: {km:g} km" for hours, km in value)
    if name == "expires":
        return str(value)[:16].replace("T", " ") + " UTC"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _pieces(before: str, after: str) -> Iterator[tuple[Kind, str]]:
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(old[a:b])
            continue
        if a < b:
            yield "gone", "".join(old[a:b])
        if c < d:
            yield "new", "".join(new[c:d])
