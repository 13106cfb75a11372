"""Vectors that outlive an interruption, for their owner alone, until they are forgotten."""

import stat
from pathlib import Path

import numpy as np
import pytest

from services.matcher.evaluation.cache import Kept, VectorCache
from shared.errors import ConfigError

VECTOR = np.linspace(-1, 1, 128, dtype=np.float32)


def test_what_was_put_is_there_for_the_same_pack_only(tmp_path: Path) -> None:
    with VectorCache(tmp_path) as cache:
        cache.put("pack-1", [Kept("aa", "enlarged", True, 61.5, VECTOR), Kept("bb", "no_face")])
    with VectorCache(tmp_path) as cache:
        known = cache.get("pack-1", "aa")
        assert known is not None
        assert (known.outcome, known.several, known.quality) == ("enlarged", True, 61.5)
        assert known.vector is not None
        assert known.vector.tobytes() == VECTOR.tobytes()
        nothing = cache.get("pack-1", "bb")
        assert nothing is not None
        assert nothing.vector is None
        assert cache.get("pack-2", "aa") is None


def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    with VectorCache(tmp_path / "new" / "work"):
        pass
    assert stat.S_IMODE((tmp_path / "new" / "work").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / "work" / "vectors.sqlite").stat().st_mode) == 0o600


def test_forgetting_erases_under_every_pack_and_leaves_no_bytes_behind(tmp_path: Path) -> None:
    with VectorCache(tmp_path) as cache:
        for pack in ("pack-1", "pack-2"):
            cache.put(pack, [Kept("aa", "found", vector=VECTOR), Kept("bb", "found", vector=-VECTOR)])
        assert cache.forget(["aa", "unknown", "aa"]) == 2
        assert cache.get("pack-2", "aa") is None
        assert cache.get("pack-2", "bb") is not None
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert VECTOR.tobytes() not in left
    assert (-VECTOR).tobytes() in left


def test_a_folder_that_cannot_be_used_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ConfigError, match="set another --work-dir"):
        VectorCache(tmp_path / "file")
    (tmp_path / "vectors.sqlite").write_text("this is no database, whatever its name says")
    with pytest.raises(ConfigError, match="set another --work-dir"):
        VectorCache(tmp_path)
