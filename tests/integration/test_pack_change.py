"""The whole change to another model pack, between the police desk and the matcher: real packs, both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from matcherroom import portrait
from sqlalchemy import select
from tworooms import TwoRooms

from services.matcher import changeover, recognition
from services.matcher.models import Answered, Probe, Template
from services.matcher.models import db as matcher_db
from services.matcher.packs import FacePack, install_pack, open_pack
from services.review.candidates.models import Candidate
from services.review.cases import renewal
from services.review.cases.models import Case
from services.review.models import db
from services.review.photo_models import Photo
from shared.config import Settings

BEFORE, AFTER = "opencv-zoo", "mobilefacenet"
AFTERWARDS = changeover.KEPT_AFTER_SWITCH + timedelta(seconds=1)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FacePack]:
    settings = Settings.from_env()
    for name in (BEFORE, AFTER):
        install_pack(settings, name, print)
    return {name: open_pack(replace(settings, model_pack=name)) for name in (BEFORE, AFTER)}


@pytest.fixture(params=["sqlite", "postgresql"])
def rooms(
    request: pytest.FixtureRequest, settings: Settings, postgres: Callable[[], str], packs: dict[str, FacePack],
    monkeypatch: pytest.MonkeyPatch,
) -> TwoRooms:  # fmt: skip
    if request.param == "postgresql":
        settings = replace(settings, review_database_url=postgres(), matcher_database_url=postgres())
    # The same networks, loaded once: many workers are started here.
    monkeypatch.setattr(recognition, "open_pack", lambda of: packs[of.model_pack])
    monkeypatch.setattr(renewal, "AT_ONCE", 1)
    return TwoRooms(settings, packs[BEFORE])


def registered(rooms: TwoRooms, *portraits: str) -> str:
    case_id = rooms.desk.entered(rooms.officer, name=portraits[0], pictures=[portrait(each) for each in portraits])
    rooms.carry()
    return case_id


def found(rooms: TwoRooms, name: str) -> list[str]:
    """The children whom a search finds, best first."""
    keys = rooms.matcher.found(portrait(name))
    with rooms.desk.app.app_context():
        known = {case.case_key: case.id for case in db.session.scalars(select(Case))}
    return [known[key] for key in keys]


def progress(rooms: TwoRooms) -> tuple[int, int]:
    with rooms.desk.app.app_context():
        told = renewal.progress(db.session(), rooms.desk.tools.room.clock())
    assert told is not None
    return told.done, told.cases


def renewed(rooms: TwoRooms, child: str, case_id: str) -> None:
    """Until every case was asked for and answered; the child is found after each step."""
    while progress(rooms)[0] < progress(rooms)[1]:
        before = progress(rooms)
        rooms.renew()
        assert progress(rooms)[0] == before[0] + 1
        assert found(rooms, child) == [case_id]


def packs_of(rooms: TwoRooms, table: type[Template] | type[Answered] | type[Probe] = Template) -> set[str]:
    with rooms.matcher.app.app_context():
        return set(matcher_db.session.scalars(select(table.pack)))


def serving(rooms: TwoRooms) -> list[str]:
    with rooms.matcher.app.app_context():
        return [each.pack.name for each in rooms.matcher.tools.packs.now(matcher_db.session()).all]


def outcomes(rooms: TwoRooms, case_id: str) -> list[str | None]:
    with rooms.desk.app.app_context():
        rows = db.session.scalars(select(Photo).where(Photo.case_id == case_id).order_by(Photo.position))
        return [row.outcome for row in rows]


def damage(rooms: TwoRooms, case_id: str, *positions: int) -> None:
    """Something has befallen the files of these photos of the case."""
    with rooms.desk.app.app_context():
        for photo in db.session.scalars(select(Photo).where(Photo.case_id == case_id, Photo.position.in_(positions))):
            rooms.desk.tools.room.blobs.put(photo.blob, b"damaged")


@pytest.mark.parametrize("killed", [False, True], ids=["undisturbed", "killed-at-every-step"])
def test_the_whole_change_while_cases_come_and_go(rooms: TwoRooms, packs: dict[str, FacePack], killed: bool) -> None:
    child = registered(rooms, "person_a_1")
    two_photos = registered(rooms, "person_b_1", "impostor_2")
    closed = registered(rooms, "impostor_1")
    assert outcomes(rooms, two_photos) == ["enrolled", "enrolled"]
    damage(rooms, two_photos, 1)

    rooms.deadly = killed
    rooms.restart(packs[AFTER])
    rooms.carry()
    assert (serving(rooms), progress(rooms)) == ([BEFORE, AFTER], (0, 3))

    rooms.desk.sighted(picture=portrait("person_a_2"))  # a search that is begun now, with the pack before
    rooms.carry()
    assert packs_of(rooms, Probe) == {BEFORE}

    rooms._in_desk(lambda: renewal.renew(rooms.desk.worker))
    rooms.officer.act(f"cases/{closed}/close", {"reason": "located"})  # asked for, and the gate has not decided yet
    rooms.carry()
    registered(rooms, "impostor_1")
    assert progress(rooms) == (1, 3)
    renewed(rooms, "person_a_2", child)
    assert outcomes(rooms, two_photos) == ["enrolled", "unreadable"]
    assert serving(rooms) == [BEFORE, AFTER]

    rooms.desk.sighted(picture=portrait("person_b_2"))  # and one that is still under way when the packs change places
    rooms.carry(until="SearchRequested")
    rooms.change()
    assert serving(rooms) == [AFTER]
    rooms.carry()
    with rooms.desk.app.app_context():
        assert set(db.session.scalars(select(Candidate.case_id))) == {child, two_photos}
    assert (found(rooms, "person_a_2"), found(rooms, "person_b_2")) == ([child], [two_photos])
    assert closed not in found(rooms, "impostor_1")

    assert packs_of(rooms) == {BEFORE, AFTER}
    rooms.later(AFTERWARDS)
    rooms.change()
    assert packs_of(rooms) == packs_of(rooms, Answered) == {AFTER}
    assert (found(rooms, "person_a_2"), found(rooms, "person_b_2")) == ([child], [two_photos])


def test_going_back_in_the_middle_asks_only_for_what_has_no_answer_and_the_next_change_for_all(
    rooms: TwoRooms, packs: dict[str, FacePack]
) -> None:
    child, other = registered(rooms, "person_a_1"), registered(rooms, "person_b_1")
    rooms.restart(packs[AFTER])
    rooms.carry()
    rooms.renew()
    rooms.restart(packs[BEFORE])
    rooms.restart(packs[AFTER])
    rooms.restart(packs[BEFORE])
    rooms.carry()
    assert (serving(rooms), progress(rooms)) == ([BEFORE], (1, 2))
    renewed(rooms, "person_a_2", child)
    rooms.later(AFTERWARDS)
    rooms.change()
    assert packs_of(rooms) == packs_of(rooms, Answered) == {BEFORE}

    rooms.restart(packs[AFTER])
    rooms.carry()
    assert progress(rooms) == (0, 2)
    renewed(rooms, "person_a_2", child)
    rooms.change()
    assert serving(rooms) == [AFTER]
    assert found(rooms, "person_b_2") == [other]


def test_a_case_of_which_no_photo_can_be_read_keeps_the_pack_before_until_its_files_are_back(
    rooms: TwoRooms, packs: dict[str, FacePack]
) -> None:
    child = registered(rooms, "person_a_1")
    with rooms.desk.app.app_context():
        (name,) = db.session.scalars(select(Photo.blob))
    kept = rooms.desk.tools.room.blobs.get(name)
    damage(rooms, child, 0)
    rooms.restart(packs[AFTER])
    with pytest.raises(RuntimeError, match="failed"):
        for _ in range(3):
            rooms.carry()
            rooms.renew()
    rooms.change()
    assert (serving(rooms), found(rooms, "person_a_2")) == ([BEFORE, AFTER], [child])
    rooms.desk.tools.room.blobs.put(name, kept)
    rooms.carry()
    rooms.change()
    assert (serving(rooms), found(rooms, "person_a_2")) == ([AFTER], [child])
