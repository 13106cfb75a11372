"""JSON Feed 1.1, with the alert's geometry and identifiers under `_homeward`."""

from typing import Any

from services.alerts.feed import Page
from services.alerts.geojson import dumped, feature, iso, joined
from services.alerts.store import Published
from shared.addresses import Addresses

MEDIA_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def feed(page: Page, where: Addresses) -> bytes:
    body: dict[str, Any] = {
        "version": VERSION,
        "title": page.title,
        "home_page_url": page.home_url,
        "feed_url": page.first_url,
        "description": page.terms,
        "language": page.language,
        "authors": [{"name": where.sender}],
        "_homeward": {
            "checked": iso(page.checked),
            "updated": iso(page.updated) if page.updated else None,
            "previous_url": page.previous_url,
        },
    }
    if page.hub_url:
        body["hubs"] = [{"type": "WebSub", "url": page.hub_url}]
    if page.next_url:
        body["next_url"] = page.next_url
    body["items"] = []
    return joined(dumped(body), (_made(item, where) for item in page.items))


def _made(item: Published, where: Addresses) -> bytes:
    """An alert's item: made once, and the same bytes in every feed."""
    made: bytes = item.once("json", lambda: dumped(_item(item, where)))
    return made


def _item(item: Published, where: Addresses) -> dict[str, Any]:
    made = feature(item, where)
    told = made["properties"]
    body: dict[str, Any] = {
        "id": f"urn:homeward:alert:{item.alert.id}",
        "url": where.page(item.alert.id),
        "title": told["headline"],
        "content_text": "\n\n".join(filter(None, (told["description"], told["instruction"], told["contact"]))),
        "date_published": iso(item.alert.first_sent),
        "date_modified": iso(item.changed_at),
        "language": told["language"],
        "tags": [told["status"], *told["regions"]],
        "_homeward": {"geometry": made["geometry"], **told},
    }
    if told["photos"]:
        body["image"] = told["photos"][0]["url"]
    body["attachments"] = [{"url": where.cap(item.alert.id), "mime_type": "application/cap+xml", "title": "CAP 1.2"}]
    return body
