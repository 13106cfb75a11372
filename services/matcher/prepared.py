"""Prepared graphs on disk: each beside the file that it was made of, with a note of both files' SHA-256."""

import hashlib
import json
from pathlib import Path

from services.matcher import graphs
from services.matcher.fetch import digest
from services.matcher.networks import Detector, Network
from shared.errors import HomewardError


def write(network: Network | Detector, folder: Path) -> None:
    """Prepares the network's file in `folder` and puts the result beside it. Raises HomewardError if it cannot."""
    original = _original(network, folder)
    try:
        ready = graphs.prepared(original.name, original.read_bytes())
    except (ValueError, KeyError, IndexError) as error:
        raise HomewardError(f"{original.name} could not be prepared: {error}; nothing was installed.") from error
    place = folder / network.prepared_name
    replace(place, ready)
    replace(_note(place), json.dumps(_facts(network, hashlib.sha256(ready).hexdigest()), indent=1).encode())


def read(network: Network | Detector, folder: Path) -> bytes | None:
    """The prepared graph; None where it, its note or the file it was made of is missing or changed."""
    place = folder / network.prepared_name
    data = place.read_bytes() if place.is_file() else b""
    return data if not _faults(network, folder, hashlib.sha256(data).hexdigest()) else None


def faults(network: Network | Detector, folder: Path) -> list[str]:
    """The names of the files that are missing or changed."""
    return _faults(network, folder, digest(folder / network.prepared_name))


def _faults(network: Network | Detector, folder: Path, found: str) -> list[str]:
    original, note = _original(network, folder), _note(folder / network.prepared_name)
    known = network.file is not None and digest(original) == network.file.sha256
    changed = [] if known else [original.name]
    try:
        noted = json.loads(note.read_text()) if note.is_file() else {}
    except ValueError:
        noted = {}
    return changed if noted == _facts(network, found) else [*changed, network.prepared_name]


def _facts(network: Network | Detector, prepared: str) -> dict[str, str]:
    made_of = network.file.sha256 if network.file else ""
    return {"made_of": made_of, "preparation": graphs.PREPARATION, "sha256": prepared}


def _original(network: Network | Detector, folder: Path) -> Path:
    if network.file is None:
        raise HomewardError(f"{network.name} has no file of its own.")
    return folder / network.file.name


def _note(place: Path) -> Path:
    return place.with_suffix(".json")


def replace(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all."""
    draft = path.with_name(f"{path.name}.part")
    draft.write_bytes(data)
    draft.replace(path)
