"""The parts of a multipart request: one of JSON, and photos."""

import json
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from services.ingest.reading import Invalid
from services.ingest.rules import Fault

JSON_LIMIT = 1024 * 1024


def json_part(name: str) -> tuple[Any, bytes]:
    """The JSON of the part `name`, sent as a field or as a file, and its bytes. Raises Invalid."""
    if file := request.files.get(name):
        raw = file.stream.read(JSON_LIMIT + 1)
    elif name in request.form:
        raw = request.form[name].encode("utf-8", "replace")
    else:
        raise Invalid((Fault("#", "no_json_part"),))
    if len(raw) > JSON_LIMIT:
        raise Invalid((Fault("#", "too_long", JSON_LIMIT),))
    try:
        return json.loads(raw), raw
    except (ValueError, RecursionError) as error:
        raise Invalid((Fault("#", "bad_json"),)) from error


def photo_parts(name: str) -> list[FileStorage]:
    """The parts named `photos`. Raises Invalid for a file under another name than that and `name`: none is lost."""
    strange = [part for part in request.files if part not in ("photos", name)]
    if strange:
        raise Invalid(tuple(Fault(f"#/{part[:80]}", "unknown_part") for part in strange))
    return request.files.getlist("photos")
