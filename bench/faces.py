"""Photo to template: ours beside insightface's own loop and dlib's whole path, on the same photos, a thread each."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import dlib
import numpy as np
import onnxruntime
from insightface.model_zoo.arcface_onnx import ArcFaceONNX

from services.matcher import embed, prepared, running
from services.matcher.install import carry
from services.matcher.packs import FacePack, open_pack
from services.matcher.sources import FACE_RECOGNITION_MODELS, OPENCV_ZOO, ModelFile
from shared.config import Settings

PORTRAITS = Path(__file__).parents[1] / "tests" / "data" / "portraits"
LONGEST = (400, 800, 1600)
RUNS = 5
PREDICTOR = ModelFile(
    "shape_predictor_5_face_landmarks.dat",
    "face_recognition_models-0.3.0/face_recognition_models/models/shape_predictor_5_face_landmarks.dat",
    "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
)
DLIBS_OWN = replace(FACE_RECOGNITION_MODELS, folder="dlib-bench", files=(*FACE_RECOGNITION_MODELS.files, PREDICTOR))

Way = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Speed:
    """Photos a second on one core, each run's, and how many times another way's speed is wanted."""

    name: str
    values: tuple[float, ...]
    target: float = 0.0

    @property
    def median(self) -> float:
        return statistics.median(self.values)


def photos() -> list[np.ndarray]:
    """The portraits in several sizes, uint8 BGR."""
    found = []
    for path in sorted(PORTRAITS.glob("*.jpg")):
        bgr = cv2.imread(str(path))
        for longest in LONGEST:
            scale = longest / max(bgr.shape[:2])
            how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
            found.append(cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=how))
    return found


def measured(settings: Settings) -> list[Speed]:
    """Each way over the same photos, the ways alternating, after one round that is not counted."""
    cv2.setNumThreads(1)
    given = photos()
    ways = {
        "ours": ours(settings),
        "insightface's loop, SFace as shipped": insightfaces(settings),
        "the same, mirror image averaged too": insightfaces(settings, mirrored=True),
        "ours, dlib's network": ours(replace(settings, model_pack="dlib")),
        "dlib's whole path": dlibs(settings),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        _seconds(way, given)
    for _ in range(RUNS):
        for name, way in ways.items():
            seconds[name].append(_seconds(way, given))
    targets = {"insightface's loop, SFace as shipped": 2.0, "dlib's whole path": 5.0}
    return [
        Speed(name, tuple(len(given) / taken for taken in each), targets.get(name, 0.0))
        for name, each in seconds.items()
    ]


def _seconds(way: Way, given: Sequence[np.ndarray]) -> float:
    """Time of this thread on its core: what else the machine does is not counted."""
    begun = time.thread_time()
    for bgr in given:
        way(bgr)
    return time.thread_time() - begun


def ours(settings: Settings) -> Way:
    """As the matcher enrols: find, measure, align, embed with the mirror image. One thread."""
    pack = _one_thread(open_pack(settings), settings)
    return lambda bgr: embed.portrait(pack, bgr, (0.5, 0.5)).vector  # type: ignore[return-value]


def _one_thread(pack: FacePack, settings: Settings) -> FacePack:
    """The same pack, its sessions on one thread each."""
    forwards = []
    for network in pack.manifest.networks:
        assert network.source is not None  # noqa: S101 - only our own packs are measured
        graph = prepared.read(network, settings.models / network.source.folder)
        forwards.append(running.forward(running.open_session(graph or b"", one_thread())))
    return replace(pack, forwards=tuple(forwards))


def one_thread() -> onnxruntime.SessionOptions:
    options = running.session_options()
    options.intra_op_num_threads = 1
    return options


class AsShipped(ArcFaceONNX):  # type: ignore[misc]
    """insightface's recogniser over SFace's own file, which fixes the batch at one and lists its weights as inputs."""

    def __init__(self, file: Path) -> None:
        session = onnxruntime.InferenceSession(str(file), one_thread(), providers=["CPUExecutionProvider"])
        unread = {x.name: np.zeros(x.shape, np.float32) for x in session.get_inputs() if x.name != "data"}
        super().__init__(str(file), _Filling(session, unread))
        self.input_mean, self.input_std = 0.0, 1.0


class _Filling:
    """A session that is given zeros for the inputs that nobody reads."""

    def __init__(self, session: onnxruntime.InferenceSession, unread: dict[str, np.ndarray]) -> None:
        self._session, self._unread = session, unread

    def get_inputs(self) -> list[object]:
        return [x for x in self._session.get_inputs() if x.name == "data"]

    def get_outputs(self) -> list[object]:
        return list(self._session.get_outputs())

    def run(self, names: list[str], given: dict[str, np.ndarray]) -> list[np.ndarray]:
        return list(self._session.run(names, given | self._unread))


class _Found:
    """A face as insightface's recogniser takes it."""

    def __init__(self, landmarks: np.ndarray) -> None:
        self.kps = landmarks
        self.embedding: np.ndarray | None = None


def insightfaces(settings: Settings, *, mirrored: bool = False) -> Way:
    """FaceAnalysis.get of insightface: detect, then for each face norm_crop and embed, one by one; the detector has
    YuNet's weights as OpenCV runs them, at the size at which ours looks."""
    detector = cv2.FaceDetectorYN.create(str(settings.models / "opencv-zoo" / OPENCV_ZOO.files[0].name), "", (320, 320))
    detector.setScoreThreshold(0.7)
    recogniser = AsShipped(settings.models / "opencv-zoo" / OPENCV_ZOO.files[1].name)

    def analyse(bgr: np.ndarray) -> np.ndarray:
        scale = min(1.0, 1280 / max(bgr.shape[:2]))
        small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else bgr
        detector.setInputSize((small.shape[1], small.shape[0]))
        found = [_Found(row[4:14].reshape(5, 2) / scale) for row in detector.detect(small)[1]]
        vectors = [recogniser.get(bgr, face) for face in found]
        if mirrored:
            flipped = np.ascontiguousarray(bgr[:, ::-1])
            for face in found:
                points = face.kps[[1, 0, 2, 4, 3]] * [-1, 1] + [bgr.shape[1] - 1, 0]
                vectors.append(recogniser.get(flipped, _Found(points.astype(np.float32))))
        return np.asarray(vectors)

    return analyse


def dlibs(settings: Settings) -> Way:
    """dlib's own: its frontal detector, which needs no graphics card, its five landmarks, its network."""
    carry(DLIBS_OWN, settings.models, print)
    folder = settings.models / DLIBS_OWN.folder
    detect, place = dlib.get_frontal_face_detector(), dlib.shape_predictor(str(folder / PREDICTOR.name))
    network = dlib.face_recognition_model_v1(str(folder / DLIBS_OWN.files[0].name))

    def describe(bgr: np.ndarray) -> np.ndarray:
        rgb = np.ascontiguousarray(bgr[..., ::-1])
        shapes = [place(rgb, box) for box in detect(rgb, 0)]
        return np.asarray([network.compute_face_descriptor(rgb, shape) for shape in shapes])

    return describe


def report(speeds: Sequence[Speed]) -> str:
    """The table that `make bench` prints."""
    first = speeds[0].median
    lines = [f"{'photo to template, a core':<46}{'photos/s':>10}{'ours is':>10}{'target':>8}  runs"]
    for speed in speeds:
        runs = " ".join(f"{value:.1f}" for value in speed.values)
        ratio = f"{first / speed.median:.2f}x"
        target = f">={speed.target:.0f}x" if speed.target else ""
        lines.append(f"{speed.name:<46}{speed.median:>10.1f}{ratio:>10}{target:>8}  {runs}")
    return "\n".join(lines)


def main() -> None:
    print(report(measured(Settings.from_env())))


if __name__ == "__main__":
    main()
