"""The people and facts of the story. All of it is invented; the portraits are of public figures (see CREDITS.md)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PORTRAITS = Path(__file__).parents[2] / "tests" / "data" / "portraits"
REGION, COUNTRY, OTHER_REGION = "SE-O", "SE", "SE-AB"

FORMATS = ("geojson", "json", "atom")
FILTERS = (("point", "57.70,11.97", "59.33,18.06"), ("bbox", "11.5,57.5,12.5,58.0", "17.0,59.0,19.0,60.0"))
"""Questions of a newsroom: in Göteborg, and in Stockholm."""

OFFICERS: dict[str, tuple[str, list[str]]] = {
    "Exercise Officer Lind": ("reviewer", [COUNTRY]),
    "Exercise Officer Berg": ("reviewer", [COUNTRY]),
    "Exercise Supervisor Ek": ("supervisor", [COUNTRY]),
}

CHECKS = {
    "police_reference": "EXERCISE-2026-0117",
    "relation_verified": True,
    "identity_verified": True,
    "custody_checked": True,
    "protection_orders_checked": True,
    "care_status_checked": True,
    "legal_basis": "Exercise: police law, search for a missing minor in danger",
}


def portrait(name: str) -> Path:
    return PORTRAITS / f"{name}.jpg"


def report(name: str, born: str, last_seen: str, taken: str) -> dict[str, Any]:
    """A family's report, as the families' door takes it."""
    return {
        "child": {
            "name": name, "born": born, "sex": "unknown",
            "appearance": "Brown hair. A small scar on the left knee. (Exercise: this child is invented.)",
        },
        "last_seen": {
            "at": last_seen, "place": "Tram stop Järntorget, Göteborg", "lat": 57.6998, "lon": 11.9531,
            "circumstances": "Went to meet a friend after school and did not arrive. (Exercise.)",
        },
        "reporter": {"name": "Kim Exempel", "relation": "mother", "email": None, "phone": "+46 00 000 00 00"},
        "photos": [{"taken": taken, "age": None, "face": None}],
        "language": "en",
        "consent": True,
    }  # fmt: skip


def sighting(note: str) -> dict[str, Any]:
    """What someone saw an hour ago, as the families' door takes it."""
    seen = datetime.now(UTC) - timedelta(hours=1)
    return {
        "alert": None, "seen_at": seen.isoformat(timespec="seconds"), "place": "Ferry terminal, Göteborg",
        "lat": 57.7068, "lon": 11.9312, "note": note, "in_danger": False,
        "photos": [{"faces": None}], "contact": None, "language": "en",
    }  # fmt: skip


def draft(photo_id: str, name: str) -> dict[str, Any]:
    """What the public is to read, in both languages."""
    expires = datetime.now(UTC) + timedelta(hours=24)
    return {
        "event_code": "MEP",
        "texts": [
            {
                "language": "en", "headline": f"EXERCISE: {name} is missing",
                "description": "This is an exercise; the child is invented. Last seen at Järntorget in Göteborg.",
                "instruction": "If this were real: call 112 if you see the child. Do not approach.",
                "area_desc": "Västra Götaland",
            },
            {
                "language": "zh", "headline": f"演练：{name}失踪",
                "description": "这是一次演练，该儿童为虚构人物。最后一次出现在哥德堡的耶恩广场。",
                "instruction": "如果是真实事件：看到该儿童请拨打112，请勿靠近。",
                "area_desc": "西约塔兰省",
            },
        ],
        "contact": "Exercise desk, +46 00 000 00 00",
        "show_name": True,
        "last_seen_place": "Järntorget, Göteborg",
        "radius_km": 30.0,
        "regions": [REGION],
        "expires": expires.isoformat(timespec="seconds"),
        "photo_id": photo_id,
    }  # fmt: skip
