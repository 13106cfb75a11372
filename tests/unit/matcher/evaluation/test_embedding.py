"""From files to vectors with the real networks: what was made is made once, and no file stops the others."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from services.matcher.evaluation import embedding
from services.matcher.evaluation.cache import VectorCache
from services.matcher.evaluation.datasets import Dataset, Photo
from services.matcher.evaluation.embedding import Embedded, embedded
from services.matcher.packs import FacePack, open_pack
from shared.config import Settings

PORTRAITS = Path(__file__).parents[3] / "data" / "portraits"


@pytest.fixture(scope="module")
def pack(installed: Path) -> FacePack:
    return open_pack(Settings(models=installed))


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[VectorCache]:
    with VectorCache(tmp_path / "work") as cache:
        yield cache


def data(*paths: Path) -> Dataset:
    return Dataset("toy", "toy", tuple(Photo(path.name, path, path.stem[:-2], "gallery", 7.0) for path in paths))


def outcomes(done: Embedded) -> dict[str, str]:
    return {photo.id: reason for photo, reason in done.lost}


class Interrupted(Exception):
    pass


def test_an_interrupted_run_embeds_only_what_is_left(
    pack: FacePack, cache: VectorCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "AT_A_TIME", 2)
    photos = data(*sorted(PORTRAITS.glob("*.jpg")))

    def interrupt(done: int, of: int) -> None:
        if done >= 4:
            raise Interrupted

    with pytest.raises(Interrupted):
        embedded(photos, pack, cache, interrupt)
    told: list[tuple[int, int]] = []
    after = embedded(photos, pack, cache, lambda done, of: told.append((done, of)))
    assert after.made == 2
    assert told == [(2, 6), (4, 6), (6, 6)]
    assert embedded(photos, pack, cache).made == 0
    assert after.vectors.shape == (6, 128)
    likeness = after.vectors @ after.vectors.T
    a, b = after.ids.index("person_a_1.jpg"), after.ids.index("person_a_2.jpg")
    assert likeness[a, b] > 0.5


def test_a_copy_is_embedded_once_and_a_forgotten_photo_again(
    pack: FacePack, cache: VectorCache, tmp_path: Path
) -> None:
    one, other = tmp_path / "same_1.jpg", tmp_path / "same_2.jpg"
    shutil.copy(PORTRAITS / "person_a_1.jpg", one)
    assert embedded(data(one), pack, cache).made == 1
    shutil.copy(one, other)
    both = embedded(data(one, other), pack, cache)
    assert both.made == 0
    assert (both.vectors[0] == both.vectors[1]).all()
    assert cache.forget([embedding.digest_of(photo) for photo in data(one, other).photos]) == 1
    assert embedded(data(other), pack, cache).made == 1


def test_every_file_has_its_outcome_and_none_stops_the_others(
    pack: FacePack, cache: VectorCache, tmp_path: Path
) -> None:
    (tmp_path / "empty_1.jpg").write_bytes(b"")
    (tmp_path / "text_1.jpg").write_text("<script>alert(1)</script>")
    whole = (PORTRAITS / "person_a_1.jpg").read_bytes()
    (tmp_path / "cut_1.jpg").write_bytes(whole[: len(whole) // 3])
    (tmp_path / "gone_1.jpg").symlink_to(tmp_path / "nowhere")
    cv2.imwrite(str(tmp_path / "grey_1.png"), np.full((100, 100, 3), 128, np.uint8))
    cv2.imwrite(str(tmp_path / "tiny_1.png"), np.full((20, 20, 3), 128, np.uint8))
    shutil.copy(PORTRAITS / "person_a_1.jpg", tmp_path / "good_1.jpg")
    photos = data(*sorted(tmp_path.glob("*_1.*")))
    done = embedded(photos, pack, cache)
    assert done.ids == ("good_1.jpg",)
    assert outcomes(done) == {
        "cut_1.jpg": "damaged", "empty_1.jpg": "empty", "gone_1.jpg": "unreadable", "grey_1.png": "no_face",
        "text_1.jpg": "not_an_image", "tiny_1.png": "too_small",
    }  # fmt: skip
    assert embedded(photos, pack, cache).made == 1, "what could not be read is tried again, the rest is known"


def test_a_small_crop_is_found_after_it_was_enlarged(pack: FacePack, cache: VectorCache, tmp_path: Path) -> None:
    whole = cv2.imread(str(PORTRAITS / "person_b_1.jpg"))
    (face,) = pack.detect(whole)
    height, width = whole.shape[:2]
    x, y, w, h = (round(part * size) for part, size in zip(face.box, (width, height) * 2, strict=True))
    cv2.imwrite(str(tmp_path / "crop_1.png"), cv2.resize(whole[y : y + h, x : x + w], (100, 100)))
    done = embedded(data(tmp_path / "crop_1.png", PORTRAITS / "person_b_2.jpg"), pack, cache)
    assert done.outcomes["found"] + done.outcomes.get("enlarged", 0) == 2
    assert float(done.vectors[0] @ done.vectors[1]) > 0.4


def test_of_several_faces_the_largest_is_taken_and_counted(pack: FacePack, cache: VectorCache, tmp_path: Path) -> None:
    large, small = (cv2.imread(str(PORTRAITS / f"{name}.jpg")) for name in ("person_a_1", "person_b_1"))
    small = cv2.copyMakeBorder(cv2.resize(small, (200, 250)), 0, 250, 0, 0, cv2.BORDER_REPLICATE)
    cv2.imwrite(str(tmp_path / "two_1.jpg"), np.hstack([small, cv2.resize(large, (400, 500))]))
    done = embedded(data(tmp_path / "two_1.jpg", PORTRAITS / "person_a_1.jpg"), pack, cache)
    assert done.several == 1
    assert float(done.vectors[0] @ done.vectors[1]) > 0.8


def test_a_face_without_numbers_is_left_out_not_kept_as_zeros(pack: FacePack, cache: VectorCache) -> None:
    def nothing(faces: np.ndarray) -> np.ndarray:
        return np.full((len(faces), 128), np.nan, np.float32)

    broken = replace(pack, version="broken", forwards=(nothing,))
    done = embedded(data(PORTRAITS / "person_a_1.jpg"), broken, cache)
    assert done.vectors.shape == (0, 128)
    assert outcomes(done) == {"person_a_1.jpg": embedding.NO_NUMBERS}
