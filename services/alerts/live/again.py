"""Answers a feed's question from the answers that were given: before Flask, at a fraction of what a view costs.

Only what a view marked as a feed is kept, and only until anything changes or ends. Who brings a key or asks for a range
is answered by the view, and so is whoever asks what was not asked before.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask
from werkzeug.http import is_resource_modified

from services.alerts.live.answers import Answers
from services.alerts.tools import Tools

MARK, ASKING = "homeward.kept", "homeward.asking"
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
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
    changed: str | None
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
        asks = has is not None or "HTTP_IF_MODIFIED_SINCE" in environ
        if has == kept.etag or (asks and not is_resource_modified(environ, kept.etag, None, kept.changed)):
            self._count(environ, HTTPStatus.NOT_MODIFIED)
            start_response("304 NOT MODIFIED", kept.unchanged)
            return ()
        self._count(environ, HTTPStatus.OK)
        start_response("200 OK", kept.whole)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (kept.body,)

    def _ask(self, key: tuple[Any, ...], environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The app's answer; a feed's is asked for whole, and kept, whatever the asker has of it."""
        if environ["REQUEST_METHOD"] == "HEAD":
            return self.inner(environ, start_response)
        asked, told = {name: environ[name] for name in CONDITIONS if name in environ}, []
        environ[ASKING] = True
        parts = self.inner(environ, lambda status, headers, *_: told.extend((status, headers)))
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        version = environ.get(MARK)
        if version is None or not told[0].startswith("200"):
            start_response(*told)
            return (body,)
        kept = _kept(told[1], body)
        self.answers.keep(version, key, kept, len(body))
        return self._give(kept, environ | asked, start_response)

    def _count(self, environ: Environ, status: HTTPStatus) -> None:
        if counter := self.app.extensions.get("answered"):
            counter.labels("kept", environ["REQUEST_METHOD"], str(status.value)).inc()


def mark(environ: Environ, version: tuple[Any, ...]) -> None:
    """A view says: what it answers may be given again while this is the version. Asked on our account, it is to
    answer whole."""
    environ[MARK] = version
    if environ.get(ASKING):
        for name in CONDITIONS:
            environ.pop(name, None)


def _kept(headers: Headers, body: bytes) -> Kept:
    whole = [(name, value) for name, value in headers if name.lower() not in OF_THE_HOUR]
    named = {name.lower(): value for name, value in whole}
    unchanged = [pair for pair in whole if pair[0].lower() not in ONLY_WITH_A_BODY]
    return Kept(named["etag"], named.get("last-modified"), whole, unchanged, body)
