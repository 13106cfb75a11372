"""The packs there are, as data: which networks, under which licence, and where their figures come from.

`opencv-zoo` is the default (docs/decisions/0008). InsightFace's own packs are licensed for non-commercial research
only: they load through insightface, and only after the operator has accepted that.
"""

from dataclasses import dataclass

from services.matcher import calibration
from services.matcher.calibration import Calibration
from services.matcher.networks import DLIB_RESNET, MOBILEFACENET, SFACE, YUNET, Detector, Network
from services.matcher.sources import OPENCV_ZOO, Source
from shared.config import Settings
from shared.errors import ConfigError

NON_COMMERCIAL = "insightface-non-commercial"
DETECTOR = "YuNet MIT"


@dataclass(frozen=True)
class Manifest:
    """What a pack is: a vector of it is its networks' unit vectors, one after the other.

    `accept` is what the operator must have said in HOMEWARD_ACCEPT_LICENSE; `figures` says who measured the pack, and
    `calibrated` whether its bands were measured or are provisional.
    """

    name: str
    licence: str
    networks: tuple[Network, ...]
    calibration: Calibration
    accept: str = ""
    figures: str = "docs/matching.md"
    calibrated: str = "provisional, set around SFace's"

    @property
    def sections(self) -> tuple[int, ...]:
        """The lengths of the networks' vectors, in the order in which they stand in the pack's."""
        return tuple(network.dimension for network in self.networks)

    @property
    def dimension(self) -> int:
        return sum(self.sections)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The packages that carry its files; none for InsightFace's packs, which insightface fetches. YuNet, which
        finds the faces for all others and at the families' door, comes first."""
        own = [network.source for network in self.networks if network.source is not None]
        return tuple(dict.fromkeys([OPENCV_ZOO, *own])) if own else ()

    @property
    def graphs(self) -> tuple[Network | Detector, ...]:
        """What is prepared at install: the detector and the networks; nothing of InsightFace's packs."""
        return (YUNET, *self.networks) if self.sources else ()


def _of(name: str, *networks: Network) -> Manifest:
    licence = ", ".join([DETECTOR, *(f"{network.name} {network.licence}" for network in networks)])
    return Manifest(name, licence, networks, calibration.SFACE)


def _insightface(name: str) -> Manifest:
    return Manifest(
        name, "non-commercial research only", (Network("arcface", 512),), calibration.ARCFACE, NON_COMMERCIAL,
        "measured by nobody here", "provisional",
    )  # fmt: skip


MANIFESTS: dict[str, Manifest] = {
    manifest.name: manifest
    for manifest in (
        _of(OPENCV_ZOO.folder, SFACE),
        _of("mobilefacenet", MOBILEFACENET),
        _of("dlib", DLIB_RESNET),
        _of("sface+mobilefacenet", SFACE, MOBILEFACENET),
        _of("sface+mobilefacenet+dlib", SFACE, MOBILEFACENET, DLIB_RESNET),
        *map(_insightface, ("buffalo_l", "buffalo_m", "buffalo_s", "antelopev2")),
    )
}


def named(name: str, settings: Settings) -> Manifest:
    """The manifest of a pack. Raises ConfigError if there is none, or its licence was not accepted."""
    manifest = MANIFESTS.get(name)
    if manifest is None:
        raise ConfigError(f"HOMEWARD_MODEL_PACK is {name!r}; set it to one of {', '.join(MANIFESTS)}.")
    if manifest.accept and settings.accept_license != manifest.accept:
        raise ConfigError(
            f"The pack {manifest.name} is licensed for {manifest.licence}. If that is your use, set "
            f"HOMEWARD_ACCEPT_LICENSE={manifest.accept}; otherwise leave HOMEWARD_MODEL_PACK at {OPENCV_ZOO.folder}."
        )
    return manifest


def chosen(settings: Settings) -> Manifest:
    """The manifest of the pack that is set. Raises ConfigError if there is none, or its licence was not accepted."""
    return named(settings.model_pack, settings)
