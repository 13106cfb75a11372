"""What a newsroom's developer starts with: each snippet of the page runs as it stands; the widget and the map."""

import html
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alertsroom import AlertsRoom
from builders import CHILD
from werkzeug.serving import make_server

from bench.stacks import free_ports
from shared.config import Settings

NODE = Path(pytest.importorskip("playwright").__file__).parent / "driver" / "node"


@pytest.fixture
def room(settings: Settings) -> Iterator[AlertsRoom]:
    """With its door open on a port, and one exercise live."""
    room = AlertsRoom(replace(settings, alerts_port=free_ports(1)[0]))
    server = make_server("127.0.0.1", room.tools.room.settings.alerts_port, room.door.application, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    room.approve("a1", status="Exercise", photos=())
    yield room
    server.shutdown()


def snippets(room: AlertsRoom) -> dict[str, str]:
    page = room.door.get("/first-alert").text
    found = [html.unescape(text) for text in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)]
    return dict(zip(("curl", "python", "cron", "javascript", "frame"), found, strict=True))


def run(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=60,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "no_proxy": "127.0.0.1"} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_curl_takes_the_feed_and_then_only_what_is_new(room: AlertsRoom, tmp_path: Path) -> None:
    if not shutil.which("curl"):
        pytest.skip("no curl here")
    command = ["sh", "-c", snippets(room)["curl"]]
    run(command, tmp_path)
    file = tmp_path / "alerts.geojson"
    assert json.loads(file.read_text())["features"][0]["id"] == "a1"
    first = file.stat().st_mtime_ns
    run(command, tmp_path)
    assert file.stat().st_mtime_ns == first
    room.cancel("a1")
    run(command, tmp_path)
    assert json.loads(file.read_text())["features"] == []


def test_python_by_cron_shows_and_takes_down(room: AlertsRoom, tmp_path: Path) -> None:
    told, folder = snippets(room), tmp_path / "homeward"
    folder.mkdir()
    (folder / "first_alert.py").write_text(told["python"])
    command = ["sh", "-c", told["cron"].split(maxsplit=5)[5]]
    run(command, tmp_path, HOME=str(tmp_path))
    room.cancel("a1")
    room.approve("a2", status="Exercise", photos=())
    run(command, tmp_path, HOME=str(tmp_path))
    assert (folder / "alerts.log").read_text().splitlines() == [
        f"show a1 {CHILD} is missing", "take down a1", f"show a2 {CHILD} is missing",
    ]  # fmt: skip
    assert list(json.loads((folder / "alerts.json").read_text())["alerts"]) == ["a2"]


def test_javascript_lists_the_alerts(room: AlertsRoom, tmp_path: Path) -> None:
    (tmp_path / "first_alert.mjs").write_text(snippets(room)["javascript"])
    assert CHILD in run([str(NODE), "first_alert.mjs"], tmp_path)


def test_the_widget_and_nothing_else_can_be_framed_by_others(room: AlertsRoom) -> None:
    (address,) = re.findall('src="([^"]*)"', snippets(room)["frame"])
    widget = room.door.get("/" + address.split("/", 3)[3])
    assert "frame-ancestors *" in widget.headers["Content-Security-Policy"]
    assert CHILD not in widget.text
    exercise = room.door.get("/widget?region=SE-O&status=exercise").text
    assert CHILD in exercise
    assert "No child is missing" in exercise
    assert "没有儿童失踪" in room.door.get("/widget?region=SE-O&status=exercise&lang=zh").text
    for path in ("/", "/map", "/first-alert", "/v1/docs", "/alerts/a1", "/v1/alerts"):
        assert "frame-ancestors 'none'" in room.door.get(path).headers["Content-Security-Policy"], path


@pytest.mark.parametrize("query", ["", "&region=SE-O", "&region=sweden", "&region=nowhere", "&region=FJ"])
def test_the_map_draws_what_is_live_there(room: AlertsRoom, query: str) -> None:
    room.approve("over", status="Exercise", photos=(), lat=-17.0, lon=179.9, radius_km=300.0, regions=("FJ",))
    room.approve("drawn", status="Exercise", photos=(), polygon=((57.6, 11.8), (57.6, 12.1), (57.8, 12.1)))
    page = room.door.get(f"/map?status=exercise{query}")
    assert page.status_code == 200
    assert ('class="map"' in page.text) is (query != "&region=nowhere")
    assert (CHILD in page.text) is (query != "&region=nowhere")
    assert CHILD not in room.door.get("/map").text
