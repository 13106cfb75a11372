"""The photos of a request: each is cleaned, or named with the reason why it cannot be taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import request
from werkzeug.datastructures import FileStorage

from services.ingest import drawer
from services.ingest.drawer import KEPT_FOR, Owner
from services.ingest.intake import Accepted, accept
from services.ingest.rules import Fault, Kind, most_photos
from services.ingest.tools import Tools
from shared.photos import PhotoError


@dataclass(frozen=True)
class BadFile:
    """A file that cannot be taken; `name` is what its sender calls it."""

    name: str
    fault: Fault


def files(part: str = "photos") -> list[FileStorage]:
    """The files that were chosen. A browser sends an empty, nameless one where none was."""
    return [file for file in request.files.getlist(part) if file.filename or _has_bytes(file)]


def accepted(chosen: list[FileStorage], kind: Kind, tools: Tools) -> Iterator[Accepted | BadFile]:
    """Each file as a clean photo, or the reason why not; pointers count from the first file."""
    for index, file in enumerate(chosen):
        try:
            yield accept(file.stream.read(), kind, tools)
        except PhotoError as error:
            yield BadFile(short(file.filename), Fault(f"#/photos/{index}", error.code))


def put_aside(
    form: Owner, kind: Kind, tools: Tools, kept_for: timedelta = KEPT_FOR, most: int | None = None
) -> list[BadFile]:
    """Puts the request's photos into the form's drawer, as many as it holds; returns those that cannot be taken."""
    most = most or most_photos(kind)
    chosen, room = files(), most - len(drawer.ids(form, tools.room))
    bad = []
    for photo in accepted(chosen[:room], kind, tools):
        if isinstance(photo, BadFile):
            bad.append(photo)
        else:
            drawer.keep(form, photo, tools.room, kept_for)
    return bad + [BadFile(short(file.filename), Fault("#/photos", "too_many_photos", most)) for file in chosen[room:]]


def short(name: str | None) -> str:
    """A file's name as we say it back: its last 60 characters."""
    return (name or "?").replace("\\", "/").rsplit("/", 1)[-1][-60:]


def _has_bytes(file: FileStorage) -> bool:
    found = bool(file.stream.read(1))
    file.stream.seek(0)
    return found
