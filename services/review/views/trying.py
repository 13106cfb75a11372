"""How a page does an act: on success it leads on, on a refusal it shows itself again with what was typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import redirect
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from services.review.views.faults import fault
from services.review.views.refusals import sentences, status_of
from shared.errors import NotAllowed
from shared.problems import pointers


@dataclass(frozen=True)
class Trouble:
    """Why an act was not done: `said` in sentences, `errors` by the field of the form."""

    said: Sequence[str] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


NONE = Trouble()


def attempt(
    act: Callable[[], Any],
    leads_to: Callable[[Any], str],
    show: Callable[[Trouble], str],
    field_of: Callable[[str], str] = lambda pointer: pointer.rpartition("/")[2],
) -> ResponseReturnValue:
    """Does `act`. `leads_to` is where to go with its result, `show` the page, `field_of` its field of a pointer."""
    try:
        result = act()
    except NotAllowed as refusal:
        return show(Trouble(said=sentences(refusal))), status_of(refusal)
    except ValidationError as error:
        found = [(field_of(pointer.removeprefix("#/")), text) for pointer, text in pointers(error.messages)]
        return show(Trouble(errors={field: fault(field, text) for field, text in found})), 422
    return redirect(leads_to(result), 303)
