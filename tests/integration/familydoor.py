"""The families' door for tests: its real app on SQLite, with valid submissions to spoil."""

import io
import json
import re
import struct
import zlib
from copy import deepcopy
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from prepared import migrated, templates
from werkzeug.test import TestResponse

from services.ingest.app import create_app
from shared.config import Settings

PORTRAITS = Path(__file__).parents[1] / "data" / "portraits"

REPORT: dict[str, Any] = {
    "child": {"name": "Secret Näme", "born": "2015-04-01", "sex": "female", "appearance": "Freckles 🙂"},
    "last_seen": {
        "at": "2026-10-01T10:00:00+02:00", "place": "Märket", "lat": 57.7, "lon": 11.97, "circumstances": "",
    },
    "reporter": {"name": "Kim Reporter", "relation": "mother", "email": None, "phone": "+46 31 000 00 00"},
    "photos": [{"taken": None, "age": 9, "face": None}],
    "language": "en",
    "consent": True,
}  # fmt: skip
SIGHTING: dict[str, Any] = {
    "alert": None, "seen_at": "2026-10-02T10:00:00+02:00", "place": "Station", "lat": 57.7, "lon": 11.97,
    "note": "Alone", "in_danger": False, "photos": [{"faces": None}], "contact": None, "language": "en",
}  # fmt: skip


def open_family_door(settings: Settings) -> FlaskClient:
    migrated(settings, "ingest")
    return templates(create_app(settings), "ingest").test_client()


def portrait(name: str = "person_a_1") -> bytes:
    return (PORTRAITS / f"{name}.jpg").read_bytes()


def group(small: float = 1) -> bytes:
    """Three portraits in one picture, the first of them made smaller."""
    pictures = [
        Image.open(io.BytesIO(portrait(name))).resize((400, 500)) for name in ("person_a_1", "person_b_1", "impostor_1")
    ]
    pictures[0] = pictures[0].reduce(round(1 / small)) if small < 1 else pictures[0]
    whole = Image.new("RGB", (1200, 500))
    for place, picture in enumerate(pictures):
        whole.paste(picture, (400 * place, 0))
    out = io.BytesIO()
    whole.save(out, "JPEG")
    return out.getvalue()


def plain(width: int, height: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG whose header says 30,000 × 30,000 pixels."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    row = zlib.compress(b"\0" * 1_000_000)
    body = b"IDAT" + row
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(head)) + chunk + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", len(row)) + body + struct.pack(">I", zlib.crc32(body))
    )  # fmt: skip


def spoilt(good: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with `value` at `path` (a/b), or without it where value is ... (Ellipsis)."""
    body = deepcopy(good)
    *parents, last = path.split("/")
    inner = body
    for name in parents:
        inner = inner[name]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return body


def send(client: FlaskClient, kind: str, body: Any, *files: tuple[str, bytes]) -> TestResponse:
    text = body if isinstance(body, str) else json.dumps(body)
    parts: dict[str, Any] = {kind: text, "photos": [(io.BytesIO(data), name) for name, data in files]}
    return client.post(f"/api/v1/{kind}s", data=parts, content_type="multipart/form-data")


WRITTEN: dict[str, dict[str, str]] = {
    "child": {"child.name": "Alva Exempel", "child.born": "2015-04-01", "child.sex": "female"},
    "last-seen": {
        "last_seen.at.day": "2026-10-01", "last_seen.at.time": "10:00", "last_seen.place": "Järntorget",
        "last_seen.point": "57.70, 11.95",
    },
    "photos": {},
    "you": {"reporter.name": "Kim", "reporter.relation": "mother", "reporter.phone": "+46 31 000 00 00"},
    "review": {"consent": "yes"},
}  # fmt: skip
"""A whole report, step by step."""
PARTS = {"child": "child", "last-seen": "last_seen", "photos": "photo", "you": "reporter"}
"""What the fields of a step begin with."""


def hidden(page: str) -> dict[str, str]:
    """What a step's page carries unseen: which report it belongs to, and what it had seen of it."""
    return dict(re.findall(r'<input type="hidden" name="(draft|seen|back)" value="([^"]*)"', page))


def code_of(page: str) -> str:
    found = re.search(r'class="code"[^>]*>([^<]+)<', page)
    assert found
    return found[1]


def post_step(client: FlaskClient, step: str, form: dict[str, str], *photos: bytes, act: str = "") -> TestResponse:
    """Opens the step's page and posts it with these fields and photos."""
    parts: dict[str, Any] = hidden(client.get(f"/report/{step}").text) | form | {"act": act}
    files = [(io.BytesIO(data), f"photo{place}.jpg") for place, data in enumerate(photos)]
    return client.post(f"/report/{step}", data=parts | {"photos": files}, content_type="multipart/form-data")


def fill_in(client: FlaskClient, *, until: str = "", **written: str) -> str:
    """Fills in the report up to the step `until`, which is left out, `written` in place of what is usual; its code."""
    for step, form in WRITTEN.items():
        if step in (until, "review"):
            break
        form = form | {name: text for name, text in written.items() if name.partition(".")[0] == PARTS[step]}
        answer = post_step(client, step, form, *([portrait()] if step == "photos" else []))
        assert answer.status_code == 303, answer.text
    return code_of(client.get("/report/code").text)


def send_report(client: FlaskClient, **written: str) -> str:
    """Fills in a report and sends it; its code."""
    code = fill_in(client, **written)
    answer = post_step(client, "review", WRITTEN["review"], act="send")
    assert answer.status_code == 303 and answer.location == "/report/sent", answer.text
    return code
