"""A load generator: a few connections that are kept open, each asking again as soon as it was answered."""

import random
import selectors
import socket
import time
from dataclasses import dataclass, field

import numpy as np

CONNECTIONS = 16


@dataclass(frozen=True)
class Told:
    """Answers a second, and milliseconds that 99 of 100 answers took at most."""

    rate: float
    p99: float
    statuses: frozenset[int]


@dataclass
class _Line:
    """One connection: what it still has to read of the answer, and when it asked."""

    socket: socket.socket
    buffer: bytearray = field(default_factory=bytearray)
    begun: float = 0.0
    left: int = -1
    status: int = 0


def asked(port: int, requests: list[bytes], seconds: float, seed: int = 7) -> Told:
    """Asks for `requests`, in an order by chance, for so long."""
    chance, clock = random.Random(seed), time.perf_counter
    with selectors.DefaultSelector() as selector:
        lines = [_Line(socket.create_connection(("127.0.0.1", port))) for _ in range(CONNECTIONS)]
        for line in lines:
            line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(line.socket, selectors.EVENT_READ, line)
            _ask(line, chance.choice(requests))
        taken, statuses, begun = [], set(), clock()
        while (now := clock()) < begun + seconds:
            for key, _ in selector.select(1):
                line = key.data
                if _answered(line):
                    taken.append(clock() - line.begun)
                    statuses.add(line.status)
                    _ask(line, chance.choice(requests))
        for line in lines:
            line.socket.close()
    return Told(len(taken) / (now - begun), float(np.percentile(taken, 99)) * 1000, frozenset(statuses))


def request(path: str, **headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _ask(line: _Line, what: bytes) -> None:
    line.begun, line.left = time.perf_counter(), -1
    line.buffer.clear()
    line.socket.sendall(what)


def _answered(line: _Line) -> bool:
    """Reads what there is; whether the answer is whole."""
    data = line.socket.recv(1 << 20)
    if not data:
        raise ConnectionError("the server hung up")
    if line.left >= 0:
        line.left -= len(data)
        return line.left <= 0
    line.buffer += data
    head, end, body = line.buffer.partition(b"\r\n\r\n")
    if not end:
        return False
    line.status = int(head[9:12])
    line.left = _length(head, line.status) - len(body)
    return line.left <= 0


def _length(head: bytes | bytearray, status: int) -> int:
    if status == 304:
        return 0
    lower = bytes(head).lower()
    at = lower.index(b"content-length:") + len(b"content-length:")
    return int(lower[at:].split(b"\r\n", 1)[0])
