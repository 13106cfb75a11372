"""What is kept of alerts that ended: their numbers, times and references; after a while no longer what they said."""

from datetime import timedelta

from sqlalchemy import select, update

from services.alerts.models import Alert, CapMessage
from services.alerts.tools import Tools


def wipe_frozen(tools: Tools) -> None:
    """Erases the bytes of every CAP message of alerts that ended `frozen_days` ago. Cancels stay: they name nobody, and
    are what an ended alert's address answers with."""
    with tools.room.bus.work() as work:
        before = work.now - timedelta(days=tools.room.settings.frozen_days)
        ended = select(Alert.id).where(Alert.state != "live", Alert.changed_at < before)
        named = CapMessage.msg_type != "Cancel"
        rows = update(CapMessage).where(CapMessage.alert_id.in_(ended), named, CapMessage.document.is_not(None))
        work.session.execute(rows.values(document=None), execution_options={"synchronize_session": False})
