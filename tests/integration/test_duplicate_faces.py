"""A duplicate check all the way: the case's photo through the gate to the real matcher and back, and nothing stays."""

from dataclasses import replace

import pytest
from matcherroom import portrait
from tworooms import TwoRooms

from services.matcher.models import Probe, Template
from services.matcher.models import db as matcher_db
from services.matcher.packs import install_pack, open_pack
from services.review.candidates.models import Candidate
from services.review.cases import pairs
from services.review.cases.models import Case
from services.review.models import db
from shared.config import Settings


@pytest.fixture
def rooms(settings: Settings) -> TwoRooms:
    install_pack(Settings.from_env(), "opencv-zoo", print)
    return TwoRooms(settings, open_pack(replace(Settings.from_env(), model_pack="opencv-zoo")))


def test_a_child_reported_again_is_found_by_the_faces_and_merged_and_its_photos_find_the_kept_case(
    rooms: TwoRooms,
) -> None:
    officer, desk = rooms.officer, rooms.desk
    kept = desk.entered(officer, name="Lina Muster", pictures=[portrait("person_a_1")])
    other = desk.entered(officer, name="Emma Petit", pictures=[portrait("person_b_1")])
    again = desk.report(name="Mila", pictures=[portrait("person_a_2")])
    rooms.carry()
    assert officer.send(f"/cases/{again}/compare-faces").status_code == 303
    rooms.deadly = True
    rooms.carry()
    with desk.app.app_context():
        (found,) = pairs.of_case(db.session(), again)
        assert found[1].id == kept and found[0].band in ("very_strong", "strong")
        assert db.session.query(Candidate).count() == 0 and pairs.get(db.session(), again, other) is None
    with rooms.matcher.app.app_context():
        assert matcher_db.session.query(Probe).count() == 0

    rooms.deadly = False
    officer.act(f"cases/{again}/start")
    officer.act(f"cases/{again}/verify", {"police_reference": "PV 2", "legal_basis": "Police act"} | CHECKED)
    form = {"keep": kept, f"merge_reason_{kept}": "The mother says so."}
    assert officer.client.post(f"/cases/{again}/beside/{kept}/merge", data=form).status_code == 303
    rooms.carry()
    assert templates(rooms) == {key(rooms, kept): 2, key(rooms, other): 1}
    assert officer.send(f"/cases/{again}/unmerge", unmerge_reason="Her cousin.").status_code == 303
    rooms.carry()
    assert templates(rooms) == {key(rooms, kept): 1, key(rooms, other): 1}


CHECKED = dict.fromkeys(
    ("relation_verified", "identity_verified", "custody_checked", "protection_orders_checked", "care_status_checked"),
    True,
)


def key(rooms: TwoRooms, case_id: str) -> str:
    with rooms.desk.app.app_context():
        return str(db.session.get_one(Case, case_id).case_key)


def templates(rooms: TwoRooms) -> dict[str, int]:
    """How many photos each case key is found by."""
    with rooms.matcher.app.app_context():
        keys = [row.case_key for row in matcher_db.session.query(Template)]
    return {each: keys.count(each) for each in keys}
