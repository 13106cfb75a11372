"""From a dataset's photos to raw vectors, by the pack and by the code that serve in production; resumable."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from services.matcher import embed
from services.matcher.evaluation.cache import Kept, VectorCache
from services.matcher.evaluation.datasets import Dataset, Photo
from services.matcher.evaluation.finding import Found, find
from services.matcher.packs import FacePack
from shared.faces import Face

AT_A_TIME = 16
NO_NUMBERS = "no_numbers"
"""The outcome of a face that the networks make no numbers of."""

Progress = Callable[[int, int], None]
"""Told how many photos are done, and of how many."""


@dataclass(frozen=True, eq=False)
class Embedded:
    """The photos in which a face was found, in the dataset's order; n of them.

    `vectors` (n, D) float32 raw; `ages` (n,) float32 in years, NaN unknown; `identity` (n,) places in `names`; `role`
    (n,) of `gallery`, `probe`, `unused`; `quality` (n,) 0 to 100; `place` (n,) each photo's place in the dataset.
    `lost` are the dataset's other photos, with the reason of each; `outcomes` counts all reasons; `several` counts
    photos of several faces, of which the largest was taken. `names` are the people, those without a face too.
    """

    vectors: np.ndarray
    ages: np.ndarray
    identity: np.ndarray
    role: np.ndarray
    quality: np.ndarray
    place: np.ndarray
    ids: tuple[str, ...]
    names: tuple[str, ...]
    lost: tuple[tuple[Photo, str], ...]
    outcomes: dict[str, int]
    several: int
    made: int
    """How many photos had to be embedded now; the rest came from the cache."""


def embedded(dataset: Dataset, pack: FacePack, cache: VectorCache, progress: Progress | None = None) -> Embedded:
    """Every photo's vector, from the cache where it is there. Each batch is kept as soon as it is made."""
    kept: list[Kept] = []
    made = 0
    for start in range(0, len(dataset.photos), AT_A_TIME):
        digests = [digest_of(photo) for photo in dataset.photos[start : start + AT_A_TIME]]
        known = [cache.get(pack.version, digest) for digest in digests]
        new = [place for place, one in enumerate(known) if one is None]
        fresh = _made(pack, [dataset.photos[start + place] for place in new], [digests[place] for place in new])
        cache.put(pack.version, [one for one in fresh if one.digest])  # what cannot be read is tried again next time
        known = [one if one is not None else fresh[new.index(place)] for place, one in enumerate(known)]
        kept += [one for one in known if one is not None]
        made += len(new)
        if progress is not None:
            progress(len(kept), len(dataset.photos))
    return _gathered(dataset, kept, pack.manifest.dimension, made)


def digest_of(photo: Photo) -> str:
    """The SHA-256 of the file in hex; nothing where the file cannot be read."""
    try:
        with photo.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _made(pack: FacePack, photos: Sequence[Photo], digests: Sequence[str]) -> list[Kept]:
    found = [find(pack, photo.path) for photo in photos]
    vectors: Iterator[np.ndarray] = iter(embed.vectors(pack, list(_faces(found))))
    return [
        _kept(digest, one, None if one.face is None else next(vectors))
        for digest, one in zip(digests, found, strict=True)
    ]


def _kept(digest: str, found: Found, vector: np.ndarray | None) -> Kept:
    if vector is not None and not embed.usable(vector[None])[0]:
        return Kept(digest, NO_NUMBERS)
    return Kept(digest, found.outcome, found.several, found.quality, vector)


def _faces(found: Sequence[Found]) -> Iterator[tuple[np.ndarray, Face]]:
    for one in found:
        if one.bgr is not None and one.face is not None:
            yield one.bgr, one.face


def _gathered(dataset: Dataset, kept: Sequence[Kept], dimension: int, made: int) -> Embedded:
    names = sorted({photo.identity for photo in dataset.photos})
    number = {name: place for place, name in enumerate(names)}
    place = [at for at, one in enumerate(kept) if one.vector is not None]
    photos = [dataset.photos[at] for at in place]
    vectors = [one.vector for one in kept if one.vector is not None]
    return Embedded(
        vectors=np.stack(vectors) if vectors else np.zeros((0, dimension), np.float32),
        ages=np.asarray([np.nan if photo.age is None else photo.age for photo in photos], np.float32),
        identity=np.asarray([number[photo.identity] for photo in photos], np.int64),
        role=np.asarray([photo.role for photo in photos], dtype="<U8"),
        quality=np.asarray([kept[at].quality for at in place], np.float32),
        place=np.asarray(place, np.int64),
        ids=tuple(photo.id for photo in photos),
        names=tuple(names),
        lost=tuple((dataset.photos[at], one.outcome) for at, one in enumerate(kept) if one.vector is None),
        outcomes=dict(Counter(one.outcome for one in kept)),
        several=sum(one.several for one in kept),
        made=made,
    )
