"""How a page says a time: how long ago, and the clock."""

from datetime import UTC, datetime

from babel.dates import format_timedelta
from flask import Flask
from flask_babel import format_datetime, get_locale, gettext

_JUST_NOW_S = 45


def ago(time: datetime, now: datetime | None = None) -> str:
    """`14 min ago`, `in 2 days`, or `just now`."""
    passed = (now or datetime.now(UTC)) - time
    if abs(passed.total_seconds()) < _JUST_NOW_S:
        return str(gettext("just now"))
    span = format_timedelta(abs(passed), "minute", threshold=2, format="short", locale=get_locale())
    if passed.total_seconds() > 0:
        return str(gettext("%(span)s ago", span=span))
    return str(gettext("in %(span)s", span=span))


def clock(time: datetime) -> str:
    """`24 Nov 2026, 08:36 UTC`, in the reader's language and the app's time zone."""
    # Translators: a pattern of CLDR, for example "y年M月d日 HH:mm z"
    return str(format_datetime(time, gettext("d MMM y, HH:mm z")))


def tell_times(app: Flask) -> None:
    """Gives the app's templates the filters `ago` and `clock`."""
    app.add_template_filter(ago)
    app.add_template_filter(clock)
