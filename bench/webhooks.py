"""How long it takes to deliver one alert to many webhooks: from its publication to the last endpoint's answer.

The endpoints are one real server of this machine, which does its share of the work on the same cores.
"""

import asyncio
import json
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from services.alerts import handlers
from services.alerts.deliver import keys, subscriptions
from services.alerts.deliver.courier import Courier
from services.alerts.deliver.fanout import fan_out
from services.alerts.deliver.subscriptions import Wanted
from services.alerts.deliver.wire import Wire
from services.alerts.tools import Tools
from services.alerts.worker import LOOK_EVERY_S, open_worker
from services.prepare import migrate_room
from shared.config import Settings
from shared.keys import create_keys
from shared.messages import AlertApproved, AlertContent, AlertText
from shared.routes import ROOMS

MANY, RUNS, LIMIT_S = 500, 5, 10.0


@dataclass
class Endpoints:
    """Answers every POST with 200, and with the challenge if there is one; counts the alerts."""

    alerts: int = 0
    ready: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0, backlog=MANY)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await server.serve_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        told = json.loads(await reader.readexactly(length))
        self.alerts += told["type"].startswith("alert.")
        body = str(told["data"].get("challenge", "")).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()


def report() -> str:
    """The line of the figure: seconds, each run, and the ratio to the limit."""
    with tempfile.TemporaryDirectory() as folder:
        values = _measured(Path(folder))
    median = statistics.median(values)
    runs = " ".join(f"{value:.2f}" for value in values)
    return f"{MANY} webhooks, publication to the last answer (s): {median:.2f}, limit {LIMIT_S:.0f}, " \
           f"ratio {median / LIMIT_S:.2f}  runs {runs}"  # fmt: skip


def _measured(home: Path) -> list[float]:
    create_keys(home / "keys", ROOMS)
    settings = replace(Settings.from_env({"HOMEWARD_HOME": str(home)}), webhooks_to_loopback=True)
    migrate_room(settings, "alerts")
    app, tools = open_worker(settings)
    endpoints = Endpoints()
    threading.Thread(target=endpoints.run, daemon=True).start()
    endpoints.ready.wait()
    _subscribe(app, tools, endpoints.port)
    Courier(app, tools, Wire(loopback=True)).until_idle()
    for act in (Courier(app, tools, Wire(loopback=True)).run, lambda: _fan_out(app, tools)):
        threading.Thread(target=act, daemon=True).start()
    return [_one(app, tools, endpoints, number) for number in range(RUNS)]


def _subscribe(app: Flask, tools: Tools, port: int) -> None:
    with app.app_context(), tools.room.bus.work() as work:
        for holder in range(0, MANY, subscriptions.MOST_EACH):
            secret = keys.add(work.session, tools.regions, work.now, f"Newsroom {holder}", ["subscribe"], [], 1000)
            key = keys.Ring().find(work.session, secret)
            if key is None:
                raise RuntimeError("the key that was just made is not there")
            for number in range(holder, holder + subscriptions.MOST_EACH):
                wanted = Wanted(f"http://127.0.0.1:{port}/{number}", ("SE-O",))
                subscriptions.make(work, tools, key, wanted)


def _fan_out(app: Flask, tools: Tools) -> None:
    while True:
        with app.app_context():
            fan_out(tools)
        time.sleep(LOOK_EVERY_S)


def _one(app: Flask, tools: Tools, endpoints: Endpoints, number: int) -> float:
    before, begun = endpoints.alerts, time.monotonic()
    with app.app_context(), tools.room.bus.work(f"message{number}") as work:
        handlers.alert_approved(AlertApproved(f"alert{number}", 1, _content(), work.now), work, tools=tools)
    while endpoints.alerts < before + MANY:
        time.sleep(0.01)
    return time.monotonic() - begun


def _content() -> AlertContent:
    now = datetime.now(UTC).replace(microsecond=0)
    text = AlertText("en", "A child is missing", "Last seen at a tram stop. " * 20, "Call 112.", "Västra Götaland")
    return AlertContent(
        status="Actual", event_code="MEP", texts=(text,), contact="112", child_name=None, age_when_last_seen=9,
        sex="female", last_seen_at=now, last_seen_place="Järntorget", lat=57.7, lon=11.95, radius_km=30.0,
        regions=("SE-O",), effective=now, expires=now + timedelta(days=1), photos=(),
    )  # fmt: skip
