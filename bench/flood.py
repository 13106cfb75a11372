"""Ten thousand junk reports against a running door, while a family reports.

The junk comes from many networks: the door is told that a proxy stands before it, and the junk says the address that
such a proxy would. Every tenth network opened a page before and goes on with its pass once that is old enough; the
others have none.
"""

import itertools
import json
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import requests

from bench.stacks import running, settings_in
from services.demo import cast
from shared.config import Settings

SENDS, NETWORKS, AT_ONCE, PATIENT = 10_000, 500, 8, 10
WAITED_S = 46
"""A person needs longer than this to write a report; its pass is good then."""
PICTURE = "person_a_1"


@dataclass(frozen=True)
class Told:
    """What came of it: the junk by its answers' status, with a pass and without; a real report's status and seconds,
    calm and under the flood; by how many bytes the state folder grew; how many seconds the flood took."""

    passed: Counter[int]
    bare: Counter[int]
    calm: tuple[int, float]
    flooded: tuple[int, float]
    grown: int
    seconds: float


class Line:
    """Somebody's connection from an address, as the operator's proxy says it."""

    def __init__(self, settings: Settings, address: str) -> None:
        self.door = f"http://127.0.0.1:{settings.ingest_port}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update({"X-Forwarded-For": address, "X-Forwarded-Proto": "https"})

    def open(self) -> None:
        """A page, and the pass that comes with it; its cookie is for https alone, so it is carried by hand."""
        answer = self.session.get(f"{self.door}/sighting", timeout=60)
        self.session.headers["Cookie"] = "; ".join(f"{one.name}={one.value}" for one in answer.cookies)

    def report(self) -> tuple[int, float]:
        """A whole report with its photo: the answer's status, and seconds."""
        return self._post(
            "report", cast.report("Alva Exempel", "2015-04-01", "2026-10-01T10:00:00+02:00", "2026-01-01")
        )

    def junk(self, number: int) -> int:
        """A sighting of nobody, every second one with a photo; the answer's status."""
        told = cast.sighting(f"Junk number {number}")
        return self._post("sighting", told if number % 2 else told | {"photos": []})[0]

    def _post(self, kind: str, told: dict[str, object]) -> tuple[int, float]:
        begun = time.monotonic()
        files = [(kind, (f"{kind}.json", json.dumps(told).encode(), "application/json"))]
        if told["photos"]:
            files.append(("photos", ("a.jpg", cast.portrait(PICTURE).read_bytes(), "image/jpeg")))
        answer = self.session.post(f"{self.door}/api/v1/{kind}s", files=files, timeout=60)
        return answer.status_code, time.monotonic() - begun


class Junk:
    """The flood: it goes on until as much as SENDS was sent and nobody waits for it any more."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.enough = settings, threading.Event()
        self.numbers, self.here = itertools.count(), threading.local()
        self.passes: dict[int, str] = {}
        self.passed: Counter[int] = Counter()
        self.bare: Counter[int] = Counter()

    def prepare(self) -> None:
        """The patient open a page."""
        for network in range(0, NETWORKS, PATIENT):
            line = Line(self.settings, _address(network))
            line.open()
            self.passes[network] = str(line.session.headers["Cookie"])

    def run(self) -> None:
        line = Line(self.settings, _address(0))
        while (number := next(self.numbers)) < SENDS or not self.enough.is_set():
            network = number % NETWORKS
            line.session.headers.update({"X-Forwarded-For": _address(network), "Cookie": self.passes.get(network, "")})
            (self.passed if network in self.passes else self.bare)[line.junk(number)] += 1


def told() -> Told:
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(settings_in(Path(folder)), ingest_public_url="https://families.example")
        with running(settings):
            calm = Line(settings, "203.0.113.7").report()
            before, junk, begun = _bytes(settings.home), Junk(settings), time.monotonic()
            junk.prepare()
            family = Line(settings, "203.0.113.9")
            family.open()
            with ThreadPoolExecutor(AT_ONCE) as pool:
                for _ in range(AT_ONCE):
                    pool.submit(junk.run)
                time.sleep(WAITED_S)
                flooded = family.report()
                junk.enough.set()
            seconds = time.monotonic() - begun
            return Told(junk.passed, junk.bare, calm, flooded, _bytes(settings.home) - before, seconds)


def report() -> str:
    found = told()
    return "\n".join(
        [
            f"junk in {found.seconds:.0f} s: {_counted(found.bare)} without a pass, {_counted(found.passed)} with one",
            f"a real report, calm: {found.calm[0]} in {found.calm[1]:.2f} s; in the flood: {found.flooded[0]} in"
            f" {found.flooded[1]:.2f} s",
            f"on disk: {found.grown / 1e6:.1f} MB more",
        ]
    )


def _counted(answers: Counter[int]) -> str:
    taken = answers[202]
    refused = ", ".join(f"{count} refused with {status}" for status, count in answers.items() if status != 202)
    return f"{taken} taken and {refused or 'none refused'}"


def _address(network: int) -> str:
    return f"10.{network // 250}.{network % 250}.7"


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
