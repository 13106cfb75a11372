"""The bus on the real queue and database: what is promised arrives, once, in order, whoever is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rq import Queue as PlainQueue
from rq.serializers import JSONSerializer
from sqlalchemy import select
from toyroom import Toy

from shared import valkey
from shared.config import Settings
from shared.envelope import close
from shared.messages import (
    Acknowledged,
    EnrolmentAsked,
    EnrolRequested,
    ForgetRequested,
    ProbeClosed,
    SearchRefused,
)
from shared.routes import queue_name

PATIENCE_S = 40.0


def eventually(check: Callable[[], bool], within: float = PATIENCE_S) -> float:
    start = time.monotonic()
    while time.monotonic() - start < within:
        if check():
            return time.monotonic() - start
        time.sleep(0.05)
    raise AssertionError(f"not within {within} s")


class Stack:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.review = Toy("review", settings)
        self.matcher = Toy("matcher", settings)

    def start(self, *rooms: str) -> None:
        for room in rooms:
            self.processes[room] = subprocess.Popen(
                [sys.executable, str(Path(__file__).parent / "toyroom.py"), room],
                env=os.environ | self.settings.environment(),
            )

    def kill(self, room: str) -> None:
        self.processes[room].send_signal(signal.SIGKILL)
        self.processes[room].wait()

    def outbox(self, toy: Toy) -> list[tuple[str, str, str]]:
        rows = toy.room.bus.outbox.rows
        with toy.app.app_context():
            found = toy.db.session.execute(select(rows.c.type, rows.c.state, rows.c.reason).order_by(rows.c.position))
            return [tuple(row) for row in found]

    def refusals(self, toy: Toy) -> list[str]:
        kept = toy.room.bus.inbox.refusals
        with toy.app.app_context():
            return [reason for (reason,) in toy.db.session.execute(select(kept.c.reason))]


@pytest.fixture(params=["sqlite", "postgresql"])
def stack(request: pytest.FixtureRequest, queue_server: Settings, postgres: Callable[[], str]) -> Iterator[Stack]:
    settings = queue_server
    if request.param == "postgresql":
        settings = replace(settings, review_database_url=postgres(), matcher_database_url=postgres())
    stack = Stack(settings)
    yield stack
    for process in stack.processes.values():
        process.kill()
        process.wait()


def forget(key: str = "k1") -> ForgetRequested:
    return ForgetRequested(key)


def test_a_message_is_applied_once_and_its_payload_is_gone_after_the_acknowledgement(stack: Stack) -> None:
    stack.start("review", "matcher")
    stack.review.send(forget())
    eventually(lambda: stack.outbox(stack.review) == [("ForgetRequested", "done", "")])
    assert stack.matcher.notes() == ["ForgetRequested k1"]


def test_a_killed_workers_job_is_taken_up_again_within_five_seconds(stack: Stack) -> None:
    stack.start("review", "matcher")
    (stack.settings.home / "slow").write_text("60")
    stack.review.send(forget())
    eventually((stack.settings.home / "busy").exists)
    (stack.settings.home / "slow").unlink()
    stack.kill("matcher")
    stack.start("matcher")
    took = eventually(lambda: stack.matcher.notes() == ["ForgetRequested k1"])
    assert took < 5 + 2  # two seconds for the new process itself to start


def test_what_was_committed_is_sent_though_the_sender_died_before_sending(stack: Stack) -> None:
    stack.review.send(forget())
    assert stack.outbox(stack.review) == [("ForgetRequested", "waiting", "")]
    stack.start("review", "matcher")
    eventually(lambda: stack.matcher.notes() == ["ForgetRequested k1"])


def test_a_queue_server_that_lost_everything_loses_nothing(stack: Stack) -> None:
    stack.start("review")
    id_ = stack.review.send(forget())[0]
    eventually(lambda: stack.review.room.queue.whereabouts(id_) == "waiting")
    stack.review.room.queue.connection.flushall()
    stack.start("matcher")
    eventually(lambda: stack.matcher.notes() == ["ForgetRequested k1"])


def test_a_failing_handler_is_tried_again_and_applied_once(stack: Stack) -> None:
    (stack.settings.home / "broken").touch()
    stack.start("review", "matcher")
    stack.review.send(forget())
    eventually(lambda: any(reason == "RuntimeError" for _, _, reason in stack.outbox(stack.review)))
    (stack.settings.home / "broken").unlink()
    eventually(lambda: stack.outbox(stack.review)[0][1] == "done")
    assert stack.matcher.notes() == ["ForgetRequested k1"]


def test_a_job_that_names_another_function_or_carries_a_callback_is_kept_and_never_run(stack: Stack) -> None:
    stack.start("matcher")
    planted = PlainQueue(
        queue_name("matcher"), connection=stack.review.room.queue.connection, serializer=JSONSerializer
    )
    marker = stack.settings.home / "owned"
    planted.enqueue_call("os.system", args=(f"touch {marker}",))
    eventually(lambda: stack.refusals(stack.matcher) == ["not_an_envelope"])
    assert not marker.exists()


def test_a_message_by_the_wrong_sender_or_with_a_broken_signature_is_kept_and_never_applied(stack: Stack) -> None:
    stack.start("matcher", "review")
    now = datetime.now(UTC)
    wrong = close(SearchRefused("s1", "expired"), stack.review.room.keys, "matcher", 1, now)
    stack.review.room.queue.put(wrong)
    torn = close(forget(), stack.review.room.keys, "matcher", 1, now)
    stack.review.room.queue.put_text("matcher", torn.id, torn.text().replace('"subject":"k1"', '"subject":"k2"'))
    eventually(lambda: sorted(stack.refusals(stack.matcher)) == ["bad_signature", "wrong_sender"])
    assert stack.matcher.notes() == []


def test_a_message_delivered_twice_has_one_effect(stack: Stack) -> None:
    envelope = close(forget(), stack.review.room.keys, "matcher", 1, datetime.now(UTC))
    with stack.matcher.app.app_context():
        outcomes = [stack.matcher.room.bus.receive(envelope.text(), stack.matcher.handlers) for _ in range(2)]
    assert outcomes == ["applied", "applied"]
    assert stack.matcher.notes() == ["ForgetRequested k1"]


def test_the_queue_server_killed_and_started_again_goes_on_where_it_was(settings: Settings) -> None:
    server = valkey.start(settings.home / "valkey")
    stack = Stack(settings)
    stack.start("review", "matcher")
    try:
        stack.review.send(forget("a"))
        eventually(lambda: stack.matcher.notes() == ["ForgetRequested a"])
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        stack.review.send(forget("b"))
        server = valkey.start(settings.home / "valkey")
        eventually(lambda: stack.matcher.notes() == ["ForgetRequested a", "ForgetRequested b"], within=40)
    finally:
        for process in (*stack.processes.values(), server):
            process.kill()
            process.wait()


def test_a_room_sends_itself_messages_in_order(stack: Stack) -> None:
    stack.review.send(*(EnrolmentAsked("c1") for _ in range(5)))
    stack.start("review")
    eventually(lambda: len(stack.review.notes()) == 5)


def test_a_refused_message_is_kept_on_both_sides_and_its_subject_goes_on(stack: Stack) -> None:
    stack.start("review", "matcher")
    (stack.settings.home / "refuse").touch()
    stack.review.send(ProbeClosed("s1", "rejected", None))
    eventually(lambda: stack.outbox(stack.review) == [("ProbeClosed", "refused", "as_the_test_asks")])
    (stack.settings.home / "refuse").unlink()
    stack.review.send(ProbeClosed("s1", "confirmed", "k"))
    eventually(lambda: stack.matcher.notes() == ["ProbeClosed s1"])
    assert stack.refusals(stack.matcher) == ["as_the_test_asks"]


def test_an_old_answer_played_again_changes_nothing(stack: Stack) -> None:
    id_ = stack.review.send(forget())[0]
    now = datetime.now(UTC)
    answer = close(Acknowledged(id_, "failed", "Test"), stack.matcher.room.keys, "review", 0, now).text()
    rows = stack.review.room.bus.outbox.rows
    with stack.review.app.app_context():
        for _ in range(3):
            stack.review.room.bus.receive(answer, stack.review.handlers)
        assert stack.review.db.session.execute(select(rows.c.attempts)).scalar_one() == 1


def test_a_message_that_comes_early_waits_for_the_one_before_it(stack: Stack) -> None:
    keys, now = stack.review.room.keys, datetime.now(UTC)
    first, second = (close(ProbeClosed("s1", outcome, None), keys, "matcher", number, now)
                     for number, outcome in enumerate(("rejected", "confirmed"), 1))  # fmt: skip
    with stack.matcher.app.app_context():
        bus, handlers = stack.matcher.room.bus, stack.matcher.handlers
        outcomes = [bus.receive(envelope.text(), handlers) for envelope in (second, first, second, first)]
    assert outcomes == ["failed", "applied", "applied", "applied"]
    assert stack.matcher.notes() == ["ProbeClosed s1"] * 2


def test_after_a_forget_whatever_comes_late_is_not_applied(stack: Stack) -> None:
    keys, now = stack.review.room.keys, datetime.now(UTC)
    enrol = close(EnrolRequested("k1", ()), keys, "matcher", 1, now)
    last = close(forget(), keys, "matcher", 2, now)
    with stack.matcher.app.app_context():
        for envelope in (last, enrol):
            assert stack.matcher.room.bus.receive(envelope.text(), stack.matcher.handlers) == "applied"
    assert stack.matcher.notes() == ["ForgetRequested k1"]


def test_a_message_of_an_unknown_version_is_kept_and_asked_for_again(stack: Stack) -> None:
    keys = stack.review.room.keys
    newer = replace(close(forget(), keys, "matcher", 1, datetime.now(UTC)), version=2)
    newer = replace(newer, signature=keys.sign(newer.signed_bytes()))
    with stack.matcher.app.app_context():
        assert stack.matcher.room.bus.receive(newer.text(), stack.matcher.handlers) == "failed"
    assert stack.refusals(stack.matcher) == ["unknown_version"]
