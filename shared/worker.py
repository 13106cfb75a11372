"""The queue process of a room: a worker that delivers, a relay that sends, a pulse that takes over from the dead."""

import contextlib
import functools
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import redis
from flask import Flask
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer

from shared import outbox
from shared.bus import Bus, Handler
from shared.errors import Refused
from shared.keys import random_id
from shared.messages import Message
from shared.queue import EnvelopeJob, Queue

log = logging.getLogger("homeward.worker")

PULSE_S = 0.5
HEARTBEAT_TTL_S = 3
LOOK_AGAIN_S = 5
Every = Sequence[tuple[float, Callable[[], object]]]


class RoomWorker(SimpleWorker):
    """RQ's in-process worker, presumed dead three seconds after its last heartbeat. `stopped`: it was told to end."""

    stopped = False

    def request_stop(self, signum: Any, frame: Any) -> None:
        self.stopped = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        return HEARTBEAT_TTL_S

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """A failure keeps no traceback and no payload: only its kind is logged."""
        kind = exc_info[0].__name__ if exc_info and exc_info[0] else "unknown"
        log.warning("job %s failed: %s", job.id, kind)

    def handle_job_failure(
        self, job: Job, queue: Any, started_job_registry: Any = None, exc_string: str = "", execution: Any = None
    ) -> None:
        super().handle_job_failure(job, queue, started_job_registry, "", execution)


class Relay:
    """Sends what is due in a room's outbox."""

    def __init__(self, app: Flask, bus: Bus, queue: Queue) -> None:
        self.app = app
        self.bus = bus
        self.queue = queue

    def run(self) -> None:
        """Forever: waits for a nudge (or half a second), then sends. Outlives a queue or database that is away."""
        while True:
            try:
                self.queue.wait_for_nudge(self.bus.keys.room, PULSE_S)
                self.send_due()
            except Exception as error:
                log.warning("relay: %s", type(error).__name__)
                time.sleep(PULSE_S)

    def send_due(self) -> int:
        """Sends what is due; returns how many rows it looked at."""
        with self.app.app_context():
            session = self.bus.db.session()
            rows = outbox.due(session, self.bus.outbox, self.bus.clock())
            session.rollback()
            for id_, receiver, sends, text in rows:
                self._send(id_, receiver, sends, text)
            return len(rows)

    def _send(self, id_: str, receiver: str, sends: int, text: str) -> None:
        found = self.queue.whereabouts(id_) if sends else "gone"
        if found == "gone" and not self.queue.put_text(receiver, id_, text):
            raise redis.ConnectionError("not sent")
        with self.bus.work() as work:
            if found == "died":
                answer = outbox.Answer(id_, receiver, "died", "worker_died", work.now)
                outbox.settle(work.session, self.bus.outbox, answer, work.now)
                return
            later = work.now + timedelta(seconds=LOOK_AGAIN_S)
            outbox.sent(work.session, self.bus.outbox, id_, later, again=found == "waiting")


class Pulse:
    """Twice a second: keeps this worker's job alive, and puts the jobs of dead workers back on the queue."""

    def __init__(self, executions: Callable[[], list[Execution]], queue: Queue, room: str) -> None:
        self.executions = executions
        self.rq_queue = queue.of(room)
        self.registry = StartedJobRegistry(queue=self.rq_queue, job_class=EnvelopeJob)
        self.between = IntermediateQueue(self.rq_queue.key, self.rq_queue.connection)
        self.seen: dict[str, float] = {}

    def run(self) -> None:
        while True:
            try:
                self.beat()
            except Exception as error:
                log.warning("pulse: %s", type(error).__name__)
            time.sleep(PULSE_S)

    def beat(self) -> None:
        for execution in self.executions():
            with self.rq_queue.connection.pipeline() as pipeline:
                execution.heartbeat(self.registry, HEARTBEAT_TTL_S, pipeline=pipeline)
                pipeline.execute()
        self.registry.cleanup()
        self._rescue_between()

    def _rescue_between(self) -> None:
        """A worker that died between taking a job and starting it leaves the job in RQ's intermediate list."""
        now = time.monotonic()
        stuck = [id_ for id_ in self.between.get_job_ids() if id_ not in self._working_on()]
        self.seen = {id_: self.seen.get(id_, now) for id_ in stuck}
        for id_, since in self.seen.items():
            if now - since > HEARTBEAT_TTL_S:
                self._put_back(id_)

    def _put_back(self, id_: str) -> None:
        """In one transaction: a job that is in no list would never be seen again. One without a hash is dropped."""
        with self.rq_queue.connection.pipeline() as pipeline:
            pipeline.lrem(self.between.key, 1, id_)
            if EnvelopeJob.exists(id_, self.rq_queue.connection):
                self.rq_queue.push_job_id(id_, pipeline=pipeline, at_front=True)
            pipeline.execute()

    def _working_on(self) -> set[str]:
        return {execution.job_id for execution in self.executions()}


def run_worker(
    app: Flask, bus: Bus, queue: Queue, handlers: Mapping[type[Message], Handler], every: Every = ()
) -> None:
    """Works for ever: delivers the room's messages, relays its outbox, and runs each of `every` (seconds, act)."""
    room, job_class = bus.keys.room, _job_class(app, bus, handlers)
    working: list[RoomWorker] = []

    def executions() -> list[Execution]:
        return [execution for worker in working for execution in list(worker.executions.values())]

    loops: list[Callable[[], None]] = [Relay(app, bus, queue).run, Pulse(executions, queue, room).run]
    loops += [_repeat(app, seconds, act) for seconds, act in every]
    for loop in loops:
        threading.Thread(target=loop, daemon=True).start()
    while not (working and working[0].stopped):
        why = _work(working, lambda: _worker(queue, room, job_class))
        if not (working and working[0].stopped):
            log.warning("the worker went down (%s); starting another", why)
            with contextlib.suppress(StopRequested, redis.RedisError):  # told to stop while it waits
                time.sleep(PULSE_S)


def _work(working: list[RoomWorker], make: Callable[[], RoomWorker]) -> str:
    """Works with a fresh worker, the only one in `working`, until it ends; answers why it did.

    RQ's own worker also ends when the queue server fails it in the middle of a job, and none can be made while that
    server is away.
    """
    try:
        working[:] = [make()]
        working[0].work(with_scheduler=False, logging_level="CRITICAL")
    except redis.RedisError as error:
        return type(error).__name__
    return "it ended"


def _worker(queue: Queue, room: str, job_class: type[EnvelopeJob]) -> RoomWorker:
    """A fresh worker under a name of its own, since a dead one's name is taken until its key expires."""
    return RoomWorker(
        [queue.of(room)],
        name=f"{room}-{random_id()}",
        connection=queue.connection,
        job_class=job_class,
        serializer=JSONSerializer,
        default_result_ttl=0,
        log_job_description=False,
    )


def _job_class(app: Flask, bus: Bus, handlers: Mapping[type[Message], Handler]) -> type[EnvelopeJob]:
    """The job that delivers to this room; a job that is anything else is kept as refused and never run."""

    class RoomJob(EnvelopeJob):
        @property
        def func(self) -> Any:
            try:
                return super().func
            except Refused as refusal:
                return functools.partial(self.refuse, refusal.reason)

        def refuse(self, reason: str, *_: Any, **__: Any) -> str:
            with app.app_context():
                bus.keep_refused(f"{self.func_name} {self.args!r}" if self.func_name else repr(self.data), reason)
            return "refused"

        @staticmethod
        def deliver(text: str) -> str:
            try:
                with app.app_context():
                    return bus.receive(text, handlers)
            except Exception as error:
                # Not even the failure could be noted (the database is away): unanswered, it will be sent again.
                log.warning("a message was not taken: %s", type(error).__name__)
                return "failed"

    return RoomJob


def _repeat(app: Flask, seconds: float, act: Callable[[], object]) -> Callable[[], None]:
    def loop() -> None:
        while True:
            time.sleep(seconds)
            try:
                with app.app_context():
                    act()
            except Exception as error:
                log.warning("%s: %s", getattr(act, "__name__", "periodic act"), type(error).__name__)

    return loop
