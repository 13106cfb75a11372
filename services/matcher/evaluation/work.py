"""What evaluate, adapt and calibrate begin with: labelled photos become vectors, and what to know of them is told."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from services.matcher.evaluation import embedding
from services.matcher.evaluation.cache import VectorCache
from services.matcher.evaluation.datasets import Dataset
from services.matcher.evaluation.embedding import Embedded
from services.matcher.evaluation.progress import shown
from services.matcher.evaluation.words import reason as in_words
from services.matcher.packs import FacePack

SHORT = 10


@contextmanager
def vectors_of(dataset: Dataset, pack: FacePack, folder: Path, *, forget: bool) -> Iterator[Embedded]:
    """The photos' vectors, from `folder` where they are kept there. With `forget` they are erased at the end, however
    it ends."""
    with VectorCache(folder) as cache:
        try:
            yield _told(dataset, pack, cache)
        finally:
            if forget:
                count = cache.forget(map(embedding.digest_of, dataset.photos))
                tell(f"The vectors of {count} photos were erased.")


def _told(dataset: Dataset, pack: FacePack, cache: VectorCache) -> Embedded:
    # insightface's aligner warns of its own use of scikit-image at every face
    warnings.filterwarnings("ignore", category=FutureWarning, module="insightface")
    tell(f"{len(dataset.photos)} photos, {dataset.layout}; pack {pack.name}.")
    with shown("Photos embedded", tell) as progress:
        vectors = embedding.embedded(dataset, pack, cache, progress)
    kept = len(dataset.photos) - vectors.made
    if kept:
        tell(f"{kept} of them had been embedded before.")
    for note in dataset.notes:
        tell(note)
    for photo, reason in vectors.lost[:SHORT]:
        tell(f"left out: {photo.id}: {in_words(reason)}")
    if len(vectors.lost) > SHORT:
        tell(f"left out: {len(vectors.lost) - SHORT} more; the report of `homeward models evaluate` lists all.")
    return vectors


def tell(text: str) -> None:
    """On standard error, so that the figures alone are on standard output."""
    click.echo(text, err=True)
