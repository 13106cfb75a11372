"""A Test: tries the way to the newsrooms and says nothing of any child."""

from dataclasses import replace

from shared.messages import AlertContent, AlertText, Language
from shared.regions import Regions

_HEADLINE: dict[Language, str] = {
    "en": "TEST. This is only a test of the alert service",
    "zh": "测试：这只是警报系统测试",
}
_DESCRIPTION: dict[Language, str] = {
    "en": "This is a test. No child is missing. Please do not show it to anybody.",
    "zh": "这是一次测试。没有儿童失踪。请勿向任何人展示。",
}
_NOTHING: dict[Language, str] = {"en": "Nothing is to be done.", "zh": "无需采取任何行动。"}
_PLACE = "TEST 测试"
RADIUS_KM = 10.0


def as_test(content: AlertContent, regions: Regions, contact: str) -> AlertContent:
    """`content` with its regions, languages and times alone: no name, age, photo, place or word of the child.

    Its place is one inside the first region, whatever the case says.
    """
    spot = regions.shape(content.regions[0]).representative_point()
    return replace(
        content, texts=tuple(_text(text.language, text.area_desc) for text in content.texts), contact=contact,
        child_name=None, age_when_last_seen=0, sex="unknown", last_seen_at=content.effective, last_seen_place=_PLACE,
        lat=round(spot.y, 2), lon=round(spot.x, 2), radius_km=RADIUS_KM, polygon=(), rings=(), photos=(),
    )  # fmt: skip


def _text(language: Language, area: str) -> AlertText:
    return AlertText(language, _HEADLINE[language], _DESCRIPTION[language], _NOTHING[language], area)
