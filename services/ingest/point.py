"""Reads a point of the globe from what people paste: two numbers, degrees with letters, or a map app's link."""

import re
import unicodedata
from urllib.parse import unquote

_NUMBER = r"[+-]?\d{1,3}(?:\.\d+)?"
_IN_LINK = re.compile(
    rf"(?:@|[?&](?:q|ll|query|center|destination|daddr|sll|mlat)=|geo:|loc:|/)\s*({_NUMBER})(?:,|/|&mlon=)\s*({_NUMBER})"
)
_PAIR = re.compile(rf"({_NUMBER})(?:\s*[,;，、]\s*|\s+)({_NUMBER})")
_ANGLE = r"(\d{1,3}(?:\.\d+)?)\s*°\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*[\"″”]\s*)?"
_LETTERS = re.compile(rf"{_ANGLE}([NS])[\s,;]*{_ANGLE}([EWO])", re.IGNORECASE)


def read_point(pasted: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees as they stand, or None if there are none. The globe's edges are not checked."""
    text = unicodedata.normalize("NFKC", unquote(pasted[:1000])).replace("−", "-").replace("′′", '"').strip()
    if match := _LETTERS.search(text):
        parts = match.groups()
        return _degrees(parts[:4]), _degrees(parts[4:])
    match = _PAIR.fullmatch(text.strip("()[] ")) or _IN_LINK.search(text)
    return (float(match[1]), float(match[2])) if match else None


def _degrees(parts: tuple[str | None, ...]) -> float:
    size = sum(float(part or 0) / unit for part, unit in zip(parts[:3], (1, 60, 3600), strict=True))
    return -size if (parts[3] or "").upper() in "SWO" and parts[3] else size
