"""Feeds with 10,000 live alerts in 3,000 regions beside Flask views of the same bytes, in turns on one server; and a
question of place among 100,000.

python -m bench.feeds [--alerts NUMBER] [--many NUMBER] [--seconds NUMBER]
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import requests

from bench.asking import Told, asked, request
from bench.feeds_rooms import FLOOR, filled, served
from bench.gallery import told
from bench.stacks import settings_in
from services.alerts.app import create_app
from shared.config import Settings

ALERTS, MANY, SECONDS, TURNS = 10_000, 100_000, 4.0, 3
REGION = "/v1/regions/DE-BY/alerts.atom"
PLACE = "/v1/alerts.geojson?point={:.4f},{:.4f}&radius_km={}"
POINT_MS = 20.0


@dataclass(frozen=True)
class Beside:
    """What is measured of an answer beside a constant: the ratio of their rates, and what it should be at least."""

    name: str
    ours: list[Told]
    floor: list[Told]
    least: float

    @property
    def ratio(self) -> float:
        return statistics.median(one.rate / other.rate for one, other in zip(self.ours, self.floor, strict=True))

    def line(self) -> str:
        rate, other = (statistics.median(each.rate for each in some) for some in (self.ours, self.floor))
        p99, floor = (statistics.median(each.p99 for each in some) for some in (self.ours, self.floor))
        return f"{self.name:<52}{rate:>9.0f}{other:>9.0f}{p99:>9.1f}{floor:>9.1f}{self.ratio:>8.2f}{self.least:>8.2f}"


def compared(count: int = ALERTS, seconds: float = SECONDS) -> Iterator[Beside]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = settings_in(Path(folder))
        begun = time.monotonic()
        filled(settings, count)
        told(f"{count:,} live alerts written in {time.monotonic() - begun:.0f} s")
        door = create_app(settings).test_client()
        begun = time.monotonic()
        etag = door.get(REGION).headers["ETag"]
        told(f"first answer, which loads them all: {time.monotonic() - begun:.1f} s")
        place = PLACE.format(48.14, 11.58, 50)
        bodies = {"same": (b"", 304, "text/plain"), "region": _body(door, REGION), "place": _body(door, place)}
        chance = random.Random(3)
        places = [PLACE.format(chance.uniform(36, 60), chance.uniform(-5, 30), 50) for _ in range(100_000)]
        cases = [
            ("304", [request(REGION, **{"If-None-Match": etag})], "same", 0.8),
            (f"regional Atom, {len(bodies['region'][0]) / 1000:.0f} kB", [request(REGION)], "region", 0.8),
            (f"point and radius, {len(bodies['place'][0]) / 1000:.0f} kB", [request(place)], "place", 0.5),
            ("the same, each time another point", [request(each) for each in places], "place", 0.5),
        ]  # fmt: skip
        with served(settings, bodies) as port:
            requests.get(f"http://127.0.0.1:{port}{place}", timeout=300).raise_for_status()  # loads them all
            for name, wanted, constant, least in cases:
                ours, floor = [], []
                for _ in range(TURNS):
                    ours.append(asked(port, wanted, seconds))
                    floor.append(asked(port, [request(f"{FLOOR}/{constant}")], seconds))
                statuses = frozenset().union(*(each.statuses for each in ours))
                if statuses != {304 if constant == "same" else 200}:
                    raise RuntimeError(f"{name} was answered {sorted(statuses)}")
                yield Beside(name, ours, floor, least)


def _body(door: object, path: str) -> tuple[bytes, int, str]:
    answer = door.get(path)  # type: ignore[attr-defined]
    return answer.data, 200, answer.content_type


def among_many(count: int = MANY) -> tuple[float, float]:
    """Milliseconds of a question of place among `count` live alerts, each time another place: p50 and p95."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings: Settings = settings_in(Path(folder))
        filled(settings, count)
        door, chance = create_app(settings).test_client(), random.Random(9)
        begun = time.monotonic()
        door.get(PLACE.format(0, 0, 1))
        told(f"{count:,} live alerts loaded in {time.monotonic() - begun:.1f} s")
        taken = []
        for _ in range(600):
            path = PLACE.format(chance.uniform(36, 60), chance.uniform(-5, 30), 50)
            begun = time.perf_counter()
            answer = door.get(path)
            taken.append((time.perf_counter() - begun) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(answer.status)
        return float(np.percentile(taken, 50)), float(np.percentile(taken, 95))


def report(rows: Iterable[Beside], many: int = MANY) -> str:
    heading = f"{'feeds':<52}{'a second':>9}{'floor':>9}{'p99 ms':>9}{'floor':>9}{'ratio':>8}{'least':>8}"
    lines = [heading]
    for row in rows:
        told(row.line())
        lines.append(row.line())
    p50, p95 = among_many(many)
    what = f"point and radius among {many:,}, in the application"
    lines.append(f"{what:<52} p50 {p50:.1f} ms, p95 {p95:.1f} ms; limit {POINT_MS:.0f} ms, ratio {p95 / POINT_MS:.2f}")
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--alerts", type=int, default=ALERTS)
    options.add_argument("--many", type=int, default=MANY)
    options.add_argument("--seconds", type=float, default=SECONDS)
    given = options.parse_args()
    print(f"\n{report(compared(given.alerts, given.seconds), given.many)}")


if __name__ == "__main__":
    main()
