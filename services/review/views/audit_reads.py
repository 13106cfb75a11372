"""Reading what is personal is recorded too: who looked at which case, photograph or list, and why they could.

It is recorded before the answer leaves; if it cannot be, there is no answer. Who looks at the same thing again within
ten minutes, as pages with several parts do, has looked once.
"""

import threading
import time
from collections import OrderedDict

from flask import Response, current_app, g, request

from services.review import audit
from services.review.people.rules import READS
from services.review.subjects import Subject
from services.review.views.context import tools

AGAIN_S = 600.0
_REMEMBERED = 20_000
_KINDS = {
    "case_id": "case",
    "candidate_id": "candidate",
    "draft_id": "draft",
    "photo_id": "photo",
    "officer_id": "person",
    "removal_id": "removal",
}

Look = tuple[str, ...]


class Seen:
    """What was looked at in the last ten minutes, by this web process. It forgets the oldest when there are too many:
    then a look is recorded once more, never once less."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at: OrderedDict[Look, float] = OrderedDict()

    def is_new(self, look: Look) -> bool:
        now = time.monotonic()
        with self._lock:
            last = self._at.get(look)
            if last is not None and now - last < AGAIN_S:
                return False
            self._at.pop(look, None)
            self._at[look] = now
            while len(self._at) > _REMEMBERED:
                self._at.popitem(last=False)
        return True


def reads(act: str, text: str) -> None:
    """Says of this request what it reads, where the route's own act says too little."""
    g.reads = (act, text)


def also(subject: Subject) -> None:
    """Says of this request that it reads this too, besides what the address names first."""
    g.reads_too = (*g.get("reads_too", ()), subject)


def note(response: Response) -> Response:
    """After each request that looked at something personal, or was refused it."""
    act = g.get("wanted", "")
    if request.method != "GET" or act not in READS or g.get("officer") is None:
        return response
    if response.status_code not in (200, 403):
        return response
    refused = response.status_code == 403
    given, text = g.get("reads", (act, ""))
    for subject in (_subject(), *g.get("reads_too", ())):
        look = (g.identity.session_id, given, subject.kind, subject.id, text, str(refused))
        if given != act or _seen().is_new(look):
            _record(given, subject, text or _why(subject), refused=refused)
    return response


def _record(act: str, subject: Subject, text: str, *, refused: bool) -> None:
    with tools().room.bus.work() as work:
        audit.record(work, tools(), g.officer.id, act, subject, text, refused=refused)


def _seen() -> Seen:
    found: Seen = current_app.extensions["seen"]
    return found


def _subject() -> Subject:
    """What the address names; a list is itself the subject."""
    for name, value in (request.view_args or {}).items():
        if name in _KINDS:
            return Subject(_KINDS[name], str(value))
    return Subject("list", str(request.endpoint)[:64])


def _why(subject: Subject) -> str:
    """Why the reader could: by an hour's access, else by role and jurisdiction, which goes without saying."""
    return "by an hour's access" if subject.kind == "case" and subject.id in g.officer.cases else ""
