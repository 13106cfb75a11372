"""Schemathesis on an app's own document, with real engines behind it: each operation is asked many times."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass
class Asking:
    """Who asks (`client_of`: a client that is logged in or not, and what headers it sends along), about what is there
    (`ids` by the name in the address), and which statuses were `seen`."""

    who: Sequence[str]
    client_of: Callable[[str], tuple[Client, dict[str, str]]]
    ids: Mapping[str, str] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def faults(self, each: APIOperation, mode: GenerationMode) -> list[str]:
        """What an operation does not answer as promised."""
        try:
            self._ask(each, mode)
        except BaseExceptionGroup as group:
            return [str(fault)[:600] for fault in group.exceptions]
        except Exception as error:
            nothing = type(error).__name__ in (
                "Unsatisfiable",
                "InvalidSchema",
            )  # all that can be sent fits
            return [] if nothing else [f"{type(error).__name__}: {error}"[:600]]
        return []

    def _ask(self, each: APIOperation, mode: GenerationMode) -> None:
        @settings(
            max_examples=EXAMPLES_EACH, derandomize=True, database=None, deadline=None, report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=each.as_strategy(generation_mode=mode), one=st.sampled_from(self.who), real=st.integers(0, 3))
        def run(case: schemathesis.Case, one: str, real: int) -> None:
            if real < 3 and case.path_parameters:
                case.path_parameters = {name: self.ids.get(name, sent) for name, sent in case.path_parameters.items()}
            client, headers = self.client_of(one)
            answer = case.call(session=client, headers=headers)
            self.seen.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        run()


def operations(app: Any) -> list[APIOperation]:
    """Every operation of the app's document, which is valid OpenAPI."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    schema.config.generation.with_security_parameters = False  # who asks is ours to say
    schema.validate()
    return [result.ok() for result in schema.get_all_operations()]
