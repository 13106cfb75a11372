"""An alert's photos: taken over from the desk in two sizes, kept under the alert's key until it ends."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

from services.alerts.models import Rendition
from services.alerts.store import Picture
from services.alerts.tools import Tools
from shared.blobs import take
from shared.bus import Work
from shared.keys import decrypt, encrypt, random_id
from shared.messages import PublishedPhoto
from shared.photos import PUBLISHED_SIDES, at_most

Sized = TypeVar("Sized", Rendition, Picture)


def keep(work: Work, tools: Tools, key: bytes, alert_id: str, given: Sequence[PublishedPhoto]) -> tuple[Rendition, ...]:
    """Renditions of the approved photos. Their names come from the message, so that doing it again overwrites."""
    return tuple(
        rendition
        for position, photo in enumerate(given)
        for rendition in _renditions(work, tools, key, alert_id, position, photo)
    )


def _renditions(
    work: Work, tools: Tools, key: bytes, alert_id: str, position: int, given: PublishedPhoto
) -> Iterator[Rendition]:
    data = take(tools.room.incoming, given.photo)
    work.after_commit(lambda: tools.room.incoming.delete(given.photo.blob))
    for side in PUBLISHED_SIDES:
        picture = at_most(data, side)
        name = f"alerts/{alert_id}/{work.message_id or random_id()}-{position}-{side}"
        tools.room.blobs.put(name, encrypt(key, picture.data, name))
        rendition = Rendition(
            id=random_id(), alert_id=alert_id, position=position, width=picture.width, height=picture.height,
            size=len(picture.data), sha1=hashlib.sha1(picture.data, usedforsecurity=False).hexdigest(),
            alt=dict(given.alt), credit=given.credit, blob=name,
        )  # fmt: skip
        work.session.add(rendition)
        yield rendition


def opened(tools: Tools, key: bytes, rendition: Rendition) -> bytes:
    """The JPEG. Raises BlobMissing, SealBroken."""
    return decrypt(key, tools.room.blobs.get(rendition.blob), rendition.blob)


def largest(renditions: Sequence[Sized]) -> list[Sized]:
    """The largest rendition of each photo, in their order."""
    best: dict[int, Sized] = {}
    for rendition in renditions:
        best.setdefault(rendition.position, rendition)
    return list(best.values())


def forget(work: Work, tools: Tools, gone: Sequence[Rendition]) -> None:
    """Erases renditions: the rows now, the blobs once that is committed."""
    for rendition in gone:
        work.after_commit(lambda name=rendition.blob: tools.room.blobs.delete(name))  # type: ignore[misc]
        work.session.delete(rendition)
