"""Whatever comes instead of a clear portrait: each has an outcome that the desk can show, and no template too many.

What cannot be told, a photographed doll, a picture of a picture, is in docs/decisions/0024.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from matcherroom import Matcher, open_matcher
from pictures import NAMES, as_file, cartoon, crowd, deep, deep_colours, doll, lying, picture, screen
from PIL import Image, ImageFilter

from services.matcher.models import Probe, Template
from services.matcher.packs import NON_COMMERCIAL, FacePack, install_pack, open_pack
from services.review import words
from shared import messages as m
from shared.config import Settings
from shared.errors import ConfigError
from shared.photos import PhotoError, clean

MODELS = Path(os.environ["HOMEWARD_MODELS"])
CHILD, YEARS_LATER = "person_a_1", "person_a_2"
FORTY = crowd((3000, 2000), [40] * 40)


@pytest.fixture(scope="module")
def pack() -> FacePack:
    return open_pack(Settings(models=MODELS))


@pytest.fixture
def matcher(settings: Settings, pack: FacePack) -> Iterator[Matcher]:
    yield from open_matcher(settings, pack)


def enrolled(matcher: Matcher, file: bytes, face: m.Point | None = None) -> m.PhotoEnrolled:
    """What becomes of a family's file, from the door to the matcher's answer."""
    asked = replace(matcher.to_enrol(clean(file).data), face=face)
    answer = matcher.tell(m.EnrolRequested("case-a", (asked,)))
    assert isinstance(answer, m.EnrolCompleted)
    return answer.photos[0]


# ---- pictures in which there is nobody, or too many -----------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "outcome"),
    [
        (as_file(Image.new("RGB", (900, 700), "teal")), "no_face"), (as_file(cartoon()), "drawn"),
        (as_file(doll()), "drawn"),
        (as_file(FORTY), "several_faces"), (as_file(picture(CHILD).resize((60, 72))), "too_small"),
        (as_file(picture(CHILD).filter(ImageFilter.GaussianBlur(6))), "too_blurred"),
    ],
    ids=["no face", "cartoon", "painted ball", "forty faces", "tiny", "out of focus"],
)  # fmt: skip
def test_a_picture_without_one_usable_face_leaves_no_template_and_says_why(
    matcher: Matcher, file: bytes, outcome: str
) -> None:
    answer = enrolled(matcher, file)
    assert answer.outcome == outcome
    assert matcher.count(Template) == 0
    assert len(answer.found) == (40 if outcome == "several_faces" else 0)


def test_of_forty_the_marked_one_is_enrolled_and_a_mark_on_nobody_enrols_nobody(matcher: Matcher) -> None:
    boxes = enrolled(matcher, as_file(FORTY)).found
    x, y, w, h = boxes[0]
    assert enrolled(matcher, as_file(FORTY), (x + w / 2, y + h / 2)).outcome == "enrolled"
    assert enrolled(matcher, as_file(FORTY), (0.001, 0.001)).outcome == "no_face"
    assert matcher.count(Template) == 1


def test_of_forty_sighted_only_the_marked_are_embedded_and_the_places_of_all_are_told(matcher: Matcher) -> None:
    assert enrolled(matcher, as_file(picture(CHILD))).outcome == "enrolled"
    answer = matcher.search(clean(as_file(FORTY)).data)
    assert (answer.faces_found, answer.faces_searched, answer.candidates, len(answer.found)) == (40, 0, (), 40)
    children = [place for place in range(40) if NAMES[place % 6] == CHILD]
    across = 8
    point = ((children[1] % across + 0.5) / across, (children[1] // across + 0.45) / 5)
    answer = matcher.search(clean(as_file(FORTY)).data, faces=[point])
    assert answer.faces_searched == 1
    assert [candidate.case_key for candidate in answer.candidates] == ["case-a"]
    assert matcher.count(Probe) == 1


def test_a_photo_of_a_screen_is_taken_for_the_face_on_it_which_no_detector_can_tell(matcher: Matcher) -> None:
    assert enrolled(matcher, as_file(screen(YEARS_LATER))).outcome == "enrolled"
    assert matcher.found(clean(as_file(picture(CHILD))).data) == ["case-a"]


# ---- files that cameras and programs make ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    [
        as_file(picture(CHILD).convert("L")), as_file(picture(CHILD).convert("CMYK")), deep(CHILD),
        deep_colours(CHILD), lying(CHILD), lying(CHILD, 6),
        as_file(picture(CHILD), "PNG", save_all=True, append_images=[Image.new("RGB", picture(CHILD).size)]),
        as_file(picture(CHILD), "WEBP", save_all=True, append_images=[Image.new("RGB", picture(CHILD).size)]),
    ],
    ids=["grey", "CMYK", "16 bits", "16 bits a colour", "sideways", "by EXIF", "animated PNG", "animated WebP"],
)  # fmt: skip
def test_every_kind_of_photo_is_the_same_face(matcher: Matcher, file: bytes) -> None:
    answer = enrolled(matcher, file)
    assert answer.outcome == "enrolled" and answer.quality is not None and answer.quality > 80
    assert matcher.found(clean(as_file(picture(YEARS_LATER))).data) == ["case-a"]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (as_file(Image.new("L", (10_000, 6_000)), "PNG"), "too_many_pixels"),
        (as_file(picture(CHILD), "GIF", save_all=True, append_images=[picture(CHILD)]), "not_an_image"),
        (as_file(picture(CHILD))[:4000], "damaged"), (b"", "empty"), (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "not_an_image"),
        (as_file(picture(CHILD).resize((40, 40))), "too_small"), (b"\xff\xd8" * 12_000_000, "too_large"),
    ],
    ids=["60 megapixels", "GIF", "half", "empty", "rubbish", "40 pixels", "24 megabytes"],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_refused_at_the_door_with_its_reason(file: bytes, code: str) -> None:
    with pytest.raises(PhotoError) as refused:
        clean(file)
    assert refused.value.code == code


# ---- packs, vectors, templates --------------------------------------------------------------------------------


def test_a_pack_file_of_another_hash_is_not_loaded(tmp_path: Path) -> None:
    shutil.copytree(MODELS / "opencv-zoo", tmp_path / "opencv-zoo")
    with next((tmp_path / "opencv-zoo").glob("*yunet*int8bq.onnx")).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ConfigError, match="missing or changed; run `homeward models install opencv-zoo`"):
        open_pack(Settings(models=tmp_path))


def test_a_pack_whose_licence_was_not_accepted_is_neither_installed_nor_loaded(tmp_path: Path) -> None:
    wanted = Settings(models=tmp_path, model_pack="buffalo_l")
    with pytest.raises(ConfigError, match=f"HOMEWARD_ACCEPT_LICENSE={NON_COMMERCIAL}"):
        open_pack(wanted)
    with pytest.raises(ConfigError, match="HOMEWARD_ACCEPT_LICENSE"):
        install_pack(wanted, "buffalo_l", print)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_a_network_that_answers_no_numbers_leaves_nothing(settings: Settings, pack: FacePack, value: float) -> None:
    silent = lambda crops: np.full((len(crops), 128), value, np.float32)  # noqa: E731
    (matcher,) = open_matcher(settings, replace(pack, forwards=(silent,)))
    assert enrolled(matcher, as_file(picture(CHILD))).outcome == "unreadable"
    answer = matcher.search(clean(as_file(picture(CHILD))).data)
    assert (answer.faces_found, answer.faces_searched, answer.candidates) == (1, 0, ())
    assert (matcher.count(Template), matcher.count(Probe)) == (0, 0)


def test_a_template_of_another_packs_dimension_is_never_compared(settings: Settings, pack: FacePack) -> None:
    (wide,) = open_matcher(settings, replace(pack, forwards=(lambda crops: np.ones((len(crops), 192), np.float32),)))
    assert enrolled(wide, as_file(picture(CHILD))).outcome == "unreadable"
    assert wide.count(Template) == 0


# ---- words for all of it --------------------------------------------------------------------------------------


def test_the_desk_has_words_for_every_outcome_and_every_piece_of_advice() -> None:
    assert set(get_args(m.EnrolOutcome)) <= set(words.PHOTOS)
    assert set(get_args(m.QualityReason)) <= set(words.PHOTOS) | set(words.QUALITY)
    assert set(get_args(m.RefusalReason)) <= set(words.SEARCH_REFUSALS)
