"""Which ISO 3166 code an area of Natural Earth counts to. The principles are in docs/regions.md."""

import re
from typing import Any

ISO_SUBDIVISION = re.compile(r"[A-Z]{2}-(?!X\d)[A-Z0-9]{1,3}")
"""What follows the hyphen as X and a number is Natural Earth's stand-in for a missing code."""
BY_REGION = ("ES", "FR", "IT")
"""Countries whose first-level regions, with codes of their own, serve better than their provinces."""

REGION_CODES = {
    "ES-LO": "ES-RI",
    "ES-MU": "ES-MC",
    "ES-NA": "ES-NC",
    "ES-PM": "ES-IB",
    "FR-COR": "FR-20R",
}
"""Codes of regions that the source writes otherwise than ISO."""

OWN_CODES = {
    "FR-GF": "GF",
    "FR-GP": "GP",
    "FR-MQ": "MQ",
    "FR-RE": "RE",
    "FR-YT": "YT",
    "NL-BQ1": "BQ-BO",
    "NL-BQ2": "BQ-SA",
    "NL-BQ3": "BQ-SE",
    "NL-SX": "SX",
    "NO-21": "SJ",
    "NO-22": "SJ",
    "NO-X01~": "BV",
    "US-PR": "PR",
    "-99-X14~": "CX",
    "-99-X15~": "CC",
}
"""Areas that have a country code of their own in ISO 3166-1, whoever administers them."""

LATER_CODES = {
    "AZ-X01~": "AZ-SUS",
    "BA-X01~": "BA-SRP",
    "BA-X02~": "BA-SRP",
    "BA-X03~": "BA-SRP",
    "BA-X04~": "BA-SRP",
    "BA-X05~": "BA-SRP",
    "BA-X06~": "BA-SRP",
    "BA-X07~": "BA-SRP",
    "BS-X01~": "BS-NP",
    "LR-X1~": "LR-GP",
    "LR-X2~": "LR-RG",
    "TJ-X01~": "TJ-RA",
}
"""Areas without a code in the source that ISO gives one."""

NOBODYS = frozenset({"-99-X06~", "-99-X08~"})
"""Contested and without a code: the Siachen Glacier, the Spratly Islands."""

_EXCEPTIONS = OWN_CODES | LATER_CODES


def code_of(area: dict[str, Any]) -> str | None:
    """The ISO 3166-2 code of an area, or its country's where it has none; None for land that is left out."""
    given = str(area["iso_3166_2"])
    if given in NOBODYS:
        return None
    if given in _EXCEPTIONS:
        return _EXCEPTIONS[given]
    if not ISO_SUBDIVISION.fullmatch(given):
        return str(area["iso_a2"])
    if given[:2] in BY_REGION and area.get("region_cod"):
        region = str(area["region_cod"]).replace(".", "-")
        return REGION_CODES.get(region, region)
    return given
