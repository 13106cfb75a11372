"""What every door has: one error shape, safe headers, no writes from other sites, limits, probes, languages."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask_babel import gettext
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.middleware.proxy_fix import ProxyFix

from shared import web
from shared.config import Settings
from shared.errors import ConfigError
from shared.language import speak
from shared.problems import Problem, answer_errors, render, titles, wants_json
from shared.web.times import tell_times

__all__ = ["Problem", "open_door", "wants_json"]

MAX_FORM_BYTES = 1024 * 1024
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
POLICY = (
    "default-src 'none'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}
_WEB = Path(__file__).parent / "web"

Check = Callable[[], None]


def open_door(app: Flask, settings: Settings, room: str) -> None:
    """Makes an app a door of the house. `app.extensions["readiness"]` takes further named checks."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_FORM_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM_BYTES
    app.config["MAX_FORM_PARTS"] = 300
    if settings.public_url(room).startswith("https://"):
        # TLS ends at a proxy of the operator's, which says who asked; the doors themselves listen on loopback alone.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.extensions["readiness"] = {"database": _database_answers, "queue": _queue_answers}
    answer_errors(app)
    for kind in (OperationalError, PoolTimeout, ConfigError):
        app.register_error_handler(kind, _not_now)
    speak(app)
    tell_times(app)
    app.context_processor(lambda: {"door": room, "exercise": settings.exercise, "public_url": settings.public_url})
    app.before_request(_refuse_other_sites)
    app.after_request(_private if room in ("ingest", "review") else _public)
    app.register_blueprint(_house())


def _not_now(error: Exception) -> Response:
    """The database cannot be reached or is too busy, or a part of this door is not set up."""
    current_app.logger.error("a request found no answer: %s: %s", type(error).__name__, str(error).partition("\n")[0])
    return render(Problem(503, *titles()[503], headers={"Retry-After": "30"}))


def _house() -> Blueprint:
    """The look that all doors share, and the probes of an operator."""
    house = Blueprint(
        "house", __name__, static_folder=_WEB / "static", static_url_path="/assets", template_folder=_WEB / "templates"
    )

    @house.get("/assets/base.css")
    def base_css() -> Response:
        response = Response(web.base_css(), mimetype="text/css")
        response.cache_control.max_age = 3600
        return response

    @house.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @house.get("/readyz")
    def readyz() -> tuple[Response, int]:
        checks: dict[str, Check] = current_app.extensions["readiness"]
        found = {name: _holds(name, check) for name, check in checks.items()}
        ready = all(found.values())
        return jsonify(ready=ready, checks=found), 200 if ready else 503

    return house


def _holds(name: str, check: Check) -> bool:
    try:
        check()
    except Exception as error:
        current_app.logger.warning("%s is not ready: %s", name, type(error).__name__)
        return False
    return True


def _database_answers() -> None:
    db = current_app.extensions["sqlalchemy"]
    db.session.execute(text("SELECT 1"))
    db.session.rollback()


def _queue_answers() -> None:
    current_app.extensions["homeward"].room.queue.connection.ping()


def _refuse_other_sites() -> None:
    """A write that a browser sends for another site is refused; programs, which say no site, are not browsers."""
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = site not in (None, "same-origin", "none")
    if site is None and origin is not None:
        foreign = urlsplit(origin).netloc != request.host
    if foreign:
        detail = gettext("Please open our own page and send it from there.")
        raise Problem(403, gettext("This came from another website"), detail)


def _private(response: Response) -> Response:
    """Nothing that a family or an officer sees stays in a cache."""
    if request.endpoint not in ("house.static", "house.base_css", "static"):
        response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    return _public(response)


def _public(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
