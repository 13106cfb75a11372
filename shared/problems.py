"""One shape for every error: RFC 9457 problem+json for programs, a calm page for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_babel import gettext
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException, InternalServerError

from shared.errors import NotAllowed

JSON_PATHS = ("/api/", "/v1/")


class Problem(Exception):
    """An answer that is an error. `errors` are [{"pointer": "#/child/born", "detail": "…"}]; `extra` are members."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str = "",
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.extra = extra


def wants_json() -> bool:
    """Whether the asker is a program: by the path, else by what it accepts."""
    if request.path.startswith(JSON_PATHS):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best in ("application/json", "application/problem+json")


def answer_errors(app: Flask) -> None:
    """Every error of the app leaves it in our shape; what we did not foresee names nothing of itself."""
    app.register_error_handler(Problem, render)
    app.register_error_handler(ValidationError, lambda error: render(_of_validation(error)))
    app.register_error_handler(NotAllowed, lambda error: render(_of_rule(error)))
    app.register_error_handler(HTTPException, lambda error: render_http(error))


def render_http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()  # type: ignore[return-value]
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        current_app.logger.error("a request failed: %s", type(error.original_exception).__name__)
    known = titles()
    status = error.code or 500
    title, detail = known.get(status, known[500] if status >= 500 else known[400])
    skipped = ("content-type", "content-length")
    headers = {name: value for name, value in error.get_headers() if name.lower() not in skipped}
    return render(Problem(status, title, detail, headers=headers))


def render(problem: Problem) -> Response:
    """The answer to a Problem."""
    if wants_json():
        response = jsonify(_body(problem))
        response.content_type = "application/problem+json"
    else:
        page = render_template(
            "error.html", status=problem.status, title=problem.title, detail=problem.detail, errors=problem.errors
        )
        response = current_app.make_response(page)
    response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


def _body(problem: Problem) -> dict[str, Any]:
    body: dict[str, Any] = {"type": "about:blank", "title": problem.title, "status": problem.status}
    if problem.detail:
        body["detail"] = problem.detail
    if problem.errors:
        body["errors"] = problem.errors
    return body | problem.extra


def _of_validation(error: ValidationError) -> Problem:
    errors = [{"pointer": pointer, "detail": detail} for pointer, detail in pointers(error.messages)]
    return Problem(422, *titles()[422], errors)


def pointers(messages: Any, path: str = "#") -> Iterator[tuple[str, str]]:
    """(JSON pointer, text) of each of marshmallow's messages."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from pointers(inner, path if name == "_schema" else f"{path}/{name}")
    elif isinstance(messages, list):
        for inner in messages:
            yield from pointers(inner, path)
    else:
        yield path, str(messages)


def _of_rule(error: NotAllowed) -> Problem:
    status = {"not_permitted": 403, "not_found": 404}.get(error.reason, 409)
    title, detail = titles()[status]
    return Problem(status, title, detail, reason=error.reason)


def titles() -> dict[int, tuple[str, str]]:
    """Title and sentence of each status that a door answers with."""
    return {
        400: (gettext("We could not read this request"), gettext("Please check it and send it again.")),
        401: (gettext("Please log in"), gettext("Your log-in has ended, or you have not logged in yet.")),
        403: (gettext("You have no rights to this"), gettext("Someone with these rights can help you.")),
        404: (gettext("There is nothing at this address"), gettext("Please check the address.")),
        405: (gettext("This cannot be done here"), gettext("Please go back and use the page's own buttons.")),
        406: (gettext("We cannot answer in this form"), gettext("Please ask for one of the forms that we offer.")),
        409: (
            gettext("This cannot be done now"),
            gettext("Nothing was changed. Something may have changed since you opened the page; please look again."),
        ),
        413: (gettext("This is too much at once"), gettext("Please send less text, or fewer or smaller photos.")),
        415: (gettext("We cannot read this kind of content"), gettext("Please check what you send.")),
        422: (
            gettext("Please mend what is named below"),
            gettext("Nothing was changed. Please look at what is named below."),
        ),
        429: (gettext("Too many tries"), gettext("Please wait a few minutes and try again.")),
        503: (gettext("We cannot answer right now"), gettext("Nothing was lost. Please try again in a minute.")),
        500: (
            gettext("Something went wrong on our side"),
            gettext("What we had already confirmed to you is safe. Please try again in a few minutes."),
        ),
    }
