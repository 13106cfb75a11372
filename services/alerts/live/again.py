"""Answers a feed's question from the answers that were given: before Flask, at a fraction of what a view costs.

Only what a view marked as a feed is kept, and only until anything changes or ends. Who brings a key, a range or a date
is answered by the view, and so is whoever asks what was not asked before.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask

from services.alerts.live.answers import Answers
from services.alerts.tools import Tools

MARK = "homeward.kept"
TOLD_APART = ("PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING")
FOR_THE_VIEW = ("HTTP_AUTHORIZATION", "HTTP_RANGE")
ONLY_WITH_A_BODY = ("content-type", "content-length", "content-encoding", "last-modified")
OF_THE_HOUR = ("date",)
"""What the server in front says anew each time."""

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Kept:
    """An answer: whole, and as the 304 that who has it is given."""

    etag: str
    whole: Headers
    unchanged: Headers
    body: bytes


class Again:
    """Wraps the app's WSGI callable."""

    def __init__(self, app: Flask, tools: Callable[[], Tools], version: Callable[[Tools], tuple[Any, ...]]) -> None:
        self.inner: Wsgi = app.wsgi_app
        self.app, self.tools, self.version = app, tools, version
        self.answers: Answers[Kept] = Answers()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not environ["PATH_INFO"].startswith("/v1/"):
            return self.inner(environ, start_response)
        if any(name in environ for name in FOR_THE_VIEW):
            return self.inner(environ, start_response)
        key = tuple(environ.get(name) for name in TOLD_APART)
        kept = self._kept(key)
        return self._ask(key, environ, start_response) if kept is None else self._give(kept, environ, start_response)

    def _kept(self, key: tuple[Any, ...]) -> Kept | None:
        """What was answered, if nothing has changed since. Before the first answer there is nothing to compare with."""
        if not self.answers.kept:
            return None
        return self.answers.get(self.version(self.tools()), key)

    def _give(self, kept: Kept, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        has = environ.get("HTTP_IF_NONE_MATCH")
        if has == kept.etag:
            self._count(environ, HTTPStatus.NOT_MODIFIED)
            start_response("304 NOT MODIFIED", kept.unchanged)
            return ()
        if has is not None or "HTTP_IF_MODIFIED_SINCE" in environ:
            return self.inner(environ, start_response)
        self._count(environ, HTTPStatus.OK)
        start_response("200 OK", kept.whole)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (kept.body,)

    def _ask(self, key: tuple[Any, ...], environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The app's answer, which is kept if it is a whole feed."""
        told: list[Any] = []

        def listen(status: str, headers: Headers, *more: Any) -> Any:
            told[:] = [status, headers]
            return start_response(status, headers, *more)

        parts = self.inner(environ, listen)
        version = environ.get(MARK)
        if version is None or not told[0].startswith("200") or environ["REQUEST_METHOD"] == "HEAD":
            return parts
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        self.answers.keep(version, key, _kept(told[1], body), len(body))
        return (body,)

    def _count(self, environ: Environ, status: HTTPStatus) -> None:
        if counter := self.app.extensions.get("answered"):
            counter.labels("kept", environ["REQUEST_METHOD"], str(status.value)).inc()


def _kept(headers: Headers, body: bytes) -> Kept:
    whole = [(name, value) for name, value in headers if name.lower() not in OF_THE_HOUR]
    etag = next(value for name, value in whole if name.lower() == "etag")
    return Kept(etag, whole, [pair for pair in whole if pair[0].lower() not in ONLY_WITH_A_BODY], body)
