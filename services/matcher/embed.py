"""From a photograph to face vectors: find the faces, choose those that are meant, align, embed.

Only faces that somebody pointed at, or a photo's only face, are ever embedded; bystanders are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.matcher.metric import unit
from services.matcher.packs import FacePack, Forward, Network
from shared.faces import Face, choose
from shared.messages import EnrolOutcome, Point, QualityReason
from shared.quality import quality

BATCH = 8


@dataclass(frozen=True)
class Portrait:
    """The face to enrol: its vector (dimension,), quality 0 to 100 and what would help; without a vector, why."""

    outcome: EnrolOutcome
    quality: float | None = None
    vector: np.ndarray | None = None
    advice: tuple[QualityReason, ...] = ()


def portrait(pack: FacePack, bgr: np.ndarray, point: Point | None) -> Portrait:
    """The face at `point`, or the only face, of a uint8 BGR image; none that cannot be compared."""
    face = choose(pack.detect(bgr), point)
    if not isinstance(face, Face):
        return Portrait(face)  # type: ignore[arg-type]
    measured = quality(bgr, face)
    if measured.reason is not None:
        return Portrait(measured.reason, measured.score, advice=measured.advice)  # type: ignore[arg-type]
    return Portrait("enrolled", measured.score, vectors(pack, [(bgr, face)])[0], measured.advice)


def marked(faces: list[Face], points: Sequence[Point] | None) -> list[Face]:
    """The faces that the points mean, each once; without points the only face, or none where there are several."""
    wanted = [choose(faces, point) for point in points] if points is not None else [choose(faces, None)]
    found = {id(face): face for face in wanted if isinstance(face, Face)}
    return list(found.values())


def vectors(pack: FacePack, faces: Sequence[tuple[np.ndarray, Face]]) -> np.ndarray:
    """Vectors (n, dimension) float32 of faces, each in its uint8 BGR image: every network's unit vectors in a row.

    Each face and its mirror image are embedded and averaged.
    """
    parts = [
        _section(network, forward, faces)
        for network, forward in zip(pack.manifest.networks, pack.forwards, strict=True)
    ]
    return np.concatenate(parts, axis=1)


def _section(network: Network, forward: Forward, faces: Sequence[tuple[np.ndarray, Face]]) -> np.ndarray:
    crops = _aligned(faces, network.side)
    both = np.concatenate([crops, crops[:, :, ::-1]])
    parts = [forward(both[start : start + BATCH]) for start in range(0, len(both), BATCH)]
    plain, mirrored = np.split(np.concatenate(parts), 2) if parts else (np.zeros((0, network.dimension)),) * 2
    return unit(plain + mirrored)


def _aligned(faces: Sequence[tuple[np.ndarray, Face]], side: int) -> np.ndarray:
    """Each face turned and scaled so that its five landmarks lie where the network expects them."""
    # Importing insightface takes most of a second and 60 MB; who only lists packs or runs rules needs none of it.
    from insightface.utils.face_align import norm_crop

    crops = [norm_crop(bgr, face.landmarks, side) for bgr, face in faces]
    return np.stack(crops) if crops else np.zeros((0, side, side, 3), np.uint8)
