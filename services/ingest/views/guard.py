"""Stands at the door: refuses what is too much before its body is read, and gives out passes."""

from datetime import datetime
from typing import cast

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from flask_babel import gettext

from services.ingest.guard import rules
from services.ingest.guard.passes import LASTS, USES, Pass
from services.ingest.guard.rules import Origin
from services.ingest.guard.watch import Watch
from shared.http import Problem

pages = Blueprint("guard", __name__)
COOKIE = "pass"
HOUR_S, DAY_S = 3600, 86_400


def stand_at(app: Flask) -> None:
    app.before_request(check)
    app.after_request(hand_out)


def check() -> None:
    """Looks at what comes with a body. Raises Problem with 411, 413, 429, 503 or 507."""
    if request.method not in ("POST", "PUT", "PATCH"):
        return
    if request.headers.get("Transfer-Encoding"):
        raise Problem(411, gettext("Please say how long this is"), gettext("Send it with a Content-Length."))
    size, most = request.content_length or 0, request.max_content_length
    if most is not None and size > most:
        raise Problem(413, gettext("This is too large to take"), gettext("Please send fewer or smaller photos."))
    _check_disk(size)
    origin = rules.origin(request.remote_addr or "")
    if origin is not None:
        _check_origin(origin, size)


@pages.get("/pass")
def ask() -> Response:
    """Whether a pass is needed now, and the puzzle that makes this reader's good at once."""
    origin, held = rules.origin(request.remote_addr or ""), _held() or _new()
    pressed = origin is not None and _watch().counters.is_pressed(origin)
    return jsonify(pressed=pressed, proven=held.proven, puzzle=_watch().office.puzzle(held, _now()))


@pages.post("/pass")
def prove() -> tuple[Response, int]:
    """Takes the solved puzzle, field `payload`."""
    held = _held()
    if held is None or not _watch().office.solved(held, request.form.get("payload", "")):
        return jsonify(proven=False), 422
    g.new_pass = Pass(held.id, held.given, proven=True)
    return jsonify(proven=True), 200


def hand_out(response: Response) -> Response:
    """Every reader of a page gets a pass with it, whose age says later how long they took to write."""
    given: Pass | None = g.pop("new_pass", None)
    if given is None and request.method == "GET" and response.mimetype == "text/html" and _held() is None:
        given = Pass.new(_now())
    if given is not None:
        response.set_cookie(
            COOKIE, _watch().office.write(given), max_age=int(LASTS.total_seconds()), httponly=True, samesite="Lax",
            secure=request.is_secure,
        )  # fmt: skip
    return response


def _check_disk(size: int) -> None:
    match rules.room_left(_watch().free(), size, _watch().floor):
        case "no_photos":
            detail = gettext("Please send it without photos: words still arrive. An officer will ask for the photos.")
            raise Problem(507, gettext("We cannot take photos at the moment"), detail)
        case "full":
            detail = gettext("Please call the police. They take your report by telephone, at any hour.")
            raise Problem(503, gettext("We cannot take anything at the moment"), detail, headers={"Retry-After": "600"})


def _check_origin(origin: Origin, size: int) -> None:
    counters = _watch().counters
    if not counters.may_carry(origin, rules.kilobytes(size)):
        raise _too_much(DAY_S)
    if request.method != "POST" or request.endpoint == "guard.prove":
        return
    if not counters.may_send(origin):
        raise _too_much(HOUR_S)
    if counters.pressed(origin):
        _check_pass()


def _check_pass() -> None:
    held = _held()
    wait = _watch().office.wait_s(held, _now())
    if held is None:
        g.new_pass = Pass.new(_now())
    elif not wait and _watch().counters.may_use(held.id, USES):
        return
    seconds = wait or HOUR_S
    detail = gettext(
        "Very much is arriving at the moment. Please wait %(seconds)s seconds, go back and send it again. "
        "If a child is in danger, call the emergency number now.", seconds=seconds,
    )  # fmt: skip
    raise Problem(429, gettext("Please send this again in a moment"), detail, headers={"Retry-After": str(seconds)})


def _too_much(seconds: int) -> Problem:
    detail = gettext(
        "Please try again later or over another network, or call the police. "
        "If a child is in danger, call the emergency number now."
    )
    return Problem(429, gettext("Too much has come from your network"), detail, headers={"Retry-After": str(seconds)})


def _new() -> Pass:
    g.new_pass = Pass.new(_now())
    return cast(Pass, g.new_pass)


def _held() -> Pass | None:
    return _watch().office.read(request.cookies.get(COOKIE, ""), _now())


def _now() -> datetime:
    return _watch().room.clock()


def _watch() -> Watch:
    return cast(Watch, current_app.extensions["watch"])
