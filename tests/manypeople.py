"""For tests: people whose faces are drawn from the two-covariance model, as a dataset that was embedded."""

from pathlib import Path

import numpy as np

from services.matcher.evaluation.datasets import Dataset, Photo, Role
from services.matcher.evaluation.embedding import Embedded
from services.matcher.metric import unit

Rows = list[tuple[str, Role, float | None]]
"""Of each photo: its person, role and age."""


def embedded(rows: Rows, vectors: np.ndarray, lost: Rows | None = None) -> tuple[Dataset, Embedded]:
    """Photos of these people with these vectors (n, D), and some without a face after them."""
    gone = lost or []
    photos = tuple(
        Photo(f"{person}/{number}.jpg", Path(f"{person}/{number}.jpg"), person, role, age)
        for number, (person, role, age) in enumerate([*rows, *gone])
    )
    names = sorted({photo.identity for photo in photos})
    found = photos[: len(rows)]
    return Dataset("toy", "toy", photos), Embedded(
        vectors=unit(vectors),
        ages=np.asarray([np.nan if photo.age is None else photo.age for photo in found], np.float32),
        identity=np.asarray([names.index(photo.identity) for photo in found], np.int64),
        role=np.asarray([photo.role for photo in found], dtype="<U8"),
        quality=np.full(len(found), 50, np.float32),
        place=np.arange(len(found)),
        ids=tuple(photo.id for photo in found),
        names=tuple(names),
        lost=tuple((photo, "no_face") for photo in photos[len(rows) :]),
        outcomes={"found": len(found), "no_face": len(gone)},
        several=1,
        made=len(photos),
    )


def drawn(count: int, seed: int = 0, dimension: int = 16, change: float = 0.5) -> tuple[Dataset, Embedded]:
    """So many people: two photos at 4 and 6 for the gallery, two at 12 and 25 as probes."""
    rng = np.random.default_rng(seed)
    rows: Rows = []
    for number in range(count):
        rows += [(f"p{number:03}", "gallery" if age < 10 else "probe", age) for age in (4.0, 6.0, 12.0, 25.0)]
    centres = np.repeat(rng.normal(size=(count, dimension)), 4, axis=0)
    return embedded(rows, centres + change * rng.normal(size=centres.shape))
