"""A form on one page: filled in, photos added, mended, sent once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from services.ingest import drawer, handlers, uploads
from services.ingest.forms import FormKey
from services.ingest.handlers import Entry
from services.ingest.intake import Accepted
from services.ingest.places import full_name, suggestions
from services.ingest.reading import Invalid
from services.ingest.rules import Fault, Kind, most_photos
from services.ingest.tools import Tools
from services.ingest.views import placing
from services.ingest.views.context import language, tools
from services.ingest.views.gallery import previews
from services.ingest.views.placing import SEEN
from services.ingest.views.uploads import BadFile, put_aside
from services.ingest.views.written import Form, faults_by_field
from services.ingest.words import photo_fault_text
from shared.bus import Work
from shared.clock import Clock
from shared.geo import Regions
from shared.messages import Language

Kept = Mapping[str, Accepted]
Filed = TypeVar("Filed")


@dataclass(frozen=True)
class Paper(Generic[Filed]):
    """One kind of form: how it becomes JSON, how that is read, and how it is submitted."""

    kind: Kind
    json: Callable[[Form, Iterable[str], Language, Regions], dict[str, Any]]
    read: Callable[[object, int, datetime, Clock], Filed]
    submit: Callable[[Filed, Entry, Tools], bool]

    def blank(self) -> str:
        """An empty form."""
        return self._page(FormKey.new(), MultiDict({"alert": request.args.get("alert", "")}), {})

    def post(self) -> ResponseReturnValue:
        """Keeps the photos that came; then sends the form, or shows it again with all that was written."""
        form, room = FormKey.read(request.form.get("form", "")), tools()
        if handlers.is_sent(form.tracking_code, room):
            return self._receipt(form, {}, again=request.form.get("act") == "send")
        drawer.discard(form, request.form.getlist("remove"), room.room)
        bad = put_aside(form, self.kind, room)
        kept, written = drawer.look(form, room.room), _written()
        if request.form.get("act") != "send":
            return self._page(form, written, kept, bad), 422 if bad else 200
        json = self.json(written, kept, language(), room.regions)
        try:
            filed = self.read(json, len(kept), room.room.clock(), room.clock)
        except Invalid as invalid:
            return self._page(form, written, kept, bad, invalid.faults), 422
        if bad:
            return self._page(form, written, kept, bad), 422
        fresh = self.submit(filed, _entry(form, kept, room), room)
        return self._receipt(form, kept, again=not fresh)

    def _page(
        self,
        form: FormKey,
        written: Form,
        kept: Kept,
        bad: Sequence[BadFile] = (),
        faults: Sequence[Fault] = (),
    ) -> str:
        errors = faults_by_field(faults, written, list(kept))
        if bad:
            errors = {"photos": "\n".join(photo_fault_text(file.name, file.fault) for file in bad)} | errors
        return render_template(
            f"ingest/{self.kind}.html",
            form_key=form.write(),
            written=written,
            errors=errors,
            photos=previews(kept, written),
            regions=regions_for(written, errors),
            map=placing.tap_map(written.to_dict(), SEEN, errors),
            most=most_photos(self.kind),
            today=tools().room.clock().date(),
        )

    def _receipt(self, form: FormKey, kept: Kept, *, again: bool) -> str:
        return render_template(
            "ingest/sent.html",
            kind=self.kind,
            form_key=form.write(),
            code=form.tracking_code,
            photos=previews(kept, request.form),
            again=again,
            in_danger=request.form.get("in_danger") == "yes",
        )


def _written() -> Form:
    """The form as it was posted, and after what it asked of the map."""
    written = MultiDict(request.form)
    place = {name: written[name] for name in astuple(SEEN) if name in written}
    for name in place:
        del written[name]
    written.update(placing.applied(place, SEEN))
    return written


def _entry(form: FormKey, kept: Kept, tools: Tools) -> Entry:
    def clear(work: Work) -> None:
        drawer.empty(form, work, tools.room)
        uploads.clear(form, work, tools.room)

    return Entry(form.tracking_code, tuple(kept.values()), clear=clear)


def regions_for(written: Form, errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """Regions to choose from, where the point could not be read or one was chosen already: code and name."""
    prefix = "last_seen." if "last_seen.place" in written else ""
    if f"{prefix}point" not in errors and not written.get(f"{prefix}region"):
        return []
    known = tools().regions
    said = written.get(f"{prefix}point", "").strip() or written.get(f"{prefix}place", "")
    return [(region.code, full_name(region, known, language())) for region in suggestions(said, known)]
