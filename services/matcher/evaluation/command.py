"""`homeward models evaluate`: measures a pack and a metric on labelled photographs of the operator's own."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import inspect

from services.matcher.evaluation import layouts, measuring, report
from services.matcher.evaluation.bootstrap import SAMPLES, SEED
from services.matcher.evaluation.layouts import Half
from services.matcher.evaluation.report import Evaluation
from services.matcher.evaluation.work import vectors_of
from services.matcher.learned import Chosen
from services.matcher.matching import Matching, initial
from services.matcher.models import LearnedMetric, db
from services.matcher.packs import FacePack, open_pack
from shared.config import Settings
from shared.db import open_database


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Folder of photos, or a CSV of pairs.")
@click.option("--pack", help="The model pack to measure; without it the one that is set.")
@click.option(
    "--metric",
    "metrics",
    type=click.Choice(("plain", "active")),
    multiple=True,
    default=("active",),
    show_default=True,
    help="What the pack starts with, or what the matcher uses now; given twice, both are measured and compared.",
)
@click.option("--report", "target", type=click.Path(path_type=Path), help="The HTML file to write.")
@click.option("--work-dir", type=click.Path(path_type=Path), help="Where vectors are kept between runs.")
@click.option("--half", type=click.Choice(("all", "even", "odd")), default="all", help="Only half of the people.")
@click.option("--young-age", type=click.FloatRange(0, 17.99), help="LAG layout: assume this age on young photos.")
@click.option("--adult-age", type=click.FloatRange(18, 120), help="LAG layout: assume this age on adult photos.")
@click.option(
    "--samples",
    type=click.IntRange(100, 100_000),
    default=SAMPLES,
    show_default=True,
    help="Bootstrap samples behind each interval.",
)
@click.option("--seed", type=click.IntRange(0), default=SEED, show_default=True, help="Of the bootstrap.")
@click.option("--forget", is_flag=True, help="Erase the vectors of this data at the end.")
@click.pass_obj
def evaluate(
    settings: Settings, data: Path, pack: str | None, metrics: tuple[str, ...], target: Path | None,
    work_dir: Path | None, half: Half, young_age: float | None, adult_age: float | None, samples: int, seed: int,
    forget: bool,
) -> None:  # fmt: skip
    """Measure how often faces that have aged are found again, on labelled photos; see docs/evaluating.md.

    An interrupted run goes on where it stopped when it is started again.
    """
    dataset = layouts.read(data, half, young_age, adult_age)
    measuring.check(dataset)
    settings = replace(settings, model_pack=pack or settings.model_pack)
    opened = open_pack(settings)
    folder = work_dir or settings.home / "evaluations"
    with vectors_of(dataset, opened, folder, forget=forget) as vectors:
        measure = measuring.compared if dataset.pairs else measuring.measured
        results = [
            measure(vectors, dataset, name, matching_of(name, opened, settings), samples, seed)
            for name in dict.fromkeys(metrics)
        ]
        now = datetime.now(UTC)
        done = Evaluation(dataset, vectors, opened.name, opened.version, results, samples, seed, now)  # type: ignore[arg-type]
        for line in report.text(done):
            click.echo(line)
        path = target or folder / f"{dataset.name}-{opened.name}-{now:%Y%m%dT%H%M%SZ}.html"
        report.written(done, path)
        click.echo(f"The report is in {path}.")


def matching_of(name: str, pack: FacePack, settings: Settings) -> Matching:
    """`plain`: nothing learned. `active`: what the matcher compares with now."""
    if name == "plain":
        return initial(pack.manifest.sections, pack.manifest.calibration)
    app = Flask("evaluate")
    open_database(app, db, settings.database_url("matcher"))
    with app.app_context():
        if not inspect(db.engine).has_table(LearnedMetric.__tablename__):
            return initial(pack.manifest.sections, pack.manifest.calibration)
        return Chosen(pack).now(db.session())
