"""The colours can be read: in light and in dark, and in an exercise."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import shared.web

TOKENS = (Path(shared.web.__file__).parent / "static" / "tokens.css").read_text("utf-8")
GROUNDS = ("paper", "sheet")
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-soft") for ground in (*GROUNDS, "accent-wash")),
    *((ink, ground) for ink in ("accent", "accent-strong", "danger") for ground in GROUNDS),
    *((kind, f"{kind}-wash") for kind in ("accent", "attention", "danger", "good", "exercise")),
    *(("ink", f"{kind}-wash") for kind in ("attention", "danger", "good", "exercise")),
    *((f"on-{kind}", f"{kind}{shade}") for kind in ("accent", "danger") for shade in ("", "-strong")),
    ("accent-strong", "accent-wash"),
    ("ink-soft", "line"),
]
SHAPE_PAIRS = [(shape, ground) for shape in ("edge", "focus", "accent", "danger") for ground in GROUNDS]


def declared(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):\s*([^;]+);", block))


def schemes() -> Iterator[tuple[str, dict[str, str]]]:
    light_text, rest = TOKENS.split("@media (prefers-color-scheme: dark)", 1)
    dark_text, exercise_text = rest.split(".exercise {", 1)
    light = declared(light_text)
    dark = light | declared(dark_text)
    exercise = declared(exercise_text.split("}", 1)[0])
    for name, scheme in (("light", light), ("dark", dark)):
        yield name, scheme
        changed = {token: scheme[value.removeprefix("var(--").rstrip(")")] for token, value in exercise.items()}
        yield f"{name} exercise", scheme | changed


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("name", "scheme"), list(schemes()))
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_stands_out_from_its_ground(name: str, scheme: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(scheme[ink], scheme[ground]) >= 4.5


@pytest.mark.parametrize(("name", "scheme"), list(schemes()))
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_edges_and_focus_rings_can_be_seen(name: str, scheme: dict[str, str], shape: str, ground: str) -> None:
    assert contrast(scheme[shape], scheme[ground]) >= 3


def test_an_exercise_looks_like_nothing_else() -> None:
    found = dict(schemes())
    assert found["light exercise"]["accent"] != found["light"]["accent"]
    assert found["dark exercise"]["accent"] != found["dark"]["accent"]


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
