"""The first acts: a report, its registration, two sightings, and two officers who decide each alone."""

import time

from services.demo import cast
from services.demo.doors import Officer
from services.demo.story import CHILD, Story, candidates, new_case, refused


def a_family_reports(story: Story) -> None:
    story.tell.step("A family reports a missing child, with one photograph.")
    story.seen["templates"], story.seen["probes"] = story.inside.templates(), story.inside.open_probes()
    body = cast.report(CHILD, "2012-03-02", "2018-09-14T16:30:00+02:00", "2018-06-01")
    code = story.family.submit("report", body, [cast.portrait("person_a_1")])
    story.seen["code"] = code
    story.tell.held(len(code) >= 20, "the family has a tracking code, shown once")
    story.tell.until(lambda: story.family.status(code)["status"] == "received", "with it, they see: received")
    story.seen["case"] = story.tell.until(lambda: new_case(story), "the report is on the police desk")
    story.tell.note(f"Look at: {story.settings.public_url('review')}/cases/{story.seen['case']}")


def an_officer_registers(story: Story) -> None:
    case = story.seen["case"]
    story.tell.step("An officer verifies the report and registers the case.")
    story.lind.act("cases", case, "start")
    with refused(story, 409, "police_reference_missing", "without the checks, nothing can be registered"):
        story.lind.act("cases", case, "register")
    story.lind.act("cases", case, "verify", **cast.CHECKS)
    story.lind.act("cases", case, "register")
    story.tell.step("The gate grants the enrolment; the matcher enrols the photograph.")
    outcome = story.tell.until(lambda: story.lind.case(case)["photos"][0]["outcome"], "the matcher has answered")
    story.tell.held(outcome == "enrolled", f"the photograph is {outcome}")
    story.tell.held(
        story.inside.templates() == story.seen["templates"] + 1,
        "the gallery holds the template, under a key that means nothing",
    )
    story.seen["photo"] = story.lind.case(case)["photos"][0]["id"]


def two_sightings(story: Story) -> None:
    case = story.seen["case"]
    story.tell.step("Years later, someone photographs a young person; someone else photographs a stranger.")
    before, answered, begun = _everyone(story), _answered(story), time.monotonic()
    story.family.submit("sighting", cast.sighting("At the ferry, alone."), [cast.portrait("person_a_2")])
    mine = story.tell.until(lambda: candidates(story, case), "a candidate is on the desk")
    story.tell.note(f"from the sighting to the desk: {time.monotonic() - begun:.2f} s")
    story.family.submit("sighting", cast.sighting("Not sure at all."), [cast.portrait("impostor_1")])
    story.tell.until(lambda: _answered(story) >= answered + 2, "the stranger's photograph was searched too")
    story.tell.held(_everyone(story) - before == {mine[0]["id"]}, "exactly one candidate reached the desk")
    story.tell.held(story.inside.open_probes() == story.seen["probes"] + 1, "the stranger's photograph left no vector")
    story.seen["candidate"] = mine[0]["id"]
    story.tell.note(f"Look at: {story.settings.public_url('review')}/candidates/{mine[0]['id']}")


def _everyone(story: Story) -> set[str]:
    return {found["id"] for found in story.lind.get("/api/v1/candidates")["candidates"]}


def _answered(story: Story) -> int:
    sightings = story.lind.get("/api/v1/sightings")["sightings"]
    return sum(
        photo["search"] == "completed" or photo["search"] == "closed" for s in sightings for photo in s["photos"]
    )


def two_officers_decide(story: Story) -> None:
    id_ = story.seen["candidate"]
    story.tell.step("Two officers decide, each alone.")
    story.lind.post(f"/api/v1/candidates/{id_}/decisions", {"outcome": "confirmed", "note": "Same ear, same scar."})
    with refused(story, 409, "already_decided", "the same officer cannot decide twice"):
        story.lind.post(f"/api/v1/candidates/{id_}/decisions", {"outcome": "confirmed"})
    story.tell.held(_seen(story.berg, id_) == [], "the second officer does not see the first decision")
    story.tell.held(_seen(story.lind, id_) == [story.lind.name], "the first sees only their own")
    answer = story.berg.post(f"/api/v1/candidates/{id_}/decisions", {"outcome": "confirmed", "note": ""})
    story.tell.held(answer["state"] == "confirmed", "both confirmed: the candidate is confirmed")
    story.tell.held(len(_seen(story.lind, id_)) == 2, "only now each sees what the other decided")
    story.tell.until(lambda: story.inside.open_probes() == story.seen["probes"], "the probe's vector is erased")


def _seen(officer: Officer, candidate: str) -> list[str]:
    """Whose decisions the officer can see."""
    made = officer.get(f"/api/v1/candidates/{candidate}")["decisions"]
    return [officer.name if decision["officer"] == officer.id else "another" for decision in made]
