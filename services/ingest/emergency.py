"""Whom to call at once, by country: the number that brings the police, and Europe's hotline for missing children.

National numbers as their governments publish them; where a country has several, the one that works from any telephone.
An operator should look at their own country's line.
"""

from dataclasses import dataclass

EVERYWHERE = "112"
"""Mobile networks of nearly all countries connect it, also without credit (3GPP TS 22.101)."""
HOTLINE = "116000"
_BY_NUMBER = {
    "112": (
        "AL AT AX AZ BE BG CH CY CZ DE DK EE ES FI FO FR GE GF GI GP GR HR HU IE IN IS IT KW KZ LB LI LT LU LV MC MD ME"
        " MK MQ MT NG NL NO PL PT RE RO RS RU RW SE SI SK SM TR TZ UA VA XK KR"
    ),
    "911": "AR BS BB BZ CA CR DO EC HN JO MX PA PH PR PY SV US UY VE VI",
    "999": "AE BD BH BW GB GG HK IM JE KE MO MY QA SG UG",
    "110": "BO CN GT ID IR JP TW",
    "000": "AU",
    "111": "NZ",
    "100": "IL NP",
    "10111": "ZA",
    "102": "MN",
    "104": "IQ",
    "105": "PE",
    "106": "CU",
    "113": "VN",
    "117": "KH",
    "118": "NI",
    "119": "JM LK",
    "122": "EG",
    "123": "CO",
    "133": "CL",
    "15": "PK",
    "17": "SN",
    "190": "BR",
    "191": "TH",
    "197": "TN",
    "199": "MM",
    "9999": "OM",
}
_NUMBERS = {code: number for number, codes in _BY_NUMBER.items() for code in codes.split()}
_HOTLINE_IN = frozenset(
    "AL AT BE BG CH CY CZ DE DK EE ES FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO RS SE SI SK UA".split()  # noqa: SIM905 one line reads better
)


@dataclass(frozen=True)
class Call:
    """The number to call in a country (an ISO 3166-1 code), and the hotline to call after it, if there is one."""

    country: str
    number: str
    hotline: str | None


def call(country: str) -> Call | None:
    """Whom to call in a country, None where we do not know."""
    number = _NUMBERS.get(country)
    return Call(country, number, HOTLINE if country in _HOTLINE_IN else None) if number else None


def countries() -> frozenset[str]:
    """The countries whose number we know."""
    return frozenset(_NUMBERS)
