"""The table of photographs: of a case's child, or of a sighting."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import db
from shared.db import UtcTime


class Photo(db.Model):
    """One picture. Its bytes lie in the room's store under `blob`, encrypted with its case's or sighting's key.

    `face` is the point on the child's face, `faces` those that a sighting's sender marked (fractions of the
    picture). `outcome`, `quality` (0 to 100) and `advice` (what would help) are the matcher's word on it, `found` the
    boxes of all faces that it saw. `letter_id` is what brought a photo after the report, `added_at` when; it `waits`
    until an officer has looked at it. `picture_print` tells alike pictures (repeats.py), `printed_at` when it was made;
    `repeats_id` is the photo that had this picture first.
    """

    __tablename__ = "photos"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    sighting_id: Mapped[str | None] = mapped_column(ForeignKey("sightings.id"), index=True)
    position: Mapped[int]
    blob: Mapped[str | None] = mapped_column(String(200))
    digest: Mapped[str | None] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    taken: Mapped[date | None] = mapped_column(Date)
    age: Mapped[float | None]
    face: Mapped[list[float] | None] = mapped_column(JSON(none_as_null=True))
    faces: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    outcome: Mapped[str | None] = mapped_column(String(20))
    quality: Mapped[float | None]
    advice: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    letter_id: Mapped[str | None] = mapped_column(String(32))
    added_at: Mapped[datetime | None] = mapped_column(UtcTime)
    waits: Mapped[bool] = mapped_column(default=False, server_default=false())
    found: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    picture_print: Mapped[bytes | None] = mapped_column(LargeBinary)
    printed_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    repeats_id: Mapped[str | None] = mapped_column(String(32), index=True)
