"""How long a text may be: the fields of an alert, and what a telephone's emergency message holds. Pure.

A message to all telephones of a cell (3GPP 23.041, as GOV.UK Emergency Alerts send it) holds 1,395 characters of the
GSM alphabet or, with any other sign in it, 615 of UCS-2.
"""

from dataclasses import dataclass

LONGEST = {"headline": 139, "description": 4000, "instruction": 2000, "area_desc": 49}
"""Characters of each text of an alert (shared/messages.py)."""

GSM_MESSAGE, UCS2_MESSAGE = 1395, 615
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The alphabet of 3GPP 23.038; a sign of GSM_TWICE takes two places."""
GSM_TWICE = frozenset("^{}\\[~]|€")


@dataclass(frozen=True)
class Length:
    """`used` of `most` characters."""

    used: int
    most: int

    @property
    def fits(self) -> bool:
        return self.used <= self.most


def on_a_phone(*texts: str) -> Length:
    """How much of a telephone's message these texts take, a line each."""
    text = "\n".join(part.strip() for part in texts if part.strip())
    if all(sign in GSM or sign in GSM_TWICE for sign in text):
        return Length(sum(2 if sign in GSM_TWICE else 1 for sign in text), GSM_MESSAGE)
    return Length(len(text.encode("utf-16-le")) // 2, UCS2_MESSAGE)
