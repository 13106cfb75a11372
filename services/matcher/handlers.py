"""What the matcher does about each message: enrol, search, close a probe, forget a case."""

import logging
from collections.abc import Callable

import numpy as np
from PIL import Image

from services.matcher import admission, changeover, embed, learned, rules, searching, store
from services.matcher.models import Template
from services.matcher.packs import FacePack
from services.matcher.recognition import InUse, Recognition
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
    """Keeps a template of each photo that its own grant admits, under every pack in use, and answers what became of
    each under the pack that is wanted."""
    ended = store.is_forgotten(work.session, message.case_key)
    using = tools.packs.now(work.session, held=True)
    answers = tuple(_enrolled(work, tools, using, message.case_key, given, ended=ended) for given in message.photos)
    if not ended:
        for each in using.all:
            changeover.note_answer(work.session, message.case_key, each.pack.id)
    work.publish(m.EnrolCompleted(message.case_key, answers, using.round_id))


def _enrolled(
    work: Work, tools: Tools, using: InUse, case_key: str, given: PhotoToEnrol, *, ended: bool
) -> m.PhotoEnrolled:
    _erase_later(work, tools, given.photo)
    directory = tools.room.keys.directory
    if ended or not admission.may_enrol(given.grant, directory, case_key, given.photo.digest):
        return m.PhotoEnrolled(given.photo_id, "refused")
    bgr = _opened(tools, given.photo)
    if bgr is None:
        return m.PhotoEnrolled(given.photo_id, "unreadable")
    return [_kept(work, each, case_key, given, bgr) for each in using.all][-1]


def _kept(work: Work, using: Recognition, case_key: str, given: PhotoToEnrol, bgr: np.ndarray) -> m.PhotoEnrolled:
    seen = embed.portrait(using.pack, bgr, given.face)
    if seen.vector is not None:
        row = _template(work, using.pack, case_key, given, seen)
        if not using.gallery.save(work.session, using.chosen.now(work.session).metric, row):
            return m.PhotoEnrolled(given.photo_id, "unreadable", seen.quality)
    return m.PhotoEnrolled(given.photo_id, seen.outcome, seen.quality, seen.advice, seen.found)


def _template(work: Work, pack: FacePack, case_key: str, given: PhotoToEnrol, seen: embed.Portrait) -> Template:
    return Template(
        id=random_id(), case_key=case_key, photo_id=given.photo_id, pack=pack.name,
        pack_version=pack.version, vector=seen.vector, age_at_photo=given.age_at_photo, quality=seen.quality,
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
    using = tools.packs.now(work.session).serving
    faces = using.pack.detect(bgr, thorough=True)
    wanted = embed.marked(faces, message.faces)
    probes = embed.probes(using.pack, bgr, wanted)
    found = _found(work, using, message, probes)
    store.note_search(
        work.session, message.search_id, admission.digest(message.grant), work.now, still_open=bool(found)
    )
    resembling = {candidate.face for candidate in found}
    kept = [(face, vector) for face, vector in probes if face in resembling]
    store.keep_probes(work.session, message.search_id, using.pack, kept, message.probe_age)
    if probes:
        learned.note_probes(work.session, using.pack, np.stack([vector for _, vector in probes]), message.probe_age)
    work.publish(m.SearchCompleted(message.search_id, len(faces), len(probes), found, embed.places(faces)))


def _refusal(message: SearchRequested, work: Work, tools: Tools) -> m.RefusalReason | None:
    used = store.grant_used(work.session, message.search_id, admission.digest(message.grant))
    return admission.search_refusal(
        message.grant, tools.room.keys.directory, message.search_id, message.photo.digest, work.now, used=used
    )


def _found(
    work: Work, using: Recognition, message: SearchRequested, probes: list[tuple[Point, np.ndarray]]
) -> tuple[m.RankedCandidate, ...]:
    limit, matching = rules.most(message.limit), using.chosen.now(work.session)
    return searching.candidates(work.session, using.gallery, matching, probes, message.probe_age, limit)


def probe_closed(message: m.ProbeClosed, work: Work, tools: Tools) -> None:
    """The officers have decided: a confirmed pair is learned from, then the probe's vectors are erased."""
    if message.outcome == "confirmed" and message.case_key is not None:
        using = tools.packs.now(work.session).serving
        matching = using.chosen.now(work.session)
        learned.learn_pair(work.session, using.pack, matching, message.search_id, message.case_key)
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
