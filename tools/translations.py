"""Keeps every other language in step with the English in code and templates. `docs/translations.md` says how.

python tools/translations.py update [room …]     collect new words, drop those no longer used
python tools/translations.py compile             make the .mo files, where older than their .po
python tools/translations.py check [room …]      fail if a word has no translation
"""

import argparse
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import shared.language

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = tuple(code for code in shared.language.LANGUAGES if code != "en")
KEYWORDS = DEFAULT_KEYWORDS | {"_mark": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
"""`_mark` is for rules.py, which may not import Flask: it only marks a text that the page translates."""


@dataclass(frozen=True)
class Book:
    """One room's words, or what the rooms share: where they are used, and where their translations lie."""

    name: str
    source: Path
    translations: Path

    def path(self, language: str) -> Path:
        return self.translations / language / "LC_MESSAGES" / "messages.po"


def books(root: Path = ROOT) -> dict[str, Book]:
    """Every room with a door of templates or a catalogue, and `shared`."""
    rooms = [path for path in sorted((root / "services").iterdir()) if (path / "templates").is_dir()]
    found = {path.name: Book(path.name, path, path / "translations") for path in rooms}
    return found | {"shared": Book("shared", root / "shared", root / "shared" / "web" / "translations")}


def used(book: Book, root: Path = ROOT) -> Catalog:
    """All that is marked for translation in the book's source."""
    with (root / "babel.cfg").open() as file:
        mapping, options = parse_mapping_cfg(file)
    catalog = Catalog(project="Homeward", charset="utf-8")
    comments = ("Translators:",)
    for name, _, words, notes, context in extract_from_dir(
        book.source, mapping, options, KEYWORDS, comments, None, True
    ):
        place = (book.source / name).relative_to(root).as_posix()
        catalog.add(words, None, [(place, None)], auto_comments=notes, context=context)
    return catalog


def read(path: Path, language: str) -> Catalog:
    """The catalogue in `path`; an empty one if there is none yet."""
    if not path.exists():
        return Catalog(locale=language, project="Homeward", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(book: Book, language: str, root: Path = ROOT) -> None:
    """Brings new words into the catalogue and takes unused ones out; translations that stay are not touched."""
    template, catalog = used(book, root), read(book.path(language), language)
    template.creation_date = catalog.creation_date
    catalog.update(template, no_fuzzy_matching=True)
    written = io.BytesIO()
    write_po(written, catalog, width=110, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    path = book.path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != written.getvalue():
        path.write_bytes(written.getvalue())


def faults(book: Book, language: str, root: Path = ROOT) -> Iterator[str]:
    """What keeps a reader of `language` from reading the book: one line each."""
    template, catalog = used(book, root), read(book.path(language), language)
    for message in template:
        if message.id:
            yield from (f"{fault}: {message.id!r}" for fault in _faults_of(catalog.get(message.id, message.context)))
    for message in catalog:
        if message.id and template.get(message.id, message.context) is None:
            yield f"no longer used: {message.id!r}"


def _faults_of(known: Message | None) -> Iterator[str]:
    if known is None:
        yield "not in the catalogue"
        return
    texts = known.string if isinstance(known.string, (tuple, list)) else (known.string,)
    if not all(texts):
        yield "not translated"
    elif known.fuzzy:
        yield "fuzzy"
    yield from (str(error) for error in known.check())


def compiled(po: Path) -> bool:
    """Makes the .mo beside a .po, if it is missing or older. Answers whether it had to."""
    mo = po.with_suffix(".mo")
    if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
        return False
    with po.open("rb") as file:
        catalog = read_po(file)
    whole = io.BytesIO()
    write_mo(whole, catalog)
    mo.write_bytes(whole.getvalue())
    return True


def main(arguments: list[str] | None = None) -> int:
    known = books()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("act", choices=("update", "compile", "check"))
    parser.add_argument("room", nargs="*", choices=[*known, []], default=[])
    asked = parser.parse_args(arguments)
    pairs = [(known[name], language) for name in asked.room or known for language in LANGUAGES]
    if asked.act == "compile":
        for book, language in pairs:
            if book.path(language).exists():
                compiled(book.path(language))
        return 0
    if asked.act == "update":
        for book, language in pairs:
            update(book, language)
    wrong = [
        f"{book.path(language).relative_to(ROOT)}: {fault}"
        for book, language in pairs
        for fault in faults(book, language)
    ]
    print("\n".join(wrong) or "Every word has its translation.")
    return 1 if wrong and asked.act == "check" else 0


if __name__ == "__main__":
    sys.exit(main())
