"""The marshmallow fields of this door: forgiving about what people type, and every error is a code for `words.py`."""

import unicodedata
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields
from marshmallow.validate import OneOf, Range

_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class Text(fields.String):
    """A text without control characters, normalised, trimmed. An empty one counts as missing, or as None."""

    default_error_messages = {"invalid": "not_text", "required": "missing", "null": "missing"}

    def __init__(self, longest: int, **options: Any) -> None:
        super().__init__(**options)
        self.longest = longest

    def deserialize(self, value: Any, *where: Any, **options: Any) -> Any:
        if isinstance(value, str) and not (value := tidy(value)):
            value = None
        if value is None and self.load_default == "":
            return ""
        return super().deserialize(value, *where, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        if len(text) > self.longest:
            raise ValidationError(f"too_long:{self.longest}")
        return text


class Choice(Text):
    """One of a few words."""

    def __init__(self, *choices: str, **options: Any) -> None:
        super().__init__(40, validate=OneOf(choices, error="not_a_choice"), **options)


class Number(fields.Float):
    """A finite number between `low` and `high`, both included."""

    default_error_messages = {
        "invalid": "not_a_number",
        "special": "not_a_number",
        "too_large": "not_a_number",
        "required": "missing",
        "null": "missing",
    }

    def __init__(self, low: float, high: float, error: str, **options: Any) -> None:
        super().__init__(allow_nan=False, validate=Range(low, high, error=error), **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Any:
        if isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **options)


class Day(fields.Date):
    """A day, as 2026-11-23."""

    default_error_messages = {"invalid": "bad_date", "required": "missing", "null": "missing"}


class Moment(fields.DateTime):
    """A time, as 2026-11-23T18:30:00+01:00; without an offset it is on the clock of the place."""

    default_error_messages = {"invalid": "bad_time", "required": "missing", "null": "missing"}

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> datetime:
        moment: datetime = super()._deserialize(value, attr, data, **options)
        if not 1900 < moment.year < 9999:  # so that no clock overflows
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return moment


class Truth(fields.Boolean):
    """True or false, nothing that resembles them."""

    default_error_messages = {"invalid": "not_yes_or_no", "required": "missing", "null": "missing"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Spot(fields.Tuple):
    """A point of a picture: two fractions from its top left."""

    default_error_messages = {"invalid": "bad_point", "null": "missing"}

    def __init__(self, **options: Any) -> None:
        part = {"low": 0, "high": 1, "error": "bad_point"}
        super().__init__([Number(**part), Number(**part)], **options)  # type: ignore[arg-type]
        self.validate_length.error = "bad_point"


class Row(fields.List):
    """A list of at most `longest` things."""

    default_error_messages = {"invalid": "not_a_list", "required": "missing", "null": "missing"}

    def __init__(self, inner: Any, longest: int, **options: Any) -> None:
        super().__init__(inner, **options)
        self.longest = longest

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Any:
        if isinstance(value, list) and len(value) > self.longest:
            raise ValidationError(f"too_many:{self.longest}")
        return super()._deserialize(value, attr, data, **options)


class Part(fields.Nested):
    """An object within the object."""

    default_error_messages = {"type": "not_an_object", "required": "missing", "null": "missing"}


def tidy(text: str) -> str:
    """The text composed (NFC), its line ends as \\n, without control characters, halves of characters, and those that
    turn the direction of what follows: they could make a text say something else to an officer's eye."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in lines if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNING))
    return unicodedata.normalize("NFC", "".join(kept)).strip()
