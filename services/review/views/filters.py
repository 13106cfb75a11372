"""The queue's filters, as an address or a form says them."""

from werkzeug.datastructures import MultiDict

from services.review.cases.queue import Filters, tidied


def sent(given: MultiDict[str, str]) -> Filters:
    """What is unknown or absent is as usual."""
    return tidied(
        Filters(
            state=given.get("state", "waiting"),
            region=given.get("region", ""),
            holder=given.get("holder", ""),
            waiting=given.get("waiting", type=int),
            order=given.get("order", "newest"),
            words=given.get("words", ""),
        )
    )
