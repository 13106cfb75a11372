"""The matcher learns as it works, on real databases: the means of its gallery, and from each confirmed match."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from services.matcher import history, learned, store
from services.matcher.calibration import SFACE
from services.matcher.learned import Chosen
from services.matcher.metric import unit
from services.matcher.models import LearnedMetric, Statistic, Template, db
from services.matcher.packs import FacePack, Manifest, Network
from services.prepare import migrate_room
from shared.bus import Bus
from shared.config import Settings
from shared.db import open_database
from shared.errors import HomewardError
from shared.keys import random_id
from shared.room import open_room

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LENGTHS = (10, 6)
PACK = FacePack(
    Manifest("toy", "none", tuple(Network(f"net{length}", length) for length in LENGTHS), SFACE),
    "1",
    lambda bgr, thorough=False: [],
    (),
)
RNG = np.random.default_rng(11)
CHANGE = np.where(np.arange(sum(LENGTHS)) % 4 == 0, 2.5, 0.2)
"""How far a face changes along each number: much along every fourth, little along the others."""


def faces(centres: np.ndarray) -> np.ndarray:
    """One photo of each person (n, D): their centre, changed by the years, with what all faces have in common."""
    seen = centres + RNG.normal(size=centres.shape) * CHANGE + 0.8
    return np.concatenate([unit(part) for part in np.split(seen, [LENGTHS[0]], axis=1)], axis=1)


@dataclass
class Room:
    app: Flask
    bus: Bus
    chosen: Chosen

    def do(self, act: Callable[[Session], object]) -> object:
        with self.app.app_context(), self.bus.work() as work:
            return act(work.session)

    def add(self, cases: list[str], vectors: np.ndarray, age: float = 8.0) -> None:
        def act(session: Session) -> None:
            for case, vector in zip(cases, vectors, strict=True):
                row = Template(
                    id=random_id(), case_key=case, photo_id=random_id(), pack="toy", pack_version="1", vector=vector,
                    age_at_photo=age, quality=50.0, grant="", photo_digest="", enrolled_at=NOW,
                )  # fmt: skip
                store.save_template(session, row)

        self.do(act)

    def confirm(self, search_id: str, case: str, probe: np.ndarray) -> None:
        def act(session: Session) -> None:
            store.note_search(session, search_id, search_id, NOW, still_open=True)
            store.keep_probes(session, search_id, PACK, [((0.5, 0.5), probe)], 17.0)
            learned.note_probes(session, PACK, probe[None], 17.0)
            learned.learn_pair(session, PACK, self.chosen.now(session), search_id, case)
            store.close_search(session, search_id)

        self.do(act)

    def relearn(self) -> object:
        return self.do(lambda session: learned.relearn(session, PACK, self.chosen, NOW))

    def statistics(self) -> dict[tuple[str, int], int]:
        return dict(self.do(lambda session: [((row.kind, row.band), row.count) for row in session.query(Statistic)]))  # type: ignore[call-overload]


@pytest.fixture(params=["sqlite", "postgresql"])
def room(request: pytest.FixtureRequest, settings: Settings, postgres: Callable[[], str]) -> Iterator[Room]:
    if request.param == "postgresql":
        settings = replace(settings, matcher_database_url=postgres())
    migrate_room(settings, "matcher")
    app = Flask(__name__)
    open_database(app, db, settings.database_url("matcher"))
    yield Room(app, open_room("matcher", db, settings).bus, Chosen(PACK))


def test_a_pack_starts_blind_to_age_and_a_few_faces_change_nothing(room: Room) -> None:
    room.add([f"c{n}" for n in range(10)], faces(RNG.normal(size=(10, 16))))
    assert room.relearn() is None
    assert room.do(lambda session: room.chosen.now(session).metric.version) == "plain"


def test_the_gallery_s_own_means_are_put_into_use_and_again_only_when_half_as_many_more_came(room: Room) -> None:
    room.add([f"c{n}" for n in range(60)], faces(RNG.normal(size=(60, 16))))
    first = room.relearn()
    assert isinstance(first, str)
    assert room.do(lambda session: room.chosen.now(session).metric.version) == first
    assert room.relearn() is None
    room.add([f"d{n}" for n in range(40)], faces(RNG.normal(size=(40, 16))))
    second = room.relearn()
    assert second not in (None, first)
    states = room.do(lambda session: {row.version: row.state for row in session.query(LearnedMetric)})
    assert states == {first: "retired", second: "active"}


def test_one_picture_registered_many_times_is_not_taken_for_what_all_children_share(room: Room) -> None:
    face, probe = faces(np.repeat(RNG.normal(size=(1, 16)), 2, 0))
    room.add([f"c{n}" for n in range(90)], np.repeat(face[None], 90, 0))
    before = room.do(lambda session: room.chosen.now(session))
    assert isinstance(room.relearn(), str)
    after = room.do(lambda session: room.chosen.now(session))
    told = [
        float(
            (each.metric.probes(probe[None], np.full(1, 8.0)) @ each.metric.templates(face[None], np.full(1, 8.0)).T)[
                0, 0
            ]
        )
        for each in (before, after)
    ]  # type: ignore[attr-defined]
    assert told[1] > 0.9 * told[0]
    assert np.array_equal(after.calibration.strangers.spread, before.calibration.strangers.spread)  # type: ignore[attr-defined]


def test_another_worker_uses_what_this_one_learned(room: Room) -> None:
    room.add([f"c{n}" for n in range(60)], faces(RNG.normal(size=(60, 16))))
    version = room.relearn()
    other = Chosen(PACK)
    assert room.do(lambda session: other.now(session).metric.version) == version


def test_confirmed_matches_whiten_the_metric_once_it_does_better_on_those_it_has_not_seen(room: Room) -> None:
    people = RNG.normal(size=(120, 16))
    room.add([f"c{n}" for n in range(120)], faces(people))
    room.relearn()
    for number, probe in enumerate(faces(people)[:60]):
        room.confirm(f"s{number}", f"c{number}", probe)
    assert room.relearn() is not None
    matching = room.do(lambda session: room.chosen.now(session))
    assert [part.turn is not None for part in matching.metric.parts] == [True, True]  # type: ignore[attr-defined]


def test_of_a_confirmed_match_only_sums_stay(room: Room) -> None:
    people = RNG.normal(size=(2, 16))
    room.add(["c0", "c1"], faces(people))
    room.confirm("s0", "c0", faces(people)[0])
    assert sorted(count for count in room.statistics().values()) == [1, 1, 1, 2, 2]
    assert room.do(lambda session: session.execute(db.text("SELECT count(*) FROM probes")).scalar_one()) == 0


def test_a_match_whose_templates_are_gone_teaches_nothing(room: Room) -> None:
    room.confirm("s0", "gone", faces(RNG.normal(size=(1, 16)))[0])
    assert [kind for kind, _ in room.statistics()] == ["probe"]


def test_a_gallery_too_small_to_say_how_strangers_score_is_not_fitted_to_however_many_pairs_are_confirmed(
    room: Room,
) -> None:
    people = RNG.normal(size=(30, 16))
    room.add([f"c{n}" for n in range(30)], faces(people))
    for number, probe in enumerate(np.concatenate([faces(people), faces(people)])):
        room.confirm(f"s{number}", f"c{number % 30}", probe)
    room.relearn()
    matching = room.do(lambda session: room.chosen.now(session))
    assert [part.turn for part in matching.metric.parts] == [None, None]  # type: ignore[attr-defined]


def test_going_back_holds_until_there_is_half_as_much_again_to_learn_from(room: Room) -> None:
    room.add([f"c{n}" for n in range(60)], faces(RNG.normal(size=(60, 16))))
    first = room.relearn()
    room.add([f"d{n}" for n in range(20)], faces(RNG.normal(size=(20, 16))))
    room.do(lambda session: history.go_back(session, PACK, history.START, NOW))
    matching = room.do(lambda session: room.chosen.now(session))
    assert not any(part.means.any() for part in matching.metric.parts)  # type: ignore[attr-defined]
    assert room.relearn() is None
    room.add([f"e{n}" for n in range(40)], faces(RNG.normal(size=(40, 16))))
    assert room.relearn() is not None
    told = room.do(lambda session: {entry.version: entry for entry in history.entries(session, PACK)})
    assert len(told) == 3  # type: ignore[arg-type]
    assert [entry.in_use for entry in told.values()].count(True) == 1  # type: ignore[attr-defined]
    assert room.do(lambda session: history.go_back(session, PACK, str(first), NOW)) == first


def test_what_was_fitted_to_solved_cases_stays_told_when_the_means_follow_the_gallery(room: Room) -> None:
    room.add([f"c{n}" for n in range(60)], faces(RNG.normal(size=(60, 16))))
    current = room.do(lambda session: room.chosen.now(session))
    report: dict[str, object] = {"adapted_on": 99, "adapted_to": ["solved", "even"], "seen": 10}
    room.do(lambda session: learned.activate(session, PACK, current, report, NOW))  # type: ignore[arg-type]
    version = room.relearn()
    kept = room.do(lambda session: history.report_of(session, str(version)))
    assert kept == {"adapted_on": 99, "adapted_to": ["solved", "even"], "fitted": False, "seen": 60, "pairs": 0}


def test_a_metric_of_another_pack_cannot_be_gone_back_to(room: Room) -> None:
    with pytest.raises(HomewardError, match="has no metric"):
        room.do(lambda session: history.go_back(session, PACK, "nowhere", NOW))
