"""The pass of an unfinished report: a cookie for this browser session, sent to the report's own pages alone."""

from typing import TypeVar

from flask import request
from werkzeug.wrappers import Response

from services.ingest.draftkey import DraftKey, read_pass, write_pass
from services.ingest.views.context import tools

COOKIE, PATH = "draft", "/report"
Answer = TypeVar("Answer", bound=Response)


def current() -> DraftKey | None:
    """The key that this browser carries."""
    room = tools().room
    text = request.cookies.get(COOKIE, "")
    return read_pass(text, room.clock(), room.keys) if text else None


def give(answer: Answer, key: DraftKey) -> Answer:
    """Lets this browser go on with the report until it is closed."""
    room = tools().room
    text = write_pass(key, room.clock(), room.keys)
    answer.set_cookie(COOKIE, text, path=PATH, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def forget(answer: Answer) -> Answer:
    answer.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer
