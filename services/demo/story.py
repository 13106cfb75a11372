"""The story, act by act. Every step is real: real HTTP, real photographs, the real matcher."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lxml import etree

from services.demo import cast
from services.demo.doors import Door, Officer, Public, Refusal
from services.demo.inside import Inside
from services.demo.teller import StoryBroke, Teller
from shared.config import Settings

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
CHILD = "Alva Exempel"


@dataclass
class Story:
    """Who plays, and what became of it so far."""

    tell: Teller
    settings: Settings
    family: Public
    lind: Officer
    berg: Officer
    supervisor: Officer
    news: Door
    inside: Inside
    seen: dict[str, Any] = field(default_factory=dict)


@contextmanager
def refused(story: Story, status: int, reason: str, text: str) -> Iterator[None]:
    """Holds if the block is refused with this status and reason."""
    try:
        yield
    except Refusal as refusal:
        story.tell.held(refusal.status == status and refusal.reason == reason, f"{text} (HTTP {status}, {reason})")
        return
    raise StoryBroke(f"{text}: it was allowed")


def a_family_reports(story: Story) -> None:
    story.tell.step("A family reports a missing child, with one photograph.")
    story.seen["templates"], story.seen["probes"] = story.inside.templates(), story.inside.open_probes()
    body = cast.report(CHILD, "2012-03-02", "2018-09-14T16:30:00+02:00", "2018-06-01")
    code = story.family.submit("report", body, [cast.portrait("person_a_1")])
    story.seen["code"] = code
    story.tell.held(len(code) >= 20, "the family has a tracking code, shown once")
    story.tell.until(lambda: story.family.status(code)["status"] == "received", "with it, they see: received")
    story.seen["case"] = story.tell.until(lambda: _new_case(story), "the report is on the police desk")
    story.tell.note(f"Look at: {story.settings.public_url('review')}/cases/{story.seen['case']}")


def _new_case(story: Story) -> str | None:
    waiting = story.lind.get("/api/v1/cases", state="submitted")["cases"]
    return str(waiting[0]["id"]) if waiting else None


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
    answered, begun = _answered(story), time.monotonic()
    story.family.submit("sighting", cast.sighting("At the ferry, alone."), [cast.portrait("person_a_2")])
    mine = story.tell.until(lambda: _candidates(story, case), "a candidate is on the desk")
    story.tell.note(f"from the sighting to the desk: {time.monotonic() - begun:.2f} s")
    story.family.submit("sighting", cast.sighting("Not sure at all."), [cast.portrait("impostor_1")])
    story.tell.until(lambda: _answered(story) >= answered + 2, "the stranger's photograph was searched too")
    story.tell.held(len(_candidates(story, case)) == 1, "exactly one candidate reached the desk")
    story.tell.held(story.inside.open_probes() == story.seen["probes"] + 1, "the stranger's photograph left no vector")
    story.seen["candidate"] = mine[0]["id"]
    story.tell.note(f"Look at: {story.settings.public_url('review')}/candidates/{mine[0]['id']}")


def _candidates(story: Story, case: str) -> list[dict[str, Any]]:
    return [found for found in story.lind.get("/api/v1/candidates")["candidates"] if found["case_id"] == case]


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
    unseen = story.berg.get(f"/api/v1/candidates/{id_}")["decisions"]
    story.tell.held(unseen == [], "the second officer does not see the first decision")
    answer = story.berg.post(f"/api/v1/candidates/{id_}/decisions", {"outcome": "confirmed", "note": ""})
    story.tell.held(answer["state"] == "confirmed", "both confirmed: the candidate is confirmed")
    story.tell.until(lambda: story.inside.open_probes() == story.seen["probes"], "the probe's vector is erased")


def an_alert_goes_out(story: Story) -> None:
    story.tell.step("An alert is drafted, refused to its own author, approved by another officer.")
    fields = cast.draft(story.seen["photo"], CHILD)
    story.seen["alert"] = publish(story, story.seen["case"], fields)


def publish(story: Story, case: str, fields: dict[str, Any]) -> str:
    """Drafts, submits, is refused to the author, and is approved by another; answers the alert's id."""
    draft = story.lind.post(f"/api/v1/cases/{case}/drafts", fields)
    story.lind.act("drafts", draft["id"], "submit")
    with refused(story, 409, "own_draft", "its author cannot approve it"):
        story.lind.act("drafts", draft["id"], "approve")
    revision = story.berg.get(f"/api/v1/drafts/{draft['id']}")["revision"]
    story.berg.act("drafts", draft["id"], "approve", revision=revision)
    alert = str(draft["alert_id"])
    story.tell.until(lambda: _feature(story, alert), "it is published")
    story.tell.note(f"Look at: {story.settings.public_url('alerts')}/alerts/{alert}")
    return alert


def _feature(story: Story, alert: str) -> dict[str, Any] | None:
    try:
        return dict(story.news.get(f"/v1/alerts/{alert}"))
    except Refusal:
        return None


def news_feeds_pull_it(story: Story) -> None:
    alert = story.seen["alert"]
    story.tell.step("News feeds pull it for its region, in every format; no other region has it.")
    for suffix in ("geojson", "json", "atom"):
        story.tell.held(alert in _feed(story, cast.REGION, suffix), f"in {cast.REGION} as {suffix}")
        story.tell.held(alert not in _feed(story, cast.OTHER_REGION, suffix), f"not in {cast.OTHER_REGION} as {suffix}")
    quiet = story.news.ask("GET", f"/v1/regions/{cast.REGION}/alerts.geojson").text
    story.tell.held(alert not in quiet, "an exercise is in no feed that does not ask for exercises")
    cap = _cap(story, alert)
    story.tell.held(cap.findtext(f"{CAP}status") == "Exercise", "its CAP status is Exercise")
    languages = [info.findtext(f"{CAP}language") for info in cap.findall(f"{CAP}info")]
    story.tell.held(len(languages) == 2, f"it speaks {' and '.join(str(language) for language in languages)}")
    story.tell.note(f"Look at: {story.settings.public_url('alerts')}/v1/alerts/{alert}.cap")


def _feed(story: Story, region: str, suffix: str) -> str:
    return story.news.ask("GET", f"/v1/regions/{region}/alerts.{suffix}", params={"status": "exercise"}).text


def _cap(story: Story, alert: str) -> etree._Element:
    return etree.fromstring(story.news.ask("GET", f"/v1/alerts/{alert}.cap").content)


def an_adult_is_refused(story: Story) -> None:
    story.tell.step("Someone looks for an adult. The door refuses; and so does the gate, were the door broken into.")
    body = cast.report("Robin Exempel", "1990-01-01", "2026-10-01T10:00:00+02:00", "2026-01-01")
    try:
        story.family.submit("report", body, [cast.portrait("impostor_2")])
    except Refusal as refusal:
        named = [error["code"] for error in refusal.problem["errors"]]
        story.tell.held(named == ["adult"], f"the families' door says whom to call instead (HTTP {refusal.status})")
    story.inside.break_in(date(1990, 1, 1))
    case = story.tell.until(lambda: _new_case(story), "a report sent past the door's own checks is on the desk")
    before = story.inside.templates()
    story.lind.act("cases", case, "start")
    story.lind.act("cases", case, "verify", **cast.CHECKS)
    with refused(story, 409, "not_a_minor", "an adult cannot be registered"):
        story.lind.act("cases", case, "register")
    story.lind.act("cases", case, "reject", reason="An adult: outside what this service is for.")
    story.tell.held(story.inside.templates() == before, "no template was made")


def the_child_is_found(story: Story) -> None:
    case, alert = story.seen["case"], story.seen["alert"]
    story.tell.step("The child is found: the case is closed, everything public ends at once.")
    first = _cap(story, alert).findtext(f"{CAP}identifier")
    story.lind.act("cases", case, "close", reason="located", outcome_text="Alva is safe. (Exercise.)")
    story.tell.until(lambda: alert not in _feed(story, cast.REGION, "geojson"), "the alert has left the feed")
    ended = story.news.ask("GET", f"/v1/alerts/{alert}").text
    page = story.news.session.get(f"{story.news.base}/alerts/{alert}", timeout=10)
    story.tell.held(page.status_code == 410, "its page says that it has ended (HTTP 410)")
    story.tell.held(CHILD not in ended + page.text, "its addresses name nobody any more")
    cap = _cap(story, alert)
    story.tell.held(cap.findtext(f"{CAP}msgType") == "Cancel", "its CAP address answers with the Cancel")
    story.tell.held(first in (cap.findtext(f"{CAP}references") or ""), "which refers to the alert it ends")
    story.tell.until(lambda: story.inside.templates() == story.seen["templates"], "its templates are erased")
    standing = story.tell.until(lambda: _ended(story), "the family sees that it has ended")
    words = [message["text"] for message in standing["messages"]]
    story.tell.held("Alva is safe. (Exercise.)" in words, "and reads what the officer wrote to them, with their code")


def _ended(story: Story) -> dict[str, Any] | None:
    standing = story.family.status(story.seen["code"])
    return standing if standing["status"] == "ended" and standing["messages"] else None


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
    case = story.tell.until(lambda: _new_case(story), "reported")
    story.lind.act("cases", case, "start")
    story.lind.act("cases", case, "verify", **cast.CHECKS)
    story.lind.act("cases", case, "register")
    story.tell.until(lambda: story.lind.case(case)["photos"][0]["outcome"] == "enrolled", "enrolled")
    fields = cast.draft(story.lind.case(case)["photos"][0]["id"], "Noor Exempel")
    story.seen["second"] = publish(story, case, fields)
    story.family.submit("sighting", cast.sighting("At the market."), [cast.portrait("person_b_2")])
    story.tell.until(lambda: _candidates(story, case), "a candidate waits for two officers")


ACTS = (
    a_family_reports, an_officer_registers, two_sightings, two_officers_decide, an_alert_goes_out, news_feeds_pull_it,
    an_adult_is_refused, the_child_is_found, nothing_can_be_read_any_more, the_record_holds, one_more_stays,
)  # fmt: skip
