"""Many templates in memory: the 8-bit scan answers exactly as comparing every float32 does, and keeps nothing wiped."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from services.matcher.gallery.block import QUANTISED_FROM, Columns
from services.matcher.gallery.blocks import Blocks
from services.matcher.metric import plain, unit

ROWS = QUANTISED_FROM + 1000
PHOTOS = 3


def key(case: int) -> bytes:
    return b"%05d" % case


def columns(exact: np.ndarray, first: int = 0) -> Columns:
    """Rows of consecutive numbers, PHOTOS to a case."""
    numbers = np.arange(first, first + len(exact))
    cases = np.asarray([key(number // PHOTOS) for number in numbers], np.bytes_)
    photos = np.asarray([b"%06d" % number for number in numbers], np.bytes_)
    age = np.full(len(exact), np.nan)
    return Columns(cases, photos, numbers, age, age, np.zeros(len(exact), np.bool_), exact.copy())


def blocks_of(exact: np.ndarray) -> Blocks:
    blocks = Blocks()
    blocks.add(columns(exact))
    assert blocks.all[0].codes is not None
    return blocks


def expected(exact: np.ndarray, probe: np.ndarray, wanted: int, gone: Sequence[int] = ()) -> set[bytes]:
    scores = exact @ probe
    scores[np.isin(np.arange(len(exact)) // PHOTOS, gone)] = -np.inf
    best = dict.fromkeys(key(int(at) // PHOTOS) for at in np.argsort(-scores) if scores[at] > -np.inf)
    return set(list(best)[:wanted])


def faces() -> np.ndarray:
    return unit(np.random.default_rng(1).normal(size=(ROWS, 20)))


def projected() -> np.ndarray:
    """With the two columns that are the same for every row where no metric was learned."""
    return plain((16,)).templates(faces()[:, :16], np.full(ROWS, np.nan, np.float32))


def crowded() -> np.ndarray:
    """Every difference smaller than a step of eight bits, which one row far away makes wide."""
    rows = np.float32(0.1) * faces()
    rows[0] = -50
    return rows


def uneven() -> np.ndarray:
    """Columns of very different widths, one of them the same for all in the middle."""
    rows = faces() * np.geomspace(1e-3, 1e3, 20, dtype=np.float32)
    rows[:, 7] = 4
    return rows


@pytest.mark.parametrize("made", [faces, projected, crowded, uneven])
@pytest.mark.parametrize("wanted", [1, 50])
def test_the_best_cases_are_those_of_an_exhaustive_comparison(made: Callable[[], np.ndarray], wanted: int) -> None:
    exact = made()
    blocks = blocks_of(exact)
    random = np.random.default_rng(2)
    for at in random.choice(ROWS, 10):
        probe = exact[at] + np.asarray(random.normal(scale=0.1, size=exact.shape[1]), np.float32)
        assert set(blocks.best_cases(probe, wanted)) == expected(exact, probe, wanted)


@pytest.mark.parametrize("made", [faces, projected, uneven])
def test_a_scan_knows_closely_how_high_the_rows_it_passed_over_may_score(made: Callable[[], np.ndarray]) -> None:
    exact = made()
    codes = blocks_of(exact).all[0].codes
    assert codes is not None
    exact = exact[np.argsort(columns(exact).case, kind="stable")]
    for probe in exact[:10]:
        places, rest = codes.best(probe, 100)
        scores = exact @ probe
        passed = np.delete(scores, places)
        assert len(passed) == ROWS - 100
        assert passed.max() <= rest <= passed.max() + 0.5 * scores.std()


def test_a_column_that_is_the_same_for_all_takes_no_bytes_at_the_end() -> None:
    codes = blocks_of(projected()).all[0].codes
    assert codes is not None
    assert codes.index.code_size == 16


def test_rows_that_are_all_alike_are_all_found() -> None:
    exact = np.ones((ROWS, 5), np.float32)
    assert len(blocks_of(exact).best_cases(exact[0], ROWS)) == -(-ROWS // PHOTOS)


def test_who_was_removed_is_neither_found_nor_left_in_the_codes() -> None:
    exact = faces()
    blocks = blocks_of(exact)
    gone = range(100, 140)
    blocks.remove_cases(key(case) for case in gone)
    assert blocks.cases == -(-ROWS // PHOTOS) - len(gone)
    for case in gone:
        probe = exact[PHOTOS * case]
        assert set(blocks.best_cases(probe, 5)) == expected(exact, probe, 5, gone)
    block = blocks.all[0]
    assert block.codes is not None
    left = block.codes.index.reconstruct_n(0, ROWS)[~block.live]
    assert len(left) == PHOTOS * len(gone)
    assert (left == left[0]).all()
    assert not block.rows.exact[~block.live].any()


def test_rows_that_come_later_are_found_among_those_that_were_there() -> None:
    exact = faces()
    blocks = blocks_of(exact[: ROWS - 300])
    blocks.add(columns(exact[ROWS - 300 :], ROWS - 300))
    for at in (5, ROWS - 200):
        assert set(blocks.best_cases(exact[at], 20)) == expected(exact, exact[at], 20)
