"""Which pack is loaded, under which licence, and what the operator is told when it cannot be."""

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from insightface.app import FaceAnalysis
from insightface.model_zoo.arcface_onnx import ArcFaceONNX

from services.matcher import insight, install, running
from services.matcher.embed import portrait, probes, usable, vectors
from services.matcher.networks import SFACE
from services.matcher.packs import (
    MANIFESTS,
    NON_COMMERCIAL,
    FacePack,
    chosen,
    describe_packs,
    install_pack,
    open_pack,
    verify_packs,
)
from services.matcher.sources import OPENCV_ZOO
from shared.config import Settings
from shared.errors import ConfigError
from shared.faces import Face
from shared.photos import pixels

MODELS = Path(os.environ["HOMEWARD_MODELS"])
DEFAULT = Settings(models=MODELS)
OWN = [name for name, manifest in MANIFESTS.items() if not manifest.accept]
PORTRAITS = Path(__file__).parents[2] / "data" / "portraits"


def test_the_default_pack_opens_and_says_what_it_is() -> None:
    pack = open_pack(DEFAULT)
    assert (pack.name, pack.manifest.dimension) == ("opencv-zoo", 128)
    assert pack.version == "fb143eea07838aa5-2"
    assert MANIFESTS["opencv-zoo"].accept == ""


def test_an_unknown_pack_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(
        ConfigError, match="HOMEWARD_MODEL_PACK is 'bufalo'; set it to one of opencv-zoo, mobilefacenet"
    ):
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


@pytest.mark.parametrize("name", [OPENCV_ZOO.files[1].name, SFACE.prepared_name])
def test_a_pack_that_is_missing_or_changed_is_not_loaded_and_verify_says_what_to_do(tmp_path: Path, name: str) -> None:
    settings = Settings(models=tmp_path)
    with pytest.raises(ConfigError, match="missing or changed; run `homeward models install opencv-zoo`"):
        open_pack(settings)
    assert verify_packs(settings) == []
    shutil.copytree(MODELS / "opencv-zoo", tmp_path / "opencv-zoo")
    assert [(finding.pack, finding.wrong) for finding in verify_packs(settings)] == [("opencv-zoo", False)]
    with (tmp_path / "opencv-zoo" / name).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ConfigError, match="missing or changed"):
        open_pack(settings)
    (finding,) = verify_packs(settings)
    assert finding.wrong
    assert f"missing or changed: opencv-zoo/{name}" in finding.text
    assert "run `homeward models install opencv-zoo`" in finding.text
    assert describe_packs(settings)[0].state == "changed: install again"


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
        session = running.open_session(recogniser.read_bytes())
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


def test_through_insightface_the_same_models_find_the_same_faces_and_yield_the_same_vectors() -> None:
    pack = open_pack(DEFAULT)
    analysis = OwnAnalysis(MODELS / "opencv-zoo" / SFACE.prepared_name, pack)
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


FACES = ["person_a_1", "person_a_2", "person_b_1", "person_b_2", "impostor_1", "impostor_2"]


def seen(pack: FacePack, name: str) -> tuple[np.ndarray, Face]:
    bgr = pixels((PORTRAITS / f"{name}.jpg").read_bytes())
    return bgr, pack.detect(bgr)[0]


@pytest.fixture(scope="module", params=OWN)
def each(request: pytest.FixtureRequest, installed: Path) -> FacePack:
    return open_pack(Settings(models=installed, model_pack=request.param))


def test_every_pack_opens_and_knows_people_again(each: FacePack) -> None:
    found = vectors(each, [seen(each, name) for name in FACES])
    assert found.shape == (len(FACES), each.manifest.dimension)
    for part in np.split(found, np.cumsum(each.manifest.sections)[:-1], axis=1):
        assert np.allclose(np.linalg.norm(part, axis=1), 1, atol=1e-5)
    alike = found @ found.T
    for one, other in ((0, 1), (2, 3)):
        strangers = [place for place in range(len(FACES)) if place not in (one, other)]
        assert alike[one, other] > alike[np.ix_([one, other], strangers)].max() + 0.05


def test_many_faces_at_once_yield_what_each_alone_yields(each: FacePack) -> None:
    faces = [seen(each, name) for name in FACES]
    alone = np.concatenate([vectors(each, [face]) for face in faces])
    assert np.allclose(vectors(each, faces), alone, atol=1e-4)


def test_a_mirrored_photo_yields_nearly_the_same_vector(each: FacePack) -> None:
    bgr, face = seen(each, "person_a_2")
    width = bgr.shape[1]
    points = face.landmarks[[1, 0, 2, 4, 3]] * [-1, 1] + [width - 1, 0]
    mirrored = replace(face, landmarks=points.astype(np.float32))
    one, other = vectors(each, [(bgr, face), (np.ascontiguousarray(bgr[:, ::-1]), mirrored)])
    assert one @ other / len(each.manifest.sections) > 0.95  # no geometry is quite symmetric


def test_the_packs_versions_differ_and_a_combination_is_its_parts_in_a_row(installed: Path) -> None:
    packs = {name: open_pack(Settings(models=installed, model_pack=name)) for name in OWN}
    assert len({pack.version for pack in packs.values()}) == len(packs)
    parts = [vectors(packs[name], [seen(packs[name], FACES[0])]) for name in ("opencv-zoo", "mobilefacenet", "dlib")]
    both = vectors(packs["sface+mobilefacenet+dlib"], [seen(packs["opencv-zoo"], FACES[0])])
    assert np.allclose(both, np.concatenate(parts, axis=1), atol=1e-5)


def broken(value: float) -> FacePack:
    """The default pack, whose network answers `value` for the first face of a batch and its mirror image."""
    pack = open_pack(DEFAULT)

    def forward(crops: np.ndarray) -> np.ndarray:
        found = pack.forwards[0](crops).copy()
        found[[0, len(found) // 2]] = value
        return found

    return replace(pack, forwards=(forward,))


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_a_face_of_which_a_network_makes_no_numbers_has_no_vector_and_is_unreadable(value: float) -> None:
    pack = broken(value)
    faces = [seen(pack, name) for name in FACES[:2]]
    found = vectors(pack, faces)
    assert np.isfinite(found).all()
    assert usable(found).tolist() == [False, True]
    assert portrait(pack, faces[0][0], None).outcome == "unreadable"
    assert portrait(pack, faces[0][0], None).vector is None
    assert probes(pack, faces[0][0], [faces[0][1]]) == []


def test_landmarks_that_coincide_are_unreadable_and_harm_no_other_face() -> None:
    pack = open_pack(DEFAULT)
    bgr, face = seen(pack, FACES[2])
    nowhere = replace(face, landmarks=np.full((5, 2), 70, np.float32))
    found = vectors(pack, [(bgr, nowhere), (bgr, face)])
    assert usable(found).tolist() == [False, True]
    assert np.allclose(found[1], vectors(pack, [(bgr, face)])[0], atol=1e-5)


def test_a_pack_is_not_installed_before_its_licence_was_accepted(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="HOMEWARD_ACCEPT_LICENSE"):
        install_pack(Settings(models=tmp_path), "antelopev2", print)
    assert list(tmp_path.iterdir()) == []


def test_every_manifest_says_its_files_licences_and_where_it_is_from() -> None:
    for name in OWN:
        manifest = MANIFESTS[name]
        assert manifest.licence.startswith("YuNet MIT")
        assert manifest.figures
        assert manifest.calibrated
        for network in manifest.networks:
            assert network.licence
            assert network.source is not None
            assert network.file in network.source.files
        assert install.faults(manifest, Path("nowhere"))
