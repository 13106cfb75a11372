"""Posts one letter: resolves its host once, connects to that very address, follows nothing, reads little, waits little.

httpcore, the layer below httpx, has no redirects, proxies, cookies or decompression that would have to be switched off.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

from services.alerts.deliver.guard import Forbidden, check_addresses

CONNECT_S, WHOLE_S = 5.0, 15.0
MOST_READ = 4096
"""Bytes of an answer: enough for a challenge."""
Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(frozen=True)
class Letter:
    """What is to be posted. `trusted`: the operator set the address, it may lead anywhere."""

    id: str
    url: str
    headers: dict[str, str]
    body: bytes
    trusted: bool = False


@dataclass(frozen=True)
class Answered:
    """`status` is None where no answer came; `reason` is a short code then. `asked_s`: Retry-After."""

    status: int | None
    reason: str
    milliseconds: int
    asked_s: int = 0
    body: bytes = b""


async def resolve(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(where[0]) for *_, where in found]


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to what the host's name means now, if that may be; nobody resolves it a second time."""

    def __init__(self, letter: Letter, look_up: Resolve, loopback: bool) -> None:
        self.letter, self.look_up, self.loopback = letter, look_up, loopback
        self.inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = await self.look_up(host, port)
        if not self.letter.trusted:
            found = check_addresses(found, self.letter.url.partition(":")[0], loopback=self.loopback)
        for address in found[:2]:
            try:
                return await self.inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed


class Wire:
    """`look_up` answers the IP addresses of a host."""

    def __init__(self, *, loopback: bool = False, look_up: Resolve = resolve) -> None:
        self.loopback, self.look_up = loopback, look_up
        self.tls = httpcore.default_ssl_context()

    async def post(self, letter: Letter) -> Answered:
        """Never raises: what goes wrong is a reason."""
        begun = time.monotonic()
        try:
            async with asyncio.timeout(WHOLE_S):
                status, asked_s, body = await self._post(letter)
            reason = "" if status < 300 else "redirected" if status < 400 else "refused"
            return Answered(status, reason, _since(begun), asked_s, body)
        except Exception as error:
            return Answered(None, _reason(error), _since(begun))

    async def _post(self, letter: Letter) -> tuple[int, int, bytes]:
        url = httpcore.URL(letter.url)
        backend = _Pinned(letter, self.look_up, self.loopback)
        timeout = {"connect": CONNECT_S, "read": WHOLE_S, "write": WHOLE_S}
        connection = httpcore.AsyncHTTPConnection(url.origin, self.tls, network_backend=backend)
        headers = [("Host", _host(url)), ("Connection", "close"), ("Content-Length", str(len(letter.body)))]
        async with connection, connection.stream(
            "POST", url, headers=[*headers, *letter.headers.items()], content=letter.body,
            extensions={"timeout": timeout},
        ) as answer:  # fmt: skip
            body = b""
            async for piece in answer.aiter_stream():
                body += piece
                if len(body) >= MOST_READ:
                    break
            return answer.status, _asked(answer.headers), body[:MOST_READ]


def _host(url: httpcore.URL) -> str:
    host = url.host.decode("ascii")
    host = f"[{host}]" if ":" in host else host
    return host if url.port is None else f"{host}:{url.port}"


def _asked(headers: list[tuple[bytes, bytes]]) -> int:
    """Seconds of Retry-After; a date, or nonsense, is 0."""
    value = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    return int(value) if value.isdigit() and len(value) < 7 else 0


def _reason(error: Exception) -> str:
    """A short code for the log: no text of the other side's."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Forbidden):
            return str(cause)
        if isinstance(cause, ssl.SSLError):
            return "no_valid_certificate" if isinstance(cause, ssl.SSLCertVerificationError) else "no_tls"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, TimeoutError | httpcore.TimeoutException):
        return "too_slow"
    if isinstance(error, socket.gaierror):
        return "no_such_host"
    return "no_connection" if isinstance(error, httpcore.ConnectError | OSError) else "no_http_answer"


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
