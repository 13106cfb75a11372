"""The queue: RQ on Redis or Valkey. A job is one function name and one envelope; everything else in it is ignored.

RQ only carries. Retrying, order and giving up are the outbox's (docs/decisions/0002).
"""

import logging
from typing import Any

import redis
from redis import Redis
from rq import Queue as RqQueue
from rq import Retry
from rq.exceptions import DeserializationError, DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer
from rq.utils import decode_redis_hash

from shared.envelope import Envelope
from shared.errors import Refused
from shared.routes import queue_name

log = logging.getLogger("homeward.queue")

DELIVER = "shared.bus.deliver"
JOB_TIMEOUT_S = 180
DEATHS_ALLOWED = 3
"""How many workers may die over one message before it is given up."""
FAILED_KEPT_S = 86_400
_READ = ("data", "origin", "status", "retries_left")
"""All that is read of a job: callbacks, webhooks, dependencies, repeats and limits are not even looked at."""

_ON_ITS_WAY = (JobStatus.QUEUED, JobStatus.STARTED, JobStatus.SCHEDULED, JobStatus.DEFERRED)


class EnvelopeJob(Job):
    """A job that can only deliver an envelope: nothing in its hash is imported, called back, repeated or fetched."""

    @property
    def func(self) -> Any:
        """The delivery function of this process, for a job that is nothing but an envelope. Raises Refused."""
        plain = self.func_name == DELIVER and self.instance is None and not self.kwargs
        if not plain or not isinstance(self.args, list) or [type(item) for item in self.args] != [str]:
            raise Refused("not_an_envelope")
        return self.deliver

    @staticmethod
    def deliver(text: str) -> str:
        """Replaced by the worker with its room's own delivery."""
        raise Refused("no_receiver")

    def restore(self, raw_data: Any) -> Any:
        """Reads `_READ` of the job's hash and nothing else. Raises NoSuchJobError for one that holds no data."""
        stored = decode_redis_hash(raw_data)
        try:
            super().restore({name: stored[name] for name in _READ if name in stored})
        except ValueError:  # planted: no job of ours has such a number or state
            super().restore({"data": stored["data"]})
        self.timeout, self.result_ttl, self.failure_ttl = JOB_TIMEOUT_S, 0, FAILED_KEPT_S

    def _deserialize_data(self) -> None:
        try:
            super()._deserialize_data()  # type: ignore[no-untyped-call]
        except DeserializationError:  # not JSON, or not a job: `func` refuses it
            self._func_name, self._instance, self._args, self._kwargs = "", None, (), {}

    def dependencies_are_met(self, *_: Any, **__: Any) -> bool:
        """No job of ours waits for another: one that was planted so waits for ever."""
        return False

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
                failure_ttl=FAILED_KEPT_S,
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
            # A worker that outlived its job's hash leaves a stump behind, which would keep the job from coming again.
            self.connection.delete(EnvelopeJob.key_for(id_))
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
