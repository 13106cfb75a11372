"""Words of the pages that come out of an alert's data."""

from flask_babel import lazy_gettext

from shared.messages import AlertContent, AlertText

EVENTS = {
    "MEP": lazy_gettext("Missing child in danger"),
    "CAE": lazy_gettext("Child abduction suspected"),
}
SEXES = {"female": lazy_gettext("Girl"), "male": lazy_gettext("Boy"), "unknown": lazy_gettext("Child")}


def text_for(content: AlertContent, language: str) -> AlertText:
    """The alert's words in the reader's language, else in its first."""
    return next((text for text in content.texts if text.language == language), content.texts[0])
