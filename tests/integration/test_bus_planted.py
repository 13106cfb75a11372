"""What a stranger plants in the queue, by RQ's own means: nothing of it is imported, called, fetched or repeated."""

import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from rq import Callback, Repeat, Webhook
from rq import Queue as PlainQueue
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer, PickleSerializer
from toystack import Stack, eventually, forget

from shared.config import Settings
from shared.envelope import close
from shared.queue import DELIVER, EnvelopeJob
from shared.routes import queue_name

CALLBACKS = {name: Callback("planted.run") for name in ("on_success", "on_failure", "on_stopped")}


@pytest.fixture
def stack(queue_server: Settings) -> Iterator[Stack]:
    """With a module `planted` in the workers' reach that leaves a mark when it is only imported."""
    stack = Stack(queue_server)
    mark = queue_server.home / "mark"
    code = f"from pathlib import Path\nPath({str(mark)!r}).touch()\ndef run(*a, **k):\n    raise SystemExit\n"
    (queue_server.home / "planted.py").write_text(code)
    yield stack
    stack.end()
    assert not mark.exists()


@pytest.fixture
def webhooks() -> Iterator[tuple[str, list[str]]]:
    """A server's address, and the paths that were asked of it."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def plain(stack: Stack, serializer: Any = JSONSerializer) -> PlainQueue:
    connection = stack.review.room.queue.connection
    return PlainQueue(queue_name("matcher"), connection=connection, serializer=serializer)


def a_delivery(stack: Stack, key: str) -> tuple[str]:
    return (close(forget(key), stack.review.room.keys, "matcher", 1, datetime.now(UTC)).text(),)


def jobs(stack: Stack) -> list[bytes]:
    """What there is for the matcher; its own answers to the desk are not meant."""
    connection = stack.review.room.queue.connection
    mine = queue_name("matcher").encode()
    return [
        key for key in connection.scan_iter("rq:job:*", _type="hash") if connection.hget(key, "origin") in (mine, None)
    ]


def test_a_delivery_with_callbacks_webhooks_and_repeats_is_a_delivery_and_no_more(
    stack: Stack, webhooks: tuple[str, list[str]]
) -> None:
    url, asked = webhooks
    hooks = [Webhook(url, "finished"), Webhook(url, "failed")]
    extras: dict[str, Any] = {**CALLBACKS, "webhooks": hooks, "repeat": Repeat(times=3), "result_ttl": 500}
    plain(stack).enqueue_call(DELIVER, a_delivery(stack, "k1"), meta={"name": "x"}, **extras)
    stack.start("matcher")
    eventually(lambda: stack.matcher.notes() == ["ForgetRequested k1"])
    eventually(lambda: jobs(stack) == [])
    assert asked == []
    assert stack.review.room.queue.of("matcher").scheduled_job_registry.get_job_ids() == []


def test_a_job_that_waits_for_one_of_ours_never_runs_and_harms_nothing(stack: Stack) -> None:
    (id_,) = stack.review.send(forget())
    stack.review.room.queue.put_text("matcher", id_, a_delivery(stack, "k1")[0])
    plain(stack).enqueue_call("planted.run", depends_on=id_, job_id="planted", **CALLBACKS)
    stack.start("matcher")
    eventually(lambda: stack.matcher.notes() == ["ForgetRequested k1"])
    eventually(lambda: jobs(stack) == [b"rq:job:planted"])
    assert stack.refusals(stack.matcher) == []


@pytest.mark.parametrize("serializer", [JSONSerializer, PickleSerializer])
def test_another_function_is_kept_and_never_run(stack: Stack, webhooks: tuple[str, list[str]], serializer: Any) -> None:
    url, asked = webhooks
    hooks = [Webhook(url, "finished"), Webhook(url, "failed")]
    plain(stack, serializer).enqueue_call("planted.run", ("a",), {"b": 1}, webhooks=hooks, **CALLBACKS)
    stack.start("matcher")
    eventually(lambda: stack.refusals(stack.matcher) == ["not_an_envelope"])
    eventually(lambda: jobs(stack) == [])
    assert asked == []


@pytest.mark.parametrize("args", [(), (1,), ("a", "b"), ([["nested"]],), ({"text": 1},)])
def test_a_delivery_of_anything_but_one_text_is_kept(stack: Stack, args: tuple[Any, ...]) -> None:
    plain(stack).enqueue_call(DELIVER, args)
    stack.start("matcher")
    eventually(lambda: stack.refusals(stack.matcher) == ["not_an_envelope"])


def abandoned(stack: Stack) -> str:
    """A job that says of itself that a worker died over it, and whom to call then."""
    queue = plain(stack)
    job = queue.enqueue_call("planted.run", job_id="abandoned", **CALLBACKS)
    queue.connection.lrem(queue.key, 0, job.id)
    queue.connection.hset(job.key, "status", "started")
    queue.connection.zadd(queue.started_job_registry.key, {f"{job.id}:1": 1})
    return str(job.id)


def test_an_abandoned_job_calls_nobody_when_it_is_cleaned_up(stack: Stack) -> None:
    id_ = abandoned(stack)
    stack.start("matcher")
    stack.review.send(forget())
    stack.start("review")
    eventually(lambda: stack.matcher.notes() == ["ForgetRequested k1"])
    eventually(lambda: plain(stack).connection.hget(f"rq:job:{id_}", "status") == b"failed")


def test_listing_a_registry_imports_nothing(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(stack.settings.home)
    abandoned(stack)
    queue = stack.review.room.queue.of("matcher")
    for registry in (queue.started_job_registry, StartedJobRegistry(queue=queue, job_class=EnvelopeJob)):
        assert registry.get_job_ids() == []
    assert queue.failed_job_registry.get_job_ids() == ["abandoned"]
    assert stack.review.room.queue.whereabouts("abandoned") == "died"
    assert "planted" not in sys.modules


@pytest.mark.parametrize("name", ["status", "retries_left", "timeout", "repeats_left", "created_at", "origin", "data"])
def test_a_job_of_nonsense_does_not_stop_the_worker(stack: Stack, name: str) -> None:
    queue = plain(stack)
    job = queue.enqueue_call("planted.run", **CALLBACKS)
    queue.connection.hset(job.key, name, b"\xff nonsense")
    stack.start("review", "matcher")
    stack.review.send(forget())
    eventually(lambda: stack.matcher.notes() == ["ForgetRequested k1"])
    eventually(lambda: stack.refusals(stack.matcher) == ["not_an_envelope"])
    assert stack.processes["matcher"].poll() is None
