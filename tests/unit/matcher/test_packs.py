"""Which pack is loaded, under which licence, and what the operator is told when it cannot be."""

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from insightface.app import FaceAnalysis
from insightface.model_zoo.arcface_onnx import ArcFaceONNX

from services.matcher import insight, sface
from services.matcher.embed import vectors
from services.matcher.install import OPENCV_ZOO
from services.matcher.packs import MANIFESTS, NON_COMMERCIAL, FacePack, chosen, describe_packs, open_pack
from shared.config import Settings
from shared.errors import ConfigError
from shared.photos import pixels

MODELS = Path(os.environ["HOMEWARD_MODELS"])
DEFAULT = Settings(models=MODELS)
PORTRAITS = Path(__file__).parents[2] / "data" / "portraits"


def test_the_default_pack_opens_and_says_what_it_is() -> None:
    pack = open_pack(DEFAULT)
    assert (pack.name, pack.manifest.dimension) == ("opencv-zoo", 128)
    assert pack.version == "fb143eea07838aa5-1"
    assert MANIFESTS["opencv-zoo"].accept == ""


def test_an_unknown_pack_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(ConfigError, match="HOMEWARD_MODEL_PACK is 'bufalo'; set it to one of opencv-zoo, buffalo_l"):
        open_pack(replace(DEFAULT, model_pack="bufalo"))


@pytest.mark.parametrize("said", ["", "yes", "mit"])
def test_a_non_commercial_pack_is_not_even_looked_for_before_its_licence_was_accepted(said: str) -> None:
    with pytest.raises(ConfigError, match=f"non-commercial research only.*HOMEWARD_ACCEPT_LICENSE={NON_COMMERCIAL}"):
        open_pack(replace(DEFAULT, model_pack="buffalo_l", accept_license=said))


def test_an_accepted_licence_admits_the_pack() -> None:
    settings = replace(DEFAULT, model_pack="buffalo_l", accept_license=NON_COMMERCIAL)
    assert chosen(settings).dimension == 512


def test_a_pack_of_insightface_that_holds_no_models_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "insightface" / "models" / "buffalo_l").mkdir(parents=True)
    settings = Settings(models=tmp_path, model_pack="buffalo_l", accept_license=NON_COMMERCIAL)
    with pytest.raises(ConfigError, match="buffalo_l could not be loaded"):
        open_pack(settings)


def test_a_default_pack_that_is_missing_or_changed_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="missing or changed; run `homeward models install`"):
        open_pack(Settings(models=tmp_path))
    shutil.copytree(MODELS / "opencv-zoo", tmp_path / "opencv-zoo")
    with (tmp_path / "opencv-zoo" / OPENCV_ZOO.files[1].name).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ConfigError, match="missing or changed"):
        open_pack(Settings(models=tmp_path))


def test_the_list_of_packs_says_which_is_ready_and_which_is_set(tmp_path: Path) -> None:
    states = {pack.name: (pack.state, pack.chosen) for pack in describe_packs(DEFAULT)}
    assert states["opencv-zoo"] == ("ready", True)
    assert states["buffalo_l"] == ("licence not accepted", False)
    accepted = Settings(models=tmp_path, model_pack="buffalo_s", accept_license=NON_COMMERCIAL)
    states = {pack.name: (pack.state, pack.chosen) for pack in describe_packs(accepted)}
    assert states["opencv-zoo"] == ("not installed", False)
    assert states["buffalo_s"] == ("not installed", True)


class OwnAnalysis(FaceAnalysis):  # type: ignore[misc]
    """insightface's analysis over models that anybody may use: SFace in its recogniser, YuNet in SCRFD's place."""

    def __init__(self, recogniser: Path, pack: FacePack) -> None:
        session = sface._run(onnx.load(str(recogniser)))
        own = ArcFaceONNX(str(recogniser), session)
        own.input_mean, own.input_std = 0.0, 1.0  # it guesses 127.5 for every network it does not know
        self.models = {"recognition": own}
        self.det_model = self
        self.pack = pack

    def detect(self, bgr: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        height, width = bgr.shape[:2]
        rows, points = [], []
        for face in reversed(self.pack.detect(bgr)):
            x, y, w, h = face.box
            rows.append([x * width, y * height, (x + w) * width, (y + h) * height, face.score])
            points.append(face.landmarks)
        return np.asarray(rows, np.float32).reshape(-1, 5), np.asarray(points, np.float32).reshape(-1, 5, 2)


def test_through_insightface_the_same_models_find_the_same_faces_and_yield_the_same_vectors(tmp_path: Path) -> None:
    pack = open_pack(DEFAULT)
    data = (MODELS / "opencv-zoo" / OPENCV_ZOO.files[1].name).read_bytes()
    file = tmp_path / "sface.onnx"
    onnx.save(sface.prepared(data), str(file))
    analysis = OwnAnalysis(file, pack)
    theirs = replace(pack, detect=insight.detector(analysis), forwards=(insight.forward(analysis),))
    bgr = pixels((PORTRAITS / "person_b_1.jpg").read_bytes())
    mine, other = pack.detect(bgr), theirs.detect(bgr)
    assert other[0].box == pytest.approx(mine[0].box, abs=1e-5)
    assert other[0].score == pytest.approx(mine[0].score)
    assert np.allclose(vectors(pack, [(bgr, mine[0])]), vectors(theirs, [(bgr, other[0])]), atol=1e-5)
    assert theirs.detect(np.full((200, 200, 3), 128, np.uint8)) == []


def test_listing_packs_loads_neither_onnxruntime_nor_insightface() -> None:
    import subprocess

    code = (
        "import sys; from services.matcher.packs import describe_packs; from shared.config import Settings;"
        "describe_packs(Settings()); print(sorted({'insightface', 'onnxruntime', 'onnx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
