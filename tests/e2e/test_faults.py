"""The running stack under fire: what is killed comes back, and what was accepted arrives."""

import signal
import time
from collections.abc import Callable

import pytest

from services.demo import cast
from services.demo.doors import Public
from services.demo.play import Played

PATIENCE_S = 30.0


def process_id(exercise: Played, name: str) -> int:
    child = next(child for child in exercise.stack.children if child.name == name)
    assert child.process is not None
    return child.process.pid


def kill(exercise: Played, name: str) -> None:
    child = next(child for child in exercise.stack.children if child.name == name)
    assert child.process is not None
    child.process.send_signal(signal.SIGKILL)
    child.process.wait()


def eventually(exercise: Played, check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not check():
        assert time.monotonic() < deadline, "not in time"
        exercise.stack.tend()
        time.sleep(0.1)


def new_report(exercise: Played, name: str) -> str:
    public = Public(exercise.settings.public_url("ingest"))
    body = cast.report(name, "2015-04-01", "2026-11-01T10:00:00+01:00", "2026-06-01")
    return public.submit("report", body, [cast.portrait("impostor_1")])


def names_on_the_desk(exercise: Played) -> list[str]:
    assert exercise.story is not None
    desk = exercise.story.lind
    cases = desk.get("/api/v1/cases", state="submitted")["cases"]
    return [desk.case(case["id"])["facts"]["child"]["name"] for case in cases]


@pytest.mark.parametrize("victim", ["review worker", "ingest worker", "valkey"])
def test_a_report_made_while_a_process_is_dead_arrives_once_it_is_back(exercise: Played, victim: str) -> None:
    before = process_id(exercise, victim)
    kill(exercise, victim)
    name = f"Killed {victim}"
    assert len(new_report(exercise, name)) >= 20
    eventually(exercise, lambda: name in names_on_the_desk(exercise))
    assert names_on_the_desk(exercise).count(name) == 1
    assert process_id(exercise, victim) != before


@pytest.mark.parametrize("room", ["ingest", "review", "alerts"])
def test_a_killed_door_opens_again(exercise: Played, room: str) -> None:
    from services.stack import is_ready

    kill(exercise, f"{room} door")
    eventually(exercise, lambda: is_ready(exercise.settings, room))


def test_the_audit_holds_after_all_of_this(exercise: Played) -> None:
    assert exercise.story is not None
    assert "unbroken" in exercise.story.inside.homeward("audit", "verify")
