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

from services.matcher import embed, running
from services.matcher.install import carry
from services.matcher.packs import Forward, open_pack
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

OURS, INSIGHTFACES, DLIBS = "ours", "insightface's loop, as shipped", "dlib's whole path"
COMPARED = (
    (OURS, f"{INSIGHTFACES}, mirror image too", 2.0),
    (f"{OURS}, no mirror image", INSIGHTFACES, 2.0),
    (OURS, INSIGHTFACES, 0.0),
    (OURS, DLIBS, 5.0),
    (f"{OURS}, no mirror image", f"{DLIBS}, not upsampled", 5.0),
    (OURS, f"{DLIBS}, not upsampled", 0.0),
)
"""Which speed is divided by which, like by like, and how much is wanted; 0 where two do not do the same work."""

Way = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Speed:
    """A way's photos a second on one core, each run's."""

    name: str
    values: tuple[float, ...]

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
        OURS: ours(settings),
        f"{OURS}, no mirror image": ours(settings, mirrored=False),
        INSIGHTFACES: insightfaces(settings),
        f"{INSIGHTFACES}, mirror image too": insightfaces(settings, mirrored=True),
        DLIBS: dlibs(settings, upsample=1),
        f"{DLIBS}, not upsampled": dlibs(settings, upsample=0),
        f"{OURS}, dlib's network": ours(replace(settings, model_pack="dlib")),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        _seconds(way, given)
    for _ in range(RUNS):
        for name, way in ways.items():
            seconds[name].append(_seconds(way, given))
    return [Speed(name, tuple(len(given) / taken for taken in each)) for name, each in seconds.items()]


def _seconds(way: Way, given: Sequence[np.ndarray]) -> float:
    """Time of all our threads on their cores: what else the machine does is not counted."""
    begun = time.process_time()
    for bgr in given:
        way(bgr)
    return time.process_time() - begun


def ours(settings: Settings, *, mirrored: bool = True) -> Way:
    """As the matcher enrols: find, measure, align, embed, with the mirror image or (for comparison) without."""
    pack = open_pack(settings, threads=1)
    if not mirrored:
        pack = replace(pack, forwards=tuple(map(_plain, pack.forwards)))
    return lambda bgr: embed.portrait(pack, bgr, (0.5, 0.5)).vector  # type: ignore[return-value]


def _plain(forward: Forward) -> Forward:
    """The network's answer to the first half of a batch, given for both: `embed` puts mirror images second."""
    return lambda crops: np.tile(forward(crops[: len(crops) // 2]), (2, 1))


class AsShipped(ArcFaceONNX):  # type: ignore[misc]
    """insightface's recogniser over SFace's own file, which fixes the batch at one and lists its weights as inputs."""

    def __init__(self, file: Path) -> None:
        session = onnxruntime.InferenceSession(
            str(file), running.session_options(1), providers=["CPUExecutionProvider"]
        )
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


def dlibs(settings: Settings, *, upsample: int) -> Way:
    """dlib's own: its frontal detector, which needs no graphics card, its five landmarks, its network. Its example
    (python_examples/face_recognition.py) has the photo upsampled once, without which it finds no face under 80 pixels.
    """
    carry(DLIBS_OWN, settings.models, print)
    folder = settings.models / DLIBS_OWN.folder
    detect, place = dlib.get_frontal_face_detector(), dlib.shape_predictor(str(folder / PREDICTOR.name))
    network = dlib.face_recognition_model_v1(str(folder / DLIBS_OWN.files[0].name))

    def describe(bgr: np.ndarray) -> np.ndarray:
        rgb = np.ascontiguousarray(bgr[..., ::-1])
        shapes = [place(rgb, box) for box in detect(rgb, upsample)]
        return np.asarray([network.compute_face_descriptor(rgb, shape) for shape in shapes])

    return describe


def report(speeds: Sequence[Speed]) -> str:
    """The two tables that `make bench` prints: each way's speed, and the ratios beside their targets."""
    lines = [f"{'photo to template, one core':<52}{'photos/s':>10}  runs"]
    for speed in speeds:
        runs = " ".join(f"{value:.1f}" for value in speed.values)
        lines.append(f"{speed.name:<52}{speed.median:>10.1f}  {runs}")
    lines.append(f"\n{'how many times as fast':<78}{'ratio':>8}{'target':>8}")
    median = {speed.name: speed.median for speed in speeds}
    for fast, slow, target in COMPARED:
        wanted = f">={target:.0f}" if target else ""
        lines.append(f"{fast + '  :  ' + slow:<78}{median[fast] / median[slow]:>8.2f}{wanted:>8}")
    return "\n".join(lines)


def main() -> None:
    print(report(measured(Settings.from_env())))


if __name__ == "__main__":
    main()
