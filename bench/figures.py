"""What is measured, and how."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.stacks import running
from services.demo import cast
from services.demo.doors import Officer, Public
from services.demo.play import officers
from shared.config import Settings

ROOT = Path(__file__).parents[1]
RUNS = 5


@dataclass(frozen=True)
class Figure:
    """`values` are those of each run, in the unit that the name says; the smaller the better."""

    name: str
    values: tuple[float, ...]
    limit: float


def start_warm(settings: Settings) -> Figure:
    """From starting the stack in a folder that was used before, to the last door's green /readyz."""
    with running(settings):
        pass
    seconds = []
    for _ in range(3):
        begun = time.monotonic()
        with running(settings):
            seconds.append(time.monotonic() - begun)
    return Figure("start, warm, to all readyz green (s)", tuple(seconds), 15)


def memory_idle(program: int) -> Figure:
    """Memory of every process of the stack, shared pages counted once (PSS), five seconds after it is ready."""
    whole = Path("/proc") / str(program)
    time.sleep(5)
    samples = []
    for _ in range(RUNS):
        samples.append(sum(_pss_mb(process) for process in [whole, *_family(whole)]))
        time.sleep(0.5)
    return Figure("memory of the idle stack (MB)", tuple(samples), 1000)


def _family(process: Path) -> list[Path]:
    """The processes below `process`."""
    below: list[Path] = []
    for task in (process / "task").iterdir():
        for child in (task / "children").read_text().split():
            below += [Path("/proc") / child, *_family(Path("/proc") / child)]
    return below


def _pss_mb(process: Path) -> float:
    for line in (process / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def sighting_to_desk(settings: Settings) -> Figure:
    """From posting a sighting's photograph to its candidate in the desk's list."""
    logins = officers(settings)
    name = next(iter(logins))
    officer = Officer(settings.public_url("review"), name, logins[name])
    public = Public(settings.public_url("ingest"))
    case = _register(officer, public)
    seconds = [_one_sighting(officer, public, case) for _ in range(RUNS + 1)]
    return Figure("sighting submitted to candidate on the desk (s)", tuple(seconds[1:]), 2)


def _register(officer: Officer, public: Public) -> str:
    report = cast.report("Bench Exempel", "2012-03-02", "2018-09-14T16:30:00+02:00", "2018-06-01")
    public.submit("report", report, [cast.portrait("person_a_1")])
    while not (waiting := officer.get("/api/v1/cases", state="submitted")["cases"]):
        time.sleep(0.05)
    case = str(waiting[0]["id"])
    officer.act("cases", case, "start")
    officer.act("cases", case, "verify", **cast.CHECKS)
    officer.act("cases", case, "register")
    while officer.case(case)["photos"][0]["outcome"] != "enrolled":
        time.sleep(0.05)
    return case


def _one_sighting(officer: Officer, public: Public, case: str) -> float:
    before = len(officer.get("/api/v1/candidates")["candidates"])
    begun = time.monotonic()
    public.submit("sighting", cast.sighting("Bench."), [cast.portrait("person_a_2")])
    while len(officer.get("/api/v1/candidates")["candidates"]) == before:
        time.sleep(0.02)
    return time.monotonic() - begun


def test_suite() -> Figure:
    """Every test, as `make test` runs them once all is installed."""
    seconds = []
    for _ in range(3):
        begun = time.monotonic()
        subprocess.run([sys.executable, "-m", "pytest"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.monotonic() - begun)
    return Figure("make test (s)", tuple(seconds), 600)
