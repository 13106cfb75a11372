"""The room's database: every table of alerts hangs on this `db`; `models.py` gathers them all."""

from sqlalchemy import BigInteger, Integer

from shared.db import room_database

db = room_database()
LONG = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where they are plain integers."""
