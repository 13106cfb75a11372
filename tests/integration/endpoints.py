"""Endpoints of newsrooms for tests: real HTTP servers on loopback, good and bad."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Endpoint:
    """`received` is every request: its headers and its body. `answer` is called with the handler and the body."""

    url: str
    answer: Callable[[BaseHTTPRequestHandler, bytes], None]
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def bodies(self, type_: str = "") -> list[dict[str, Any]]:
        found = [json.loads(body) for _, body in self.received]
        return [body for body in found if body["type"].startswith(type_)]


def echo(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """A good endpoint."""
    told = json.loads(body)["data"].get("challenge", "") if body.startswith(b"{") else ""
    plain(handler, 200, told.encode())


def plain(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def answering(status: int, **headers: str) -> Callable[[BaseHTTPRequestHandler, bytes], None]:
    return lambda handler, body: plain(handler, status, **headers)


def gigabyte(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(10**9))
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b"x" * 10**6)


def never(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    time.sleep(3)


def dripping(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """A header that comes a letter at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(30):
        handler.wfile.write(b"x")
        time.sleep(0.1)


def nonsense(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.wfile.write(b"\xff\0\r\n\r\n" * 100)


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate of `name` with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "endpoint.pem").write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return folder / "endpoint.pem"


@contextmanager
def endpoint(
    answer: Callable[[BaseHTTPRequestHandler, bytes], None] = echo, pem: Path | None = None
) -> Iterator[Endpoint]:
    """A server on loopback; with TLS where there is a certificate."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            try:
                found.answer(self, body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads, block_on_close, request_queue_size = True, False, 512
        address_family = socket.AF_INET

    server = Server(("127.0.0.1", 0), Handler)
    if pem is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    found = Endpoint(f"http://127.0.0.1:{server.server_address[1]}/hook", answer)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()
