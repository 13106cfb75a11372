"""The regional feeds as files: what the application answers, to the byte, also through the real nginx and Caddy."""

import gzip
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import boto3
import brotli
import pytest
import requests
from alertsroom import AlertsRoom
from moto import mock_aws
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from bench.stacks import free_ports
from services.alerts.deliver.static import KEPT, Static
from services.alerts.deliver.stores import Folder, open_static_store
from services.checkup import findings
from shared.config import Settings

ROOT = Path(__file__).parents[2]
FEED = "v1/regions/SE-O/alerts.geojson"
OWN = ("Date", "Server", "ETag", "Connection", "Strict-Transport-Security", "Content-Length", "Transfer-Encoding")
"""Headers that a server has of its own; the ETag is compared by what it does."""


class Files:
    """The room, and the folder that its worker writes."""

    def __init__(self, settings: Settings) -> None:
        self.room = AlertsRoom(settings)
        self.folder = settings.home / "static"
        self.writer = self.fresh()

    def fresh(self) -> Static:
        """A writer that knows nothing, as after a kill."""
        return Static(self.room.door.application, self.room.tools, Folder(self.folder))

    def write(self) -> None:
        with self.room.app.app_context():
            self.writer.all()

    def names(self) -> set[str]:
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}

    def features(self, path: str = FEED) -> list[str]:
        return [each["id"] for each in json.loads((self.folder / path).read_bytes())["features"]]


@pytest.fixture
def files(settings: Settings) -> Files:
    return Files(settings)


def test_each_file_is_what_the_application_answers_in_every_coding(files: Files) -> None:
    files.room.approve(photos=(), radius_km=1.0)
    files.write()
    assert {name.split("/")[2] for name in files.names()} == {"SE", "SE-O"}
    for suffix in ("geojson", "json", "atom"):
        path = files.folder / f"v1/regions/SE-O/alerts.{suffix}"
        answer = files.room.door.get(f"/v1/regions/SE-O/alerts.{suffix}")
        assert path.read_bytes() == answer.data
        assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == answer.data
        assert brotli.decompress(path.with_name(f"{path.name}.br").read_bytes()) == answer.data
        assert answer.last_modified is not None
        assert path.stat().st_mtime == answer.last_modified.timestamp()
        assert path.stat().st_mode & 0o777 == 0o644 and path.parent.stat().st_mode & 0o777 == 0o755


def test_only_the_files_of_regions_touched_are_written(files: Files) -> None:
    files.room.approve("a1", photos=(), radius_km=1.0)
    files.room.approve("a2", photos=(), regions=("NO-03",), lat=59.91, lon=10.75, radius_km=1.0)
    files.write()
    before = {name: (files.folder / name).stat().st_ino for name in files.names()}
    files.room.cancel("a2")
    files.write()
    rewritten = {name.split("/")[2] for name, inode in before.items() if (files.folder / name).stat().st_ino != inode}
    assert rewritten == {"NO", "NO-03"}
    assert files.features("v1/regions/NO-03/alerts.geojson") == [] and files.features() == ["a1"]
    names = "".join(path.read_text() for path in files.folder.rglob("*alerts.*") if path.suffix not in (".gz", ".br"))
    assert names.count('"id":"a2"') == 0


def test_every_step_of_an_alert_is_in_the_files_and_time_alone_moves_checked(files: Files) -> None:
    files.room.approve(photos=())
    files.write()
    assert files.features() == ["a1"]
    files.room.amend(2, photos=(), contact="Another number")
    files.write()
    assert "Another number" in (files.folder / FEED).read_text()
    times = [(files.folder / FEED).stat().st_mtime]
    files.room.later(minutes=5)
    files.write()
    told = json.loads((files.folder / FEED).read_bytes())
    assert told["checked"] == "2026-11-24T09:05:00Z"
    files.room.later(days=1)
    files.room.expire()
    files.write()
    assert files.features() == []
    times.append((files.folder / FEED).stat().st_mtime)
    assert times == sorted(set(times))


def test_two_changes_of_one_second_never_share_a_time(files: Files) -> None:
    """nginx and Caddy make the ETag of time and size."""
    seen = set()
    for version, contact in enumerate(("First", "Other", "Third"), 1):
        files.room.amend(version, photos=(), contact=contact) if version > 1 else files.room.approve(
            photos=(), contact=contact
        )
        files.write()
        status = (files.folder / FEED).stat()
        seen.add((int(status.st_mtime), status.st_size))
    assert len(seen) == 3


def test_whatever_a_killed_writer_left_undone_is_written_at_the_next_start(files: Files) -> None:
    files.room.approve(photos=())
    files.write()
    files.room.cancel()  # killed before a file was written
    (files.folder / "v1/regions/SE-O/.xyz.part").write_bytes(b"half")
    (files.folder / "v1/regions/SE/alerts.atom").write_bytes(b"")
    files.writer = files.fresh()
    files.write()
    assert files.features() == []
    answer = files.room.door.get("/v1/regions/SE/alerts.atom")
    assert (files.folder / "v1/regions/SE/alerts.atom").read_bytes() == answer.data


def test_a_disk_that_fails_loses_nothing(files: Files) -> None:
    files.room.approve(photos=())
    files.write()
    files.room.cancel()
    good, files.writer.store = files.writer.store, Folder(Path("/proc/nowhere"))
    with pytest.raises(OSError):
        files.write()
    files.writer.store = good
    files.write()
    assert files.features() == []


def test_regions_that_are_named_have_their_files_from_the_start_and_quiet_ones_lose_theirs(settings: Settings) -> None:
    files = Files(replace(settings, static_regions="no-03"))
    files.room.approve(photos=(), radius_km=1.0)
    files.write()
    assert {name.split("/")[2] for name in files.names()} == {"NO-03", "SE", "SE-O"}
    files.room.cancel()
    files.write()
    files.room.later(days=KEPT.days + 1)
    files.write()
    assert {name.split("/")[2] for name in files.names()} == {"NO-03"}


def test_a_region_that_there_is_not_keeps_no_alert_from_its_files_and_doctor_names_it(settings: Settings) -> None:
    files = Files(replace(settings, static_regions="XX,NO-03"))
    files.room.approve(photos=(), radius_km=1.0)
    files.write()
    assert files.features() == ["a1"]
    assert "XX" in dict(findings(files.room.tools.room.settings))["feeds as files"]
    assert dict(findings(settings))["feeds as files"] == ""
    assert not list(files.folder.glob("doctor*"))


def test_exercises_are_in_no_file(files: Files) -> None:
    files.room.approve("a1", photos=(), status="Exercise")
    files.write()
    assert files.names() == set()


def test_a_bucket_gets_the_same_with_its_headers(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ACCESS_KEY_ID", "x"), ("SECRET_ACCESS_KEY", "x"), ("DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="feeds")
        store = open_static_store("s3://feeds/public")
        assert store is not None
        files.writer.store = store
        files.room.approve(photos=(), radius_km=1.0)
        files.write()
        bucket = boto3.resource("s3").Bucket("feeds")
        plain, packed = bucket.Object(f"public/{FEED}").get(), bucket.Object(f"public/{FEED}.gz").get()
        assert plain["Body"].read() == gzip.decompress(packed["Body"].read()) == (files.room.door.get("/" + FEED).data)
        assert plain["ContentType"] == packed["ContentType"] == "application/geo+json; charset=utf-8"
        assert packed["ContentEncoding"] == "gzip" and "max-age=30" in plain["CacheControl"]
        assert len(list(store.names())) == 18


@contextmanager
def serving(files: Files, program: list[str], port: int, application: int) -> Iterator[str]:
    """The server in front of the application, both running."""
    door = make_server("127.0.0.1", application, files.room.door.application, threaded=True)
    threading.Thread(target=door.serve_forever, daemon=True).start()
    server = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                requests.get(f"{base}/healthz", timeout=30)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield base
    finally:
        server.terminate()
        server.wait()
        door.shutdown()


def nginx(folder: Path, port: int, application: int) -> list[str]:
    """nginx with the very file of deploy/."""
    feeds = (ROOT / "deploy" / "homeward_feeds.conf").read_text()
    module = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
    load = f"load_module {module};" if module.exists() else ""
    if not module.exists():
        feeds = feeds.replace("brotli_static on;", "")
    (folder / "homeward_feeds.conf").write_text(feeds)
    (folder / "nginx.conf").write_text(
        f"""{load} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
        {"user root;" if os.getuid() == 0 else ""} events {{ worker_connections 64; }}
        http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
          fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
          server {{ listen 127.0.0.1:{port}; set $homeward 127.0.0.1:{application}; root {folder}/static;
            include {folder}/homeward_feeds.conf; location / {{ proxy_pass http://$homeward; }} }} }}"""
    )
    return [shutil.which("nginx") or "nginx", "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, application: int) -> list[str]:
    """Caddy with the very snippet of deploy/."""
    snippet = (ROOT / "deploy" / "Caddyfile").read_text().split("report.example.org")[0]
    base = f"http://127.0.0.1:{port}"
    (folder / "Caddyfile").write_text(
        "{\n\tadmin off\n\tauto_https off\n}\n" + snippet
        + f"\n{base} {{\n\timport homeward_feeds {folder}/static 127.0.0.1:{application} {base}\n}}\n"
    )  # fmt: skip
    return [shutil.which("caddy") or "caddy", "run", "--config", str(folder / "Caddyfile")]


def same(ours: TestResponse, theirs: requests.Response) -> None:
    """Status and headers, but for those that a server has of its own."""
    assert theirs.status_code == ours.status_code
    told = {name.title(): value for name, value in theirs.headers.items()}
    for name in OWN:
        told.pop(name.title(), None)
    expected = {name.title(): value for name, value in ours.headers.items() if name not in OWN}
    if ours.status_code == 304:  # says no more than it must
        told.pop("Last-Modified", None)
    assert told == expected


@pytest.mark.parametrize("server", [nginx, caddy], ids=["nginx", "caddy"])
def test_the_real_server_answers_as_the_application_does(settings: Settings, server: object) -> None:
    name = server.__name__  # type: ignore[attr-defined]
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    port, application = free_ports(2)
    settings = replace(settings, alerts_public_url=f"http://127.0.0.1:{port}")
    files = Files(settings)
    files.room.approve(photos=())
    files.write()
    for path in files.room.tools.room.settings.home.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    program = server(settings.home, port, application)  # type: ignore[operator]
    codings = (
        ["identity", "gzip", "br"]
        if name == "caddy" or "load_module" in Path(program[-1]).read_text()
        else ["identity", "gzip"]
    )
    with serving(files, program, port, application) as base:
        for suffix in ("geojson", "json", "atom"):
            path = f"/v1/regions/SE-O/alerts.{suffix}"
            for coding in codings:
                asked = {"Accept-Encoding": coding}
                ours = files.room.door.get(path, headers=asked)
                theirs = requests.get(base + path, headers=asked, stream=True, timeout=30)
                body = theirs.raw.read(decode_content=False)
                same(ours, theirs)
                assert body == ours.data
                assert theirs.headers["ETag"].startswith('"')
                again = requests.get(base + path, headers=asked | {"If-None-Match": theirs.headers["ETag"]}, timeout=30)
                same(files.room.door.get(path, headers=asked | {"If-None-Match": ours.headers["ETag"]}), again)
                assert (again.status_code, again.content) == (304, b"")
                since = asked | {"If-Modified-Since": ours.headers["Last-Modified"]}
                assert requests.get(base + path, headers=since, timeout=30).status_code == 304
                head = requests.head(base + path, headers=asked, timeout=30)
                same(files.room.door.head(path, headers=asked), head)
        for path in ("?limit=1", "?bbox=1"):
            asked_at = f"/{FEED}{path}"
            assert requests.get(base + asked_at, timeout=30).content == files.room.door.get(asked_at).data
        assert requests.get(f"{base}/v1/regions/FI/alerts.geojson", timeout=30).status_code == 200  # no file
        assert requests.options(f"{base}/{FEED}", timeout=30).headers["Access-Control-Max-Age"] == "86400"
        assert requests.post(f"{base}/{FEED}", timeout=30).status_code == 405
        files.room.cancel()
        files.write()
        assert requests.get(f"{base}/{FEED}", timeout=30).json()["features"] == []
