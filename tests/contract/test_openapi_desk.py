"""The desk's JSON keeps to its document: Schemathesis finds no failure of the server and nothing undocumented."""

import os
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from deskworld import ADMIN, AUDITOR, INTAKE, REVIEWER, SUPERVISOR, World, settings_in
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import Schema
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.test import Client

from services.review.views.api.examples import EXAMPLES
from shared.openapi import About, Access, Undescribed, document, operation
from shared.schema import schema_for

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES_EACH = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "4"))
"""Requests to each operation, of data that fits and again of data that does not."""
ROLES = (INTAKE, REVIEWER, SUPERVISOR, AUDITOR, ADMIN)
WHO = (*ROLES, *ROLES, "token", "nobody", "stale")
REFUSALS = {"400", "401", "403", "404", "409", "413", "415", "422", "429", "503"}

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


@pytest.fixture(scope="module")
def operations(world: World) -> list[APIOperation]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", world.desk.app)
    schema.validate()
    return [result.ok() for result in schema.get_all_operations()]


def who_asks(world: World, who: str) -> tuple[Client, dict[str, str]]:
    """A client that is logged in, or not, and what it sends along."""
    if who in ROLES:
        return world.people[who, "here"].client, {}
    if who == "stale":
        return world.stale[SUPERVISOR].client, {}
    return world.desk.app.test_client(), {"Authorization": f"Bearer {world.token}"} if who == "token" else {}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["that_fits", "that_does_not"])
def test_whatever_is_sent_is_answered_as_promised(
    world: World, operations: list[APIOperation], mode: GenerationMode
) -> None:
    faults = {}
    for each in operations:
        try:
            ask(world, each, mode)
        except BaseExceptionGroup as group:
            faults[each.label] = [str(fault)[:600] for fault in group.exceptions]
        except Exception as error:
            if type(error).__name__ not in ("Unsatisfiable", "InvalidSchema"):  # nothing that does not fit can be sent
                faults[each.label] = [f"{type(error).__name__}: {error}"[:600]]
        world.restore()
    assert not faults, "\n".join(f"{label}: {said}" for label, said in faults.items())


def ask(world: World, each: APIOperation, mode: GenerationMode) -> None:
    """Asks one operation many times, mostly about what is there."""

    @settings(
        max_examples=EXAMPLES_EACH, derandomize=True, database=None, deadline=None, report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=each.as_strategy(generation_mode=mode), who=st.sampled_from(WHO), real=st.sampled_from((1, 1, 1, 0)))
    def run(case: schemathesis.Case, who: str, real: int) -> None:
        if real and case.path_parameters:
            case.path_parameters = {name: world.ids.get(name, given) for name, given in case.path_parameters.items()}
        client, headers = who_asks(world, who)
        answer = case.call(session=client, headers=headers)
        case.validate_response(answer, checks=CHECKS)

    run()


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
