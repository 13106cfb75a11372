"""The walls of the house: what holds for every room, message, setting and route."""

import importlib
import inspect
import re
from pathlib import Path

import pytest
from flask import Flask

from shared import messages
from shared.config import PREFIX, Settings
from shared.routes import ROOMS, ROUTES

ROOT = Path(__file__).parents[2]
FRAMEWORKS = {"flask", "rq", "redis", "sqlalchemy", "onnxruntime", "insightface", "flask_sqlalchemy", "cv2"}


@pytest.mark.parametrize("kind", list(ROUTES), ids=lambda kind: kind.__name__)
def test_every_message_has_a_handler_in_the_room_it_goes_to(kind: type[messages.Message]) -> None:
    receiver = ROUTES[kind][1]
    handlers = importlib.import_module(f"services.{receiver}.handlers").HANDLERS
    assert kind in handlers


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_handles_nothing_that_no_route_brings_it(room: str) -> None:
    handlers = importlib.import_module(f"services.{room}.handlers").HANDLERS
    assert {ROUTES[kind][1] for kind in handlers} == {room}


def test_every_message_but_the_acknowledgement_has_a_route() -> None:
    assert set(messages.MESSAGES.values()) - set(ROUTES) == {messages.Acknowledged}


def test_no_search_result_has_a_way_to_the_public() -> None:
    for kind in (messages.SearchCompleted, messages.SearchRefused, messages.EnrolCompleted):
        assert ROUTES[kind] == ("matcher", "review")
    assert not [kind for kind, (sender, _) in ROUTES.items() if sender == "matcher" and ROUTES[kind][1] != "review"]


def test_every_setting_is_documented() -> None:
    told = set(re.findall(rf"`({PREFIX}[A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text()))
    assert told == {PREFIX + name.upper() for name in Settings.__annotations__}


def test_no_rules_import_a_framework() -> None:
    for rules in ROOT.glob("services/**/rules.py"):
        imported = set(re.findall(r"^(?:from|import) (\w+)", rules.read_text(), re.MULTILINE))
        assert not imported & FRAMEWORKS, rules


@pytest.mark.parametrize("room", ["ingest", "review", "alerts"])
def test_every_door_answers_its_probes_and_refuses_other_sites(room: str, settings: Settings) -> None:
    app: Flask = importlib.import_module(f"services.{room}.app").create_app(settings)
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    refused = client.post("/api/v1/anything", headers={"Sec-Fetch-Site": "cross-site"})
    assert (refused.status_code, refused.content_type) == (403, "application/problem+json")
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]


def test_every_route_of_the_desk_says_who_may_use_it(settings: Settings) -> None:
    from services.review.app import create_app
    from services.review.views.access import PUBLIC, authorisation

    app = create_app(settings)
    marks = {rule.endpoint: authorisation(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert [endpoint for endpoint, mark in marks.items() if mark is None] == []
    ours = {endpoint for endpoint, mark in marks.items() if mark == PUBLIC and not endpoint.startswith("house.")}
    assert ours == {
        "static", "login.ask", "login.log_in", "api_session.log_in", "api_document.described", "api_document.read",
        "invitation.ask", "invitation.open_it", "invitation.accept", "agency.leave", "agency.back",
    }  # fmt: skip


def test_the_alerts_door_only_reads_but_for_subscriptions_which_need_a_key(settings: Settings) -> None:
    from services.alerts.app import create_app

    app = create_app(settings)
    for rule in app.url_map.iter_rules():
        assert rule.methods is not None
        if not rule.endpoint.startswith("subscriptions."):
            assert rule.methods <= {"GET", "HEAD", "OPTIONS"}, rule
            continue
        path = rule.rule.replace("<id_>", "x").replace("<delivery_id>", "y")
        for method in rule.methods - {"OPTIONS"}:
            assert app.test_client().open(path, method=method, json={}).status_code == 401, rule


def test_every_file_says_in_its_first_line_what_it_is_for() -> None:
    for folder in ("shared", "services", "tools", "bench"):
        for file in (ROOT / folder).rglob("*.py"):
            if "migrations" not in file.parts:
                assert inspect.cleandoc(file.read_text()).startswith('"""'), file
