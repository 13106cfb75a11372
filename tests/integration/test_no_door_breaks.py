"""Every route of every door under rubbish: whatever is sent, it answers, and never with a 5xx."""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from alertsroom import AlertsRoom
from desk import Desk, Officer
from familydoor import REPORT, SIGHTING, open_family_door
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from services.alerts.deliver import keys
from services.review.people.rules import ROLES
from shared.config import Settings
from shared.throttle import Throttle

TEXTS = [
    "",
    "\0",
    "\ud83d",
    "👧🏽" * 300,
    "9" * 5000,
    "-1",
    "1e999",
    "NaN",
    "' OR 1=1 --",
    "<script>",
    "%",
    "\r\nX: y",
]
VALUES: list[Any] = [None, True, -1, 10**30, 1e308, [], [[]], {}, [None], {"a": {}}, *TEXTS]
FIELDS = [
    "name", "password", "outcome", "note", "reason", "message", "outcome_text", "revision", "texts", "expires",
    "regions", "crop", "photo_id", "radius_km", "show_name", "alt", "credit", "event_code", "contact", "roles",
    "officer", "code", "next", "police_reference", "relation_verified", "legal_basis", "child", "last_seen",
    "reporter", "photos", "child.name", "child.born", "last_seen.at", "last_seen.lat", "lat", "lon", "seen_at", "form",
    "language", "consent", "faces", "action", "report", "sighting", "remove", "face", "step", "id", "old", "new",
    "label", "passkey", "factor.code", "factor.passkey", "token_name", "scopes", "days", "grant", "region", "colleague",
    "hour", "hour_reason", "transfer_reason", "act", "text", "asks", "letter_text", "answer_text", "seen", "keep",
    "distinct_reason", "doubt_reason", "unmerge_reason",
]  # fmt: skip
QUERIES = [
    "region", "lat", "lon", "radius_km", "bbox", "since", "after", "before", "limit", "cursor", "page", "state",
    "number", "verify", "revision", "language", "lang", "status", "q", "next", "format", "size", "width",
    "who", "act", "about", "until", "refused", "reads",
]  # fmt: skip
RAW = [
    b"", b"{", b"[]", b"null", b'"x"', b"[" * 50_000, b'{"name": "\\ud800"}', b'{"outcome": 1e999}', b"\xff\xfe\0",
    b'{"revision": ' + b"9" * 5000 + b"}", b'{"name": NaN}', b'{"a": 1, "a": 2}',
]  # fmt: skip
HEADERS = [
    {"Accept": "nonsense/;q=x"}, {"Accept-Language": "\xff;q=9, zh-" + "x" * 500}, {"Authorization": "Bearer \xff\0"},
    {"Authorization": "Basic Og=="}, {"If-None-Match": '"' * 99}, {"If-Modified-Since": "yesterday"},
    {"Range": "bytes=9-1"}, {"Idempotency-Key": "\xe9" * 300}, {"Host": "\xff"}, {"X-Forwarded-For": "'"},
    {"Cookie": "desk=\xff; language=\xff; form=" + "x" * 3000},
]  # fmt: skip
MULTIPART = "multipart/form-data; boundary=x"
PARTS = [
    b"--x", b"--x--", b"--x\r\n\r\n\r\n--x--",
    b'--x\r\nContent-Disposition: form-data; name="photos"\r\n\r\n\xff\r\n--x--',
    b'--x\r\nContent-Disposition: form-data; name="photos"; filename="\0.jpg"\r\n\r\n\xff\xd8\xff\r\n--x--',
    b'--x\r\nContent-Disposition: form-data; name="report"\r\n\r\n\xff\r\n--x--',
    b'--x\r\nContent-Disposition: form-data; name="report"; filename="r.json"\r\n\r\n{}\r\n--x--',
]  # fmt: skip


RUBBISH = ["nothing", "%00", "%ff", "a" * 300, "..%2f..%2fetc", "%F0%9F%91%A7", "-1", "9" * 30]


def address(rule: Rule, ids: dict[str, str], rubbish: str = "nothing") -> str:
    """The rule's path with real ids in it, or with `rubbish` where there is none."""
    path = rule.rule
    while "<" in path:
        start, end = path.index("<"), path.index(">") + 1
        path = path[:start] + ids.get(path[start + 1 : end - 1].split(":")[-1], rubbish) + path[end:]
    return path


def bodies() -> Iterator[dict[str, Any]]:
    for value in VALUES:
        yield {"data": json.dumps(dict.fromkeys(FIELDS, value)), "content_type": "application/json"}
    for text in TEXTS:
        safe = text.encode(errors="replace").decode()
        yield {"data": dict.fromkeys(FIELDS, safe)}
        yield {"data": {field: [safe, safe] for field in FIELDS}}
    for raw in RAW:
        for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
            yield {"data": raw, "content_type": kind}
    yield from ({"data": part, "content_type": MULTIPART} for part in PARTS)
    yield {"data": b"--x--", "content_type": "multipart/form-data"}


def questions() -> Iterator[dict[str, Any]]:
    yield {}
    for value in TEXTS:
        yield {"query_string": urlencode(dict.fromkeys(QUERIES, value.encode(errors="replace")))}
    for name in QUERIES:
        yield {"query_string": {name: "9" * 30}}
        yield {"query_string": {name: "1,2,nan,inf"}}
    yield from ({"headers": headers} for headers in HEADERS)
    yield {"query_string": "a=%ff&b=%&=&&&" + "region=x&" * 200}


def requests(rule: Rule, ids: dict[str, str]) -> Iterator[dict[str, Any]]:
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        for options in questions() if method == "GET" else bodies():
            yield {"path": address(rule, ids), "method": method} | options
        for rubbish in RUBBISH if rule.arguments else ():
            yield {"path": address(rule, {}, rubbish), "method": method}


def broken(
    client: FlaskClient, ids: dict[str, str], share: int = 1, again: Callable[[], None] = lambda: None
) -> list[str]:
    """Every request that was answered with a 5xx. A route gets one in `share` of the rubbish, the next others.

    `again` is called after each that may have logged out, to log in if need be.
    """
    found = []
    for number, rule in enumerate(client.application.url_map.iter_rules()):
        if rule.endpoint in ("house.readyz", "static", "house.static"):
            continue  # whether the queue is there is for /readyz to say
        for options in itertools.islice(requests(rule, ids), number % share, None, share):
            with client.open(**options) as answer:
                if answer.status_code >= 500:
                    found.append(f"{answer.status_code} {str(options)[:300]}")
            if options["method"] != "GET":  # which changes nothing
                again()
    return found


def test_the_families_door(settings: Settings) -> None:
    client = open_family_door(settings)
    assert broken(client, {}) == []


@pytest.mark.parametrize("body", [REPORT, SIGHTING], ids=["report", "sighting"])
def test_the_families_door_with_one_field_of_rubbish(settings: Settings, body: dict[str, Any]) -> None:
    client = open_family_door(settings)
    kind = "report" if body is REPORT else "sighting"
    found = []
    for path, value in itertools.product(paths(body), VALUES):
        answer = client.post(f"/api/v1/{kind}s", data={kind: json.dumps(spoilt(body, path, value))})
        if answer.status_code != 422:
            found.append(f"{answer.status_code} {'/'.join(map(str, path))} {value!r}")
    assert [line for line in found if line >= "5"] == []


def paths(body: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something can be put into a JSON value."""
    members = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, inner in members:
        yield (*here, name)
        yield from paths(inner, (*here, name))


def spoilt(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    copy = json.loads(json.dumps(body))
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return copy


def test_the_alerts_door(settings: Settings) -> None:
    room = AlertsRoom(settings)
    room.approve("a1", photos=())
    room.print()
    room.approve("a2")
    room.cancel("a2")
    with room.app.app_context(), room.tools.room.bus.work() as work:
        key = keys.add(work.session, room.tools.regions, work.now, "News", tuple(keys.SCOPES), (), 1_000_000)
    room.door.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    made = room.door.post("/v1/subscriptions", json={"url": "https://news.example/"}).json or {}
    ids = {
        "id_": made["id"],
        "delivery_id": "x",
        "alert_id": "a1",
        "code": "SE",
        "suffix": "geojson",
        "rendition_id": "a2",
    }
    assert broken(room.door, ids, share=3) == []


def test_the_police_desk(settings: Settings) -> None:
    desk = Desk(settings)
    officer = desk.officer("Ada", *ROLES)
    case = desk.registered(officer)
    draft = officer.act(f"cases/{case}/drafts")["id"]
    photo, candidate = desk.photos_of(case_id=case)[0], desk.candidate(case)
    ids = {
        "case_id": case,
        "draft_id": draft,
        "candidate_id": candidate,
        "photo_id": photo,
        "officer_id": desk.hire("Bert"),
        "other_id": desk.report(),
        "letter_id": desk.amended(case),
        "removal_id": desk.removal_asked(case),
    }
    assert broken(officer.client, ids, share=12, again=keeper(desk, officer)) == []


def keeper(desk: Desk, officer: Officer) -> Callable[[], None]:
    """Keeps the officer logged in: some of the routes log out, or end log-ins."""

    def again() -> None:
        if officer.get("/api/v1/session").status_code != 200:
            desk.rewind("Ada")
            desk.app.extensions["throttle"] = Throttle()  # rubbish was tried as a second factor too
            officer.act("session", desk.login("Ada"))

    return again
