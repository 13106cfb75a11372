"""Schemathesis on an app's own document, with real engines behind it: each operation is asked many times."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.test import Client

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
EXAMPLES_EACH = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "4"))
"""Requests to each operation, of what fits the document and again of what does not."""

Asker = Callable[[str], tuple[Client, dict[str, str]]]
"""Who asks: a client that is logged in or not, and what headers it sends along."""


def operations(app: Any) -> list[APIOperation]:
    """Every operation of the app's document, which is valid OpenAPI."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    schema.validate()
    return [result.ok() for result in schema.get_all_operations()]


def faults(
    each: APIOperation, mode: GenerationMode, who: Sequence[str], asker: Asker, ids: Mapping[str, str]
) -> list[str]:
    """What was not as promised. Most requests are about what is there: its `ids` by the name in the address."""
    try:
        _ask(each, mode, who, asker, ids)
    except BaseExceptionGroup as group:
        return [str(fault)[:600] for fault in group.exceptions]
    except Exception as error:
        nothing = type(error).__name__ in ("Unsatisfiable", "InvalidSchema")  # nothing that does not fit can be sent
        return [] if nothing else [f"{type(error).__name__}: {error}"[:600]]
    return []


def _ask(each: APIOperation, mode: GenerationMode, who: Sequence[str], asker: Asker, ids: Mapping[str, str]) -> None:
    @settings(
        max_examples=EXAMPLES_EACH, derandomize=True, database=None, deadline=None, report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=each.as_strategy(generation_mode=mode), one=st.sampled_from(who), real=st.sampled_from((1, 1, 1, 0)))
    def run(case: schemathesis.Case, one: str, real: int) -> None:
        if real and case.path_parameters:
            case.path_parameters = {name: ids.get(name, given) for name, given in case.path_parameters.items()}
        client, headers = asker(one)
        case.validate_response(case.call(session=client, headers=headers), checks=CHECKS)

    run()
