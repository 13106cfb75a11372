"""Pairs files as they are read: each line at fault is named."""

from pathlib import Path

import pytest

from services.matcher.evaluation import measuring, pairsfile
from shared.errors import ConfigError


def written(folder: Path, *lines: str) -> Path:
    file = folder / "pairs.csv"
    file.write_text("\n".join(("path_a,path_b,same,age_a,age_b", *lines)) + "\n", encoding="utf-8-sig")
    return file


def test_photos_are_named_once_however_many_pairs_they_are_in(tmp_path: Path) -> None:
    data = pairsfile.read(written(tmp_path, "a/1.jpg,b.jpg,1,6,20", "a/1.jpg,c.jpg,no,6,", "c.jpg , d.jpg,TRUE,,0.5"))
    assert [(photo.id, photo.age) for photo in data.photos] == [
        ("a/1.jpg", 6.0), ("b.jpg", 20.0), ("c.jpg", None), ("d.jpg", 0.5),
    ]  # fmt: skip
    assert [(pair.first, pair.second, pair.same) for pair in data.pairs] == [(0, 1, True), (0, 2, False), (2, 3, True)]
    assert data.photos[0].path == tmp_path / "a" / "1.jpg"


def test_pairs_of_one_person_make_one_person_across_lines(tmp_path: Path) -> None:
    data = pairsfile.read(written(tmp_path, "b,c,1,,", "a,b,1,,", "d,a,0,,"))
    people = {photo.id: photo.identity for photo in data.photos}
    assert people["a"] == people["b"] == people["c"] != people["d"]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("a.jpg,b.jpg,maybe,,", "Line 3 of pairs.csv: `same` is 'maybe'; write 1 or 0."),
        ("a.jpg,,1,,", "Line 3 of pairs.csv lacks a path."),
        ("a.jpg,b.jpg,1,six,", "Line 3 of pairs.csv: the age 'six' is not a number of years."),
        ("a.jpg,b.jpg,1,,-1", "Line 3 of pairs.csv: the age '-1' is not a number of years."),
        ("a.jpg,b.jpg,1,nan,", "Line 3 of pairs.csv: the age 'nan' is not a number of years."),
        ("a.jpg", "Line 3 of pairs.csv: `same` is ''; write 1 or 0."),
    ],
)
def test_a_line_at_fault_is_named_with_what_to_write(tmp_path: Path, line: str, wrong: str) -> None:
    with pytest.raises(ConfigError) as refused:
        pairsfile.read(written(tmp_path, "a.jpg,b.jpg,1,,", line))
    assert str(refused.value) == wrong


def test_a_file_that_is_no_pairs_file_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"path_a,path_b,same\n", b"first,second\na,b\n"):
        (tmp_path / "other.csv").write_bytes(content)
        with pytest.raises(ConfigError, match="needs a first line with path_a,path_b,same"):
            pairsfile.read(tmp_path / "other.csv")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    with pytest.raises(ConfigError, match="cannot be read as a CSV of pairs"):
        pairsfile.read(tmp_path / "photo.jpg")


def test_pairs_of_one_kind_only_can_say_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"needs a pair of two people \(same = 0\)"):
        measuring.check(pairsfile.read(written(tmp_path, "a,b,1,,")))
    with pytest.raises(ConfigError, match=r"needs a pair of one person \(same = 1\)"):
        measuring.check(pairsfile.read(written(tmp_path, "a,b,0,,")))
