"""What a schema finds wrong with a form's field, as a calm sentence in the reader's language that names the field."""

import re

from flask_babel import LazyString, gettext, lazy_gettext

from services.review import words
from shared.language import LANGUAGES

_SENTENCES: tuple[tuple[str, LazyString], ...] = (
    (r"Not a valid number|Special numeric", lazy_gettext("Please write this as a number.")),
    (r"Longer than maximum length (\d+)", lazy_gettext("Please shorten this to %(first)s characters.")),
    (
        r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.",
        lazy_gettext("Please choose a number from %(first)s to %(second)s."),
    ),
    (r"Not a valid (?:aware )?datetime", lazy_gettext("Please give the day and the time.")),
    (r"Not a valid date", lazy_gettext("Please give the day.")),
    (r"Must be one of", lazy_gettext("Please choose one of the answers.")),
    (r"Missing data|may not be null", lazy_gettext("Please fill this in.")),
    (
        r"The crop lies outside the photo|Not a valid (?:list|tuple)",
        lazy_gettext("This part is not inside the photo. Please give four numbers from 0 to 100."),
    ),
    (
        r"Length must be 2|A corner is not on the globe",
        lazy_gettext("Each corner is a latitude and a longitude, for example 48.8566, 2.3522."),
    ),
    (r"A polygon has (\d+) to (\d+) corners", lazy_gettext("Please give %(first)s to %(second)s corners.")),
    (r"over the antimeridian", lazy_gettext("A polygon cannot go over the 180th meridian. Please use the circle.")),
    (r"The edges of the polygon cross", lazy_gettext("The edges cross, or there is nothing inside them.")),
    (r"The crop is too small", lazy_gettext("This part is too small. Please show more of the photo.")),
)
_OF_RINGS: tuple[tuple[str, LazyString], ...] = (
    (
        r"Length must be 2|Not a valid|Special",
        lazy_gettext("Please write a ring a line: the hours, then the kilometres."),
    ),
    (r"at most (\d+) rings", lazy_gettext("Please give at most %(first)s rings.")),
    (r"from hour 0", lazy_gettext("The first ring holds from hour 0 on.")),
    (r"within (\d+) hours", lazy_gettext("A ring begins within %(first)s hours, and has 0.1 to 500 kilometres.")),
    (r"later than the one", lazy_gettext("Each ring begins later than the one before it, and is wider.")),
    (r"Only a circle", lazy_gettext("Only a circle widens, not a polygon.")),
)


def fault(field: str, said: str) -> str:
    """The sentence for what marshmallow `said` of `field`. What is a sentence of our own already stays as it is."""
    for pattern, sentence in _OF_RINGS if field == "rings" else _SENTENCES:
        if match := re.search(pattern, said):
            first, second = (*match.groups(), "", "")[:2]
            text = str(sentence).replace("%(first)s", first).replace("%(second)s", second)
            return gettext("%(field)s: %(fault)s", field=_label(field), fault=text)
    return said


def _label(field: str) -> str:
    """`zh.headline` is the headline in Chinese."""
    language, _, name = field.rpartition(".")
    label = str(words.CHECKS.get(name) or words.REPORT_FIELDS.get(name) or words.DRAFT_FIELDS.get(name, name))
    return f"{label} ({LANGUAGES[language]})" if language in LANGUAGES else label
