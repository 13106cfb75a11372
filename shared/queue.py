"""The queue: RQ on Redis or Valkey. A job is one function name and one envelope; everything else in it is ignored.

RQ only carries. Retrying, order and giving up are the outbox's (docs/decisions/0002).
"""

import logging
from typing import Any

import redis
from redis import Redis
from rq import Queue as RqQueue
from rq import Retry
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from shared.envelope import Envelope
from shared.errors import Refused
from shared.routes import queue_name

log = logging.getLogger("homeward.queue")

DELIVER = "shared.bus.deliver"
JOB_TIMEOUT_S = 180
DEATHS_ALLOWED = 3
"""How many workers may die over one message before it is given up."""

_ON_ITS_WAY = (JobStatus.QUEUED, JobStatus.STARTED, JobStatus.SCHEDULED, JobStatus.DEFERRED)


class EnvelopeJob(Job):
    """A job that can only deliver an envelope: nothing in its hash is imported, called back, repeated or fetched."""

    @property
    def func(self) -> Any:
        """The delivery function of this process, for a job that is nothing but an envelope. Raises Refused."""
        plain = self.func_name == DELIVER and self.instance is None and not self.kwargs
        if not plain or len(self.args) != 1 or not isinstance(self.args[0], str):
            raise Refused("not_an_envelope")
        return self.deliver

    @staticmethod
    def deliver(text: str) -> str:
        """Replaced by the worker with its room's own delivery."""
        raise Refused("no_receiver")

    def restore(self, raw_data: Any) -> Any:
        super().restore(raw_data)
        self._forget_extras()

    def _forget_extras(self) -> None:
        for name in ("success", "failure", "stopped"):
            setattr(self, f"_{name}_callback_name", None)
            setattr(self, f"_{name}_callback", None)
        self.webhooks = []
        self._dependency_ids = []
        self.repeats_left = None
        self.repeat_intervals = None
        self.group_id = None
        self.rate_limit_key = None
        self.rate_limit_concurrency = None
        self.retry_intervals = None
        self.timeout = JOB_TIMEOUT_S
        self.result_ttl = 0
        self.meta = {}

    def send_webhooks(self, status: Any, *, exc_string: str | None = None) -> None:
        """No job of ours has webhooks."""


class Queue:
    """The queue server, as a room sees it."""

    def __init__(self, connection: Redis) -> None:
        self.connection = connection

    def of(self, room: str) -> RqQueue:
        return RqQueue(queue_name(room), connection=self.connection, serializer=JSONSerializer, job_class=EnvelopeJob)

    def put(self, envelope: Envelope) -> bool:
        """Puts an envelope on its receiver's queue; False if the server cannot be reached now."""
        return self.put_text(envelope.receiver, envelope.id, envelope.text())

    def put_text(self, receiver: str, id_: str, text: str) -> bool:
        try:
            self.of(receiver).enqueue_call(
                DELIVER,
                args=(text,),
                job_id=id_,
                timeout=JOB_TIMEOUT_S,
                result_ttl=0,
                failure_ttl=86_400,
                retry=Retry(max=DEATHS_ALLOWED - 1),
                description=id_,
                unique=True,
            )
        except DuplicateJobError:
            return True
        except redis.RedisError as error:
            log.warning("the queue cannot be reached: %s", type(error).__name__)
            return False
        return True

    def whereabouts(self, id_: str) -> str:
        """`waiting` on the queue or under work, `died` with its workers, or `gone`. Raises redis.RedisError."""
        try:
            job = EnvelopeJob.fetch(id_, connection=self.connection, serializer=JSONSerializer)
        except NoSuchJobError:
            return "gone"
        status = job.get_status(refresh=False)
        if status in _ON_ITS_WAY:
            return "waiting"
        job.delete()
        return "died" if status == JobStatus.FAILED else "gone"

    def nudge(self, room: str) -> None:
        """Wakes the room's relay; a missed nudge costs half a second."""
        try:
            pipe = self.connection.pipeline()
            pipe.lpush(f"{queue_name(room)}-nudge", "1")
            pipe.ltrim(f"{queue_name(room)}-nudge", 0, 0)
            pipe.execute()
        except redis.RedisError as error:
            log.info("no nudge: %s", type(error).__name__)

    def wait_for_nudge(self, room: str, seconds: float) -> None:
        """Returns when nudged or after `seconds`. Raises redis.RedisError."""
        self.connection.blpop([f"{queue_name(room)}-nudge"], timeout=seconds)
