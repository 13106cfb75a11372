"""A flood at the families' door: it stops no real report, fills no disk, and a body that is too much is never read."""

import base64
import dataclasses
import hashlib
import io
import itertools
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from familydoor import SIGHTING, portrait
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.stacks import free_ports
from services.ingest.app import create_app
from services.ingest.models import Receipt, db
from services.prepare import migrate_room
from shared.config import Settings

WITNESS = "203.0.113.9"


class Door:
    """The door's app, asked from many addresses; `now` is the time at it."""

    def __init__(self, settings: Settings) -> None:
        migrate_room(settings, "ingest")
        self.now = datetime.now(UTC)
        self.app: Flask = create_app(settings)
        watch = self.app.extensions["watch"]
        room = dataclasses.replace(watch.room, clock=lambda: self.now)
        self.app.extensions["watch"] = dataclasses.replace(watch, room=room)

    def reader(self, address: str) -> FlaskClient:
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return client

    def received(self) -> int:
        with self.app.app_context():
            return db.session.query(Receipt).count()


def sighting(client: FlaskClient, photo: bytes | None = None) -> TestResponse:
    told = SIGHTING | {"photos": [{"faces": None}] if photo else []}
    files: dict[str, Any] = {"photos": [(io.BytesIO(photo), "a.jpg")]} if photo else {}
    return client.post("/api/v1/sightings", data={"sighting": json.dumps(told)} | files)


def solved(client: FlaskClient) -> str:
    """The puzzle of the client's pass, solved as the page's script does it."""
    puzzle = client.get("/pass").json["puzzle"]  # type: ignore[index]
    number = next(
        number for number in itertools.count()
        if hashlib.sha256(f"{puzzle['salt']}{number}".encode()).hexdigest() == puzzle["challenge"]
    )  # fmt: skip
    return base64.b64encode(json.dumps(puzzle | {"number": number}).encode()).decode()


@pytest.fixture
def door(queue_server: Settings) -> Door:
    return Door(dataclasses.replace(queue_server, network_sends_per_hour=40, network_megabytes_per_day=3))


def flood(door: Door, sends: int, networks: int) -> None:
    for number in range(sends):
        sighting(door.reader(f"10.{number % networks // 250}.{number % networks % 250}.{number % 199 + 1}"))


def test_a_network_that_floods_is_stopped_and_a_witness_elsewhere_is_not(door: Door) -> None:
    flood(door, 600, networks=1)
    assert door.received() <= 40
    answer = sighting(door.reader("10.0.0.250"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert "call the police" in answer.json["detail"]  # type: ignore[index]
    door.now += timedelta(minutes=1)
    witness = door.reader(WITNESS)
    witness.get("/sighting")
    door.now += timedelta(minutes=1)
    assert sighting(witness).status_code == 202


def test_one_address_has_a_fourth_of_its_network(door: Door) -> None:
    one = door.reader("10.9.9.9")
    one.get("/")
    door.now += timedelta(minutes=1)
    assert [sighting(one).status_code for _ in range(12)].count(202) == 10
    other = door.reader("10.9.9.8")
    other.get("/")
    door.now += timedelta(minutes=1)
    assert sighting(other).status_code == 202


def test_under_pressure_from_everywhere_waiting_earns_a_pass_and_so_does_the_puzzle(door: Door) -> None:
    flood(door, 70, networks=70)
    before = door.received()
    assert before <= 60
    flood(door, 10, networks=70)
    assert door.received() == before
    hasty = door.reader(WITNESS)
    hasty.get("/sighting")
    answer = sighting(hasty)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "45")
    assert hasty.get("/pass").json["pressed"]  # type: ignore[index]
    assert hasty.post("/pass", data={"payload": solved(hasty)}).status_code == 200
    assert sighting(hasty).status_code == 202
    patient = door.reader("203.0.114.9")
    patient.get("/sighting")
    door.now += timedelta(seconds=46)
    assert sighting(patient).status_code == 202


def test_a_solution_is_good_for_the_pass_it_was_made_for_only(door: Door) -> None:
    one, other = door.reader(WITNESS), door.reader(WITNESS)
    other.get("/")
    solution = solved(one)
    assert other.post("/pass", data={"payload": solution}).status_code == 422
    for nonsense in ("", "x", base64.b64encode(b"[]").decode(), base64.b64encode(b'{"salt": 1}').decode()):
        assert one.post("/pass", data={"payload": nonsense}).status_code == 422
    assert one.post("/pass", data={"payload": solution}).status_code == 200


@pytest.mark.parametrize("forged", ["", "a.b.c", "x.1.1.00", ".", "x.9999999999.1." + "0" * 32])
def test_a_pass_that_is_not_ours_is_none(door: Door, forged: str) -> None:
    client = door.reader(WITNESS)
    client.set_cookie("pass", forged)
    assert client.get("/").status_code == 200
    assert "pass=" in client.get("/").headers.get("Set-Cookie", "pass=")


def test_what_a_network_sends_in_a_day_is_bounded_before_it_is_read(door: Door) -> None:
    answers = [
        door.reader(f"10.7.7.{number}").post("/api/v1/sightings", data=b"x" * 1_000_000).status_code
        for number in range(1, 6)
    ]
    assert answers == [422, 422, 422, 429, 429]


def test_the_counters_write_no_address_down(door: Door) -> None:
    sighting(door.reader(WITNESS))
    keys = door.app.extensions["watch"].room.queue.connection.keys("door*")
    assert keys
    assert not [key for key in keys if b"203.0" in key]


def test_without_the_counters_server_nobody_is_refused(settings: Settings) -> None:
    assert sighting(Door(settings).reader(WITNESS)).status_code == 202


def test_a_nearly_full_disk_takes_words_and_no_photos_and_a_full_one_says_whom_to_call(queue_server: Settings) -> None:
    door = Door(queue_server)
    watch = door.app.extensions["watch"]
    door.app.extensions["watch"] = dataclasses.replace(watch, floor=watch.free() * 2)
    assert sighting(door.reader(WITNESS)).status_code == 202
    answer = sighting(door.reader(WITNESS), portrait() * 20)
    assert (answer.status_code, "without photos" in answer.json["detail"]) == (507, True)  # type: ignore[index]
    door.app.extensions["watch"] = dataclasses.replace(watch, floor=watch.free() * 8)
    answer = sighting(door.reader(WITNESS))
    assert (answer.status_code, "call the police" in answer.json["detail"]) == (503, True)  # type: ignore[index]


@contextmanager
def running(settings: Settings) -> Iterator[tuple[str, int]]:
    """The door as it runs in a stack, under its server."""
    ports = free_ports(2)
    settings = dataclasses.replace(settings, ingest_port=ports[0], metrics_port=ports[1])
    migrate_room(settings, "ingest")
    process = subprocess.Popen(
        [sys.executable, "-m", "services.processes", "door", "ingest"],
        cwd=Path(__file__).parents[2], env=dict(os.environ) | settings.environment(),
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", ports[0]), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield "127.0.0.1", ports[0]
    finally:
        process.terminate()
        process.wait(20)


def ask(address: tuple[str, int], *headers: str) -> str:
    """The first line of the answer to a request of which only the head is ever sent."""
    with socket.create_connection(address, 30) as line:
        head = ["POST /report HTTP/1.1", "Host: door", *headers, "", ""]
        line.sendall("\r\n".join(head).encode())
        return line.recv(200).decode().partition("\r\n")[0]


def test_a_body_that_is_too_large_or_of_no_length_is_refused_before_it_is_sent(queue_server: Settings) -> None:
    with running(queue_server) as address:
        form = "Content-Type: multipart/form-data; boundary=x"
        assert " 413" in ask(address, form, "Content-Length: 10737418240")
        assert " 411" in ask(address, form, "Transfer-Encoding: chunked")
