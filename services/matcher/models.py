"""The matcher's tables. A case is known by a random key that means nothing elsewhere; nothing here names anybody."""

from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import JSON, BigInteger, Double, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
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

    A photo has one for each pack in use. Only vectors of the same `pack` and `pack_version` can be compared.
    `age_at_photo` is in years.
    """

    __tablename__ = "templates"
    __table_args__ = (
        UniqueConstraint("case_key", "photo_id", "pack", "pack_version", name="one_template_per_photo_and_pack"),
        Index("ix_templates_pack", "pack", "pack_version", "case_key"),
    )

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


class PackInUse(db.Model):  # type: ignore[name-defined,misc]
    """What all workers go by, whatever each was set to. `role`: serving (searches use it) or coming.

    `round_id` is another each time that a pack is changed to."""

    __tablename__ = "packs_in_use"

    role: Mapped[str] = mapped_column(String(8), primary_key=True)
    pack: Mapped[str] = mapped_column(String(40))
    pack_version: Mapped[str] = mapped_column(String(40))
    round_id: Mapped[str] = mapped_column(String(26))
    since: Mapped[datetime] = mapped_column(UtcTime)


class Answered(db.Model):  # type: ignore[name-defined,misc]
    """That a case's enrolment under a pack was asked for and answered, even if no photo of it made a template."""

    __tablename__ = "answered"

    case_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    pack: Mapped[str] = mapped_column(String(40), primary_key=True)
    pack_version: Mapped[str] = mapped_column(String(40), primary_key=True)


class Projection(db.Model):  # type: ignore[name-defined,misc]
    """What a metric makes of a template, where PostgreSQL searches; it goes when its template goes. Empty elsewhere.

    `metric` is the metric's version; its vectors are all of one length.
    """

    __tablename__ = "projections"

    template_id: Mapped[str] = mapped_column(ForeignKey("templates.id", ondelete="CASCADE"), primary_key=True)
    metric: Mapped[str] = mapped_column(String(80), primary_key=True)
    pack: Mapped[str] = mapped_column(String(40))
    pack_version: Mapped[str] = mapped_column(String(40))
    vector: Mapped[np.ndarray] = mapped_column(FaceVector)


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
    age: Mapped[float | None] = mapped_column(Double)


class LearnedMetric(db.Model):  # type: ignore[name-defined,misc]
    """A metric that was learned for one pack and version. `state`: building, active or retired.

    `arrays` is a numpy archive (.npz) of what it computes with, `report` how it fared when it was evaluated.
    """

    __tablename__ = "metrics"

    version: Mapped[str] = mapped_column(String(80), primary_key=True)
    pack: Mapped[str] = mapped_column(String(40))
    pack_version: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(8))
    arrays: Mapped[bytes] = mapped_column(LargeBinary)
    report: Mapped[Any] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    activated_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Statistic(db.Model):  # type: ignore[name-defined,misc]
    """Sums over many vectors of one pack, version and age band; no vector can be told from them.

    `total` is the bytes of float64 (D,), `outer` of float64 (D, D) or None.
    """

    __tablename__ = "statistics"

    pack: Mapped[str] = mapped_column(String(40), primary_key=True)
    pack_version: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    band: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[bytes] = mapped_column(LargeBinary)
    outer: Mapped[bytes | None] = mapped_column(LargeBinary)
