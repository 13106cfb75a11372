"""The report: one HTML file that needs no other, and the same figures as text for a terminal."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.matcher.evaluation import charts
from services.matcher.evaluation.bootstrap import Figure
from services.matcher.evaluation.charts import Chart
from services.matcher.evaluation.datasets import Dataset
from services.matcher.evaluation.embedding import Embedded
from services.matcher.evaluation.figures import difference
from services.matcher.evaluation.measuring import Compared, Measured
from services.matcher.evaluation.words import change, figure, number, reason, share, spoken
from shared.errors import ConfigError


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a report is made of. `results` are one a metric, all Measured, or all Compared for a pairs file."""

    dataset: Dataset
    data: Embedded
    pack: str
    pack_version: str
    results: Sequence[Measured] | Sequence[Compared]
    samples: int
    seed: int
    at: datetime

    @property
    def searches(self) -> list[Measured]:
        return [result for result in self.results if isinstance(result, Measured)]

    @property
    def comparisons(self) -> list[Compared]:
        return [result for result in self.results if isinstance(result, Compared)]


def written(evaluation: Evaluation, path: Path) -> None:
    """Writes the page, whole or not at all, for its owner's eyes. Raises ConfigError where it cannot."""
    content = page(evaluation)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            file = Path(folder) / "report.html"
            file.touch(mode=0o600)
            file.write_text(content, encoding="utf-8")
            file.replace(path)
    except OSError as error:
        raise ConfigError(
            f"The report cannot be written to {path} ({error.strerror}); name another --report."
        ) from error


def page(evaluation: Evaluation) -> str:
    """The page as text."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "share": share,
        "figure": figure,
        "number": number,
        "change": change,
        "reason": reason,
        "spoken": spoken,
    }
    searches = evaluation.searches
    return environment.get_template("report.html").render(
        e=evaluation,
        charts=_charts(evaluation),
        lost=lost(evaluation),
        changes=changes(searches),
        homeward=version("homeward"),
    )


def changes(searches: Sequence[Measured]) -> list[tuple[str, dict[str, Figure]]]:
    """Every further metric's figures less the first's."""
    return [(result.name, difference(searches[0].done, result.done)) for result in searches[1:]]


def _charts(evaluation: Evaluation) -> list[Chart]:
    if evaluation.comparisons:
        found = [(result.name, result.done.searches) for result in evaluation.comparisons]
        return [charts.det(found, "false matches (FMR, logarithmic)", "not matched (FNMR)")]
    found = [(result.name, result.done.searches) for result in evaluation.searches]
    return [
        charts.cmc(found, evaluation.searches[0].done.gallery),
        charts.det(found, "false positives (FPIR, logarithmic)", "missed (FNIR)"),
    ]


@dataclass(frozen=True)
class Lost:
    """Photos without a usable face: how many, of which in the gallery and probes, probes whose mate has none left, and
    FNIR at 10 % FPIR of each metric if all those searches counted as missed."""

    photos: int
    gallery: int
    probes: int
    mateless: int
    fnir: tuple[float, ...]


def lost(evaluation: Evaluation) -> Lost:
    """What the photos without a face would do to the figures, told beside them."""
    gone = [photo for photo, _ in evaluation.data.lost]
    enrolled = {photo.identity for photo in evaluation.dataset.photos if photo.role == "gallery"}
    probes = sum(photo.role == "probe" and photo.identity in enrolled for photo in gone)
    searches = evaluation.searches
    mateless = 0
    if searches:
        done = searches[0].done.searches
        names = [evaluation.data.names[person] for person in done.people[~done.mated]]
        mateless = sum(name in enrolled for name in names)
    missed = probes + mateless
    return Lost(
        len(gone),
        sum(photo.role == "gallery" for photo in gone),
        probes,
        mateless,
        tuple(
            (result.done.fnir[0.1].value * result.done.probes + missed) / (result.done.probes + missed)
            for result in searches
        ),
    )


def text(evaluation: Evaluation) -> list[str]:
    """The figures as lines for a terminal."""
    said: list[str] = []
    for result in evaluation.searches:
        done = result.done
        said.append(f"{result.name}: {done.probes} probes of {done.people} people in a gallery of {done.gallery}")
        said += [f"  {f'rank {rank}':<21}{figure(found)}" for rank, found in done.ranks.items()]
        said += [f"  {f'missed at {100 * rate:g} % FPIR':<21}{figure(found)}" for rate, found in done.fnir.items()]
        for title, groups in (("age in the gallery", result.by_age), ("years between", result.by_gap)):
            said += [
                f"  {title} {group.label}: {group.probes} probes, rank 1 {share(group.ranks[1].value)}, rank 50 "
                f"{share(group.ranks[50].value)}, missed {share(group.fnir.value)}"
                for group in groups
            ]
    for name, changed in changes(evaluation.searches):
        said.append(f"{name} less {evaluation.searches[0].name}, in points:")
        said += [f"  {spoken(figure_name):<21}{change(found)}" for figure_name, found in changed.items()]
    for pair in evaluation.comparisons:
        done_pairs = pair.done
        said.append(f"{pair.name}: {done_pairs.same} pairs of one person, {done_pairs.different} of two")
        said += [f"  {f'missed at {100 * rate:g} % FMR':<21}{figure(found)}" for rate, found in done_pairs.fnmr.items()]
        said.append(f"  {'equal error rate':<21}{share(done_pairs.equal)}")
    return said
