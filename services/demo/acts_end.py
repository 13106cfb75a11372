"""The acts that hold Homeward to its promises: no adults, nothing readable after erasure, a whole record."""

from datetime import date

from services.demo import cast
from services.demo.acts_public import publish
from services.demo.doors import Refusal
from services.demo.story import Story, candidates, new_case, refused


def an_adult_is_refused(story: Story) -> None:
    story.tell.step("Someone looks for an adult. The door refuses; and so does the gate, were the door broken into.")
    body = cast.report("Robin Exempel", "1990-01-01", "2026-10-01T10:00:00+02:00", "2026-01-01")
    try:
        story.family.submit("report", body, [cast.portrait("impostor_2")])
    except Refusal as refusal:
        named = [error["code"] for error in refusal.problem["errors"]]
        story.tell.held(named == ["adult"], f"the families' door says whom to call instead (HTTP {refusal.status})")
    story.inside.break_in(date(1990, 1, 1))
    case = story.tell.until(lambda: new_case(story), "a report sent past the door's own checks is on the desk")
    before = story.inside.templates()
    story.lind.act("cases", case, "start")
    story.lind.act("cases", case, "verify", **cast.CHECKS)
    with refused(story, 409, "not_a_minor", "an adult cannot be registered"):
        story.lind.act("cases", case, "register")
    story.inside.ask_gate(case)
    reasons = str(story.tell.until(lambda: _refused_by_the_gate(story, case), "the gate, asked past all that, refuses"))
    story.tell.held("not_a_minor" in reasons, f"and says why: {reasons}")
    said = "We may only look for children here. If an adult is missing, please call the police: they take the report."
    reason = "An adult: outside what this service is for."
    story.lind.act("cases", case, "reject", reason=reason, message=said)
    story.tell.held(story.inside.templates() == before, "no template was made")


def _refused_by_the_gate(story: Story, case: str) -> str | None:
    """The gate's reasons for refusing to enrol the case, from the record."""
    for entry in story.supervisor.get("/api/v1/audit")["entries"]:
        if (entry["act"], entry["subject"]["id"], entry["refused"]) == ("gate.enrol", case, True):
            return str(entry["text"])
    return None


def nothing_can_be_read_any_more(story: Story) -> None:
    case, photo = story.seen["case"], story.seen["photo"]
    story.tell.step("homeward erase destroys the case's key: its photographs cannot be read by anyone.")
    number = story.lind.case(case)["number"]
    blob = story.inside.blob_of(photo)
    story.tell.held(story.inside.opens(photo), "before: the desk's keys open the photograph")
    story.tell.note(story.inside.homeward("erase", number, "--yes"))
    with refused(story, 409, "erased", "the desk answers that the photograph is erased"):
        story.supervisor.ask("GET", f"/api/v1/photos/{photo}")
    story.tell.held(not story.inside.stored(blob), "its ciphertext is gone from the store")
    story.tell.held(not story.inside.opens(photo), "and no key is left that would open a copy of it")


def the_record_holds(story: Story) -> None:
    story.tell.step("The audit log has every act and every refusal, and verifies.")
    for line in story.inside.homeward("audit", "show", "--last", "12").splitlines():
        story.tell.note(line)
    story.tell.held("unbroken" in story.inside.homeward("audit", "verify"), "the chain is unbroken and signed")


def one_more_stays(story: Story) -> None:
    story.tell.step("For you to look at: a second invented child, with a live alert and a candidate to decide.")
    body = cast.report("Noor Exempel", "2011-08-20", "2024-05-03T15:00:00+02:00", "2024-02-01")
    story.family.submit("report", body, [cast.portrait("person_b_1")])
    case = story.tell.until(lambda: new_case(story), "reported")
    story.lind.act("cases", case, "start")
    story.lind.act("cases", case, "verify", **cast.CHECKS)
    story.lind.act("cases", case, "register")
    story.tell.until(lambda: story.lind.case(case)["photos"][0]["outcome"] == "enrolled", "enrolled")
    fields = cast.draft(story.lind.case(case)["photos"][0]["id"], "Noor Exempel")
    story.seen["second"] = publish(story, case, fields)
    story.family.submit("sighting", cast.sighting("At the market."), [cast.portrait("person_b_2")])
    story.tell.until(lambda: candidates(story, case), "a candidate waits for two officers")
