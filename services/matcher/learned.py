"""Keeps what was learned, as sums, and which matching is in use; makes a new one when there is enough to learn from."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services.matcher import learning, store
from services.matcher.fitting import Scatter, Sums
from services.matcher.learning import Faces, Pairs
from services.matcher.matching import Matching, initial, loaded, versioned
from services.matcher.metric import UNKNOWN
from services.matcher.models import LearnedMetric, Probe, Statistic, Template
from services.matcher.packs import FacePack

log = logging.getLogger("homeward.learned")

MOST_READ = 20_000
FEWEST_FACES = 20
MORE = 1.5
"""How much there must be to learn from, as a share of what the matching in use was made of."""
PROBE, WITHIN, TOTAL = "probe", "within", "total"


class Chosen:
    """The matching in use: the one that was activated last for the pack, else what the pack starts with."""

    def __init__(self, pack: FacePack) -> None:
        self.pack = pack
        self.initial = initial(pack.manifest.sections, pack.manifest.calibration)
        self.matching = self.initial

    def now(self, session: Session) -> Matching:
        version = store.active_metric(session, self.pack)
        if version is None:
            self.matching = self.initial
        elif version != self.matching.metric.version:
            arrays = session.scalar(select(LearnedMetric.arrays).where(LearnedMetric.version == version))
            self.matching = loaded(bytes(arrays or b""), version)
        return self.matching


def activate(session: Session, pack: FacePack, matching: Matching, report: dict[str, object], now: datetime) -> str:
    """Puts a matching into use for the pack, in the place of the one before; returns its version."""
    named, arrays = versioned(matching)
    version = named.metric.version
    mine = (LearnedMetric.pack == pack.name, LearnedMetric.pack_version == pack.version)
    session.execute(update(LearnedMetric).where(*mine, LearnedMetric.state == "active").values(state="retired"))
    row = session.get(LearnedMetric, version) or LearnedMetric(version=version, made_at=now)
    row.pack, row.pack_version, row.state = pack.name, pack.version, "active"
    row.arrays, row.report, row.activated_at = arrays, report, now
    session.add(row)
    session.flush()
    return version


def note_probes(session: Session, pack: FacePack, vectors: np.ndarray, age: float | None) -> None:
    """Adds the faces of a search (n, D) to the sums of their age band; the faces themselves are not kept."""
    if not len(vectors):
        return
    ages = np.full(len(vectors), np.nan if age is None else age)
    sums = [Sums.of(section, ages) for section in _sections(pack, vectors)]
    band = int(np.argmax(sums[0].count))
    total = np.concatenate([each.total[band] for each in sums])
    _add(session, pack, PROBE, band, len(vectors), total)


def learn_pair(session: Session, pack: FacePack, matching: Matching, search_id: str, case_key: str) -> None:
    """Adds a confirmed match to the sums of pairs: its probe's best face, with each of the case's templates."""
    mates, probes = _templates(session, pack, case_key), _probes(session, pack, search_id)
    if not len(mates.case) or not len(probes.case):
        return
    metric = matching.metric
    scores = metric.probes(probes.vectors, probes.ages) @ metric.templates(mates.vectors, mates.ages).T
    best = [int(scores.max(1).argmax())]
    one = Faces(probes.vectors[best], probes.ages[best], probes.case[best])
    half = sum(search_id.encode()) % 2
    scatters = learning.pair_scatter(matching.metric.parts, pack.manifest.sections, one, mates)
    for network, scatter in zip(pack.manifest.networks, scatters, strict=True):
        nothing = np.zeros(0)
        _add(session, pack, f"{WITHIN} {network.name}", half, int(scatter.pairs), nothing, scatter.within)
        _add(session, pack, f"{TOTAL} {network.name}", half, int(scatter.faces), nothing, scatter.total)


@dataclass(frozen=True)
class Lesson:
    """All there is to learn from now, besides the gallery's faces themselves."""

    templates: int
    probes: tuple[Sums, ...]
    pairs: Pairs

    @property
    def seen(self) -> int:
        return self.templates + int(self.probes[0].count.sum())


def lesson(session: Session, pack: FacePack) -> Lesson:
    templates = session.scalar(select(func.count()).select_from(Template).where(*_of(pack))) or 0
    return Lesson(templates, _probe_sums(session, pack), _pairs(session, pack))


def relearn(session: Session, pack: FacePack, chosen: Chosen, now: datetime) -> str | None:
    """Puts a new matching into use if there is half as much again to learn from; answers its version.

    The means follow the gallery by themselves. Confirmed pairs whiten only if either half of them, fitted on, does
    better on the other half than the matching that is in use.
    """
    current, told = chosen.now(session), lesson(session, pack)
    before = _made_of(session, current)
    more_pairs = told.pairs.count >= max(learning.FEWEST_PAIRS, MORE * before.get("pairs", 0))
    if told.seen < max(FEWEST_FACES, MORE * before.get("seen", 0)) and not more_pairs:
        return None
    faces = learning.distinct(_templates(session, pack))
    matching = learning.centred_on(current, faces, told.probes)
    fitted = more_pairs and learning.is_better(matching, faces, told.pairs)
    if fitted:
        matching = learning.fitted_on(matching, faces, told.pairs.together())
    kept = {} if fitted else {name: value for name, value in before.items() if name != "start"}
    made_of = {"seen": told.seen, "pairs": told.pairs.count if more_pairs else before.get("pairs", 0)}
    report = {"fitted": fitted, **kept, **made_of}  # what was fitted before and stays, stays told
    version = activate(session, pack, matching, report, now)
    log.info("matching %s: %d faces, %d pairs%s", version, told.seen, told.pairs.count, ", fitted" if fitted else "")
    return version


def _made_of(session: Session, matching: Matching) -> dict[str, Any]:
    row = session.get(LearnedMetric, matching.metric.version)
    return dict(row.report) if row else {}


def _sections(pack: FacePack, vectors: np.ndarray) -> list[np.ndarray]:
    return np.split(vectors, np.cumsum(pack.manifest.sections)[:-1], axis=1)


def _of(pack: FacePack) -> tuple[object, object]:
    return Template.pack == pack.name, Template.pack_version == pack.version


def _templates(session: Session, pack: FacePack, case_key: str | None = None) -> Faces:
    """The newest templates of the pack, of one case or of all."""
    query = select(Template.vector, Template.age_at_photo, Template.case_key).where(*_of(pack))  # type: ignore[arg-type]
    if case_key is not None:
        query = query.where(Template.case_key == case_key)
    return _faces(pack, session.execute(query.order_by(Template.seq.desc()).limit(MOST_READ)).all())


def _probes(session: Session, pack: FacePack, search_id: str) -> Faces:
    mine = (Probe.pack == pack.name, Probe.pack_version == pack.version, Probe.search_id == search_id)
    return _faces(pack, session.execute(select(Probe.vector, Probe.age, Probe.search_id).where(*mine)).all())


def _faces(pack: FacePack, rows: Sequence[object]) -> Faces:
    sound = [row for row in rows if len(row[0]) == pack.manifest.dimension and np.isfinite(row[0]).all()]  # type: ignore[index]
    if not sound:
        return Faces(np.zeros((0, pack.manifest.dimension), np.float32), np.zeros(0), np.zeros(0, int))
    vectors, ages, names = zip(*sound, strict=True)  # type: ignore[call-overload]
    years = np.asarray([np.nan if age is None else age for age in ages])
    return Faces(np.stack(vectors), years, np.unique(names, return_inverse=True)[1])


def _add(
    session: Session,
    pack: FacePack,
    kind: str,
    band: int,
    count: int,
    total: np.ndarray,
    outer: np.ndarray | None = None,
) -> None:
    row = session.get(Statistic, (pack.name, pack.version, kind, band), with_for_update=True)
    if row is None:
        row = Statistic(pack=pack.name, pack_version=pack.version, kind=kind, band=band, count=0, total=b"", outer=None)
        session.add(row)
    row.count += count
    row.total = _plus(row.total, total)
    row.outer = None if outer is None else _plus(row.outer or b"", outer)
    session.flush()


def _plus(kept: bytes, more: np.ndarray) -> bytes:
    added = np.asarray(more, np.float64).ravel()
    return (np.frombuffer(kept, np.float64) + added if kept else added).tobytes()


def _statistics(session: Session, pack: FacePack, kind: str) -> list[Statistic]:
    mine = (Statistic.pack == pack.name, Statistic.pack_version == pack.version, Statistic.kind == kind)
    return list(session.scalars(select(Statistic).where(*mine)))


def _probe_sums(session: Session, pack: FacePack) -> tuple[Sums, ...]:
    count, total = np.zeros(UNKNOWN + 1), np.zeros((UNKNOWN + 1, pack.manifest.dimension))
    for row in _statistics(session, pack, PROBE):
        count[row.band], total[row.band] = row.count, np.frombuffer(row.total, np.float64)
    return tuple(Sums(count, section) for section in _sections(pack, total))


def _pairs(session: Session, pack: FacePack) -> Pairs:
    def scatters(half: int) -> tuple[Scatter, ...]:
        return tuple(_half(session, pack, each.name, each.dimension, half) for each in pack.manifest.networks)

    return Pairs((scatters(0), scatters(1)))


def _half(session: Session, pack: FacePack, network: str, length: int, half: int) -> Scatter:
    counts, sums = [], []
    for kind in (WITHIN, TOTAL):
        rows = [row for row in _statistics(session, pack, f"{kind} {network}") if row.band == half]
        counts.append(float(sum(row.count for row in rows)))
        outer = np.frombuffer(rows[0].outer or b"", np.float64) if rows else np.zeros(length * length)
        sums.append(outer.reshape(length, length))
    return Scatter(counts[0], sums[0], counts[1], sums[1])
