"""Measures the gallery in memory: beside FAISS and the memory's own speed, from disk, and through the handler."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import faiss
import numpy as np

from bench.figures import Figure
from bench.gallery_rooms import DIMENSION, METRIC, PHOTOS, StubPack, case_key, times_ms
from services.matcher import worker
from services.matcher.gallery import Gallery
from services.matcher.gallery.block import Columns
from services.matcher.gallery.blocks import Blocks
from services.matcher.models import db
from services.matcher.searching import LOOKED_AT
from shared import messages as m
from shared import valkey
from shared.blobs import hand_over
from shared.config import Settings
from shared.envelope import close
from shared.grants import SearchGrant, issue
from shared.keys import load_gate_key, load_room_keys, random_id

ROOT = Path(__file__).parents[1]


def growth(gallery: np.ndarray, probes: np.ndarray, sizes: list[int]) -> dict[int, np.ndarray]:
    """ms of finding the best cases and all their photos, each probe's, by the number of templates."""
    taken = {}
    for size in sizes:
        search = searching(gallery[:size])
        times_ms(search, probes[:5])
        taken[size] = times_ms(search, probes)
    return taken


def searching(vectors: np.ndarray) -> Callable[[np.ndarray], Any]:
    """What Gallery.search does beside the table: the best cases, and the exact scores of all their photos."""
    blocks = _blocks(vectors)

    def search(probe: np.ndarray) -> Any:
        chosen = blocks.best_cases(probe, LOOKED_AT)
        return [block.rows.exact[block.of_cases(chosen)] @ probe for block in blocks]

    return search


def _blocks(vectors: np.ndarray) -> Blocks:
    blocks = Blocks()
    for start in range(0, len(vectors), 131_072):
        part = vectors[start : start + 131_072]
        numbers = np.arange(start, start + len(part))
        keys = np.asarray([case_key(int(number)) for number in numbers], np.bytes_)
        quality = np.full(len(part), 50.0)
        blocks.add(Columns(keys, keys, numbers, quality, quality, np.ones(len(part), np.bool_), part.copy()))
    return blocks


def beside(ours: Callable[[np.ndarray], Any], gallery: np.ndarray, probes: np.ndarray) -> dict[str, np.ndarray]:
    """ms of `ours`, of FAISS's 8-bit quantiser alone, and of reading its bytes once, in turns: what else the machine
    does then weighs on all alike.

    FAISS finds 50 neighbours, in rows filled up to a multiple of 16, without which it is ten times slower. It shares
    out probes among threads, not rows, so that for one probe it is told to use one (a second would only wait). Reading
    is numpy's sum of 64-bit words, on one thread.
    """
    index = _quantiser(gallery)
    more = np.zeros(index.d - gallery.shape[1], np.float32)
    faiss.omp_set_num_threads(1)
    words = np.ones(gallery.size // 8, np.uint64)
    acts: dict[str, Callable[[np.ndarray], Any]] = {
        "ours": ours,
        "faiss": lambda probe: index.search(np.append(probe, more)[None], 50),
        "reading": lambda _: words.sum(),
    }
    taken: dict[str, list[np.ndarray]] = {name: [] for name in acts}
    for probe in (*probes[:5], *probes):
        for name, act in acts.items():
            taken[name].append(times_ms(act, probe[None]))
    return {name: np.concatenate(values[5:]) for name, values in taken.items()}


def _quantiser(gallery: np.ndarray) -> Any:
    filled_up = (0, -gallery.shape[1] % 16)
    index = faiss.IndexScalarQuantizer(
        gallery.shape[1] + filled_up[1], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.train(np.pad(gallery[:100_000], ((0, 0), filled_up)))
    for start in range(0, len(gallery), 100_000):
        index.add(np.pad(gallery[start : start + 100_000], ((0, 0), filled_up)))
    return index


def recall_at_50(gallery: Gallery, vectors: np.ndarray, probes: np.ndarray, session: Any) -> float:
    """The share of the 50 cases that an exhaustive float32 comparison finds which the gallery answers first."""
    shares = []
    for probe in probes:
        hits = gallery.search(session, METRIC, probe, None, LOOKED_AT)
        answered = set(list(dict.fromkeys(hit.case_key for hit in hits))[:50])
        shares.append(len(answered & exhaustive(vectors, probe)) / 50)
    return float(np.mean(shares))


def exhaustive(vectors: np.ndarray, probe: np.ndarray) -> set[str]:
    """The 50 cases whose best photo scores highest, in float32."""
    order = np.argsort(-(vectors @ probe))[: 50 * PHOTOS]
    return set(list(dict.fromkeys(case_key(int(at)) for at in order))[:50])


def start_from_disk(settings: Settings) -> dict[str, float]:
    """`seconds` to load the gallery in a fresh process, and how many of them a processor worked on it (`busy`); bytes
    that its memory grew, and its peak, by each template."""
    code = f"from bench import gallery_memory; gallery_memory.start_here({str(settings.home)!r})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 our own words
    told: dict[str, float] = json.loads(done.stdout)
    return told


def start_here(home: str) -> None:
    """In that process: opens and loads."""
    settings = Settings.from_env({"HOMEWARD_HOME": home})
    app, tools = worker.open_worker(settings, StubPack().pack)
    before = _memory("VmRSS")
    with app.app_context():
        gallery = tools.packs.now(db.session()).serving.gallery
        begun, worked = time.monotonic(), time.process_time()
        count = gallery.refresh(db.session(), METRIC)
        seconds, busy = time.monotonic() - begun, time.process_time() - worked
        gallery.search(db.session(), METRIC, np.ones(DIMENSION, np.float32), None, LOOKED_AT)
    after, peak = _memory("VmRSS"), _memory("VmHWM")
    grown = {"bytes": (after - before) / count, "peak": (peak - before) / count}
    print(json.dumps({"seconds": seconds, "busy": busy, **grown}))


def _memory(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return 1024 * int(line.split()[1])
    return 0


class Desk:
    """A matcher over a full gallery with its queue server, and the police desk that asks it."""

    def __init__(self, settings: Settings) -> None:
        self.server = valkey.start(settings.home / "valkey")
        self.stub = StubPack()
        self.app, self.tools = worker.open_worker(settings, self.stub.pack)
        self.gate = load_gate_key(settings.home / "keys")
        self.review = load_room_keys(settings.home / "keys", "review")
        self.photo = cv2.imencode(".jpg", np.full((112, 112, 3), 128, np.uint8))[1].tobytes()
        with self.app.app_context():
            self.gallery = self.tools.packs.now(db.session()).serving.gallery
            self.gallery.refresh(db.session(), METRIC)

    def stop(self) -> None:
        self.server.kill()
        self.server.wait()

    def job_ms(self, probe: np.ndarray) -> tuple[float, float]:
        """From a search's envelope to its answer, committed: all but the network, which answers `probe`. How long it
        took, and how long processors worked on it."""
        text = self._asked()
        self.stub.next = probe
        begun, worked = time.perf_counter(), time.process_time()
        with self.app.app_context():
            outcome = self.tools.room.bus.receive(text, worker.bound(self.tools))
        taken, busy = 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - worked)
        if outcome != "applied":
            raise RuntimeError(f"the search was {outcome}")
        return taken, busy

    def _asked(self) -> str:
        now, search = self.tools.room.bus.clock(), random_id()
        ref = hand_over(self.tools.room.incoming, self.photo, media_type="image/jpeg", width=112, height=112)
        grant = SearchGrant(search, ref.digest, "sighting_triage", now, now + timedelta(minutes=2))
        asked = m.SearchRequested(search, issue(grant, self.gate), ref, None, probe_age=14.0, limit=50)
        return close(asked, self.review, "matcher", 1, now).text()

    def search(self, probe: np.ndarray) -> Any:
        """The gallery's whole search; needs the application's context."""
        return self.gallery.search(db.session(), METRIC, probe, None, LOOKED_AT)


def p95(name: str, values: np.ndarray, limit: float) -> Figure:
    return Figure(name, tuple(float(np.percentile(part, 95)) for part in np.array_split(values, 3)), limit)
