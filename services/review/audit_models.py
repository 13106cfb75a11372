"""The audit log's tables: its rows, and the head that each new row is chained to."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import db
from shared.db import UtcTime


class AuditRow(db.Model):
    """One act or refusal. `text` is ciphertext, under the subject's content key or sealed to the room itself."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(40), index=True)
    refused: Mapped[bool]
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(64), index=True)
    text: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_to: Mapped[str] = mapped_column(String(80))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(100))


class AuditHead(db.Model):
    """The single row that writers lock: the last sequence number and hash."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
