"""A version as the public would get it: the page, the telephone, CAP. Made by the code that publishes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from services.review.base import db
from services.review.drafts import content, lengths, store
from services.review.drafts.models import Draft
from services.review.drafts.schemas import DraftFields
from services.review.views.context import now, tools
from services.review.views.reading import DraftRead
from shared import cap
from shared.addresses import Addresses
from shared.messages import AlertContent
from shared.photos import PUBLISHED_SIDES, CleanPhoto, at_most
from shared.web.alertpage import Shown, article, text_for


@dataclass(frozen=True)
class _Picture:
    id: str
    size: int
    sha1: str
    alt: dict[str, str]


def content_of(read: DraftRead) -> AlertContent | None:
    """What it would say, were it published now; None while its end or its words are missing, or once it is erased."""
    if read.fields is None or read.details is None or read.fields.expires is None or not read.fields.texts:
        return None
    known = [code for code in read.fields.regions if tools().regions.known(code)]
    return content.said(tools(), read.case, read.fields, now()) if known else None


def page(read: DraftRead, said: AlertContent, language: str) -> dict[str, Any]:
    """The variables of `alert_article.html` in one language, and what a telephone's message holds."""
    fields, text = _fields(read), text_for(said, language)
    photo = _photo(read, said)
    shown = []
    if photo is not None:
        address = url_for("drafts.picture", draft_id=read.row.id, revision=read.row.revision)
        shown = [Shown(address, photo.width, photo.height, dict(content.alt_of(fields)), fields.credit)]
    seen_url = f"{tools().room.settings.public_url('ingest')}/sighting?alert={read.row.alert_id}"
    length = lengths.on_a_phone(text.headline, text.description, text.instruction)
    return article(said, tools().regions, language, shown, now(), seen_url) | {"phone": length}


def document(read: DraftRead, said: AlertContent) -> str:
    """The CAP message. Its time, its number and the photos' addresses are only known once it is published."""
    settings, fields = tools().room.settings, _fields(read)
    where = Addresses(settings.public_url("alerts"), settings.sender)
    earlier = _published_before(read.row)
    sent = [cap.Sent(identifier, at, said.expires) for identifier, at in earlier]
    number = cap.identifier(where.sender, read.row.alert_id, len(earlier) + 1)
    kind: cap.MsgType = "Update" if earlier else "Alert"
    head = cap.Head(number, now(), said.status, kind, cap.references(where.sender, sent, now()))
    photo, pictures = _photo(read, said), []
    for side in PUBLISHED_SIDES if photo else ():
        data = at_most(photo.data, side).data if photo else b""
        digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        pictures.append(_Picture(f"photo-{side}", len(data), digest, dict(content.alt_of(fields))))
    return cap.alert(head, said, pictures, where, read.row.alert_id).decode()


def _published_before(row: Draft) -> list[tuple[str, datetime]]:
    """Identifier and time of each message of the versions before this one, those included that widened an area."""
    found: list[tuple[str, datetime]] = []
    for other in store.of_alert(db.session(), row.alert_id):
        if other.version < row.version and other.identifier is not None:
            found.append((other.identifier, other.sent_at or now()))
            found += [(each.identifier, each.sent) for each in store.widenings(db.session(), other.id)]
    return found


def _photo(read: DraftRead, said: AlertContent) -> CleanPhoto | None:
    """The photo as it would be published: none of a Test, none once the case has ended."""
    if said.status == "Test" or read.case.state != "registered":
        return None
    return content.picture(db.session(), tools(), read.case, _fields(read))


def _fields(read: DraftRead) -> DraftFields:
    if read.fields is None:
        raise ValueError("an erased draft has nothing to preview")
    return read.fields
