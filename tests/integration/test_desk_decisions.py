"""Two officers on one candidate, and two on one alert: each decides alone, and nobody approves the own words."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from desk import BERLIN, NOW, Desk

from shared.config import Settings


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings)


def test_the_second_officer_does_not_see_the_first_decision(desk: Desk) -> None:
    first, second = desk.officer("Ada"), desk.officer("Bert")
    path = f"candidates/{desk.candidate(desk.registered(first))}"
    decided = first.act(f"{path}/decisions", {"outcome": "confirmed", "note": "the same ear"})
    assert decided["state"] == "half_decided"
    assert [(row["outcome"], row["note"]) for row in decided["decisions"]] == [("confirmed", "the same ear")]
    assert second.read(path)["decisions"] == []
    agreed = second.act(f"{path}/decisions", {"outcome": "confirmed"})
    assert agreed["state"] == "confirmed" and len(agreed["decisions"]) == 2
    assert len(first.read(path)["decisions"]) == 2


def test_nor_does_a_supervisor_who_reads_the_record_before_deciding(desk: Desk) -> None:
    first, supervisor = desk.officer("Ada"), desk.officer("Eve", "supervisor")
    path = f"candidates/{desk.candidate(desk.registered(first))}"
    first.act(f"{path}/decisions", {"outcome": "rejected", "note": "other eyes"})

    def told() -> list[str | None]:
        return [row["text"] for row in supervisor.read("audit")["entries"] if row["act"] == "candidate.decide"]

    assert told() == [None]
    assert "other eyes" not in supervisor.get("/audit").get_data(as_text=True)
    supervisor.act(f"{path}/decisions", {"outcome": "rejected", "reason": "age"})
    assert all("rejected" in str(text) for text in told())


def test_an_officer_decides_once(desk: Desk) -> None:
    officer = desk.officer("Ada")
    path = f"candidates/{desk.candidate(desk.registered(officer))}"
    officer.act(f"{path}/decisions", {"outcome": "inconclusive"})
    assert officer.refused(f"{path}/decisions", {"outcome": "confirmed"}) == (409, "already_decided")
    assert officer.read(path)["refusal"] == "already_decided"


def test_where_two_differ_a_supervisor_settles(desk: Desk) -> None:
    first, second, supervisor = desk.officer("Ada"), desk.officer("Bert"), desk.officer("Eve", "supervisor")
    path = f"candidates/{desk.candidate(desk.registered(first))}"
    first.act(f"{path}/decisions", {"outcome": "confirmed"})
    rejection = {"outcome": "rejected", "reason": "features"}
    assert second.act(f"{path}/decisions", rejection)["state"] == "disputed"
    third = desk.officer("Cleo")
    assert third.refused(f"{path}/decisions", rejection) == (409, "supervisor_needed")
    assert supervisor.refused(f"{path}/decisions", rejection) == (409, "settling_reason_missing")
    settled = supervisor.act(f"{path}/decisions", rejection | {"note": "another ear"})
    assert settled["state"] == "rejected" and len(settled["decisions"]) == 3


def test_an_outcome_is_one_of_three(desk: Desk) -> None:
    officer = desk.officer("Ada")
    path = f"candidates/{desk.candidate(desk.registered(officer))}"
    assert officer.refused(f"{path}/decisions", {"outcome": "perhaps"}) == (409, "unknown_outcome")
    assert officer.post(f"/api/v1/{path}/decisions", {}).status_code == 422


def test_who_decides_sees_the_sightings_photo_wherever_it_was_taken(desk: Desk) -> None:
    french, german = desk.officer("Ada"), desk.officer("Bert", regions=("DE",))
    case_id = desk.registered(french)
    candidate = french.read(f"candidates/{desk.candidate(case_id, place=BERLIN)}")
    assert french.get(candidate["sighting_photo"]["url"]).status_code == 200
    assert german.get(candidate["sighting_photo"]["url"]).status_code == 200
    assert german.get(candidate["case_photo"]["url"]).status_code == 403
    assert german.get(f"/api/v1/candidates/{candidate['id']}").status_code == 403


def test_sightings_show_each_photos_search_and_danger_comes_first(desk: Desk) -> None:
    officer = desk.officer("Ada")
    calm, danger = desk.sighting(), desk.sighting(in_danger=True)
    newer = desk.sighting()
    rows = officer.read("sightings")["sightings"]
    assert [row["id"] for row in rows] == [danger, newer, calm]
    assert rows[0]["photos"][0]["search"] == "asked" and rows[0]["contact"] == "+33 1 00 00 00 00"


def test_a_draft_comes_filled_in_from_its_case_and_can_be_submitted_as_it_is(desk: Desk) -> None:
    officer = desk.officer("Ada")
    draft = officer.act(f"cases/{desk.registered(officer)}/drafts")
    fields = draft["fields"]
    assert [text["language"] for text in fields["texts"]] == ["en", "zh"]
    assert "Lina Muster" in fields["texts"][0]["headline"] and "10" in fields["texts"][1]["headline"]
    assert fields["regions"] and fields["photo_id"] and fields["contact"].startswith("112")
    assert officer.act(f"drafts/{draft['id']}/submit")["state"] == "pending"


def test_nobody_approves_the_own_draft_and_nobody_twice(desk: Desk) -> None:
    author, editor, other = desk.officer("Ada"), desk.officer("Bert"), desk.officer("Cleo")
    draft = author.act(f"cases/{desk.registered(author)}/drafts")
    path = f"drafts/{draft['id']}"
    assert editor.client.put(f"/api/v1/{path}", json={"radius_km": 5}).status_code == 200
    submitted = author.act(f"{path}/submit")
    assert author.refused(f"{path}/approve") == (409, "own_draft")
    assert editor.refused(f"{path}/approve") == (409, "own_draft")
    assert other.refused(f"{path}/approve", {"revision": 1}) == (409, "changed_meanwhile")
    assert other.act(f"{path}/approve", {"revision": submitted["revision"]})["state"] == "live"
    assert other.refused(f"{path}/approve") == (409, "wrong_state")


def test_a_draft_is_returned_with_a_reason_mended_and_sent_again(desk: Desk) -> None:
    author, other = desk.officer("Ada"), desk.officer("Bert")
    path = f"drafts/{author.act(f'cases/{desk.registered(author)}/drafts')['id']}"
    author.act(f"{path}/submit")
    assert other.refused(f"{path}/return") == (409, "reason_missing")
    assert other.act(f"{path}/return", {"reason": "the radius is too small"})["reason"] == "the radius is too small"
    late = (NOW + timedelta(days=40)).isoformat()
    assert author.client.put(f"/api/v1/{path}", json={"expires": late}).status_code == 200
    assert author.refused(f"{path}/submit") == (409, "expires_too_late")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"home_address": "1 rue de la Paix"}, 409),
        ({"radius_km": 0}, 422),
        ({"crop": [0.5, 0.5, 0.9, 0.9]}, 422),
        ({"crop": [1e300, 0, 1, 1]}, 422),
        ({"texts": [{"language": "en"}]}, 422),
        ({"expires": "tomorrow"}, 422),
    ],
)
def test_a_draft_takes_only_what_an_alert_may_say(desk: Desk, fields: dict[str, object], status: int) -> None:
    officer = desk.officer("Ada")
    answer = officer.post(f"/api/v1/cases/{desk.registered(officer)}/drafts", fields)
    assert answer.status_code == status and answer.content_type == "application/problem+json"


def test_two_who_edit_at_once_do_not_overwrite_each_other(desk: Desk) -> None:
    officer = desk.officer("Ada")
    draft = officer.act(f"cases/{desk.registered(officer)}/drafts")
    path = f"/api/v1/drafts/{draft['id']}?revision={draft['revision']}"
    assert officer.client.put(path, json={"credit": "one"}).status_code == 200
    answer = officer.client.put(path, json={"credit": "two"})
    assert (answer.status_code, answer.get_json()["reason"]) == (409, "changed_meanwhile")


def test_a_live_alert_is_amended_by_two_and_cancelled_by_one(desk: Desk) -> None:
    author, other = desk.officer("Ada"), desk.officer("Bert")
    first = author.act(f"cases/{desk.registered(author)}/drafts")
    author.act(f"drafts/{first['id']}/submit")
    other.act(f"drafts/{first['id']}/approve")
    second = author.act(f"drafts/{first['id']}/amend")
    assert (second["version"], second["alert_id"]) == (2, first["alert_id"])
    assert author.refused(f"drafts/{first['id']}/amend") == (409, "amendment_open")
    author.act(f"drafts/{second['id']}/submit")
    assert other.act(f"drafts/{second['id']}/approve")["state"] == "live"
    assert author.read(f"drafts/{first['id']}")["state"] == "amended"
    assert other.act(f"drafts/{second['id']}/cancel", {"reason": "wrong place"})["state"] == "cancelled"


def test_of_four_who_decide_at_once_two_count_and_the_record_stays_whole(desk: Desk) -> None:
    officers = [desk.officer(name) for name in ("Ada", "Bert", "Cleo", "Dora")]
    path = f"/api/v1/candidates/{desk.candidate(desk.registered(officers[0]))}"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.post(f"{path}/decisions", {"outcome": "confirmed"}), officers))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409]
    supervisor = desk.officer("Eve", "supervisor")
    assert supervisor.read("audit?verify=1")["verified"]["whole"] is True
