"""Writes the regional feeds as files: those a change touches at once, all of them whenever `checked` moves on.

What is written is what the application answers, for it is asked: so the bytes are the same, and there is one place
where feeds are made. Nothing is noted of what was written: what a killed writer left undone is written at the start.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Row, Select, func, select
from werkzeug.test import Client

from services.alerts.compression import CODINGS
from services.alerts.deliver.stores import Page, Store
from services.alerts.models import Change
from services.alerts.tools import Tools
from services.alerts.views.answers import checked
from shared.config import Settings
from shared.errors import ConfigError, HomewardError
from shared.regions import Regions, within

log = logging.getLogger("homeward.static")

SUFFIXES = ("geojson", "json", "atom")
KEPT = timedelta(days=30)
"""How long after its last change a region keeps its files; then the application answers for it again."""
AT_MOST_S = 0.5


class Static:
    """`door` is the application. The regions whose files are to be written anew are `urgent` where something changed,
    else `pending`; one leaves them when it is written."""

    def __init__(self, door: Flask, tools: Tools, store: Store) -> None:
        self.client = Client(door)
        self.tools, self.store = tools, store
        self.always = _always(tools)
        self.urgent: dict[str, None] = {}
        self.pending: dict[str, None] = {}
        self.seen: int | None = None
        self.checked: datetime | None = None

    def refresh(self) -> None:
        """Writes what is touched, and for a moment some of what only grows old. Call it several times a second."""
        until = time.monotonic() + AT_MOST_S
        while True:
            self._note_changes()
            self._note_time()
            while self.urgent:
                self._write(self.urgent)
            if not self.pending or time.monotonic() > until:
                return
            self._write(self.pending)

    def all(self) -> None:
        """Writes everything that is to be written now."""
        self.refresh()
        while self.pending:
            self.refresh()

    def _note_changes(self) -> None:
        """The regions of the changes that were committed since this was last done."""
        head = self._rows(select(func.max(Change.seq)))[0][0] or 0
        if self.seen is not None and head > self.seen:
            fresh = select(Change.regions).where(Change.seq > self.seen, Change.status == "Actual").order_by(Change.seq)
            self.urgent |= dict.fromkeys(code for row in self._rows(fresh) for code in row.regions)
        self.seen = head

    def _note_time(self) -> None:
        """Every five minutes, and at the start, all files say that they are true; those of regions long quiet go."""
        now = checked(self.tools.room.clock())
        if now == self.checked:
            return
        wanted = self.always | self._lately(now)
        self._sweep(wanted)
        self.pending, self.checked = dict.fromkeys(sorted(wanted)), now

    def _lately(self, now: datetime) -> set[str]:
        query = select(Change.regions).where(Change.status == "Actual", Change.at > now - KEPT)
        return {code for row in self._rows(query) for code in row.regions}

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        session = self.tools.room.bus.db.session()
        rows = session.execute(query).all()
        session.rollback()
        return rows

    def _write(self, waiting: dict[str, None]) -> None:
        """Writes the first of `waiting`, and only then crosses it off."""
        code = next(iter(waiting))
        for page in self._pages(code):
            self.store.put(page)
        del waiting[code]

    def _pages(self, code: str) -> Iterator[Page]:
        for suffix in SUFFIXES:
            path = f"/v1/regions/{code}/alerts.{suffix}"
            for coding in ("", *CODINGS):
                answer = self.client.get(path, headers={"Accept-Encoding": coding or "identity"})
                if answer.status_code != 200 or answer.last_modified is None:
                    raise HomewardError(f"{path} was answered {answer.status_code}.")
                yield Page(
                    path, coding, answer.data, answer.headers["Content-Type"], answer.headers["Cache-Control"],
                    answer.last_modified,
                )  # fmt: skip

    def _sweep(self, wanted: set[str]) -> None:
        for name in list(self.store.names()):
            parts = name.split("/")
            if len(parts) != 4 or parts[2] not in wanted or parts[3].startswith("."):
                self.store.delete(name)


def named(settings: Settings, regions: Regions) -> list[str]:
    """The regions that always have their files, with what is inside them. Raises ConfigError."""
    codes = [code.upper() for code in settings.static_regions.split(",") if code]
    if unknown := [code for code in codes if not regions.known(code)]:
        raise ConfigError(
            f"HOMEWARD_STATIC_REGIONS names {', '.join(unknown)}; `homeward regions find` knows the codes."
        )
    return codes


def _always(tools: Tools) -> set[str]:
    """No file is worth an alert that is not published: a setting that makes no sense is told, and means nothing."""
    try:
        given = named(tools.room.settings, tools.regions)
    except ConfigError as error:
        log.warning("%s", error)
        given = []
    return {region.code for region in tools.regions.all() if any(within(region.code, own) for own in given)}
