"""What the hours do to an alert with approved rings: its area widens by itself, up to the largest of them."""

from services.alerts import rules, store
from services.alerts.content import opened, sealed
from services.alerts.poster import press
from services.alerts.publishing import publish
from services.alerts.tools import Tools
from shared.bus import Work


def widen(tools: Tools) -> None:
    """Publishes an Update of each alert whose next ring has come, each in a transaction of its own. Who finds several
    come goes to the widest at once."""
    with tools.room.bus.work() as work:
        due = store.due_to_widen(work.session, work.now)
    for alert_id in due:
        with tools.room.bus.work() as work:
            _widen(work, tools, alert_id)


def _widen(work: Work, tools: Tools, alert_id: str) -> None:
    alert = store.locked(work.session, alert_id)
    if alert is None or alert.state != "live" or alert.expires <= work.now:
        return
    if alert.widens_at is None or alert.widens_at > work.now:
        return  # another worker was quicker, or an amendment
    key = tools.room.keys.unseal(alert.content_key or b"")
    content = rules.widened(opened(key, alert.content or b""), work.now)
    alert.content, alert.widens_at = sealed(key, content), rules.widens_at(content)
    press.forget(work, tools, alert.id)
    publish(work, tools, alert, content, "Update", store.renditions(work.session, alert.id), content.radius_km)
