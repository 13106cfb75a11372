"""The room's database: every table of alerts hangs on this `db`; `models.py` gathers them all."""

from shared.db import room_database

db = room_database()
