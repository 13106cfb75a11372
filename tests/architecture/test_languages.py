"""A language is added in one place, and whatever else has to say something in it is named here."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from shared.language import LANGUAGES
from shared.messages import Language

ROOT = Path(__file__).parents[2]


def tables() -> Iterator[tuple[str, set[str]]]:
    """Each table by language of the code: where it is, and the languages it has."""
    for folder in ("services", "shared"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                keys = (
                    {key.value for key in node.keys if isinstance(key, ast.Constant)}
                    if isinstance(node, ast.Dict)
                    else set()
                )
                if {"en", "zh"} <= keys:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", keys


def test_what_a_reader_may_choose_is_what_messages_carry() -> None:
    assert tuple(LANGUAGES) == get_args(Language)


def test_every_table_by_language_has_every_language() -> None:
    lacking = {place: set(LANGUAGES) - keys for place, keys in tables() if not set(LANGUAGES) <= keys}
    assert lacking == {}
