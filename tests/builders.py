"""Valid things for tests; say only what matters to the test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.messages import AlertContent, AlertText

NOW = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)
CHILD = "Alva Exempel"


def an_alert_content(**changes: Any) -> AlertContent:
    """What an alert for a child in Göteborg says, in two languages; it lasts a day."""
    texts = (
        AlertText("en", f"{CHILD} is missing", "Last seen at a tram stop.", "Call 112.", "Västra Götaland"),
        AlertText("zh", f"{CHILD}失踪", "最后一次在电车站被看到。", "请拨打112。", "西约塔兰省"),
    )
    content = AlertContent(
        status="Actual", event_code="MEP", texts=texts, contact="Police, 112", child_name=CHILD, age_when_last_seen=9,
        sex="female", last_seen_at=NOW - timedelta(hours=3), last_seen_place="Järntorget", lat=57.7, lon=11.95,
        radius_km=30.0, regions=("SE-O",), effective=NOW, expires=NOW + timedelta(days=1), photos=(),
    )  # fmt: skip
    return replace(content, **changes)
