"""The acts that the public sees: an alert goes out to its region, and ends when the child is found."""

from typing import Any

from services.demo import cast
from services.demo.doors import Refusal
from services.demo.story import CAP, CHILD, Story, cap, feed, refused, regional


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
    for suffix in cast.FORMATS:
        story.tell.held(alert in regional(story, cast.REGION, suffix), f"in {cast.REGION} as {suffix}")
        story.tell.held(alert not in regional(story, cast.OTHER_REGION, suffix), f"not in {cast.OTHER_REGION}")
    _cap_is_led_to(story, alert)
    for name, near, far in cast.FILTERS:
        here, there = (feed(story, "/v1/alerts.geojson", **{name: value}) for value in (near, far))
        story.tell.held(alert in here and alert not in there, f"found by {name}={near}, and not by {name}={far}")
    quiet = story.news.ask("GET", f"/v1/regions/{cast.REGION}/alerts.geojson").text
    story.tell.held(alert not in quiet, "an exercise is in no feed that does not ask for exercises")


def _cap_is_led_to(story: Story, alert: str) -> None:
    """As CAP: from the region's Atom feed to the message."""
    address = f"{story.news.base}/v1/alerts/{alert}.cap"
    story.tell.held(address in regional(story, cast.REGION, "atom"), f"the Atom feed of {cast.REGION} leads to its CAP")
    message = cap(story, alert)
    story.tell.held(message.findtext(f"{CAP}status") == "Exercise", "as CAP 1.2, and its status is Exercise")
    places = [code.findtext(f"{CAP}value") for code in message.iter(f"{CAP}geocode")]
    story.tell.held(set(places) == {cast.REGION}, f"its area is {cast.REGION}")
    languages = [str(info.findtext(f"{CAP}language")) for info in message.findall(f"{CAP}info")]
    story.tell.held(len(languages) == 2, f"it speaks {' and '.join(languages)}")
    story.tell.note(f"Look at: {address}")


def the_child_is_found(story: Story) -> None:
    case, alert = story.seen["case"], story.seen["alert"]
    story.tell.step("The child is found: the case is closed, everything public ends at once.")
    first = cap(story, alert).findtext(f"{CAP}identifier")
    photo = story.news.get(f"/v1/alerts/{alert}")["properties"]["photos"][0]["url"]
    story.lind.act("cases", case, "close", reason="located", outcome_text="Alva is safe. (Exercise.)")
    for suffix in cast.FORMATS:
        story.tell.until(lambda suffix=suffix: alert not in regional(story, cast.REGION, suffix), f"it left {suffix}")
    _cancelled(story, alert, str(first))
    _nameless(story, alert, photo)
    story.tell.until(lambda: story.inside.templates() == story.seen["templates"], "its templates are erased")
    standing = story.tell.until(lambda: _ended(story), "the family sees that it has ended")
    words = [message["text"] for message in standing["messages"]]
    story.tell.held("Alva is safe. (Exercise.)" in words, "and reads what the officer wrote to them, with their code")


def _cancelled(story: Story, alert: str, first: str) -> None:
    message = cap(story, alert)
    story.tell.held(message.findtext(f"{CAP}msgType") == "Cancel", "its CAP address answers with the Cancel")
    story.tell.held(first in (message.findtext(f"{CAP}references") or ""), "which refers to the alert it ends")


def _nameless(story: Story, alert: str, photo: str) -> None:
    page = story.news.session.get(f"{story.news.base}/alerts/{alert}", timeout=10)
    story.tell.held(page.status_code == 410, "its page says that it has ended (HTTP 410)")
    gone = story.news.session.get(photo, timeout=10)
    story.tell.held(gone.status_code == 404, "its photograph is gone (HTTP 404)")
    told = story.news.ask("GET", f"/v1/alerts/{alert}").text + feed(story, "/v1/changes")
    told += story.news.ask("GET", f"/v1/alerts/{alert}.cap").text + page.text
    story.tell.held(CHILD not in told, "page, feature, Cancel and list of changes name nobody any more")


def _ended(story: Story) -> dict[str, Any] | None:
    standing = story.family.status(story.seen["code"])
    return standing if standing["status"] == "ended" and standing["messages"] else None
