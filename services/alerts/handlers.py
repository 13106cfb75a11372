"""What the police desk's decisions do here: publish, amend, cancel; and what time does: expire."""

from collections.abc import Callable

from services.alerts import photos, rules, store
from services.alerts.content import fresh_key, opened, sealed
from services.alerts.deliver.reach import touched
from services.alerts.models import Alert
from services.alerts.poster import press
from services.alerts.publishing import publish
from services.alerts.tools import Tools
from shared.bus import Work
from shared.errors import Refused
from shared.messages import (
    AlertAmended,
    AlertApproved,
    AlertCancelled,
    AlertContent,
    AlertExpired,
    Message,
)


def alert_approved(message: AlertApproved, work: Work, tools: Tools) -> None:
    """Publishes an alert. Its identifier, its `sent` and its bytes never change from now on."""
    if work.session.get(Alert, message.alert_id) is not None:
        raise Refused("already_published")
    content = _as_of(work, message.content, tools)
    key, locked_key = fresh_key(tools.room.keys)
    alert = Alert(
        id=message.alert_id, status=message.content.status, state="live", version=message.version, messages=0,
        content_key=locked_key, content=sealed(key, content), first_sent=work.now, changed_at=work.now,
        expires=content.expires, widens_at=rules.widens_at(content),
    )  # fmt: skip
    work.session.add(alert)
    work.session.flush()
    pictures = photos.keep(work, tools, key, alert.id, content.photos)
    sent = publish(work, tools, alert, content, "Alert", pictures)
    alert.first_sent = sent.sent


def alert_amended(message: AlertAmended, work: Work, tools: Tools) -> None:
    """Publishes the next version as an Update that refers to every unexpired message before it. Its rings are those
    that count from now on."""
    alert = _live(work, message.alert_id, "amend")
    rules.check_version(alert.version, message.version)
    if message.content.status != alert.status:
        raise Refused("status_changed")
    content = _as_of(work, message.content, tools)
    key = tools.room.keys.unseal(alert.content_key or b"")
    photos.forget(work, tools, store.renditions(work.session, alert.id))
    press.forget(work, tools, alert.id)
    pictures = photos.keep(work, tools, key, alert.id, content.photos)
    alert.content, alert.version, alert.expires = sealed(key, content), message.version, content.expires
    alert.widens_at = rules.widens_at(content)
    publish(work, tools, alert, content, "Update", pictures)


def alert_cancelled(message: AlertCancelled, work: Work, tools: Tools) -> None:
    """Ends an alert at once: a Cancel that names nobody goes out, and what named the child is gone."""
    alert = store.locked(work.session, message.alert_id)
    if alert is None or alert.state != "live":
        return  # nothing is public: the tombstone in the inbox keeps a late approval from becoming so
    if alert.expires <= work.now:  # no message is left that a Cancel could refer to
        _expired(work, tools, alert)
        return
    content = _content(tools, alert)
    alert.state = rules.next_state("live", "cancel")
    publish(work, tools, alert, content, "Cancel", ())
    _wipe(work, tools, alert)


def expire(tools: Tools) -> None:
    """Ends the alerts whose time is over, each in a transaction of its own."""
    with tools.room.bus.work() as work:
        due = store.due(work.session, work.now)
    for alert_id in due:
        with tools.room.bus.work() as work:
            alert = store.locked(work.session, alert_id)
            if alert is None or alert.state != "live" or alert.expires > work.now:
                continue
            _expired(work, tools, alert)


def _expired(work: Work, tools: Tools, alert: Alert) -> None:
    alert.state, alert.changed_at = rules.next_state("live", "expire"), work.now
    regions = touched(work.session, alert.id, _content(tools, alert), tools.borders, ended=True)
    store.note(work.session, alert, "expired", work.now, regions)
    work.publish(AlertExpired(alert.id, work.now))
    _wipe(work, tools, alert)


def _live(work: Work, alert_id: str, act: rules.Act) -> Alert:
    alert = store.locked(work.session, alert_id)
    if alert is None:
        raise Refused("unknown_alert")
    now_it_is = rules.state_at(alert.state, alert.expires, work.now)  # type: ignore[arg-type]
    alert.state = rules.next_state(now_it_is, act)
    return alert


def _as_of(work: Work, content: AlertContent, tools: Tools) -> AlertContent:
    """What was approved, with the ring that has come by now. Raises Refused("unknown_region", "rings_not_widening")."""
    rules.check_rings(content)
    if not all(tools.regions.known(code) for each in (content, *content.rings) for code in each.regions):
        raise Refused("unknown_region")
    return rules.widened(content, work.now)


def _content(tools: Tools, alert: Alert) -> AlertContent:
    return opened(tools.room.keys.unseal(alert.content_key or b""), alert.content or b"")


def _wipe(work: Work, tools: Tools, alert: Alert) -> None:
    photos.forget(work, tools, store.renditions(work.session, alert.id))
    press.forget(work, tools, alert.id)
    alert.content = alert.content_key = alert.widens_at = None


HANDLERS: dict[type[Message], Callable[..., None]] = {
    AlertApproved: alert_approved,
    AlertAmended: alert_amended,
    AlertCancelled: alert_cancelled,
}
