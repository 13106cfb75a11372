"""What comes after a report, as programs do it: letters, requests for removal, likely duplicates. Each answer is held
against the document besides (promised.py)."""

from datetime import date

import pytest
from desk import Desk, plain

from services.review.cases import comparing
from shared import messages as m
from shared.config import Settings

LINA = {"name": "Lina Muster", "born": date(2016, 5, 3)}
AGAIN = {"name": "MUSTER, Lina", "born": date(2016, 3, 5)}


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings)


def two(desk: Desk) -> tuple[str, str]:
    """Two reports of perhaps one child, compared."""
    found = desk.report(**LINA), desk.report(**AGAIN)
    with desk.app.app_context():
        comparing.compare_new(desk.worker)
    return found


def test_letters_are_read_with_their_case_answered_seen_to_and_taken_over(desk: Desk) -> None:
    officer, case = desk.officer("Ada", "intake_officer"), desk.report()
    name, photo = desk.amended(case), m.ReportPhoto(desk.handed_over(plain("#113355")))
    bag = desk.amended(case, kind="addition", fact=None, text="A blue bag.", photos=(photo,))
    read = officer.read(f"cases/{case}")
    assert [(each["id"], each["kind"], each["text"], each["photos"], each["read_at"]) for each in read["letters"]] == [
        (name, "correction", "Zoé Martin", 0, None), (bag, "addition", "A blue bag.", 1, None)
    ]  # fmt: skip
    assert [(each["waits"], each["letter_id"]) for each in read["photos"]] == [(False, None)] * 2 + [(True, bag)]
    assert read["photos"][2]["added_at"]
    read = officer.act(f"cases/{case}/letters/{bag}/read")
    assert read["letters"][1]["read_by"] and [each["waits"] for each in read["photos"]] == [False] * 3
    read = officer.act(f"cases/{case}/letters/{name}/take-over")
    assert read["name"] == "Zoé Martin" and read["letters"][0]["taken_at"]
    assert officer.refused(f"cases/{case}/letters/{name}/take-over") == (409, "taken_already")
    assert officer.refused(f"cases/{case}/letters", {"text": " "}) == (409, "message_missing")
    read = officer.act(f"cases/{case}/letters", {"text": "Which colour?", "asks": True})
    assert [(each["way"], each["asks"], each["text"]) for each in read["letters"][2:]] == [
        ("out", True, "Which colour?")
    ]


def test_a_request_for_removal_is_listed_read_and_answered(desk: Desk) -> None:
    officer, elsewhere = desk.officer("Ada"), desk.officer("Ben", regions=("DE",))
    case = desk.report()
    asked = desk.removal_asked(case)
    listed = officer.read("removals")
    assert [each["id"] for each in listed["open"]] == [asked] and listed["answered"] == []
    assert elsewhere.read("removals") == {"open": [], "answered": []}
    assert elsewhere.get(f"/api/v1/removals/{asked}").status_code == 403
    read = officer.read(f"removals/{asked}")
    assert (read["case_id"], read["asked"]["text"]) == (case, "Please take my photo away.")
    path = f"removals/{asked}/answer"
    assert officer.refused(path, {"outcome": "perhaps", "message": "No."}) == (409, "outcome_missing")
    read = officer.act(path, {"outcome": "kept", "message": "It is another child."})
    assert (read["state"], read["outcome"], read["asked"]["answer"]) == ("answered", "kept", "It is another child.")
    assert officer.refused(path, {"outcome": "kept", "message": "Again."}) == (409, "answered_already")
    assert [each["id"] for each in officer.read("removals")["answered"]] == [asked]


def test_two_cases_are_compared_declared_distinct_doubted_merged_and_taken_apart(desk: Desk) -> None:
    officer, (first, second) = desk.officer("Ada"), two(desk)
    (line,) = officer.read(f"cases/{first}/alike")["lines"]
    assert (line["id"], line["likeness"]["name"], line["likeness"]["born"]) == (second, "same", "close")
    path, back = f"cases/{second}/beside/{first}", f"cases/{first}/beside/{second}"
    read = officer.read(path)
    assert read["one"]["facts"]["child"]["name"] == "MUSTER, Lina" and read["other"]["id"] == first
    assert {way["refusal"] for way in read["ways"]} == {"not_verifying"}
    apart = officer.act(f"{path}/distinct", {"reason": "Twins.", "seen": read["stamp"]})
    assert apart["pair"]["apart_by"]
    assert [each["id"] for each in officer.read(f"cases/{first}/alike")["apart"]] == [second]
    assert officer.act(f"{back}/doubt", {"reason": "One mother."})["pair"]["apart_by"] is None
    officer.act(f"cases/{second}/start")
    again = {"reason": "One passport.", "seen": read["stamp"]}
    assert officer.refused(f"{path}/merge", again) == (409, "pair_changed")
    kept = officer.act(f"{path}/merge", again | {"seen": officer.read(path)["stamp"]})
    assert kept["id"] == first and officer.read(f"cases/{second}")["merged_into"] == first
    (part,) = officer.read(f"cases/{first}/alike")["parts"]
    assert part["id"] == second and len(part["photos"]) == 2
    assert officer.read(f"cases/{second}/alike")["kept"] == first
    taken = officer.act(f"cases/{second}/unmerge", {"reason": "Cousins."})
    assert (taken["state"], taken["merged_into"]) == ("in_verification", None)
    assert officer.get(f"/api/v1/cases/{first}/beside/{first}").status_code == 409
    looked = [
        each["subject"]["id"] for each in desk.officer("Eve", "supervisor").read("audit?act=case.read")["entries"]
    ]
    assert {first, second} <= set(looked)


def test_faces_are_compared_for_a_duplicate_on_request(desk: Desk) -> None:
    officer, case = desk.officer("Ada"), desk.report()
    assert officer.read(f"cases/{case}/alike")["faces"] == "none"
    officer.act(f"cases/{case}/compare-faces")
    assert desk.sent("SearchAsked") == 2
    intake = desk.officer("Ina", "intake_officer")
    assert intake.refused(f"cases/{case}/compare-faces") == (403, "not_permitted")
