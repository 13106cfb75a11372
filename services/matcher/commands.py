"""`homeward models adapt | calibrate`: what an operator's own labelled photographs teach the matcher."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from services.matcher import adapting, calibrating, history, learned
from services.matcher.adapting import Trial
from services.matcher.evaluation import layouts
from services.matcher.evaluation.datasets import Dataset
from services.matcher.evaluation.embedding import Embedded
from services.matcher.evaluation.layouts import Half
from services.matcher.evaluation.work import vectors_of
from services.matcher.labelled import check_people, costs_less
from services.matcher.learning import Pairs
from services.matcher.matching import Matching
from services.matcher.models import db
from services.matcher.opening import opened
from services.matcher.tools import Tools
from shared.config import Settings
from shared.errors import ConfigError, HomewardError

OPTIONS = (
    click.option("--data", type=click.Path(path_type=Path), required=True, help="Folder of labelled photos."),
    click.option("--half", type=click.Choice(("all", "even", "odd")), default="all", help="Only half of the people."),
    click.option("--pack", help="The model pack; without it the one that is set."),
    click.option("--work-dir", type=click.Path(path_type=Path), help="Where vectors are kept between runs."),
    click.option("--try", "only_try", is_flag=True, help="Say what would change; put nothing into use."),
    click.option("--forget", is_flag=True, help="Erase the vectors of this data at the end."),
    click.pass_obj,
)
NAMES = {"rank-1": "rank 1", "rank-10": "rank 10", "rank-50": "rank 50", "fnir-0.1": "missed at 10 % FPIR"}
Source = list[str]
"""The name of the data, and which half of its people: as it is kept with what was fitted to them."""
ADAPTED_TO = (
    "The metric in use was adapted to {name}, so on these people nothing looks better. Go back first: `homeward models "
    "metrics` shows what was in use before, `homeward models use` takes it."
)
SURER_OF = (
    "The metric in use was adapted to {name}, so it is surer of these people than of others. Calibrate with other "
    "people: adapt with --half even, say, and calibrate with --half odd."
)
NOT_BETTER = "It is not better on people it has not seen: nothing was changed."
ONLY_TRIED = "It is better on people it has not seen. Nothing was changed, since --try was given."


def teaching(command: Callable[..., None]) -> click.Command:
    """A command with the options that both have."""
    for option in reversed(OPTIONS):
        command = option(command)
    return click.command()(command)


@teaching
def adapt(settings: Settings, data: Path, only_try: bool, **options: Any) -> None:
    """Fit the metric to photos of the same people at several ages, and to every confirmed match; see
    docs/evaluating.md.

    It is put into use only if it finds people better whom it has not seen: it is fitted on either half of the people
    and measured on the other.
    """
    with lesson(settings, data, ADAPTED_TO, **options) as told:
        trials = adapting.tried(told.photos, told.current, told.pairs)
        for number, trial in enumerate(trials, 1):
            _tell_trial(number, trial)
        if not adapting.is_better(trials):
            click.echo(NOT_BETTER)
        elif only_try:
            click.echo(ONLY_TRIED)
        else:
            matching = adapting.fitted(told.photos, told.current, told.pairs)
            report = {"adapted_on": told.people, "adapted_to": told.source, "folds": _folds(trials)}
            version = told.put_into_use(matching, report)
            click.echo(f"Metric {version} is in use, with likelihood ratios from people its whitening had not seen.")


@teaching
def calibrate(settings: Settings, data: Path, only_try: bool, **options: Any) -> None:
    """Fit what a score says, as a likelihood ratio by age and years apart, to labelled photos; see docs/evaluating.md.

    It is put into use only if its ratios are better (lower Cllr) on people it has not seen. They must not be the people
    whom the metric was adapted to: it is surer of those.
    """
    with lesson(settings, data, SURER_OF, **options) as told:
        costs = calibrating.tried(told.photos, told.current)
        for number, (before, after) in enumerate(costs, 1):
            click.echo(f"Fold {number}: the likelihood ratios cost (Cllr) {before:.3f} bits before, {after:.3f} after.")
        if not all(costs_less(before, after) for before, after in costs):
            click.echo(NOT_BETTER)
        elif only_try:
            click.echo(ONLY_TRIED)
        else:
            matching = calibrating.fitted(told.photos, told.current)
            report = {**told.report, "calibrated_on": told.people, "cllr": [list(cost) for cost in costs]}
            click.echo(f"Metric {told.put_into_use(matching, report)} is in use: the same, with these ratios.")


@dataclass(frozen=True)
class Lesson:
    """What there is to learn from, and the matching in use with its report, as read before the work began."""

    tools: Tools
    source: Source
    photos: Embedded
    current: Matching
    report: Mapping[str, object]
    pairs: Pairs

    @property
    def people(self) -> int:
        return len(np.unique(self.photos.identity))

    def put_into_use(self, matching: Matching, report: Mapping[str, object]) -> str:
        """Raises HomewardError where another matching came into use meanwhile: what was measured no longer holds."""
        with self.tools.room.bus.work() as work:
            if self.tools.packs.mine.chosen.now(work.session).metric.version != self.current.metric.version:
                raise HomewardError("Another metric came into use meanwhile, so nothing was changed; run this again.")
            seen = history.seen(work.session, self.tools.packs.mine.pack)
            return learned.activate(work.session, self.tools.packs.mine.pack, matching, {**report, **seen}, work.now)


@contextmanager
def lesson(
    settings: Settings, data: Path, known: str, half: Half, pack: str | None, work_dir: Path | None, forget: bool
) -> Iterator[Lesson]:
    """Fitting takes minutes: the database is read before and written after, and is everybody's in between.

    Raises HomewardError, saying `known`, where the metric in use was adapted to these people already.
    """
    dataset = layouts.read(data, half)
    _check(dataset)
    app, tools = opened(replace(settings, model_pack=pack or settings.model_pack))
    source, folder = [dataset.name, half], work_dir or settings.home / "evaluations"
    with app.app_context():
        session = db.session()
        mine = tools.packs.mine
        current, pairs = mine.chosen.now(session), learned.lesson(session, mine.pack).pairs
        report = history.report_of(session, current.metric.version)
        session.rollback()
        if _overlap(report.get("adapted_to"), source):
            raise HomewardError(known.format(name=dataset.name))
        with vectors_of(dataset, mine.pack, folder, forget=forget) as photos:
            yield Lesson(tools, source, photos, current, report, pairs)


def _overlap(adapted_to: object, source: Source) -> bool:
    """Whether both are of data of one name, and not of its two halves."""
    if not isinstance(adapted_to, list) or adapted_to[0] != source[0]:
        return False
    return {adapted_to[1], source[1]} != {"even", "odd"}


def _check(dataset: Dataset) -> None:
    """Before anything is embedded: whether there can be people enough."""
    if dataset.pairs:
        raise ConfigError(f"{dataset.name} has pairs only; name a folder of people at several ages.")
    sides = [{photo.identity for photo in dataset.photos if photo.role == role} for role in ("gallery", "probe")]
    check_people(len(sides[0] & sides[1]))


def _tell_trial(number: int, trial: Trial) -> None:
    click.echo(f"Fold {number}: {trial.after.probes} probes of {trial.after.people} people not seen.")
    click.echo(f"  likelihood ratios cost (Cllr) {trial.cost_before:.3f} bits before, {trial.cost_after:.3f} after")
    for name, change in trial.change.items():
        if name in NAMES:
            low, high = 100 * change.low, 100 * change.high
            click.echo(f"  {NAMES[name]:<22} {100 * change.value:+6.1f} points ({low:+.1f} to {high:+.1f})")


def _folds(trials: tuple[Trial, ...]) -> list[dict[str, list[float]]]:
    """Each fold's change of every figure: its value and interval."""
    return [{name: [each.value, each.low, each.high] for name, each in trial.change.items()} for trial in trials]
