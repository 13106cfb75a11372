"""The personal part of a request for removal, as it lies encrypted in its row."""

import json
from dataclasses import dataclass
from typing import Literal, get_args

from shared.messages import Affected
from shared.schema import schema_for

Outcome = Literal["removed", "partly", "kept"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True)
class RemovalDetails:
    """What the requester said; `answer` is what an officer wrote to them."""

    affected: Affected
    which: str
    text: str
    contact: str | None
    answer: str = ""


DETAILS = schema_for(RemovalDetails)


def dumped(details: RemovalDetails) -> str:
    return json.dumps(DETAILS.dump(details), ensure_ascii=False)


def loaded(text: str) -> RemovalDetails:
    return DETAILS.loads(text)  # type: ignore[no-any-return]
