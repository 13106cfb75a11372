"""For tests: an operator's folder of solved cases, small: real faces, or drawn from the two-covariance model."""

import hashlib
from pathlib import Path

import cv2
import numpy as np

from services.matcher.evaluation.cache import Kept, VectorCache
from services.matcher.metric import unit

PORTRAITS = Path(__file__).parents[1] / "data" / "portraits"
AGES = (5, 7, 16, 30)
DIMENSION = 128
CHANGE = np.where(np.arange(DIMENSION) % 4 == 0, 3.0, 0.6)
"""How far a face changes with the years along each number: much along every fourth, little along the others."""


def real(data: Path, copies: int = 1) -> Path:
    """Two people as children and later, and two more children; each photo so many times, never twice the same bytes."""
    photos = {"ann/9": "person_a_1", "ann/20": "person_a_2", "bo/8": "person_b_1", "bo/12": "person_b_2",
              "cy/7": "impostor_1", "di/6": "impostor_2"}  # fmt: skip
    for name, portrait in photos.items():
        picture = cv2.imread(str(PORTRAITS / f"{portrait}.jpg"))
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        for copy in range(copies):
            smaller = cv2.resize(picture, (240, round(240 * picture.shape[0] / picture.shape[1])))
            cv2.imwrite(str(data / f"{name}_{copy}.jpg"), smaller, [cv2.IMWRITE_JPEG_QUALITY, 80 + copy])
    return data


def drawn(data: Path, work: Path, version: str, people: int = 60, *, labels: bool = True, seed: int = 1) -> Path:
    """So many people at AGES, each picture a few grey pixels, each face in the cache of `work` under a pack's version.

    Without `labels` the people are mixed up: no two photos are of one person.
    """
    rng = np.random.default_rng(seed)
    names = [f"{number:03}/{age}" for number in range(people) for age in AGES]
    shape = (len(names), DIMENSION)
    centres = np.repeat(rng.normal(size=(people, DIMENSION)), len(AGES), axis=0) if labels else rng.normal(size=shape)
    child = np.tile(np.where(np.asarray(AGES) < 10, 0.8, -0.2), people)[:, None]
    vectors = unit(centres + rng.normal(size=shape) * CHANGE + child * rng.normal(size=DIMENSION))
    kept = []
    for number, (name, vector) in enumerate(zip(names, vectors, strict=True)):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        picture = cv2.imencode(".png", np.frombuffer(f"{seed:04}{number:08}".encode(), np.uint8).reshape(3, 4))[1]
        (data / f"{name}.png").write_bytes(picture.tobytes())
        kept.append(Kept(hashlib.sha256(picture.tobytes()).hexdigest(), "found", quality=60.0, vector=vector))
    with VectorCache(work) as cache:
        cache.put(version, kept)
    return data
