"""The draft's form as the JSON values that a draft takes, and faults back to its fields."""

import re
from datetime import datetime, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

Form = MultiDict[str, str]
LANGUAGES = ("en", "zh")
TEXT_FIELDS = ("headline", "description", "instruction", "area_desc")
CROP = ("left", "top", "width", "height")
WHOLE = (0.0, 0.0, 100.0, 100.0)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


def fields_of(form: Form, now: datetime) -> dict[str, Any]:
    """What the editor's form says, and what its buttons propose: a radius (`ring`), an end so many hours from `now`
    (`ends_in`). A language of which nothing is written is left out."""
    ring, ends_in = form.get("ring", ""), form.get("ends_in", type=int)
    typed = form.get("regions", "").upper().replace(",", " ").split()
    return {
        "event_code": form.get("event_code", ""),
        "texts": [text for text in (_text(form, code) for code in LANGUAGES) if text],
        "contact": form.get("contact", ""),
        "show_name": form.get("show_name") == "yes",
        "last_seen_place": form.get("last_seen_place", ""),
        "radius_km": ring or form.get("radius_km", ""),
        "polygon": corners_of(form) if form.get("area") == "polygon" and not ring else [],
        "rings": steps_of(form) if form.get("area") == "rings" and not ring else [],
        "regions": list(dict.fromkeys([*typed, *form.getlist("add_region")])),
        "expires": _in_hours(now, ends_in) if ends_in else _moment(form, "expires"),
        "photo_id": form.get("photo_id") or None,
        "crop": _crop(form),
        "alt": [[code, form[f"{code}.alt"]] for code in LANGUAGES if form.get(f"{code}.alt", "").strip()],
        "credit": form.get("credit", ""),
        "test": form.get("test") == "yes",
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


def corners_of(form: Form) -> list[list[float]]:
    """One corner a line, latitude and longitude. A line without two numbers keeps as many as it has, for the error."""
    lines = [line for line in form.get("polygon", "").splitlines() if line.strip()]
    return [[round(float(number), 6) for number in _NUMBER.findall(line)] for line in lines]


def steps_of(form: Form) -> list[list[float]] | str:
    """One ring a line, hours since last seen and kilometres; what is not so is kept for the error."""
    lines = [line for line in form.get("rings", "").splitlines() if line.strip()]
    return [[float(number) for number in _NUMBER.findall(line)] for line in lines] or "none"


def steps_text(steps: Any) -> str:
    return "\n".join(f"{hours:g} h: {km:g} km" for hours, km in steps)


def corners_text(corners: Any) -> str:
    return "\n".join(f"{lat}, {lon}" for lat, lon in corners)


def _in_hours(now: datetime, hours: int) -> str:
    return (now + timedelta(hours=min(hours, 720))).replace(second=0, microsecond=0).isoformat()


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
