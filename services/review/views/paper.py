"""The draft's form as the JSON values that a draft takes, faults back to its fields, and the preview's map."""

from typing import Any

from flask_babel import gettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from services.review.drafts.rules import PLACE_ROUNDED_KM
from services.review.views.context import tools
from services.review.views.reading import DraftRead
from shared.geo import rounded
from shared.language import language
from shared.mapframe import Pin
from shared.maps import alert_map

Form = MultiDict[str, str]
LANGUAGES = ("en", "zh")
TEXT_FIELDS = ("headline", "description", "instruction", "area_desc")
CROP = ("left", "top", "width", "height")
WHOLE = (0.0, 0.0, 100.0, 100.0)


def fields_of(form: Form) -> dict[str, Any]:
    """What the editor's form says. A language of which nothing is written is left out."""
    return {
        "event_code": form.get("event_code", ""),
        "texts": [text for text in (_text(form, code) for code in LANGUAGES) if text],
        "contact": form.get("contact", ""),
        "show_name": form.get("show_name") == "yes",
        "last_seen_place": form.get("last_seen_place", ""),
        "radius_km": form.get("radius_km", ""),
        "regions": form.get("regions", "").upper().replace(",", " ").split(),
        "expires": _moment(form, "expires"),
        "photo_id": form.get("photo_id") or None,
        "crop": _crop(form),
        "alt": [[code, form[f"{code}.alt"]] for code in LANGUAGES if form.get(f"{code}.alt", "").strip()],
        "credit": form.get("credit", ""),
    }


def field_of(form: Form, pointer: str) -> str:
    """The form's field for a pointer into the draft's fields that `fields_of` made of it: `texts/0/headline` is
    `en.headline`, or `zh.headline` where nothing is written in English."""
    head, _, rest = pointer.partition("/")
    if head == "texts" and "/" in rest:
        position, _, name = rest.partition("/")
        written = [code for code in LANGUAGES if _text(form, code)]
        return f"{written[int(position)]}.{name}"
    return head


def map_of(read: DraftRead) -> Markup | None:
    """The map as the public would see it: the place rounded, the radius, the regions that are known."""
    if read.details is None or read.fields is None:
        return None
    seen = read.fields.seen or read.details.last_seen
    lat, lon = rounded(seen.lat, seen.lon, PLACE_ROUNDED_KM)
    known = [code for code in read.fields.regions if tools().regions.known(code)]
    pin = Pin(lat, lon, read.fields.last_seen_place[:40])
    title = gettext("Where the child was last seen, and where the alert goes")
    return alert_map(tools().regions, known, pin, read.fields.radius_km, language=language(), title=title)


def _text(form: Form, code: str) -> dict[str, str] | None:
    written = {name: form.get(f"{code}.{name}", "").strip() for name in TEXT_FIELDS}
    return {"language": code} | written if any(written.values()) else None


def _moment(form: Form, name: str) -> str | None:
    """A day and a time on the UTC clock."""
    day, time = form.get(f"{name}.day", "").strip(), form.get(f"{name}.time", "").strip()
    return f"{day}T{time or '00:00'}:00+00:00" if day else None


def _crop(form: Form) -> list[float] | str | None:
    """Percent of the picture as fractions; None: the whole picture. What is no number is kept for the error."""
    written = [form.get(f"crop.{side}", "").strip() for side in CROP]
    try:
        parts = [float(text or whole) / 100 for text, whole in zip(written, WHOLE, strict=True)]
    except ValueError:
        return ", ".join(written)
    return parts if parts != [whole / 100 for whole in WHOLE] else None
