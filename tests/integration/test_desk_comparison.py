"""Comparing two faces: aligned ones, the matcher's word only after one's own judgement, and what a match sets off."""

import json
from dataclasses import replace
from html import unescape
from io import BytesIO

import numpy as np
import pytest
from desk import BERLIN, PORTRAITS, Desk, Officer, portrait
from PIL import Image

from services.review.candidates.aligning import EYES, HEIGHT, WIDTH
from shared.config import Settings
from shared.faces import detector

SAME = {"outcome": "confirmed", "features": {"ears": "similar", "scars_marks": "unseen"}}


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings)


def page(officer: Officer, path: str) -> str:
    answer = officer.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.get_data(as_text=True))


def confirmed(desk: Desk, first: Officer, second: Officer) -> str:
    """The path of a candidate that two have confirmed."""
    path = f"candidates/{desk.candidate(desk.registered(first))}"
    for officer in (first, second):
        officer.act(f"{path}/decisions", SAME)
    return path


def test_both_faces_come_with_their_eyes_at_the_same_places(desk: Desk, settings: Settings) -> None:
    officer = desk.officer("Ada")
    case_id = desk.registered(officer, pictures=(portrait("person_a_1"), portrait("person_a_2")))
    candidate = officer.read(f"candidates/{desk.candidate(case_id, picture=portrait('person_b_1'))}")
    html = page(officer, f"/candidates/{candidate['id']}")
    for photo in (candidate["case_photo"]["id"], candidate["sighting_photo"]["id"], desk.photos_of(case_id=case_id)[1]):
        path = f"/candidates/{candidate['id']}/faces/{photo}"
        assert path in html or photo == desk.photos_of(case_id=case_id)[1]
        picture = Image.open(BytesIO(officer.get(path).data))
        assert picture.size == (WIDTH, HEIGHT)
        small = picture.resize((WIDTH // 3, HEIGHT // 3), Image.Resampling.BOX)
        (face, *_) = detector(settings).detect(np.asarray(small)[:, :, ::-1].copy())
        wanted = np.array(EYES) * small.size
        assert np.abs(face.landmarks[:2] - wanted).max() < 0.035 * small.width


def test_a_photo_without_a_face_is_shown_whole_and_one_of_elsewhere_not_at_all(desk: Desk) -> None:
    officer, other = desk.officer("Ada"), desk.officer("Bert", regions=("DE",))
    candidate = officer.read(f"candidates/{desk.candidate(desk.registered(officer))}")
    assert "No eyes were found" in page(officer, f"/candidates/{candidate['id']}")
    path = f"/candidates/{candidate['id']}/faces"
    assert officer.get(f"{path}/{candidate['case_photo']['id']}").status_code == 404
    foreign = desk.photos_of(case_id=desk.report())[0]
    assert officer.get(f"{path}/{foreign}").status_code == 404
    assert other.get(f"{path}/{candidate['case_photo']['id']}").status_code == 403


def test_the_matchers_word_is_hidden_everywhere_until_one_has_judged(desk: Desk) -> None:
    first, second, intake = desk.officer("Ada"), desk.officer("Bert"), desk.officer("Ida", "intake_officer")
    case_id = desk.registered(first)
    path = f"candidates/{desk.candidate(case_id)}"
    hidden = dict.fromkeys(("rank", "band", "evidence", "age_gap"))
    for officer in (first, second, intake):
        assert hidden.items() <= officer.read(path).items()
        assert hidden.items() <= officer.read(f"cases/{case_id}")["candidates"][0].items()
        for where in (f"/{path}", "/candidates", "/sightings", f"/cases/{case_id}"):
            assert "strong resemblance" not in page(officer, where), where
    judged = first.act(f"{path}/judgement", SAME)
    assert (judged["band"], judged["age_gap"], judged["state"]) == ("strong", 8.0, "pending")
    assert judged["judgement"]["features"]["ears"] == "similar"
    assert second.read(path)["band"] is None
    assert first.refused(f"{path}/judgement", SAME) == (409, "already_judged")


def test_one_may_decide_otherwise_than_at_first_and_both_are_kept(desk: Desk) -> None:
    first, second = desk.officer("Ada"), desk.officer("Bert")
    path = f"candidates/{desk.candidate(desk.registered(first))}"
    first.act(f"{path}/judgement", SAME)
    decided = first.act(f"{path}/decisions", {"outcome": "rejected", "reason": "elsewhere"})
    (own,) = decided["decisions"]
    assert (own["reason"], own["features"]["ears"]) == ("elsewhere", "similar")
    second.act(f"{path}/decisions", {"outcome": "rejected", "note": "another nose"})
    html = page(first, f"/{path}")
    assert "First judgement, of the faces alone:" in html and "another nose" in html


def test_the_setting_shows_the_matchers_word_at_once(settings: Settings) -> None:
    desk = Desk(replace(settings, blind_comparison=False))
    officer = desk.officer("Ada")
    path = f"candidates/{desk.candidate(desk.registered(officer))}"
    assert officer.read(path)["band"] == "strong" and "Record my decision" in page(officer, f"/{path}")


def test_who_settles_a_dispute_judges_before_reading_what_the_two_decided(desk: Desk) -> None:
    first, second, supervisor = desk.officer("Ada"), desk.officer("Bert"), desk.officer("Eve", "supervisor")
    path = f"candidates/{desk.candidate(desk.registered(first))}"
    first.act(f"{path}/decisions", SAME | {"note": "the same ear"})
    second.act(f"{path}/decisions", {"outcome": "rejected", "note": "another nose"})
    record = [row["text"] for row in supervisor.read("audit")["entries"] if row["act"].startswith("candidate.")]
    assert supervisor.read(path)["decisions"] == [] and record == [None, None]
    assert "the same ear" not in page(supervisor, f"/{path}") + page(supervisor, "/audit")
    assert len(supervisor.act(f"{path}/judgement", {"outcome": "inconclusive"})["decisions"]) == 2
    assert "the same ear" in page(supervisor, f"/{path}") and "the same ear" in page(supervisor, "/audit")


def test_a_first_judgement_is_as_secret_in_the_record_as_a_decision(desk: Desk) -> None:
    first, supervisor = desk.officer("Ada"), desk.officer("Eve", "supervisor")
    path = f"candidates/{desk.candidate(desk.registered(first))}"
    first.act(f"{path}/judgement", SAME)
    told = {row["act"]: row["text"] for row in supervisor.read("audit")["entries"]}
    assert told["candidate.judge"] is None
    assert "not for you to read now" in page(supervisor, "/audit")


def test_what_was_read_before_others_decided_is_refused_and_kept_in_the_form(desk: Desk) -> None:
    officers = [desk.officer(name) for name in ("Ada", "Bert", "Cleo")]
    path = f"candidates/{desk.candidate(desk.registered(officers[0]))}"
    read = officers[2].read(path)["revision"]
    officers[0].act(f"{path}/decisions", SAME | {"revision": read})
    officers[1].act(f"{path}/decisions", SAME | {"revision": read})  # the first decision was not to be seen
    late = {"outcome": "rejected", "note": "the ears", "revision": read}
    assert officers[2].refused(f"{path}/decisions", late) == (409, "decided_meanwhile")
    answer = officers[2].send(f"/{path}/decisions", **late)
    assert answer.status_code == 409 and "nothing was decided twice" in unescape(answer.get_data(as_text=True))
    assert len(officers[0].read(path)["decisions"]) == 2


def test_a_supervisor_who_meant_to_decide_does_not_settle_by_mistake(desk: Desk) -> None:
    first, second, supervisor = desk.officer("Ada"), desk.officer("Bert"), desk.officer("Eve", "supervisor")
    path = f"candidates/{desk.candidate(desk.registered(first))}"
    read = supervisor.read(path)["revision"]
    first.act(f"{path}/decisions", SAME)
    second.act(f"{path}/decisions", {"outcome": "rejected", "reason": "age"})
    own = {"outcome": "confirmed", "note": "the ears", "revision": read}
    assert supervisor.refused(f"{path}/decisions", own) == (409, "decided_meanwhile")
    assert supervisor.read(path)["state"] == "disputed"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"outcome": "rejected"}, "rejection_reason_missing"),
        ({"outcome": "rejected", "reason": "other", "note": " "}, "rejection_reason_missing"),
        ({"outcome": "rejected", "reason": "mood"}, "unknown_rejection"),
    ],
)
def test_every_rejection_has_a_reason(desk: Desk, given: dict[str, str], reason: str) -> None:
    officer = desk.officer("Ada")
    path = f"candidates/{desk.candidate(desk.registered(officer))}"
    assert officer.refused(f"{path}/decisions", given) == (409, reason)
    assert officer.read(path)["judgement"] is None  # nothing of a refused decision is kept
    assert officer.post(f"/api/v1/{path}/decisions", SAME | {"features": {"ears": "blue"}}).status_code == 422


def test_a_confirmed_match_sets_off_nothing_until_an_officer_chooses(desk: Desk) -> None:
    first, second = desk.officer("Ada"), desk.officer("Bert")
    path = confirmed(desk, first, second)
    read = first.read(path)
    assert read["follow_up"] is None and first.read(f"cases/{read['case_id']}")["drafts"] == []
    assert "What shall follow?" in page(second, f"/{path}")
    for wrong in ([], ["neither", "draft"], ["party"]):
        assert first.refused(f"{path}/follow-up", {"choices": wrong}) == (409, "nothing_chosen")
    assert first.act(f"{path}/follow-up", {"choices": ["neither"]})["follow_up"]["draft_id"] is None
    assert second.refused(f"{path}/follow-up", {"choices": ["draft"]}) == (409, "followed_already")
    assert "Nothing was set off" in page(second, f"/{path}")


def test_nothing_follows_from_a_match_that_is_not_confirmed(desk: Desk) -> None:
    officer = desk.officer("Ada")
    path = f"candidates/{desk.candidate(desk.registered(officer))}"
    assert officer.refused(f"{path}/follow-up", {"choices": ["neither"]}) == (409, "wrong_state")


def test_the_liaison_officer_is_asked_until_the_family_has_been_told(desk: Desk) -> None:
    first, second, liaison = desk.officer("Ada"), desk.officer("Bert"), desk.officer("Ida", "intake_officer")
    foreign = desk.officer("Fritz", regions=("DE",))
    path = confirmed(desk, first, second)
    wrong = {"choices": ["liaison"], "liaison": foreign.read("session")["officer"]["id"]}
    assert first.refused(f"{path}/follow-up", wrong) == (409, "unknown_liaison")
    chosen = {"choices": ["liaison"], "liaison": liaison.read("session")["officer"]["id"]}
    first.act(f"{path}/follow-up", chosen)
    assert "1 family to tell" in page(liaison, "/cases") and "1 family to tell" not in page(first, "/cases")
    assert "You are asked to tell the family" in page(liaison, "/candidates")
    assert desk.officer("Otto", "intake_officer").refused(f"{path}/told") == (403, "not_permitted")
    assert liaison.act(f"{path}/told")["follow_up"]["told_by"] == chosen["liaison"]
    assert first.refused(f"{path}/told") == (409, "wrong_state")
    assert "family to tell" not in page(liaison, "/cases")


def test_an_open_page_asks_for_a_digest_that_names_nobody_and_is_told_when_something_changed(desk: Desk) -> None:
    first, second = desk.officer("Ada"), desk.officer("Bert")
    foreign = desk.officer("Fritz", regions=("DE",))
    candidate = f"candidates/{desk.candidate(desk.registered(first))}"
    paths = (f"/pulse/{candidate}", "/pulse/candidates")
    before = [second.get(path).get_data(as_text=True) for path in paths]
    assert all(len(text) == 16 for text in before) and before[1] in page(second, "/candidates")
    assert [second.get(path).get_data(as_text=True) for path in paths] == before
    first.act(f"{candidate}/decisions", SAME)
    after = [second.get(path).get_data(as_text=True) for path in paths]
    assert after[0] != before[0] and after[1] != before[1]
    assert foreign.get(paths[0]).status_code == 403


def test_an_alert_is_drafted_for_the_place_and_time_of_the_sighting(desk: Desk) -> None:
    first, second = desk.officer("Ada", regions=("FR", "DE")), desk.officer("Bert")
    path = f"candidates/{desk.candidate(desk.registered(first), place=BERLIN)}"
    for officer in (first, second):
        officer.act(f"{path}/decisions", SAME)
    draft = first.read(f"drafts/{first.act(f'{path}/follow-up', {'choices': ['draft']})['follow_up']['draft_id']}")
    fields = draft["fields"]
    assert (fields["last_seen_place"], fields["regions"]) == ("Quai de Seine", ["DE-BE"])
    assert "Quai de Seine" in fields["texts"][0]["description"] and fields["seen"]["lat"] == BERLIN[0]


def test_the_way_from_one_place_to_the_other_is_told(desk: Desk) -> None:
    officer = desk.officer("Ada")
    html = page(officer, f"/candidates/{desk.candidate(desk.registered(officer), place=BERLIN)}")
    assert "877 km" in html and "3.0 hours between" in html and "292 km/h" in html
    assert "Only an aircraft" in html and 'class="map-way"' in html


def test_the_page_names_the_searchs_other_candidates(desk: Desk) -> None:
    officer = desk.officer("Ada")
    candidate = officer.read(f"candidates/{desk.candidate(desk.registered(officer))}")
    assert "The matcher found nobody else." in page(officer, f"/candidates/{candidate['id']}")


PROBE = {"purpose": "Found at the station", "reference": "ASE 2026/4", "place": "Hôpital Necker", "age": 9}


def sent(officer: Officer, photo: bytes, **changes: object) -> tuple[int, dict[str, object]]:
    """A program sends a probe; the answer."""
    probe = (BytesIO(json.dumps(PROBE | changes).encode()), "probe.json")
    answer = officer.client.post("/api/v1/probes", data={"probe": probe, "photo": (BytesIO(photo), "p.jpg")})
    return answer.status_code, answer.get_json()


def two_faces() -> bytes:
    pictures = [Image.open(PORTRAITS / f"{name}.jpg").resize((400, 500)) for name in ("person_a_2", "person_b_2")]
    both, out = Image.new("RGB", (800, 500)), BytesIO()
    for place, picture in enumerate(pictures):
        both.paste(picture, (400 * place, 0))
    both.save(out, "JPEG", quality=92)
    return out.getvalue()


def test_an_officer_searches_a_photo_of_a_child_in_care_with_purpose_and_reference(desk: Desk) -> None:
    officer = desk.officer("Ada")
    status, probe = sent(officer, (PORTRAITS / "person_a_1.jpg").read_bytes())
    assert status == 201 and probe["face_needed"] is False and probe["reference"] == "ASE 2026/4"
    assert (desk.sent("SearchAsked"), officer.read("sightings")["sightings"]) == (1, [])
    assert [row["id"] for row in officer.read("probes")["probes"]] == [probe["id"]]
    html = page(officer, f"/probes/{probe['id']}")
    assert "Being searched" in html and "Hôpital Necker" in html
    supervisor = desk.officer("Eve", "supervisor")
    told = {row["act"]: row["text"] for row in supervisor.read("audit")["entries"]}
    assert told["probe.open"] == "ASE 2026/4\n\nFound at the station"
    assert desk.officer("Ida", "intake_officer").get("/probes/new").status_code == 403


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"reference": " "}, 422, "reference"),
        ({"purpose": ""}, 422, "purpose"),
        ({"lat": 48.8}, 422, "lat"),
        ({"found_at": "2999-01-01T00:00:00+00:00"}, 422, "found_at"),
        ({"region": "DE"}, 403, "jurisdiction"),
    ],
)
def test_a_probe_without_purpose_reference_or_right_is_refused(
    desk: Desk, changes: dict[str, object], status: int, says: str
) -> None:
    answered, problem = sent(desk.officer("Ada"), (PORTRAITS / "person_a_1.jpg").read_bytes(), **changes)
    assert answered == status and says in json.dumps(problem)
    assert desk.sent("SearchAsked") == 0


def test_of_several_faces_only_the_chosen_one_is_searched(desk: Desk) -> None:
    officer = desk.officer("Ada")
    form = {"purpose": "Found", "reference": "A 1", "place": "Lyon", "found_at.day": "2026-01-02"}
    answer = officer.client.post("/probes", data=form | {"photo": (BytesIO(two_faces()), "p.jpg")})
    assert answer.status_code == 303, unescape(answer.get_data(as_text=True))
    path = answer.location.partition("?")[0]
    assert "Which is the child's face?" in page(officer, path) and desk.sent("SearchAsked") == 0
    assert officer.send(f"{path}/face", face="3").status_code == 409
    assert officer.send(f"{path}/face", face="2").status_code == 303
    ((x, _),) = officer.read(path[1:])["photos"][0]["faces"]
    assert x > 0.5 and desk.sent("SearchAsked") == 1
    assert officer.send(f"{path}/face", face="1").status_code == 409


def test_a_photo_without_a_face_is_not_kept(desk: Desk) -> None:
    officer, blank = desk.officer("Ada"), BytesIO()
    Image.new("RGB", (300, 300), "#557799").save(blank, "JPEG")
    for photo in (blank.getvalue(), b"no picture"):
        assert sent(officer, photo)[0] == 422
    assert officer.read("probes")["probes"] == [] and list(desk.tools.room.blobs.names()) == []
