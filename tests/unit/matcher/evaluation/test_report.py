"""The report: one file that needs no other, says what was measured, and lets no name become markup."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import manypeople as people
import numpy as np
import pytest

from services.matcher.calibration import SFACE
from services.matcher.evaluation import measuring, report, words
from services.matcher.evaluation.bootstrap import Figure
from services.matcher.evaluation.datasets import Dataset, Pair
from services.matcher.evaluation.measuring import measured
from services.matcher.evaluation.report import Evaluation
from services.matcher.matching import initial
from shared.errors import ConfigError

PLAIN = initial((16,), SFACE)
AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
EVIL = '<script>alert("1")</script>&"\''
VOID = {"meta", "br", "hr", "link", "img", "input"}


def searched(count: int = 40, names: tuple[str, ...] = ("plain",)) -> Evaluation:
    dataset, data = people.drawn(count, change=1.5)
    results = [measured(data, dataset, name, PLAIN, 100, 3) for name in names]
    return Evaluation(dataset, data, "toy", "1", results, 100, 3, AT)


def paired() -> Evaluation:
    dataset, data = people.drawn(20)
    pairs = tuple(Pair(a, b, a // 4 == b // 4) for a in range(0, 80, 4) for b in range(2, 80, 4))
    whole = Dataset("pairs.csv", "pairs", dataset.photos, pairs)
    results = [measuring.compared(data, whole, "plain", PLAIN, 100, 3)]
    return Evaluation(whole, data, "toy", "1", results, 100, 3, AT)


class Page(HTMLParser):
    """The elements of a page; every one that is opened must be closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("evaluation", [searched(names=("plain", "active")), paired()], ids=["searches", "pairs"])
def test_the_page_asks_for_nothing_outside_itself_and_is_well_formed(evaluation: Evaluation) -> None:
    text = report.page(evaluation)
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        assert not {"src", "href", "xlink:href", "style", "onload", "onclick"} & set(attributes)
    assert not re.search(r"https?:|url\(|@import", text)


def test_names_and_ids_are_text_wherever_they_stand() -> None:
    rows: people.Rows = [(f"{EVIL}{number}", role, age) for number in range(6)
                         for role, age in (("gallery", 6.0), ("probe", 20.0))]  # fmt: skip
    vectors = np.random.default_rng(1).normal(size=(12, 16))
    lost: people.Rows = [(f"{EVIL}lost", "probe", 30.0)]
    dataset, data = people.embedded(rows, vectors, lost)
    dataset = Dataset(EVIL, "toy", dataset.photos, (), (EVIL,))
    done = Evaluation(dataset, data, "toy", "1", [measured(data, dataset, "plain", PLAIN, 100, 3)], 100, 3, AT)
    assert done.searches[0].worst, "strangers' vectors: somebody is missed"
    text = report.page(done)
    Page(text)
    assert "<script" not in text
    assert "&lt;script&gt;alert(" in text


def test_cmc_and_det_are_drawn_and_told_as_tables() -> None:
    text = report.page(searched(names=("plain", "active")))
    drawings = [ET.fromstring(svg) for svg in re.findall(r'<svg viewBox="0 0 560.*?</svg>', text, re.DOTALL)]  # noqa: S314
    assert [svg.find("title").text.split(":")[0] for svg in drawings] == [  # type: ignore[union-attr]
        "Cumulative match characteristic", "Detection error trade-off",
    ]  # fmt: skip
    for svg, rising in zip(drawings, (True, False), strict=True):
        lines = svg.findall("polyline")
        assert len(lines) == 2
        points = np.asarray(
            [[float(part) for part in point.split(",")] for point in lines[0].get("points", "").split()]
        )
        assert len(points) >= 40
        assert (points >= 0).all()
        assert (points[:, 0] <= 560).all()
        assert (points[:, 1] <= 320).all()
        assert (np.diff(points[:, 0]) >= 0).all()
        steps = np.diff(points[:, 1])
        assert (steps <= 0).all() if rising else (steps >= 0).all()
    assert "Cumulative match characteristic as a table" in text
    assert "d′" in text


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    full = colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
    parts = [int(full[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_and_lines_stand_out_in_light_and_in_dark() -> None:
    text = report.page(searched())
    themes = [dict(re.findall(r"--(\w+): (#[0-9a-f]+)", block)) for block in re.findall(r":root \{([^}]*)\}", text)]
    assert len(themes) == 2
    assert "@media (prefers-color-scheme: dark)" in text
    for theme in themes:
        for ground in ("paper", "sheet"):
            for ink, least in (("ink", 7), ("soft", 4.5), ("c0", 3), ("c1", 3), ("c2", 3), ("c3", 3)):
                bright, dim = sorted((luminance(theme[ground]), luminance(theme[ink])), reverse=True)
                assert (bright + 0.05) / (dim + 0.05) >= least, (theme, ground, ink)


def test_photos_without_a_face_are_told_beside_the_figures_and_what_they_would_do_to_them() -> None:
    rows: people.Rows = [(f"p{n}", role, age) for n in range(8) for role, age in (("gallery", 6.0), ("probe", 20.0))]
    rows.append(("q", "probe", 20.0))
    vectors = np.concatenate([np.repeat(np.eye(8, 16), 2, axis=0), np.eye(16)[15:]])
    dataset, data = people.embedded(rows, vectors, lost=[("p0", "probe", 25.0), ("q", "gallery", 5.0)])
    done = Evaluation(dataset, data, "toy", "1", [measured(data, dataset, "plain", PLAIN, 100, 3)], 100, 3, AT)
    found = report.lost(done)
    assert (found.photos, found.gallery, found.probes, found.mateless) == (2, 1, 1, 1)
    assert done.searches[0].done.fnir[0.1].value == 0
    assert found.fnir == (2 / 10,)
    assert (
        "Counting as missed the probes without a face (1) and those whose person has no gallery photo with one (1)"
        in report.page(done)
    )


def test_the_terminal_says_every_figure_with_its_interval() -> None:
    lines = report.text(searched())
    assert lines[0] == "plain: 80 probes of 40 people in a gallery of 40"
    assert [line.split("  ")[1].strip() for line in lines[1:6]] == [
        "rank 1", "rank 10", "rank 50", "missed at 1 % FPIR", "missed at 10 % FPIR",
    ]  # fmt: skip
    assert all(re.search(r"\d+\.\d % \(\d+\.\d–\d+\.\d\)$", line) for line in lines[1:6])
    assert any(line.startswith("  age in the gallery 5–7: 80 probes") for line in lines)
    both = report.text(searched(names=("plain", "active")))
    assert both[-6:] == [
        "active less plain, in points:",
        "  rank 1               +0.0 (+0.0 to +0.0)",
        "  rank 10              +0.0 (+0.0 to +0.0)",
        "  rank 50              +0.0 (+0.0 to +0.0)",
        "  missed at 1 % FPIR   +0.0 (+0.0 to +0.0)",
        "  missed at 10 % FPIR  +0.0 (+0.0 to +0.0)",
    ]
    pairs = report.text(paired())
    assert pairs[0] == "plain: 20 pairs of one person, 380 of two"
    assert pairs[-1].startswith("  equal error rate")


def test_what_is_unknown_is_a_dash_never_a_number() -> None:
    nothing = Figure(np.nan, np.nan, np.nan, 0)
    assert words.figure(nothing) == words.share(np.nan) == words.number(-np.inf) == "–"


def test_the_file_is_written_whole_or_not_at_all_and_for_its_owner(tmp_path: Path) -> None:
    target = tmp_path / "new" / "report.html"
    report.written(searched(), target)
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert target.stat().st_mode & 0o077 == 0
    assert list(target.parent.iterdir()) == [target]
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(ConfigError, match="name another --report"):
        report.written(searched(), tmp_path / "folder.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.html", "new"]
