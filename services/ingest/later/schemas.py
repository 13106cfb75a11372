"""The JSON of what comes after a report; the HTML forms are turned into it."""

from typing import get_args

from marshmallow import Schema

from services.ingest.fields import Choice, Day, Number, Part, Row, Spot, Text
from services.ingest.later import rules
from services.ingest.rules import ADULT
from shared.messages import Language


class _Input(Schema):
    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}


class _Photo(_Input):
    taken = Day(load_default=None, allow_none=True)
    age = Number(0, ADULT, "bad_age", load_default=None, allow_none=True)
    face = Spot(load_default=None, allow_none=True)


class AdditionSchema(_Input):
    """More about the child, in words, photos or both."""

    text = Text(rules.LONGEST_TEXT, load_default="")
    photos = Row(Part(_Photo), rules.MOST_PHOTOS, load_default=list)


class AnswerSchema(_Input):
    """An answer to an officer."""

    text = Text(rules.LONGEST_TEXT, required=True)


class CorrectionSchema(_Input):
    """What was wrong in a report, and what is right."""

    fact = Choice(*rules.FACTS, required=True)
    text = Text(rules.LONGEST_TEXT, required=True)


class WithdrawalSchema(_Input):
    """Why a report is to be withdrawn, if its sender says it."""

    text = Text(rules.LONGEST_TEXT, load_default="")


class RemovalSchema(_Input):
    """A request that an alert or a report be taken away. `which` says what is meant, in words."""

    alert = Text(64, load_default=None, allow_none=True)
    affected = Choice(*rules.AFFECTED, required=True)
    which = Text(1000, load_default="")
    text = Text(rules.LONGEST_TEXT, load_default="")
    contact = Text(400, load_default=None, allow_none=True)
    language = Choice(*get_args(Language), load_default="en")
