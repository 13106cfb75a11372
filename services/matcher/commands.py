"""`homeward models adapt | calibrate`: what an operator's own labelled photographs teach the matcher."""

from dataclasses import replace
from pathlib import Path

import click
import numpy as np

from services.matcher import adapting, calibrating, learned
from services.matcher.adapting import Trial
from services.matcher.evaluation import embedding, layouts, measuring
from services.matcher.evaluation.cache import VectorCache
from services.matcher.evaluation.embedding import Embedded
from services.matcher.evaluation.layouts import Half
from services.matcher.evaluation.progress import shown
from services.matcher.matching import Matching
from services.matcher.models import db
from services.matcher.packs import open_pack
from services.matcher.tools import Tools
from services.matcher.worker import open_worker
from shared.config import Settings

DATA = click.option(
    "--data", type=click.Path(path_type=Path), required=True, help="Labelled photos; see docs/evaluating.md."
)
HALF = click.option("--half", type=click.Choice(("all", "even", "odd")), default="all", help="Only half of the people.")
PACK = click.option("--pack", help="The model pack; without it the one that is set.")
TRY = click.option("--try", "only_try", is_flag=True, help="Say what would change; put nothing into use.")
NAMES = {"rank-1": "rank 1", "rank-10": "rank 10", "rank-50": "rank 50", "fnir-0.1": "missed at 10 % FPIR"}


@click.command()
@DATA
@HALF
@PACK
@TRY
@click.pass_obj
def adapt(settings: Settings, data: Path, half: Half, pack: str | None, only_try: bool) -> None:
    """Fit the metric to photos of the same people at several ages, and to every confirmed match.

    It is put into use only if it finds people better whom it has not seen: it is fitted on either half of the people
    and measured on the other.
    """
    app, tools, photos = _begun(settings, data, half, pack)
    with app.app_context(), tools.room.bus.work() as work:
        current = tools.chosen.now(work.session)
        pairs = learned.lesson(work.session, tools.pack).pairs
        trials = adapting.tried(photos, current, pairs)
        for number, trial in enumerate(trials, 1):
            _tell_trial(number, trial)
        if not adapting.is_better(trials):
            click.echo("It is not better beyond chance on people it has not seen: nothing was changed.")
        elif only_try:
            click.echo("It is better on people it has not seen. Nothing was changed, since --try was given.")
        else:
            matching = adapting.fitted(photos, current, pairs)
            report = {"adapted_on": len(np.unique(photos.identity)), **_seen(work.session, tools)}
            version = learned.activate(work.session, tools.pack, matching, report, work.now)
            click.echo(f"Metric {version} is in use. Now run: homeward models calibrate --data {data}")


@click.command()
@DATA
@HALF
@PACK
@TRY
@click.pass_obj
def calibrate(settings: Settings, data: Path, half: Half, pack: str | None, only_try: bool) -> None:
    """Fit what a score says, as a likelihood ratio by age and years apart, to labelled photos.

    It is put into use only if its ratios are better (lower Cllr) on people it has not seen.
    """
    app, tools, photos = _begun(settings, data, half, pack)
    with app.app_context(), tools.room.bus.work() as work:
        current = tools.chosen.now(work.session)
        costs = calibrating.tried(photos, current)
        for number, (before, after) in enumerate(costs, 1):
            click.echo(f"Fold {number}: the likelihood ratios cost (Cllr) {before:.3f} bits before, {after:.3f} after.")
        if any(after >= before for before, after in costs):
            click.echo("It is not better on people it has not seen: nothing was changed.")
        elif only_try:
            click.echo("It is better on people it has not seen. Nothing was changed, since --try was given.")
        else:
            matching: Matching = calibrating.fitted(photos, current)
            report = {"calibrated_on": len(np.unique(photos.identity)), **_seen(work.session, tools)}
            click.echo(
                f"Calibration {learned.activate(work.session, tools.pack, matching, report, work.now)} is in use."
            )


def _begun(settings: Settings, data: Path, half: Half, pack: str | None) -> tuple[object, Tools, Embedded]:
    dataset = layouts.read(data, half, None, None)
    measuring.check(dataset)
    settings = replace(settings, model_pack=pack or settings.model_pack)
    app, tools = open_worker(settings, open_pack(settings))
    with VectorCache(settings.home / "evaluations") as cache, shown("Photos embedded", _tell) as progress:
        return app, tools, embedding.embedded(dataset, tools.pack, cache, progress)


def _tell(text: str) -> None:
    click.echo(text, err=True)


def _tell_trial(number: int, trial: Trial) -> None:
    click.echo(f"Fold {number}: {trial.after.probes} probes of {trial.after.people} people not seen.")
    for name, change in trial.change.items():
        if name in NAMES:
            low, high = 100 * change.low, 100 * change.high
            click.echo(f"  {NAMES[name]:<22} {100 * change.value:+6.1f} points ({low:+.1f} to {high:+.1f})")


def _seen(session: db.Session, tools: Tools) -> dict[str, object]:  # type: ignore[name-defined]
    told = learned.lesson(session, tools.pack)
    return {"seen": told.seen, "pairs": told.pairs.count}
