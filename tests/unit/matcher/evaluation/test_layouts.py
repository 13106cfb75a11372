"""Labelled folders as they are read, and what is refused in words."""

import hashlib
from pathlib import Path

import pytest

from services.matcher.evaluation import layouts, measuring
from services.matcher.evaluation.layouts import age_in, read
from shared.errors import ConfigError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "solved cases"
    folder.mkdir()
    return folder


def put(data: Path, *names: str) -> None:
    for name in names:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(name.encode())


def roles(data: Path) -> dict[str, tuple[str, str, float | None]]:
    return {photo.id: (photo.identity, photo.role, photo.age) for photo in read(data).photos}


def test_lag_the_young_photos_are_the_gallery_and_the_adult_ones_the_probes(data: Path) -> None:
    put(data, "ann/1.png", "ann/2.PNG", "ann/y/1.png", "bo/y/a.jpg", "bo/notes.txt", ".cache/y/1.png")
    assert roles(data) == {
        "ann/1.png": ("ann", "probe", None),
        "ann/2.PNG": ("ann", "probe", None),
        "ann/y/1.png": ("ann", "gallery", None),
        "bo/y/a.jpg": ("bo", "gallery", None),
    }
    assumed = read(data, young_age=8, adult_age=40)
    assert {photo.role: photo.age for photo in assumed.photos} == {"gallery": 8, "probe": 40}
    assert assumed.notes == (
        "The age 8 was assumed for every young photo.",
        "The age 40 was assumed for every adult photo.",
    )


def test_a_folder_a_person_the_youngest_photos_are_the_gallery_and_the_later_ones_probes(data: Path) -> None:
    put(data, "ann/3.jpg", "ann/5_school.jpg", "ann/age-6.jpg", "ann/ann_age_19-b.webp", "cy/25.jpg", "cy/40.jpg")
    put(data, "bo/16.jpg", "bo/17.jpg", "bo/18.jpg", "bo/holiday.jpg")
    assert roles(data) == {
        "ann/3.jpg": ("ann", "gallery", 3.0),
        "ann/5_school.jpg": ("ann", "gallery", 5.0),
        "ann/age-6.jpg": ("ann", "probe", 6.0),
        "ann/ann_age_19-b.webp": ("ann", "probe", 19.0),
        "bo/16.jpg": ("bo", "gallery", 16.0),
        "bo/17.jpg": ("bo", "gallery", 17.0),
        "bo/18.jpg": ("bo", "probe", 18.0),
    }
    assert read(data).notes == (
        "The ages in the names are from 3 to 40 years.",
        "Photos left out, since their name tells no age: 1.",
        "People left out, since they have no photo under 18: 1.",
    )


def test_fg_net_s_files_lie_in_one_folder(data: Path) -> None:
    put(data, "001A02.JPG", "001A22a.JPG", "002A05.jpg", "readme.jpg")
    assert roles(data) == {
        "001A02.JPG": ("001", "gallery", 2.0),
        "001A22a.JPG": ("001", "probe", 22.0),
        "002A05.jpg": ("002", "gallery", 5.0),
    }


@pytest.mark.parametrize(
    ("name", "age"),
    [("12", 12), ("0.5", 0.5), ("0", 0), ("05", 5), ("7-2", 7), ("Age 9", 9), ("kim_age9_x", 9), ("078A09b", 9),
     ("001", None), ("0012", None), ("2014-05-02", None), ("IMG_2041", None), ("121", None), ("age", None)],
)  # fmt: skip
def test_the_age_that_a_name_tells(name: str, age: float | None) -> None:
    assert age_in(Path(f"{name}.jpg")) == age


def test_a_half_is_chosen_by_the_name_s_digest_so_that_fit_and_measure_never_share_a_person(data: Path) -> None:
    put(data, *(f"p{number}/{age}.jpg" for number in range(20) for age in (6, 30)))
    even, odd = ({photo.identity for photo in read(data, half).photos} for half in ("even", "odd"))
    assert not even & odd
    assert len(even | odd) == 20
    assert all(hashlib.sha256(name.encode()).digest()[0] % 2 == 0 for name in even)
    assert "Only the even half" in read(data, "even").notes[-1]


def test_links_are_followed_and_one_to_nowhere_is_kept_to_be_told_as_unreadable(data: Path, tmp_path: Path) -> None:
    put(tmp_path / "archive", "one.jpg")
    put(data, "ann/20.jpg", "ann/._6.jpg")
    (data / "ann" / "6.jpg").symlink_to(tmp_path / "archive" / "one.jpg")
    (data / "ann" / "30.jpg").symlink_to(tmp_path / "gone.jpg")
    (data / "ann" / "31.jpg").mkdir()
    assert set(roles(data)) == {"ann/20.jpg", "ann/6.jpg", "ann/30.jpg"}
    (tmp_path / "linked").symlink_to(data)
    assert read(tmp_path / "linked").name == "solved cases"


def test_the_folder_one_stands_in_has_a_name(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(data, "ann/6.jpg")
    monkeypatch.chdir(data)
    assert read(Path()).name == "solved cases"


def test_nothing_and_an_empty_folder_are_refused(data: Path) -> None:
    with pytest.raises(ConfigError, match="no photos in a layout that is known"):
        read(data)
    with pytest.raises(ConfigError, match="There is nothing at"):
        read(data / "missing")


@pytest.mark.parametrize(
    ("names", "lacks"),
    [
        (["ann/20.jpg", "ann/6.jpg"], "gallery photos of at least two people"),
        (["ann/6.jpg", "bo/7.jpg"], "a later photo of anybody to search with"),
        (["ann/1.png", "bo/y/.keep"], "a young photo of anybody for the gallery"),
    ],
)
def test_data_that_can_say_nothing_is_refused_before_anything_is_embedded(
    data: Path, names: list[str], lacks: str
) -> None:
    put(data, *names)
    with pytest.raises(ConfigError, match=lacks):
        measuring.check(read(data))


def test_options_that_a_layout_does_not_take_are_refused_not_ignored(data: Path) -> None:
    put(data, "ann/6.jpg", "ann/20.jpg", "pairs.csv")
    with pytest.raises(ConfigError, match="Leave out --young-age"):
        read(data, young_age=7)
    (data / "pairs.csv").write_text("path_a,path_b,same\na.jpg,b.jpg,1\n")
    with pytest.raises(ConfigError, match="Leave out --half"):
        read(data / "pairs.csv", "odd")
    assert layouts.read(data / "pairs.csv").layout == "pairs"
