"""The personal part of a case, as it lies encrypted in its row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from marshmallow import ValidationError

from services.review.cases.rules import Checks
from shared.messages import Child, LastSeen, Reporter
from shared.schema import schema_for


@dataclass(frozen=True)
class Details:
    """Everything of a case that names somebody. `reason` is why it was returned, rejected or withdrawn;
    `outcome_text` what an officer chose to tell the family at its end; `hold_reason` why the law keeps the case."""

    child: Child
    last_seen: LastSeen
    reporter: Reporter
    checks: Checks = Checks()
    reason: str = ""
    outcome_text: str = ""
    hold_reason: str = ""


DETAILS = schema_for(Details)
CHECKS = schema_for(Checks)
LONGEST_CHECK = 500


def dumped(details: Details) -> str:
    return json.dumps(DETAILS.dump(details), ensure_ascii=False)


def loaded(text: str) -> Details:
    return DETAILS.loads(text)  # type: ignore[no-any-return]


def checked(checks: Checks, given: Mapping[str, Any]) -> Checks:
    """`checks` with the given entries replaced. Raises ValidationError, by entry."""
    entries = CHECKS.load(dict(given))
    longer = [name for name, value in given.items() if isinstance(value, str) and len(value) > LONGEST_CHECK]
    if longer:
        raise ValidationError({name: [f"Longer than maximum length {LONGEST_CHECK}."] for name in longer})
    named = {item.name for item in fields(Checks)} & given.keys()
    return replace(checks, **{name: getattr(entries, name) for name in named})
