"""Answers a feed's question from the answers that were given: before Flask, at a fraction of what a view costs.

Only what a view marked as a feed is kept, and only until anything changes or ends. Who asks for a range is answered by
the view, and so is whoever asks what was not asked before, or too often.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask
from werkzeug.http import is_resource_modified, parse_etags, quote_etag

from services.alerts.compression import held, tags_of
from services.alerts.deliver.rate import OF_ONE_READER
from services.alerts.live.answers import Answers
from services.alerts.tools import Tools

MARK, ASKING = "homeward.kept", "homeward.asking"
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
TOLD_APART = ("PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING")
FOR_THE_VIEW = ("HTTP_RANGE",)
ONLY_WITH_A_BODY = ("content-type", "content-length", "content-encoding", "last-modified")
NOT_KEPT = ("date", *OF_ONE_READER)
"""What is said anew each time."""

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Allowed = tuple[bool, Sequence[tuple[str, str]]]
"""Whether a reader may have an answer that is kept, and what it is told beside it; else the view answers."""
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Kept:
    """An answer: whole, and as the 304 that who has it is given. `tags` are the ETags of all its codings, quoted."""

    etag: str
    tags: tuple[str, ...]
    changed: str | None
    whole: Headers
    unchanged: Headers
    body: bytes

    def held(self, environ: Environ) -> str | None:
        """The ETag of what the asker has, if that is this very text."""
        has = environ.get("HTTP_IF_NONE_MATCH")
        if has is None:
            same = "HTTP_IF_MODIFIED_SINCE" in environ and not is_resource_modified(environ, None, None, self.changed)
            return self.etag if same else None
        if has in self.tags:
            return str(has)
        tag = held([each.strip('"') for each in self.tags], parse_etags(has))
        return None if tag is None else quote_etag(tag)


class Again:
    """Wraps the app's WSGI callable."""

    def __init__(
        self, app: Flask, version: Callable[[Tools], tuple[Any, ...]], count: Callable[[Flask, Environ], Allowed]
    ) -> None:
        self.inner: Wsgi = app.wsgi_app
        self.app, self.version, self.count = app, version, count
        self.answers: Answers[Kept] = Answers()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not environ["PATH_INFO"].startswith("/v1/"):
            return self.inner(environ, start_response)
        if any(name in environ for name in FOR_THE_VIEW):
            return self.inner(environ, start_response)
        key = tuple(environ.get(name) for name in TOLD_APART)
        kept = self._kept(key)
        if kept is None:
            return self._ask(key, environ, start_response)
        allowed, told = self.count(self.app, environ)
        return self._give(kept, told, environ, start_response) if allowed else self.inner(environ, start_response)

    def _kept(self, key: tuple[Any, ...]) -> Kept | None:
        """What was answered, if nothing has changed since. Before the first answer there is nothing to compare with."""
        if not self.answers.kept:
            return None
        return self.answers.get(self.version(self.app.extensions["homeward"]), key)

    def _give(
        self, kept: Kept, told: Iterable[tuple[str, str]], environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """The answer with what this reader is `told`; the 304 names the ETag that the reader has."""
        has = kept.held(environ)
        if has is not None:
            self._note(environ, HTTPStatus.NOT_MODIFIED)
            start_response("304 NOT MODIFIED", [*kept.unchanged, ("ETag", has), *told])
            return ()
        self._note(environ, HTTPStatus.OK)
        start_response("200 OK", [*kept.whole, *told])
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
        own = [pair for pair in told[1] if pair[0].lower() in OF_ONE_READER]
        return self._give(kept, own, environ | asked, start_response)

    def _note(self, environ: Environ, status: HTTPStatus) -> None:
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
    whole = [(name, value) for name, value in headers if name.lower() not in NOT_KEPT]
    named = {name.lower(): value for name, value in whole}
    unchanged = [pair for pair in whole if pair[0].lower() not in ("etag", *ONLY_WITH_A_BODY)]
    tags = tuple(quote_etag(tag) for tag in tags_of(named["etag"].strip('"')).values())
    return Kept(named["etag"], tags, named.get("last-modified"), whole, unchanged, body)
