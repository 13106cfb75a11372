"""An alerts room with as many live alerts as wanted, for measuring; and its door beside views that answer constants."""

import functools
import multiprocessing
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from bench.stacks import free_ports
from services.alerts.app import create_app
from services.alerts.content import fresh_key, sealed
from services.alerts.models import Alert, CapMessage, Change, ChangeHead, Rendition
from services.alerts.worker import open_worker
from services.prepare import make_keys, migrate_room
from services.processes import THREADS
from shared import cap
from shared.addresses import Addresses
from shared.config import Settings
from shared.messages import AlertContent, AlertText
from shared.regions import Regions

REGIONS = 3000
A_PART = 2000
FLOOR = "/floor"


def filled(settings: Settings, count: int) -> None:
    """Makes the room's database, with `count` live alerts in REGIONS regions."""
    make_keys(settings, lambda _: None)
    migrate_room(settings, "alerts")
    app, tools = open_worker(settings)
    regions, chance = Regions(), random.Random(4)
    codes = [region.code for region in regions.all() if region.level == 1][:REGIONS]
    places = {code: regions.shape(code).representative_point() for code in codes}
    where = Addresses(settings.public_url("alerts"), settings.sender)
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    db = tools.room.bus.db
    with app.app_context():
        for begin in range(0, count, A_PART):
            with tools.room.bus.work() as work:
                for number in range(begin, min(begin + A_PART, count)):
                    code = chance.choice(codes)
                    content = _content(code, places[code].y, places[code].x, chance, now, number)
                    work.session.add_all(_rows(tools.room.keys, where, content, f"bench{number:07}", number + 1))
                    if number % 500 == 0:
                        work.session.flush()
        with tools.room.bus.work() as work:
            work.session.merge(ChangeHead(id=1, seq=count))
        db.session.remove()


def _content(code: str, lat: float, lon: float, chance: random.Random, now: datetime, number: int) -> AlertContent:
    lat = max(-89.0, min(89.0, lat + chance.gauss(0, 0.3)))
    lon = (lon + chance.gauss(0, 0.3) + 180) % 360 - 180
    words = "Last seen on the way home from school. " * 8
    texts = tuple(
        AlertText(each, f"Child {number} is missing", words, "Call the police.", code) for each in ("en", "zh")
    )  # type: ignore[arg-type]
    sent = now + timedelta(seconds=number % 3000)
    return AlertContent(
        status="Actual", event_code="MEP", texts=texts, contact="Police, 112", child_name=f"Child {number}",
        age_when_last_seen=9, sex="female", last_seen_at=now, last_seen_place="The school", lat=round(lat, 5),
        lon=round(lon, 5), radius_km=chance.choice((10.0, 30.0, 100.0)), regions=(code,), effective=sent,
        expires=now + timedelta(days=3), photos=(),
    )  # fmt: skip


def _rows(keys: Any, where: Addresses, content: AlertContent, id_: str, seq: int) -> list[Any]:
    key, locked = fresh_key(keys)
    sent, name = content.effective, cap.identifier(where.sender, id_, 1)
    head = cap.Head(name, sent, "Actual", "Alert", "")
    return [
        Alert(id=id_, status="Actual", state="live", version=1, messages=1, content_key=locked,
              content=sealed(key, content), first_sent=sent, changed_at=sent, expires=content.expires),
        CapMessage(identifier=name, alert_id=id_, number=1, msg_type="Alert", sent=sent, expires=content.expires,
                   references="", document=cap.alert(head, content, (), where, id_)),
        Rendition(id=id_, alert_id=id_, position=0, width=480, height=600, size=40_000, sha1="0" * 40,
                  alt={"en": "The child"}, credit="Police", blob=id_),
        Change(seq=seq, alert_id=id_, kind="published", status="Actual", identifier=name, at=sent),
    ]  # fmt: skip


@contextmanager
def served(settings: Settings, constants: dict[str, tuple[bytes, int, str]]) -> Iterator[int]:
    """The port of a server of the door and, under FLOOR, of a bare Flask app that answers constants by name."""
    port = free_ports(1)[0]
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(settings, constants, port))
    process.start()
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.join()


def _serve(settings: Settings, constants: dict[str, tuple[bytes, int, str]], port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "bench", port=port, interface=Interfaces.WSGI, workers=1, blocking_threads=THREADS, log_level=LogLevels.warning
    )
    server.serve(target_loader=functools.partial(_both, settings, constants))


def _both(settings: Settings, constants: dict[str, tuple[bytes, int, str]], _: str) -> Any:
    door = create_app(settings)
    return DispatcherMiddleware(door, {FLOOR: _floor(constants)})


def _floor(constants: dict[str, tuple[bytes, int, str]]) -> Flask:
    """As little as a Flask view can do: it answers bytes that it has."""
    app = Flask("floor")
    for name, (body, status, media_type) in constants.items():
        app.add_url_rule(f"/{name}", name, lambda b=body, s=status, m=media_type: Response(b, s, content_type=m))
    return app
