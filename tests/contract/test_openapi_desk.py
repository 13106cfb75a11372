"""The desk's JSON keeps to its document: Schemathesis finds no failure of the server and nothing undocumented."""

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from deskworld import ADMIN, AUDITOR, INTAKE, REVIEWER, SUPERVISOR, World, settings_in
from flask import Flask
from marshmallow import Schema
from schemathesis import GenerationMode
from schemathesised import MODES, Asking, operations
from werkzeug.test import Client

from services.review.views.api.examples import EXAMPLES
from shared.openapi import About, Access, Undescribed, operation
from shared.openapi_document import document
from shared.schema import schema_for

ROLES = (INTAKE, REVIEWER, SUPERVISOR, AUDITOR, ADMIN)
WHO = (*ROLES, *ROLES, "token", "nobody", "stale")
REFUSALS = {"400", "401", "403", "404", "409", "413", "415", "422", "429", "503"}

REACHED = {
    GenerationMode.POSITIVE: {200, 201, 403, 404, 409, 422},
    GenerationMode.NEGATIVE: {403, 422},
}

Json = dict[str, Any]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(settings_in(tmp_path_factory.mktemp("openapi")))


@pytest.fixture(scope="module")
def told(world: World) -> Json:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # apispec warns where two shapes have one name
        found: Json = world.desk.visitor().get("/api/v1/openapi.json").get_json()
    return found


def who_asks(world: World, who: str) -> tuple[Client, dict[str, str]]:
    """A client that is logged in, or not, and what it sends along."""
    if who in ROLES:
        return world.people[who, "here"].client, {}
    if who == "stale":
        return world.stale[SUPERVISOR].client, {}
    return world.desk.app.test_client(), {"Authorization": f"Bearer {world.token}"} if who == "token" else {}


@pytest.mark.parametrize("mode", MODES, ids=["that_fits", "that_does_not"])
def test_whatever_is_sent_is_answered_as_promised(world: World, mode: GenerationMode) -> None:
    asking, found = Asking(WHO, partial(who_asks, world), world.ids), {}
    for each in operations(world.desk.app):
        found[each.label] = asking.faults(each, mode)
        world.restore()
    assert {label: said for label, said in found.items() if said} == {}
    assert REACHED[mode] <= asking.seen  # else it only knocked at the door


def test_every_operation_says_what_it_does_who_may_and_how_it_refuses(told: Json) -> None:
    known = told["components"]["responses"]
    for path, methods in told["paths"].items():
        for method, said in methods.items():
            where = f"{method} {path}"
            assert said["summary"], where
            assert said["security"] or path == "/api/v1/session", where
            refused = {status for status in said["responses"] if status[0] in "45"}
            assert refused <= REFUSALS, where
            assert all(said["responses"][status]["$ref"].rpartition("/")[2] in known for status in refused), where
            assert any(status[0] == "2" for status in said["responses"]), where
    for status, response in known.items():
        assert response["content"]["application/problem+json"]["example"]["title"], status


def test_a_decision_is_never_a_tokens(told: Json) -> None:
    decided = told["paths"]["/api/v1/drafts/{draft_id}/approve"]["post"]
    assert decided["security"] == [{"session": []}]
    assert "second factor" in decided["description"]
    assert {"token": ["cases.read"]} in told["paths"]["/api/v1/cases"]["get"]["security"]


@pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: getattr(kind, "__name__", type(kind).__name__))
def test_every_example_can_be_sent(kind: Any) -> None:
    schema = kind if isinstance(kind, Schema) else schema_for(kind)
    assert schema.validate(EXAMPLES[kind]) == {}


def test_whatever_is_sent_as_json_has_an_example(told: Json) -> None:
    bodies = [
        said["requestBody"] for methods in told["paths"].values() for said in methods.values() if "requestBody" in said
    ]
    named = [content for body in bodies for media, content in body["content"].items() if media == "application/json"]
    assert [content["schema"] for content in named if "example" not in content] == []


def test_a_route_without_a_description_stops_the_document() -> None:
    app = Flask(__name__)
    app.add_url_rule("/api/v1/things", "things", lambda: "")
    about = About("Test", "1", "", "/api/", "http://localhost")
    everybody: Callable[[str, str], Access] = lambda endpoint, method: Access([])  # noqa: E731
    with pytest.raises(Undescribed, match="GET /api/v1/things"):
        document(app, about, everybody)
    app.view_functions["things"] = operation("List things")(app.view_functions["things"])
    assert document(app, about, everybody)["paths"]["/api/v1/things"]["get"]["summary"] == "List things"


def test_the_document_is_a_page_too_with_nothing_from_elsewhere(world: World) -> None:
    page = world.desk.visitor().get("/api/v1/docs")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "<script" not in text
    assert "/api/v1/drafts/{draft_id}/approve" in text
