"""How a room acts and answers: a Work is one transaction with its messages, a Bus opens Works and takes messages in."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from shared import envelope as envelopes
from shared import inbox, outbox
from shared.envelope import Envelope
from shared.errors import Refused
from shared.keys import RoomKeys
from shared.messages import Acknowledged, Message
from shared.queue import Queue
from shared.routes import FINAL, ROUTES, acknowledgements

log = logging.getLogger("homeward.bus")


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Work:
    """One transaction: rows, messages, and what to do once they are committed."""

    session: Session
    now: datetime
    keys: RoomKeys
    box: outbox.OutboxTables
    message_id: str | None = None
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    def publish(self, message: Message) -> str:
        """Writes the sealed, signed message to the outbox of this transaction; returns its id."""
        sender, receiver = ROUTES[type(message)]
        if sender != self.keys.room:
            raise Refused(f"{self.keys.room} may not send {type(message).__name__}")
        sequence = outbox.next_sequence(self.session, self.box, receiver, message.subject)
        envelope = envelopes.close(message, self.keys, receiver, sequence, self.now)
        outbox.write(self.session, self.box, envelope, self.now)
        return envelope.id

    def after_commit(self, act: Callable[[], None]) -> None:
        """`act` runs once the transaction is safe; its failure is logged and undoes nothing."""
        self.afterwards.append(act)


_NOT_YET = ("unknown_type", "unknown_version")
"""Refusals that an upgrade of this room may lift: the sender is asked to send again."""

Handler = Callable[[Message, Work], None]


class Bus:
    """A room's side of the bus. Needs an application context: it works in the room's `db.session`.

    `discard` is told of each message that no handler will see, since it was taken before or its subject has ended.
    """

    def __init__(
        self,
        db: SQLAlchemy,
        keys: RoomKeys,
        queue: Queue,
        clock: Callable[[], datetime] = utc_now,
        discard: Callable[[Message], None] = lambda message: None,
    ) -> None:
        self.db = db
        self.keys = keys
        self.queue = queue
        self.clock = clock
        self.discard = discard
        self.outbox = outbox.tables(db.metadata)
        self.inbox = inbox.tables(db.metadata)

    @contextmanager
    def work(self, message_id: str | None = None) -> Iterator[Work]:
        """A fresh transaction that writes. Commits at the end, rolls back on an exception, then nudges the relay."""
        session: Session = self.db.session()
        if session.info.get("working"):
            raise RuntimeError("a Work is already open in this session")
        session.rollback()
        session.connection(execution_options={"writes": True})
        work = Work(session, self.clock(), self.keys, self.outbox, message_id)
        session.info["working"] = True
        try:
            yield work
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["working"] = False
        for act in work.afterwards:
            try:
                act()
            except Exception as error:
                log.warning("after commit: %s", type(error).__name__)
        self.queue.nudge(self.keys.room)

    def receive(self, text: object, handlers: Mapping[type[Message], Handler]) -> str:
        """Takes one envelope off the queue: applied, failed or refused; the sender is told, where it is one."""
        try:
            envelope = envelopes.parse(text)
            envelopes.verify(envelope, self.keys)
        except Refused as refusal:
            self.keep_refused(text, refusal.reason)
            return "refused"
        if envelope.type == Acknowledged.__name__:
            return self._settle(text, envelope)
        outcome, reason = self._apply(text, envelope, handlers)
        self._acknowledge(envelope, outcome, reason)
        return outcome

    def _apply(self, text: object, envelope: Envelope, handlers: Mapping[type[Message], Handler]) -> tuple[str, str]:
        try:
            self._take(envelope, handlers)
        except Refused as refusal:
            self.keep_refused(text, refusal.reason)
            if refusal.reason in _NOT_YET:
                return "failed", refusal.reason
            self._pass_over(envelope)
            return "refused", refusal.reason
        except Exception as error:
            # Only the kind of error: its text may hold what the message said.
            log.warning("%s %s failed: %s", envelope.type, envelope.id, type(error).__name__, exc_info=_debug())
            return "failed", type(error).__name__
        return "applied", ""

    def _take(self, envelope: Envelope, handlers: Mapping[type[Message], Handler]) -> None:
        message = envelopes.unseal(envelope, self.keys)
        kind = type(message)
        if ROUTES.get(kind) != (envelope.sender, self.keys.room):
            raise Refused("wrong_sender")
        with self.work(envelope.id) as work:
            if inbox.admit(work.session, self.inbox, envelope, final=kind in FINAL, now=work.now):
                handlers[kind](message, work)
            else:
                work.after_commit(lambda: self.discard(message))

    def _pass_over(self, envelope: Envelope) -> None:
        """Lets the subject of a message that was refused for good go on."""
        try:
            with self.work() as work:
                inbox.admit(work.session, self.inbox, envelope, final=False, now=work.now, outcome="refused")
        except (Refused, inbox.Early):
            return

    def _settle(self, text: object, envelope: Envelope) -> str:
        try:
            answer = envelopes.unseal(envelope, self.keys)
            if not isinstance(answer, Acknowledged) or envelope.sender not in _receivers(self.keys.room):
                raise Refused("wrong_sender")
            at = datetime.fromisoformat(envelope.sent_at)
        except (Refused, ValueError) as error:
            self.keep_refused(text, error.reason if isinstance(error, Refused) else "malformed")
            return "refused"
        settled = outbox.Answer(answer.message_id, envelope.sender, answer.outcome, answer.reason, at)
        with self.work() as work:
            outbox.settle(work.session, self.outbox, settled, work.now)
        return "applied"

    def _acknowledge(self, envelope: Envelope, outcome: str, reason: str) -> None:
        if envelope.sender not in acknowledgements(self.keys.room):
            return
        answer = Acknowledged(envelope.id, outcome, reason[:200])  # type: ignore[arg-type]
        self.queue.put(envelopes.close(answer, self.keys, envelope.sender, 0, self.clock()))

    def keep_refused(self, text: object, reason: str) -> None:
        """Records and keeps what was refused."""
        log.warning("refused a message: %s", reason)
        with self.work() as work:
            inbox.keep_refused(work.session, self.inbox, text, reason, work.now)


def _receivers(room: str) -> set[str]:
    return {receiver for sender, receiver in ROUTES.values() if sender == room}


def _debug() -> bool:
    return log.isEnabledFor(logging.DEBUG)
