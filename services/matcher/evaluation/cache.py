"""The vectors already made, in one SQLite file of the work folder: an interrupted run goes on where it stopped.

Face vectors are biometric data: the file is readable by its owner alone, and `forget` erases what a run put there.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from services.matcher.evaluation.finding import WAY
from shared.errors import ConfigError

TABLE = """CREATE TABLE IF NOT EXISTS faces (
    key TEXT NOT NULL, digest TEXT NOT NULL, outcome TEXT NOT NULL, several INTEGER NOT NULL, quality REAL NOT NULL,
    vector BLOB, PRIMARY KEY (key, digest)) WITHOUT ROWID"""


@dataclass(frozen=True, eq=False)
class Kept:
    """What became of the file of this SHA-256 (hex). `vector` is (D,) float32, None where no face was found."""

    digest: str
    outcome: str
    several: bool = False
    quality: float = 0.0
    vector: np.ndarray | None = None


class VectorCache:
    """The file `vectors.sqlite` in `folder`, made if it is missing. Raises ConfigError if it cannot be used."""

    def __init__(self, folder: Path) -> None:
        path = folder / "vectors.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            self._db = sqlite3.connect(path, timeout=30)
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.execute(TABLE)
        except (OSError, sqlite3.Error) as error:
            raise ConfigError(f"The vectors cannot be kept in {path} ({error}); set another --work-dir.") from error

    def __enter__(self) -> "VectorCache":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._db.close()

    def get(self, version: str, digest: str) -> Kept | None:
        """What is kept of a file under a pack's version."""
        row = self._db.execute(
            "SELECT outcome, several, quality, vector FROM faces WHERE key = ? AND digest = ?", (_key(version), digest)
        ).fetchone()
        if row is None:
            return None
        vector = None if row[3] is None else np.frombuffer(row[3], "<f4")
        return Kept(digest, row[0], bool(row[1]), row[2], vector)

    def put(self, version: str, made: Sequence[Kept]) -> None:
        """Keeps some, all or none of them: a run that is killed leaves whole batches."""
        rows = [
            (_key(version), one.digest, one.outcome, int(one.several), one.quality, _bytes(one.vector)) for one in made
        ]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO faces VALUES (?, ?, ?, ?, ?, ?)", rows)

    def forget(self, digests: Iterable[str]) -> int:
        """Erases what is kept of these files under any pack. Returns how many rows there were."""
        with self._db:
            rows = [(digest,) for digest in digests]
            return int(self._db.executemany("DELETE FROM faces WHERE digest = ?", rows).rowcount)


def _key(version: str) -> str:
    return f"{version}-{WAY}"


def _bytes(vector: np.ndarray | None) -> bytes | None:
    return None if vector is None else np.asarray(vector, "<f4").tobytes()
