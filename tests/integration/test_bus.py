"""The bus on the real queue and database: what is promised arrives, once, in order, whoever is killed."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from toystack import Stack, eventually, forget

from shared import valkey
from shared.config import Settings
from shared.envelope import close
from shared.messages import (
    Acknowledged,
    EnrolmentAsked,
    EnrolRequested,
    ProbeClosed,
    SearchRefused,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def stack(request: pytest.FixtureRequest, queue_server: Settings, postgres: Callable[[], str]) -> Iterator[Stack]:
    settings = queue_server
    if request.param == "postgresql":
        settings = replace(settings, review_database_url=postgres(), matcher_database_url=postgres())
    stack = Stack(settings)
    yield stack
    stack.end()


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


def test_a_killed_workers_job_is_taken_up_by_its_neighbour_within_five_seconds(stack: Stack) -> None:
    stack.start("review", "matcher")
    stack.processes["neighbour"] = stack.spawn("matcher")
    (stack.settings.home / "slow").write_text("60")
    stack.review.send(forget())
    eventually(lambda: (stack.settings.home / "busy").exists() and (stack.settings.home / "busy").read_text() != "")
    (stack.settings.home / "slow").unlink()
    os.kill(int((stack.settings.home / "busy").read_text()), signal.SIGKILL)
    assert eventually(lambda: stack.matcher.notes() == ["ForgetRequested k1"]) < 5


def test_a_worker_killed_between_commit_and_send_has_its_effect_and_its_message_once(stack: Stack) -> None:
    (stack.settings.home / "die after commit").touch()
    stack.start("review", "matcher")
    stack.review.send(forget())
    stack.processes["matcher"].wait()
    assert stack.matcher.notes() == ["ForgetRequested k1"]
    assert stack.outbox(stack.matcher) == [("ForgetCompleted", "waiting", "")]
    stack.start("matcher")
    eventually(lambda: stack.review.notes() == ["ForgetCompleted k1"])
    eventually(lambda: stack.outbox(stack.review) == [("ForgetRequested", "done", "")])
    assert stack.matcher.notes() == ["ForgetRequested k1"]


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
        stack.end()
        server.kill()
        server.wait()


def test_under_load_the_queue_server_may_be_killed_again_and_again(settings: Settings) -> None:
    server = valkey.start(settings.home / "valkey")
    stack = Stack(settings)
    stack.start("review", "matcher")
    subjects = [f"s{number}" for number in range(10)]
    try:
        for turn in range(1, 16):
            stack.review.send(*(ProbeClosed(subject, "rejected", f"{turn:02d}") for subject in subjects))
            if turn % 5 == 0:
                server.kill()
                server.wait()
                server = valkey.start(settings.home / "valkey")
        eventually(lambda: len(stack.matcher.notes()) >= 150, within=90)
        eventually(lambda: {state for _, state, _ in stack.outbox(stack.review)} == {"done"})
        assert all(process.poll() is None for process in stack.processes.values())
        in_order = [f"{turn:02d}" for turn in range(1, 16)]
        assert [stack.matcher.details(f"ProbeClosed {subject}") for subject in subjects] == [in_order] * 10
    finally:
        stack.end()
        server.kill()
        server.wait()


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


def test_a_refusal_whose_answer_was_lost_is_a_refusal_the_next_time(stack: Stack) -> None:
    text = close(ProbeClosed("s1", "rejected", None), stack.review.room.keys, "matcher", 1, datetime.now(UTC)).text()
    (stack.settings.home / "refuse").touch()
    with stack.matcher.app.app_context():
        assert stack.matcher.room.bus.receive(text, stack.matcher.handlers) == "refused"
        (stack.settings.home / "refuse").unlink()
        assert stack.matcher.room.bus.receive(text, stack.matcher.handlers) == "refused"
    assert stack.matcher.notes() == []


@pytest.mark.parametrize("text", ["\0", "\ud800", "x" * 100_000, "[" * 100_000, "{}", '{"id": 1}', "null"])
def test_whatever_lies_on_the_queue_is_kept_and_refused(stack: Stack, text: str) -> None:
    with stack.matcher.app.app_context():
        assert stack.matcher.room.bus.receive(text, stack.matcher.handlers) == "refused"
    assert stack.refusals(stack.matcher) == ["malformed"]


def test_a_stump_of_a_job_does_not_keep_its_message_from_coming(stack: Stack) -> None:
    (id_,) = stack.review.send(forget())
    stack.review.room.queue.connection.hset(f"rq:job:{id_}", "last_heartbeat", "now")
    stack.start("review", "matcher")
    eventually(lambda: stack.matcher.notes() == ["ForgetRequested k1"])


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


def test_a_worker_that_starts_while_the_queue_server_is_away_waits_for_it(settings: Settings) -> None:
    stack = Stack(settings)
    stack.start("review", "matcher")
    stack.review.send(forget())
    time.sleep(4)  # both have tried by now
    server = valkey.start(settings.home / "valkey")
    try:
        eventually(lambda: stack.matcher.notes() == ["ForgetRequested k1"])
        assert all(process.poll() is None for process in stack.processes.values())
    finally:
        stack.end()
        server.kill()
        server.wait()
