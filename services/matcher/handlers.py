"""What the matcher does about each message: enrol, search, close a probe, forget a case."""

import logging
from collections.abc import Callable

import numpy as np
from PIL import Image

from services.matcher import admission, embed, learned, rules, searching, store
from services.matcher.models import Template
from services.matcher.tools import Tools
from shared import messages as m
from shared.blobs import take
from shared.bus import Work
from shared.errors import BlobMissing, SealBroken
from shared.keys import random_id
from shared.messages import PhotoRef, PhotoToEnrol, Point, SearchRequested
from shared.photos import pixels

log = logging.getLogger("homeward.matcher")


def enrol_requested(message: m.EnrolRequested, work: Work, tools: Tools) -> None:
    """Keeps a template of each photo that its own grant admits, and answers what became of each."""
    ended = store.is_forgotten(work.session, message.case_key)
    answers = tuple(_enrolled(work, tools, message.case_key, given, ended=ended) for given in message.photos)
    work.publish(m.EnrolCompleted(message.case_key, answers))


def _enrolled(work: Work, tools: Tools, case_key: str, given: PhotoToEnrol, *, ended: bool) -> m.PhotoEnrolled:
    _erase_later(work, tools, given.photo)
    directory = tools.room.keys.directory
    if ended or not admission.may_enrol(given.grant, directory, case_key, given.photo.digest):
        return m.PhotoEnrolled(given.photo_id, "refused")
    bgr = _opened(tools, given.photo)
    if bgr is None:
        return m.PhotoEnrolled(given.photo_id, "unreadable")
    seen = embed.portrait(tools.pack, bgr, given.face)
    if seen.vector is not None:
        row = _template(work, tools, case_key, given, seen)
        if not tools.gallery.save(work.session, tools.chosen.now(work.session).metric, row):
            return m.PhotoEnrolled(given.photo_id, "unreadable", seen.quality)
    return m.PhotoEnrolled(given.photo_id, seen.outcome, seen.quality, seen.advice)


def _template(work: Work, tools: Tools, case_key: str, given: PhotoToEnrol, seen: embed.Portrait) -> Template:
    return Template(
        id=random_id(), case_key=case_key, photo_id=given.photo_id, pack=tools.pack.name,
        pack_version=tools.pack.version, vector=seen.vector, age_at_photo=given.age_at_photo, quality=seen.quality,
        grant=given.grant, photo_digest=given.photo.digest, enrolled_at=work.now,
    )  # fmt: skip


def search_requested(message: SearchRequested, work: Work, tools: Tools) -> None:
    """Looks for whom the marked faces resemble, once for each grant; its use is committed with the answer."""
    _erase_later(work, tools, message.photo)
    refusal = _refusal(message, work, tools)
    bgr = _opened(tools, message.photo) if refusal is None else None
    if bgr is None:
        work.publish(m.SearchRefused(message.search_id, refusal or "unreadable"))
        return
    faces = tools.pack.detect(bgr)
    wanted = embed.marked(faces, message.faces)
    probes = embed.probes(tools.pack, bgr, wanted)
    found = _found(work, tools, message, probes)
    store.note_search(
        work.session, message.search_id, admission.digest(message.grant), work.now, still_open=bool(found)
    )
    resembling = {candidate.face for candidate in found}
    kept = [(face, vector) for face, vector in probes if face in resembling]
    store.keep_probes(work.session, message.search_id, tools.pack, kept, message.probe_age)
    if probes:
        learned.note_probes(work.session, tools.pack, np.stack([vector for _, vector in probes]), message.probe_age)
    work.publish(m.SearchCompleted(message.search_id, len(faces), len(wanted), found))


def _refusal(message: SearchRequested, work: Work, tools: Tools) -> m.RefusalReason | None:
    used = store.grant_used(work.session, message.search_id, admission.digest(message.grant))
    return admission.search_refusal(
        message.grant, tools.room.keys.directory, message.search_id, message.photo.digest, work.now, used=used
    )


def _found(
    work: Work, tools: Tools, message: SearchRequested, probes: list[tuple[Point, np.ndarray]]
) -> tuple[m.RankedCandidate, ...]:
    limit, matching = rules.most(message.limit), tools.chosen.now(work.session)
    return searching.candidates(work.session, tools.gallery, matching, probes, message.probe_age, limit)


def probe_closed(message: m.ProbeClosed, work: Work, tools: Tools) -> None:
    """The officers have decided: a confirmed pair is learned from, then the probe's vectors are erased."""
    if message.outcome == "confirmed" and message.case_key is not None:
        matching = tools.chosen.now(work.session)
        learned.learn_pair(work.session, tools.pack, matching, message.search_id, message.case_key)
    store.close_search(work.session, message.search_id)


def forget_requested(message: m.ForgetRequested, work: Work, tools: Tools) -> None:
    """Erases a case's templates; its key is never enrolled again."""
    work.publish(m.ForgetCompleted(message.case_key, store.forget(work.session, message.case_key, work.now)))


def _opened(tools: Tools, ref: PhotoRef) -> np.ndarray | None:
    """The photo's pixels; None if it is not there, not the one that was sent, or no picture."""
    try:
        data = take(tools.room.incoming, ref)
    except (BlobMissing, SealBroken) as error:
        log.warning("a photo cannot be opened: %s", type(error).__name__)
        return None
    try:
        return pixels(data)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        log.warning("a photo cannot be decoded: %s", type(error).__name__)
        return None


def _erase_later(work: Work, tools: Tools, ref: PhotoRef) -> None:
    """The transit copy goes once its answer is committed: until then a second try needs it."""
    work.after_commit(lambda: tools.room.incoming.delete(ref.blob))


HANDLERS: dict[type[m.Message], Callable[..., None]] = {
    m.EnrolRequested: enrol_requested,
    m.SearchRequested: search_requested,
    m.ProbeClosed: probe_closed,
    m.ForgetRequested: forget_requested,
}
