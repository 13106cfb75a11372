"""From a photograph to face vectors: find the faces, choose those that are meant, align, embed.

Only faces that somebody pointed at, or a photo's only face, are ever embedded; bystanders are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.matcher.align import Geometry, crops, placeable
from services.matcher.metric import unit
from services.matcher.packs import FacePack
from shared.faces import Face, choose
from shared.messages import Box, EnrolOutcome, Point, QualityReason
from shared.quality import quality

MOST_SHOWN = 100
BATCH = 4
"""Faces at a time, each with its mirror image. More is no faster: docs/decisions/0021."""


@dataclass(frozen=True)
class Portrait:
    """The face to enrol: its vector (dimension,), quality 0 to 100 and what would help; without a vector, why.
    `found` is where all faces are, if there are several."""

    outcome: EnrolOutcome
    quality: float | None = None
    vector: np.ndarray | None = None
    advice: tuple[QualityReason, ...] = ()
    found: tuple[Box, ...] = ()


def portrait(pack: FacePack, bgr: np.ndarray, point: Point | None) -> Portrait:
    """The face at `point`, or the only face, of a uint8 BGR image; none that cannot be compared."""
    faces = pack.detect(bgr, thorough=point is not None)
    face = choose(faces, point)
    if not isinstance(face, Face):
        return Portrait(face, found=places(faces))  # type: ignore[arg-type]
    measured = quality(bgr, face)
    if measured.reason is not None:
        return Portrait(measured.reason, measured.score, advice=measured.advice)  # type: ignore[arg-type]
    (found,) = probes(pack, bgr, [face]) or (None,)
    if found is None:
        return Portrait("unreadable", measured.score)
    return Portrait("enrolled", measured.score, found[1], advice=measured.advice)


def places(faces: Sequence[Face]) -> tuple[Box, ...]:
    """Where the faces are, the largest first, as an officer is shown them; a crowd's smallest are left out."""
    return tuple(tuple(round(part, 4) for part in face.box) for face in faces[:MOST_SHOWN])  # type: ignore[misc]


def marked(faces: list[Face], points: Sequence[Point] | None) -> list[Face]:
    """The faces that the points mean, each once; without points the only face, or none where there are several."""
    wanted = [choose(faces, point) for point in points] if points is not None else [choose(faces, None)]
    found = {id(face): face for face in wanted if isinstance(face, Face)}
    return list(found.values())


def vectors(pack: FacePack, faces: Sequence[tuple[np.ndarray, Face]]) -> np.ndarray:
    """Vectors (n, dimension) float32 of faces, each in its uint8 BGR image: every network's unit vectors in a row.

    Each face and its mirror image are embedded and averaged. A face that a network makes no numbers of (landmarks that
    coincide, a NaN) has a row of zeros: `usable` tells, and no caller may keep or search it.
    """
    parts = [_some(pack, faces[start : start + BATCH]) for start in range(0, len(faces), BATCH)]
    return np.concatenate(parts) if parts else np.zeros((0, pack.manifest.dimension), np.float32)


def usable(vectors: np.ndarray) -> np.ndarray:
    """Which rows (n, dimension) are vectors, (n,) bool: the rest are faces that no numbers could be made of."""
    return np.asarray(vectors.any(axis=1))


def probes(pack: FacePack, bgr: np.ndarray, faces: Sequence[Face]) -> list[tuple[Point, np.ndarray]]:
    """The centre and vector of each face of a uint8 BGR image that numbers could be made of."""
    rows = vectors(pack, [(bgr, face) for face in faces])
    return [(face.centre, row) for face, row, good in zip(faces, rows, usable(rows), strict=True) if good]


def _some(pack: FacePack, faces: Sequence[tuple[np.ndarray, Face]]) -> np.ndarray:
    """At most BATCH faces through every network; networks that see faces alike share the crops."""
    steady = _steadied(pack, faces)
    both: dict[tuple[Geometry, bool], np.ndarray] = {}
    parts = []
    for network, forward in zip(pack.manifest.networks, pack.forwards, strict=True):
        way = (network.geometry, network.steadied)
        if way not in both:
            plain = crops(steady if network.steadied else faces, network.geometry)
            both[way] = np.concatenate([plain, plain[:, :, ::-1]])
        plain, mirrored = np.split(forward(both[way]), 2)
        parts.append(_unit_or_zeros(plain + mirrored))
    whole = np.concatenate(parts, axis=1)
    good = np.asarray([placeable(face) for _, face in faces])
    good &= np.logical_and.reduce([part.any(axis=1) for part in parts])
    return np.where(good[:, None], whole, np.float32(0))


def _steadied(pack: FacePack, faces: Sequence[tuple[np.ndarray, Face]]) -> list[tuple[np.ndarray, Face]]:
    """The faces with landmarks that can be relied on more, if a network of the pack is better for it."""
    if not any(network.steadied for network in pack.manifest.networks):
        return []
    return [(bgr, pack.steady(bgr, face) if placeable(face) else face) for bgr, face in faces]


def _unit_or_zeros(rows: np.ndarray) -> np.ndarray:
    """Each row (n, dimension) at length one; zeros for a row with a NaN or an infinity in it."""
    return unit(np.where(np.isfinite(rows).all(axis=1, keepdims=True), rows, np.float32(0)))
