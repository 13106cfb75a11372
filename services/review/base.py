"""The room's database: every table of review hangs on this `db`; `models.py` gathers them all."""

from shared.db import room_database

db = room_database()
