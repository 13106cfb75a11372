"""Which language a page speaks: what the reader asked for, chose before, or their browser prefers."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel

from shared.web.times import tell_times

LANGUAGES = {"en": "English", "zh": "中文"}
"""What a reader may choose, by its code. docs/translations.md says how one more is added."""
_SCRIPTS = ("zh-CN", "zh-TW", "zh-Hans", "zh-Hant")
COOKIE = "lang"
_YEAR_S = 365 * 86_400
_SHARED = Path(__file__).parent / "web" / "translations"


def speak(app: Flask) -> None:
    """Flask-Babel for the app: its own catalogue, and the house's."""
    own = Path(app.root_path) / "translations"
    Babel(app, locale_selector=language, default_translation_directories=f"{own};{_SHARED}")
    app.after_request(_remember)
    app.context_processor(_context)
    tell_times(app)


def language() -> str:
    """One of LANGUAGES; `en` where nobody reads a page (the command line, a worker)."""
    if not has_request_context():
        return "en"
    if "language" not in g:
        asked, kept = request.args.get("lang"), request.cookies.get(COOKIE)
        preferred = request.accept_languages.best_match([*LANGUAGES, *_SCRIPTS], "en")
        g.language = next(code for code in (asked, kept, str(preferred).partition("-")[0]) if code in LANGUAGES)
    return str(g.language)


def speak_by_address() -> None:
    """This request's answer is in the language of its `lang`, else English, whoever asks; nothing is remembered."""
    asked = request.args.get("lang")
    g.language, g.by_address = asked if asked in LANGUAGES else "en", True


def _remember(response: Response) -> Response:
    asked = request.args.get("lang")
    if "by_address" not in g and asked in LANGUAGES and request.cookies.get(COOKIE) != asked:
        response.set_cookie(COOKIE, asked, max_age=_YEAR_S, samesite="Lax", secure=request.is_secure)
    return response


def _context() -> dict[str, Any]:
    return {
        "language": language(), "languages": LANGUAGES, "direction": Locale.parse(language()).text_direction,
        "url_for_language": _url_for_language,
    }  # fmt: skip


def _url_for_language(code: str) -> str:
    """The address of this page in another language; a page that was posted to is not asked for again."""
    query = {name: values for name, values in request.args.lists() if name != "lang"}
    query["lang"] = [code]
    pairs = [(name, value) for name, values in query.items() for value in values]
    return f"{request.path}?{urlencode(pairs)}"
