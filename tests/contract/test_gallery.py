"""Both galleries, one contract: exact, best photo of each case, only what a grant admits, never out of date."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError
from sqlalchemy.orm import Session

from services.matcher import store
from services.matcher.calibration import SFACE
from services.matcher.gallery import Gallery, block, indexes
from services.matcher.gallery.memory import MemoryGallery
from services.matcher.gallery.postgres import PostgresGallery
from services.matcher.metric import Metric, Part, plain, unit
from services.matcher.models import GalleryHead, Template, db
from services.matcher.packs import FacePack, Manifest, Network
from services.matcher.rules import Hit
from services.prepare import migrate_room
from shared.config import Settings
from shared.db import open_database
from shared.grants import EnrolmentGrant, issue
from shared.keys import load_directory, load_gate_key, random_id
from shared.room import open_room

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TOY = FacePack(
    Manifest("toy", "none", (Network("toy", 4),), SFACE), "1", lambda bgr, thorough=False: [], (lambda faces: faces,)
)
METRIC = plain((4,))
X, Y = np.eye(4, dtype=np.float32)[:2]


def between(share: float) -> np.ndarray:
    """A unit vector whose inner product with X is `share`."""
    return np.asarray([share, np.sqrt(1 - share**2), 0, 0], np.float32)


@dataclass(frozen=True)
class Turned(Metric):
    """Another metric of the same pack, of two numbers: what was second comes first. Knows ages: who is older than ten
    counts half."""

    version: str = "turned"
    sections: tuple[int, ...] = (4,)
    parts: tuple[Part, ...] = ()

    @property
    def dimension(self) -> int:
        return 2

    def templates(self, vectors: np.ndarray, ages: np.ndarray) -> np.ndarray:
        weight = np.where(ages > 10, 0.5, 1.0)[:, None]  # of an unknown age: one
        return np.asarray(weight * vectors[:, [1, 0]], np.float32)

    def probes(self, vectors: np.ndarray, ages: np.ndarray) -> np.ndarray:
        return np.asarray(vectors[:, :2], np.float32)


def _row(place: "Place", case: str, photo: str, vector: np.ndarray, granted_to: str = "") -> Template:
    grant = issue(EnrolmentGrant(granted_to or case, "d", 9.0, NOW), place.gate)
    return Template(
        id=random_id(), case_key=case, photo_id=photo, pack="toy", pack_version="1", vector=vector,
        age_at_photo=8.5, quality=50.0, grant=grant, photo_digest="d", enrolled_at=NOW,
    )  # fmt: skip


@dataclass
class Place:
    """A database and a gallery over it."""

    settings: Settings
    kind: type[MemoryGallery] | type[PostgresGallery]

    def __post_init__(self) -> None:
        self.app = Flask(__name__)
        open_database(self.app, db, self.settings.database_url("matcher"))
        self.bus = open_room("matcher", db, self.settings).bus
        self.gate = load_gate_key(self.settings.home / "keys")
        self.gallery = self.open()

    def open(self, pack: FacePack = TOY) -> Gallery:
        return self.kind(pack, load_directory(self.settings.home / "keys"))

    def add(self, case: str, photo: str, vector: np.ndarray, granted_to: str = "", **other: object) -> None:
        row = _row(self, case, photo, vector, granted_to)
        for name, value in other.items():
            setattr(row, name, value)
        with self.app.app_context(), self.bus.work() as work:
            store.save_template(work.session, row)

    def plant(self, case: str, vector: np.ndarray) -> None:
        """A row that no handler writes: its bytes as they are, where the database takes them."""
        self.add(case, "p", X)
        with self.app.app_context(), self.bus.work() as work:
            seq = store.next_seq(work.session)
            work.session.execute(
                text("UPDATE templates SET vector = :vector, seq = :seq WHERE case_key = :case"),
                {"vector": vector.astype("<f4").tobytes(), "seq": seq, "case": case},
            )

    def save(self, case: str, vector: np.ndarray, metric: Metric = METRIC) -> bool:
        """As a handler does."""
        with self.app.app_context(), self.bus.work() as work:
            return self.gallery.save(work.session, metric, _row(self, case, "p", vector))

    def tend(self, metric: Metric = METRIC) -> None:
        with self.app.app_context():
            self.gallery.tend(db.session(), metric)

    def number(self) -> int:
        with self.app.app_context():
            return self.gallery.cases(db.session())

    def forget(self, case: str) -> None:
        with self.app.app_context(), self.bus.work() as work:
            store.forget(work.session, case, NOW)

    def search(self, probe: np.ndarray = X, limit: int = 50, metric: Metric = METRIC) -> list[Hit]:
        with self.app.app_context():
            found = self.gallery.search(db.session(), metric, probe, None, limit)
            db.session.rollback()
            return found

    def cases(self, probe: np.ndarray = X, limit: int = 50, metric: Metric = METRIC) -> list[str]:
        return list(dict.fromkeys(hit.case_key for hit in self.search(probe, limit, metric)))


@pytest.fixture(params=["memory over sqlite", "memory over postgresql", "pgvector"])
def place(request: pytest.FixtureRequest, settings: Settings, postgres: Callable[[], str]) -> Iterator[Place]:
    if request.param != "memory over sqlite":
        settings = replace(settings, matcher_database_url=postgres())
    migrate_room(settings, "matcher")
    yield Place(settings, PostgresGallery if request.param == "pgvector" else MemoryGallery)


def test_an_empty_gallery_finds_nobody(place: Place) -> None:
    assert place.search() == []


def test_hits_come_best_first(place: Place) -> None:
    for share in (0.5, 0.9, 0.31, -0.7):
        place.add(f"c{share}", "p", between(share))
    found = place.search()
    assert [hit.case_key for hit in found] == ["c0.9", "c0.5", "c0.31", "c-0.7"]
    assert found[0] == Hit("c0.9", "p", pytest.approx(0.9, abs=1e-3), 8.5, 50.0)
    assert place.cases(limit=2) == ["c0.9", "c0.5"]


def test_of_the_best_cases_every_photo_is_found_and_of_the_others_none(place: Place) -> None:
    for photo, share in enumerate((0.2, 0.95, 0.8)):
        place.add("many", f"p{photo}", between(share))
    place.add("other", "p", between(0.5))
    place.add("third", "p", between(0.4))
    found = [(hit.case_key, hit.photo_id) for hit in place.search(limit=2)]
    assert found == [("many", "p1"), ("many", "p2"), ("other", "p"), ("many", "p0")]


def test_another_packs_templates_are_never_compared(place: Place) -> None:
    place.add("longer", "p", np.ones(8, np.float32), pack="other")
    place.add("newer", "p", X, pack_version="2")
    place.add("mine", "p", between(0.8))
    assert place.cases() == ["mine"]


def test_a_template_without_a_grant_that_holds_is_left_out_and_the_cases_next_photo_counts(place: Place) -> None:
    place.add("case", "planted", X, granted_to="another")
    place.add("case", "good", between(0.7))
    assert [hit.photo_id for hit in place.search()] == ["good"]


def test_what_is_added_replaced_or_forgotten_shows_in_the_next_search(place: Place) -> None:
    place.add("a", "p", X)
    place.add("b", "p", between(0.8))
    assert place.cases() == ["a", "b"]
    place.add("a", "p", Y)
    place.add("c", "p", between(0.9))
    assert place.cases() == ["c", "b", "a"]
    assert place.cases(Y)[0] == "a"
    place.forget("c")
    assert place.cases() == ["b", "a"]
    place.forget("a")
    place.forget("b")
    assert place.cases() == place.cases(Y) == []


def test_a_replacement_whose_grant_does_not_hold_takes_the_old_one_with_it(place: Place) -> None:
    place.add("a", "p", X)
    assert place.cases() == ["a"]
    place.add("a", "p", X, granted_to="another")
    assert place.cases() == []


def test_a_fresh_gallery_knows_what_is_in_the_table(place: Place) -> None:
    place.add("a", "p", X)
    place.gallery = place.open()
    with place.app.app_context():
        assert place.gallery.refresh(db.session(), METRIC) == 1
    assert place.cases() == ["a"]


def test_a_large_gallery_answers_as_an_exhaustive_comparison_does_though_a_third_was_forgotten(place: Place) -> None:
    vectors = unit(np.random.default_rng(7).normal(size=(600, 4)))
    with place.app.app_context(), place.bus.work() as work:
        for number, vector in enumerate(vectors):
            case = f"c{number // 3}"
            store.save_template(work.session, _row(place, case, f"p{number}", vector))
    assert place.search()  # so that the cache has them before they go
    gone = {f"c{number}" for number in range(0, 200, 3)}
    for case in gone:
        place.forget(case)
    best: dict[str, float] = {}
    for number, vector in enumerate(vectors):
        case = f"c{number // 3}"
        if case not in gone:
            best[case] = max(best.get(case, -1.0), float(vector @ X))
    expected = sorted(best, key=lambda case: -best[case])
    assert place.cases(limit=1000) == expected
    assert place.cases(limit=20) == expected[:20]


def test_when_an_older_database_is_put_in_place_the_gallery_starts_over(place: Place) -> None:
    place.add("a", "p", X)
    place.add("b", "p", X)
    assert sorted(place.cases()) == ["a", "b"]
    with place.app.app_context(), place.bus.work() as work:
        work.session.query(Template).filter_by(case_key="b").delete()
        work.session.query(GalleryHead).update({"seq": 1})
    assert place.cases() == ["a"]


def test_a_saved_template_is_found_by_the_next_search_of_every_worker(place: Place) -> None:
    other = replace(place)
    assert place.cases() == other.cases() == []
    assert place.save("a", X)
    assert place.cases() == other.cases() == ["a"]
    other.forget("a")
    assert place.cases() == other.cases() == []
    assert not other.save("a", X)  # never again
    assert place.cases() == other.cases() == []


def test_a_photo_enrolled_again_by_another_pack_is_still_found_by_this_one(place: Place) -> None:
    place.add("a", "p", X)
    assert place.cases() == ["a"]
    place.add("a", "p", np.ones(8, np.float32), pack="other")
    assert place.cases() == ["a"]
    assert place.number() == 1


def test_how_many_cases_can_be_found_follows_every_change(place: Place) -> None:
    for case, photo in (("a", "p"), ("a", "q"), ("b", "p"), ("b", "p")):
        place.add(case, photo, X)
    place.search()
    assert place.number() == 2
    place.forget("a")
    place.search()
    assert place.number() == 1


@pytest.mark.parametrize("vector", [np.full(4, np.nan), np.array([1, np.inf, 0, 0]), np.ones(8), np.ones((1, 4))])
def test_a_vector_that_is_none_of_the_packs_is_not_stored(place: Place, vector: np.ndarray) -> None:
    place.add("good", "p", X)
    assert not place.save("bad", vector.astype(np.float32))
    assert place.cases() == ["good"]
    with place.app.app_context():
        assert db.session.query(Template).count() == 1


def test_a_probe_that_is_no_vector_of_the_pack_resembles_nobody(place: Place) -> None:
    place.add("a", "p", X)
    for probe in (np.full(4, np.nan, np.float32), np.ones(8, np.float32)):
        assert place.search(probe) == []


def test_a_row_of_another_length_is_left_out_and_logged(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.add("bad", "p", np.ones(8, np.float32))
    place.add("good", "p", between(0.5))
    assert place.cases() == ["good"]
    assert "left out" in caplog.text


@pytest.mark.parametrize("vector", [np.full(4, np.nan), np.zeros(0), np.ones(3)])
def test_a_damaged_row_is_left_out_and_logged(
    settings: Settings, caplog: pytest.LogCaptureFixture, vector: np.ndarray
) -> None:
    """On SQLite: pgvector takes no such vector, wherever it comes from."""
    migrate_room(settings, "matcher")
    place = Place(settings, MemoryGallery)
    place.add("good", "p", between(0.5))
    place.plant("bad", vector)
    assert place.cases() == ["good"]
    assert "left out" in caplog.text


def test_no_vector_that_is_not_finite_can_be_written_at_all(place: Place) -> None:
    with pytest.raises((StatementError, DBAPIError)):
        place.add("bad", "p", np.full(4, np.nan, np.float32))


def test_an_unknown_age_is_searched_and_answered_as_unknown(place: Place) -> None:
    place.add("unknown", "p", between(0.7), age_at_photo=None)
    place.add("child", "p", between(0.8), age_at_photo=8.25)
    place.add("older", "p", between(0.6), age_at_photo=12.0)
    assert [(hit.case_key, hit.age_at_photo) for hit in place.search(X)] == [
        ("child", 8.25), ("unknown", None), ("older", 12.0)
    ]  # fmt: skip
    assert place.cases(X, metric=Turned()) == ["unknown", "child", "older"]


def test_another_metric_finds_by_its_own_projections_and_the_first_one_by_its_own_again(place: Place) -> None:
    place.add("x", "p", X)
    place.add("y", "p", Y)
    assert place.cases(X) == ["x", "y"]
    assert place.cases(X, metric=Turned()) == ["y", "x"]
    place.add("z", "p", between(0.5))
    assert place.cases(X, metric=Turned()) == ["y", "z", "x"]
    place.tend(Turned())
    assert place.cases(X) == ["x", "z", "y"]


def test_what_can_wait_changes_no_answer_and_takes_out_what_has_no_grant(place: Place) -> None:
    place.add("a", "p", X)
    place.add("planted", "p", X, granted_to="another")
    place.tend()
    with place.app.app_context():
        place.gallery.refresh(db.session(), METRIC)
    place.tend()
    assert place.cases() == ["a"]


def test_a_case_key_that_was_changed_in_the_table_is_not_answered(place: Place) -> None:
    place.add("a", "p", X)
    assert place.cases() == ["a"]
    place.gallery = place.open()
    with place.app.app_context(), place.bus.work() as work:
        work.session.query(Template).update({"case_key": "b"})
    assert place.cases() == []


def test_many_workers_agree_with_an_exhaustive_comparison_while_the_gallery_changes(place: Place) -> None:
    random = np.random.default_rng(3)
    others = [replace(place) for _ in range(2)]
    truth: dict[tuple[str, str], np.ndarray] = {}
    forgotten: set[str] = set()
    for step in range(12):
        for _ in range(8):
            case, photo = f"c{random.integers(20)}-{step // 3}", f"p{random.integers(3)}"
            if case in forgotten:
                continue
            truth[case, photo] = unit(random.normal(size=(1, 4)))[0]
            place.add(case, photo, truth[case, photo])
        gone = sorted(truth)[int(random.integers(len(truth)))][0]
        others[step % 2].forget(gone)
        forgotten.add(gone)
        truth = {key: vector for key, vector in truth.items() if key[0] != gone}
        scores = {key: float(vector @ X) for key, vector in truth.items()}
        ranked = list(dict.fromkeys(case for case, _ in sorted(scores, key=lambda key: -scores[key])))
        for worker in (place, *others):
            assert worker.cases(limit=7) == ranked[:7]
            assert len(worker.search(limit=1000)) == len(truth)


@pytest.fixture
def large(place: Place, monkeypatch: pytest.MonkeyPatch) -> tuple[Place, dict[str, np.ndarray]]:
    """A place with its quick copy, 8-bit codes or an HNSW index, and the vectors (3, 4) of its cases."""
    monkeypatch.setattr(block, "QUANTISED_FROM", 100)
    monkeypatch.setattr(indexes, "INDEXED_FROM", 100)
    vectors = unit(np.random.default_rng(5).normal(size=(600, 4))).reshape(200, 3, 4)
    truth = {f"c{number}": rows for number, rows in enumerate(vectors)}
    with place.app.app_context(), place.bus.work() as work:
        for case, rows in truth.items():
            for photo, vector in enumerate(rows):
                store.save_template(work.session, _row(place, case, f"p{photo}", vector))
    place.tend()
    return place, truth


def has_quick_copy(place: Place, metric: Metric = METRIC) -> bool:
    if isinstance(place.gallery, MemoryGallery):
        return any(each.codes is not None for each in place.gallery.blocks)
    with place.app.app_context():
        return indexes.ready(db.session(), TOY, metric.version)


def ranked(truth: dict[str, np.ndarray], probe: np.ndarray) -> list[str]:
    return sorted(truth, key=lambda case: -float((truth[case] @ probe).max()))


def test_with_a_quick_copy_each_worker_still_sees_every_change_before_its_search(
    large: tuple[Place, dict[str, np.ndarray]],
) -> None:
    place, truth = large
    other = replace(place)
    for worker in (place, other):
        assert worker.cases(X, 20) == ranked(truth, X)[:20]
    assert has_quick_copy(place)
    for gone in ranked(truth, X)[:5]:
        other.forget(gone)
        del truth[gone]
        for worker in (place, other):
            assert worker.cases(X, 20) == ranked(truth, X)[:20]
    place.add("new", "p", between(0.999))
    truth["new"] = between(0.999)[None]
    for worker in (place, other):
        assert worker.cases(X, 20) == ranked(truth, X)[:20]


def test_with_a_quick_copy_another_metric_has_its_own(large: tuple[Place, dict[str, np.ndarray]]) -> None:
    place, truth = large
    place.tend(Turned())
    turned = {case: rows[:, [1, 0, 2, 3]] * [1, 1, 0, 0] for case, rows in truth.items()}
    assert place.cases(X, 20, Turned()) == ranked(turned, X)[:20]
    assert has_quick_copy(place, Turned())
    assert place.cases(X, 20) == ranked(truth, X)[:20]


def test_changes_become_visible_in_the_order_of_their_numbers(settings: Settings, postgres: Callable[[], str]) -> None:
    """On PostgreSQL a second change cannot take a number while a first, lower one is not yet committed."""
    settings = replace(settings, matcher_database_url=postgres())
    migrate_room(settings, "matcher")
    place = Place(settings, PostgresGallery)
    place.add("a", "p", X)
    with place.app.app_context(), Session(db.engine) as one, Session(db.engine) as two:
        assert store.next_seq(one) == 2
        two.execute(text("SET lock_timeout = '200ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            store.next_seq(two)
