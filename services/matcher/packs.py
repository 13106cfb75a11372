"""Packs on this machine: opened for work, listed, installed and verified."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from services.matcher import install, landmarks, prepared
from services.matcher.fetch import Say
from services.matcher.manifests import MANIFESTS, NON_COMMERCIAL, Manifest, chosen, named
from services.matcher.networks import Detector, Network
from shared.config import Settings
from shared.errors import ConfigError
from shared.faces import DETECTOR, Face
from shared.messages import PackId

__all__ = ["MANIFESTS", "NON_COMMERCIAL", "FacePack", "Manifest", "Network", "chosen", "open_pack"]

PREPROCESSING = "2"
"""Changed whenever what is done to a face before or after the network changes: vectors of two ways do not compare."""

Forward = Callable[[np.ndarray], np.ndarray]


class Detect(Protocol):
    """A pack's detector."""

    def __call__(self, bgr: np.ndarray, thorough: bool = False) -> list[Face]: ...


@dataclass(frozen=True)
class FacePack:
    """A loaded pack. `version` tells its vectors from those of any other.

    `detect`: uint8 BGR image to faces, largest first; `thorough` as in shared.faces. `forwards`, one a network: uint8
    BGR aligned faces (n, side, side, 3) to float32 (n, dimension). `steady`: a uint8 BGR image and a face found in it
    to that face with landmarks that can be relied on more, which is asked for where a network gains by it.
    """

    manifest: Manifest
    version: str
    detect: Detect
    forwards: tuple[Forward, ...]
    steady: Callable[[np.ndarray, Face], Face] = landmarks.as_found

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def id(self) -> PackId:
        return PackId(self.name, self.version)


def open_pack(settings: Settings, threads: int = 2) -> FacePack:
    """Loads the pack that is set, for work on so many threads (docs/decisions/0021). Raises ConfigError: unknown,
    licence not accepted, or not installed."""
    manifest = chosen(settings)
    return _open_insightface(settings, manifest) if manifest.accept else _open_own(settings, manifest, threads)


def version_of(digests: list[str]) -> str:
    """The recognisers' SHA-256 (of several, that of all together), and how their input is prepared."""
    whole = digests[0] if len(digests) == 1 else hashlib.sha256(" ".join(digests).encode()).hexdigest()
    return f"{whole[:16]}-{PREPROCESSING}"


def _open_own(settings: Settings, manifest: Manifest, threads: int) -> FacePack:
    # onnxruntime is heavy, and listing packs needs none
    from services.matcher import running
    from services.matcher.yunet import PreparedYuNet

    found, *graphs = [_graph(settings, manifest, graph) for graph in manifest.graphs]
    detector = PreparedYuNet(settings.models / DETECTOR, found, threads)
    forwards = tuple(running.forward(running.open_session(graph, threads)) for graph in graphs)
    digests = [network.file.sha256 for network in manifest.networks if network.file is not None]
    steady = partial(landmarks.steadied, detector.look)
    return FacePack(manifest, version_of(digests), detector.detect, forwards, steady)


def _graph(settings: Settings, manifest: Manifest, network: Network | Detector) -> bytes:
    graph = prepared.read(network, settings.models / network.source.folder) if network.source else None
    if graph is None:
        raise ConfigError(
            f"The model pack {manifest.name} is missing or changed; run `homeward models install {manifest.name}`."
        )
    return graph


def _open_insightface(settings: Settings, manifest: Manifest) -> FacePack:
    from services.matcher import insight  # loads insightface, which only these packs need

    analysis, recogniser = insight.load(manifest.name, settings.models / "insightface")
    version = version_of([hashlib.sha256(recogniser).hexdigest()])
    return FacePack(manifest, version, insight.detector(analysis), (insight.forward(analysis),))


def install_pack(settings: Settings, name: str, say: Say) -> bool:
    """Installs a pack; False if it was. Raises ConfigError or HomewardError with what to do."""
    manifest = named(name, settings)
    if manifest.sources:
        return install.install(manifest, settings.models, say)
    from services.matcher import insight

    if _is_there(settings, manifest):
        return False
    say(f"insightface fetches {name}")
    insight.load(name, settings.models / "insightface")
    return True


@dataclass(frozen=True)
class PackDescription:
    """A pack as `homeward models list` shows it. `state`: ready, changed, not installed, or licence not accepted.

    `size` is in bytes: what it takes here, or what installing it would fetch; 0 where nobody says.
    """

    name: str
    licence: str
    dimension: int
    size: int
    state: str
    chosen: bool


def describe_packs(settings: Settings) -> list[PackDescription]:
    """Every pack there is, loading none."""
    return [
        PackDescription(
            manifest.name, manifest.licence, manifest.dimension, _size(settings, manifest), _state(settings, manifest),
            manifest.name == settings.model_pack,
        )
        for manifest in MANIFESTS.values()
    ]  # fmt: skip


def _state(settings: Settings, manifest: Manifest) -> str:
    if manifest.accept and settings.accept_license != manifest.accept:
        return "licence not accepted"
    if not _is_there(settings, manifest):
        return "not installed"
    return "changed: install again" if install.faults(manifest, settings.models) else "ready"


def _is_there(settings: Settings, manifest: Manifest) -> bool:
    """Whether every file has its place taken, whatever is in it."""
    if not manifest.sources:
        return (settings.models / "insightface" / "models" / manifest.name).is_dir()
    return all((settings.models / source.folder / file.name).is_file() for source in manifest.sources
               for file in source.files)  # fmt: skip


def _size(settings: Settings, manifest: Manifest) -> int:
    if not _is_there(settings, manifest):
        return sum(source.size for source in manifest.sources)
    folders = [settings.models / source.folder for source in manifest.sources]
    folders = folders or [settings.models / "insightface" / "models" / manifest.name]
    return sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())


@dataclass(frozen=True)
class Finding:
    """What `homeward models verify` says of a pack; `wrong` where something is to be done."""

    pack: str
    wrong: bool
    text: str


def verify_packs(settings: Settings) -> list[Finding]:
    """Every installed pack, every file of it held to its SHA-256."""
    present = [manifest for manifest in MANIFESTS.values() if _is_there(settings, manifest)]
    return [_verified(settings, manifest) for manifest in present]


def _verified(settings: Settings, manifest: Manifest) -> Finding:
    if not manifest.sources:
        return Finding(manifest.name, False, "nobody publishes its files' SHA-256, so they cannot be verified")
    wrong = install.faults(manifest, settings.models)
    if not wrong:
        return Finding(manifest.name, False, "every file is the one we know")
    text = f"missing or changed: {', '.join(wrong)}; run `homeward models install {manifest.name}`"
    return Finding(manifest.name, True, text)
