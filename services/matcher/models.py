"""The matcher's tables. A case is known by a random key that means nothing elsewhere; nothing here names anybody."""

from datetime import datetime

import numpy as np
from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.matcher.vectors import FaceVector
from shared.db import UtcTime, room_database

db = room_database()

Sequence = BigInteger().with_variant(Integer, "sqlite")


class GalleryHead(db.Model):  # type: ignore[name-defined,misc]
    """One row: the number of the newest change to the gallery. Who changes the gallery holds this row until it has
    committed, so that changes become visible in the order of their numbers."""

    __tablename__ = "gallery_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Sequence)


class Template(db.Model):  # type: ignore[name-defined,misc]
    """A registered missing minor's face in one photo, with the grant that admitted it.

    Only vectors of the same `pack` and `pack_version` can be compared. `age_at_photo` is in years.
    """

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("case_key", "photo_id", name="one_template_per_photo"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    seq: Mapped[int] = mapped_column(Sequence, index=True)
    case_key: Mapped[str] = mapped_column(String(64), index=True)
    photo_id: Mapped[str] = mapped_column(String(64))
    pack: Mapped[str] = mapped_column(String(40))
    pack_version: Mapped[str] = mapped_column(String(40))
    vector: Mapped[np.ndarray] = mapped_column(FaceVector)
    age_at_photo: Mapped[float | None]
    quality: Mapped[float]
    grant: Mapped[str] = mapped_column(Text)
    photo_digest: Mapped[str] = mapped_column(String(64))
    enrolled_at: Mapped[datetime] = mapped_column(UtcTime)


class Forgotten(db.Model):  # type: ignore[name-defined,misc]
    """A case key that is never to be enrolled again; to the galleries, the deletion of its templates."""

    __tablename__ = "forgotten"

    case_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(Sequence, index=True)
    forgotten_at: Mapped[datetime] = mapped_column(UtcTime)


class Search(db.Model):  # type: ignore[name-defined,misc]
    """That a search was made: its row is the single use of its grant. `open` while officers decide, else `closed`."""

    __tablename__ = "searches"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    grant_digest: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(8))
    searched_at: Mapped[datetime] = mapped_column(UtcTime, index=True)


class Probe(db.Model):  # type: ignore[name-defined,misc]
    """A searched face that resembled somebody, kept until the officers have decided. `face` is its point."""

    __tablename__ = "probes"

    search_id: Mapped[str] = mapped_column(ForeignKey("searches.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    face: Mapped[list[float]] = mapped_column(JSON)
    pack: Mapped[str] = mapped_column(String(40))
    pack_version: Mapped[str] = mapped_column(String(40))
    vector: Mapped[np.ndarray] = mapped_column(FaceVector)
