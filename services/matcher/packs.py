"""Model packs: a detector that finds five landmarks, and a network that turns an aligned face into numbers.

`opencv-zoo` is the default (docs/decisions/0008). InsightFace's own packs are licensed for non-commercial research
only: they load through insightface, and only after the operator has accepted that.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from services.matcher import calibration
from services.matcher.calibration import Calibration
from services.matcher.install import OPENCV_ZOO, PackFile, intact
from shared.config import Settings
from shared.errors import ConfigError
from shared.faces import Face, detector

NON_COMMERCIAL = "insightface-non-commercial"
PREPROCESSING = "1"
"""Changed whenever what is done to a face before or after the network changes: vectors of two ways do not compare."""


@dataclass(frozen=True)
class Network:
    """One recogniser. `side` is its aligned face's width and height in pixels, `dimension` its vectors' length."""

    name: str
    dimension: int
    side: int = 112


@dataclass(frozen=True)
class Manifest:
    """What a pack is: a vector of it is its networks' unit vectors, one after the other.

    `files` are held to their SHA-256; InsightFace publishes none for its packs. `accept` is what the operator must
    have said in HOMEWARD_ACCEPT_LICENSE.
    """

    name: str
    licence: str
    networks: tuple[Network, ...]
    calibration: Calibration
    files: tuple[PackFile, ...] = ()
    accept: str = ""

    @property
    def sections(self) -> tuple[int, ...]:
        """The lengths of the networks' vectors, in the order in which they stand in the pack's."""
        return tuple(network.dimension for network in self.networks)

    @property
    def dimension(self) -> int:
        return sum(self.sections)


Forward = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class FacePack:
    """A loaded pack. `version` tells its vectors from those of any other.

    `detect`: uint8 BGR image to faces, largest first. `forwards`, one a network: uint8 BGR aligned faces
    (n, side, side, 3) to float32 (n, dimension).
    """

    manifest: Manifest
    version: str
    detect: Callable[[np.ndarray], list[Face]]
    forwards: tuple[Forward, ...]

    @property
    def name(self) -> str:
        return self.manifest.name


def _insightface(name: str) -> Manifest:
    return Manifest(
        name, "non-commercial research only", (Network("arcface", 512),), calibration.ARCFACE, accept=NON_COMMERCIAL
    )


MANIFESTS: dict[str, Manifest] = {
    manifest.name: manifest
    for manifest in (
        Manifest(
            OPENCV_ZOO.name,
            "YuNet MIT, SFace Apache-2.0",
            (Network("sface", 128),),
            calibration.SFACE,
            OPENCV_ZOO.files,
        ),
        *map(_insightface, ("buffalo_l", "buffalo_m", "buffalo_s", "antelopev2")),
    )
}


def chosen(settings: Settings) -> Manifest:
    """The manifest of the pack that is set. Raises ConfigError if there is none, or its licence was not accepted."""
    manifest = MANIFESTS.get(settings.model_pack)
    if manifest is None:
        raise ConfigError(f"HOMEWARD_MODEL_PACK is {settings.model_pack!r}; set it to one of {', '.join(MANIFESTS)}.")
    if manifest.accept and settings.accept_license != manifest.accept:
        raise ConfigError(
            f"The pack {manifest.name} is licensed for {manifest.licence}. If that is your use, set "
            f"HOMEWARD_ACCEPT_LICENSE={manifest.accept}; otherwise leave HOMEWARD_MODEL_PACK at {OPENCV_ZOO.name}."
        )
    return manifest


def open_pack(settings: Settings) -> FacePack:
    """Loads the pack that is set. Raises ConfigError: unknown, licence not accepted, or not installed."""
    manifest = chosen(settings)
    return _open_insightface(settings, manifest) if manifest.accept else _open_opencv_zoo(settings, manifest)


def version_of(recogniser: bytes) -> str:
    """The recogniser's own digest, and how its input is prepared."""
    return f"{hashlib.sha256(recogniser).hexdigest()[:16]}-{PREPROCESSING}"


def _open_opencv_zoo(settings: Settings, manifest: Manifest) -> FacePack:
    from services.matcher import sface  # onnx and onnxruntime are heavy, and listing packs needs neither

    if not intact(OPENCV_ZOO, settings.models):
        raise ConfigError(f"The model pack {manifest.name} is missing or changed; run `homeward models install`.")
    data = (settings.models / OPENCV_ZOO.name / manifest.files[1].name).read_bytes()
    forward = sface.forward(sface.prepared(data))
    sface.give_back_memory()
    return FacePack(manifest, version_of(data), detector(settings).detect, (forward,))


def _open_insightface(settings: Settings, manifest: Manifest) -> FacePack:
    from services.matcher import insight  # loads insightface, which only these packs need

    analysis, recogniser = insight.load(manifest.name, settings.models / "insightface")
    return FacePack(manifest, version_of(recogniser), insight.detector(analysis), (insight.forward(analysis),))


@dataclass(frozen=True)
class PackDescription:
    """A pack as `homeward models list` shows it. `state`: ready, not installed, or licence not accepted."""

    name: str
    licence: str
    dimension: int
    state: str
    chosen: bool


def describe_packs(settings: Settings) -> list[PackDescription]:
    """Every pack there is, loading none."""
    return [
        PackDescription(
            manifest.name,
            manifest.licence,
            manifest.dimension,
            _state(settings, manifest),
            manifest.name == settings.model_pack,
        )
        for manifest in MANIFESTS.values()
    ]


def _state(settings: Settings, manifest: Manifest) -> str:
    if manifest.accept and settings.accept_license != manifest.accept:
        return "licence not accepted"
    if manifest.accept:
        there = (settings.models / "insightface" / "models" / manifest.name).is_dir()
    else:
        there = intact(OPENCV_ZOO, settings.models)
    return "ready" if there else "not installed"
