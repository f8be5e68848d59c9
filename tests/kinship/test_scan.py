"""The scan equals the plain sum in numpy, bit for bit, whatever way it goes."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import numpy as np
import pytest

from reunion.kinship import _scan_plain, _tasks, scan
from reunion.kinship.book import CodeArray, CodeBook, IntArray
from reunion.kinship.errors import BadSetting, UnknownCode, VersionMismatch
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.index import Index
from reunion.kinship.scan import (
    CHUNK,
    Hits,
    joined,
    lr_parts,
    lr_sums,
    score,
    score_many,
    search,
)
from reunion.kinship.stack import FamilyTables, TableStack

ALLELES = (5, 1, 7, 3, 9, 4, 2)


def book() -> CodeBook:
    loci = tuple(f"D{at}S1" for at in range(len(ALLELES)))
    return CodeBook(loci, tuple(tuple(map(str, range(8, 8 + count))) for count in ALLELES))


def people(rng: np.random.Generator, count: int) -> CodeArray:
    """Any code of each locus is as likely, untyped and partial ones too."""
    offsets = book().offsets
    return rng.integers(offsets[:-1], offsets[1:], size=(count, len(ALLELES))).astype(np.uint16)


def table(rng: np.random.Generator, *, excluded: float = 0.02) -> FloatArray:
    """log10 LRs on a coarse grid, so that equal scores are common; some are -inf."""
    entries = rng.integers(-30, 30, size=book().size) / 10 + 0.1
    entries[rng.random(book().size) < excluded] = -np.inf
    entries[book().missing_row()] = 0.0
    return entries


def tables(rng: np.random.Generator, families: int, populations: int = 1) -> list[FloatArray]:
    return [np.stack([table(rng) for _ in range(populations)]) for _ in range(families)]


def plain_score(codes: CodeArray, entries: FloatArray) -> FloatArray:
    total = np.zeros(len(codes))
    for locus in range(codes.shape[1]):
        total += entries[codes[:, locus]]
    return total


def plain_least(codes: CodeArray, family: FloatArray) -> FloatArray:
    totals: FloatArray = np.stack([plain_score(codes, entries) for entries in family])
    return np.asarray(totals.min(axis=0), dtype=np.float64)


def plain_search(
    codes: CodeArray, ids: IntArray, family: FloatArray, threshold: float, top: int | None
) -> list[tuple[int, float]]:
    """Score everybody, sort everybody."""
    scores = plain_least(codes, family).tolist()
    found = [(i, s) for i, s in zip(ids.tolist(), scores, strict=True) if s >= threshold]
    found = [(i, s) for i, s in found if s > -np.inf]
    return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:top]


def listed(hits: Hits) -> list[tuple[int, float]]:
    return list(zip(hits.ids.tolist(), hits.scores.tolist(), strict=True))


@pytest.fixture(params=["compiled", "numpy"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs a test with numba, and as where numba is missing."""
    if request.param == "numpy":
        monkeypatch.setattr(_tasks, "engine", lambda: _scan_plain)
        monkeypatch.setattr(scan, "engine", lambda: _scan_plain)


@pytest.mark.kernels
@pytest.mark.usefixtures("engine")
def test_one_family_is_scored_like_the_plain_sum_bit_for_bit() -> None:
    rng = np.random.default_rng(1)
    codes, entries = people(rng, 101), table(rng)
    assert (score(codes, entries) == plain_score(codes, entries)).all()


@pytest.mark.kernels
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("families", "populations"), [(1, 1), (1, 3), (7, 1), (19, 2)])
def test_many_families_are_scored_like_the_plain_sum_bit_for_bit(
    families: int, populations: int
) -> None:
    rng = np.random.default_rng(families)
    codes, stack = people(rng, 33), tables(rng, families, populations)
    expected = np.stack([plain_least(codes, family) for family in stack])
    assert (score_many(codes, stack) == expected).all()


@pytest.mark.kernels
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("threshold", [-np.inf, -3.0, 0.7])
@pytest.mark.parametrize("top", [None, 1, 6])
@pytest.mark.parametrize(("families", "populations"), [(1, 1), (1, 2), (11, 1), (10, 3)])
def test_hits_are_those_of_scoring_and_sorting_everybody(
    threshold: float, top: int | None, families: int, populations: int
) -> None:
    rng = np.random.default_rng(families + populations)
    codes, stack = people(rng, 60), tables(rng, families, populations)
    ids = np.arange(60)
    found = search(codes, stack, threshold=threshold, top=top)
    expected = [plain_search(codes, ids, family, threshold, top) for family in stack]
    assert [listed(hits) for hits in found] == expected


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("families", [1, 20])
def test_top_hits_of_many_people_are_found_while_most_are_thrown_away(families: int) -> None:
    rng = np.random.default_rng(3)
    codes, stack = people(rng, 150_000), tables(rng, families)
    ids = np.arange(len(codes))
    found = search(codes, stack, top=50)
    expected = [plain_search(codes, ids, family, -np.inf, 50) for family in stack[:3]]
    assert [listed(hits) for hits in found[:3]] == expected
    assert [len(hits) for hits in found] == [50] * families


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("families", [1, 9])
def test_more_hits_than_a_buffer_holds_are_all_found(families: int) -> None:
    rng = np.random.default_rng(4)
    codes, stack = people(rng, 140_000), tables(rng, families)
    found = search(codes, stack, threshold=-30.0)
    for hits, family in zip(found, stack, strict=True):
        scores = plain_least(codes, family)
        assert sorted(hits.rows.tolist()) == np.flatnonzero(scores >= -30.0).tolist()
        assert (scores[hits.rows] == hits.scores).all()


def test_equal_scores_are_ordered_by_id_and_the_smaller_id_wins_the_last_place() -> None:
    rng = np.random.default_rng(5)
    codes = np.tile(people(rng, 1), (5_000, 1))
    ids = rng.permutation(5_000).astype(np.int64)
    index = Index.build(book(), codes[:2_000], ids[:2_000])
    index.append(codes[2_000:], ids[2_000:])
    (hits,) = search(index, [table(rng, excluded=0)], top=7)
    assert hits.ids.tolist() == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.usefixtures("engine")
def test_an_excluded_person_is_never_a_hit_even_among_the_best_few() -> None:
    codes = people(np.random.default_rng(6), 10)
    entries = np.full(book().size, -np.inf)
    entries[codes[3]] = -5.0
    (hits,) = search(codes, [entries], top=5, threshold=-np.inf)
    assert hits.ids.tolist() == [3]


@pytest.mark.usefixtures("engine")
def test_an_infinite_ratio_is_the_best_and_one_that_meets_an_exclusion_is_no_hit() -> None:
    two = CodeBook(("A", "B"), (("1", "2"), ("1", "2")))
    codes = np.array([[1, 7], [2, 8], [2, 7], [1, 8]], dtype=np.uint16)
    entries = np.zeros(two.size)
    entries[[1, 8]] = np.inf, -np.inf
    for families in ([entries], [entries, entries]):
        assert search(codes, families, threshold=0.0)[-1].ids.tolist() == [0, 2]
        assert search(codes, families, top=1)[-1].ids.tolist() == [0]
    assert lr_sums(codes, [entries]) == [np.inf]


@pytest.mark.usefixtures("engine")
def test_the_least_total_over_the_populations_counts_not_the_least_entry() -> None:
    two = CodeBook(("A", "B"), (("1",), ("1",)))
    codes = np.array([[1, 4]], dtype=np.uint16)
    first, second = np.zeros(two.size), np.zeros(two.size)
    first[[1, 4]], second[[1, 4]] = (3.0, -1.0), (-1.0, 4.0)
    for families in ([[first, second]], [[first, second]] * 2):
        (hits, *_) = search(codes, families, threshold=0.0)
        assert listed(hits) == [(0, 2.0)]


def test_families_with_different_numbers_of_populations_are_searched_together() -> None:
    rng = np.random.default_rng(7)
    codes = people(rng, 200)
    stack: list[FamilyTables] = [tables(rng, 1, count)[0] for count in (1, 3, 3, 2, 9)]
    found = search(codes, stack, top=5)
    for hits, family in zip(found, stack, strict=True):
        assert listed(hits) == plain_search(codes, np.arange(200), np.array(family), -np.inf, 5)


def test_each_family_may_have_a_threshold_of_its_own() -> None:
    rng = np.random.default_rng(8)
    codes, stack = people(rng, 500), tables(rng, 12)
    thresholds = rng.normal(size=12)
    found = search(codes, stack, threshold=thresholds)
    for hits, family, threshold in zip(found, stack, thresholds.tolist(), strict=True):
        assert listed(hits) == plain_search(codes, np.arange(500), family, threshold, None)


def test_weak_hits_fill_up_to_a_number_where_few_reach_the_threshold() -> None:
    rng = np.random.default_rng(9)
    codes, stack = people(rng, 5_000), tables(rng, 12)
    for hits, family in zip(search(codes, stack, threshold=4.0, weak=3), stack, strict=True):
        strong = plain_search(codes, np.arange(5_000), family, 4.0, None)
        best = plain_search(codes, np.arange(5_000), family, -np.inf, 3)
        assert listed(hits) == max(strong, best, key=len)


@pytest.mark.usefixtures("engine")
def test_deleted_people_never_appear_and_take_nobodys_place() -> None:
    rng = np.random.default_rng(10)
    codes, stack = people(rng, 3_000), tables(rng, 9)
    index = Index.build(book(), codes, np.arange(3_000))
    gone = rng.choice(3_000, size=2_500, replace=False)
    index.delete(gone)
    kept = np.setdiff1d(np.arange(3_000), gone)
    for families in (stack, stack[:1]):
        for hits, family in zip(search(index, families, top=20), families, strict=True):
            assert listed(hits) == plain_search(codes[kept], kept, family, -np.inf, 20)


def test_snapshot_and_tail_are_searched_as_one() -> None:
    rng = np.random.default_rng(11)
    codes, stack = people(rng, 4_000), tables(rng, 9, 2)
    index = Index.build(book(), codes[:2_500], np.arange(2_500))
    index.append(codes[2_500:3_000], np.arange(2_500, 3_000))
    index.append(codes[3_000:], np.arange(3_000, 4_000))
    index.delete(np.array([17, 2_999]))
    kept = np.setdiff1d(np.arange(4_000), [17, 2_999])
    for hits, family in zip(search(index, stack, threshold=1.0), stack, strict=True):
        assert listed(hits) == plain_search(codes[kept], kept, family, 1.0, None)
        assert (codes[hits.rows] == codes[hits.ids]).all()


@pytest.mark.parametrize("families", [1, 30])
def test_the_number_of_threads_changes_nothing(families: int) -> None:
    rng = np.random.default_rng(12)
    codes, stack = people(rng, 300_000), tables(rng, families)
    index = Index.build(book(), codes, rng.permutation(300_000))
    one, two, three = (
        [listed(hits) for hits in search(index, stack, threshold=6.0, top=40, threads=threads)]
        for threads in (1, 2, 3)
    )
    assert one == two == three
    sums = [lr_sums(index, stack, threads=threads).tolist() for threads in (1, 2, 3)]
    assert sums[0] == sums[1] == sums[2]


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("families", [1, 9])
def test_sums_of_pieces_are_the_sum_of_all_bit_for_bit(families: int) -> None:
    rng = np.random.default_rng(12)
    codes, stack = people(rng, 2 * CHUNK + 10), tables(rng, families, 2)
    parts = [lr_parts(codes[:CHUNK], stack, threads=1), lr_parts(codes[CHUNK:], stack, threads=2)]
    highest, totals = (np.concatenate(own) for own in zip(*parts, strict=True))
    assert highest.shape == (3, families)
    assert joined(highest, totals).tobytes() == lr_sums(codes, stack).tobytes()


def test_a_prepared_stack_finds_the_same_as_bare_tables_in_either_direction() -> None:
    rng = np.random.default_rng(13)
    codes, families = people(rng, 3), tables(rng, 1_100)
    stack = TableStack(families, size=book().size, version=book().version)
    prepared, bare = search(codes, stack, threshold=0.0), search(codes, families, threshold=0.0)
    assert [listed(hits) for hits in prepared] == [listed(hits) for hits in bare]
    assert [hits.scores.tolist() for hits in search(codes[1:2], stack, threshold=-99.0)] == [
        [total] if total > -np.inf else [] for total in score_many(codes[1:2], stack)[:, 0].tolist()
    ]


def test_prepared_tables_of_another_code_book_are_refused() -> None:
    rng = np.random.default_rng(14)
    index = Index.build(book(), people(rng, 5), np.arange(5))
    swapped = CodeBook(book().loci, tuple(names[::-1] for names in book().alleles))
    stack = TableStack(tables(rng, 2), size=swapped.size, version=swapped.version)
    with pytest.raises(VersionMismatch) as caught:
        search(index, stack, top=1)
    assert caught.value.fields["found"] == swapped.version


def test_tables_of_another_length_are_refused() -> None:
    index = Index.build(book(), people(np.random.default_rng(15), 5), np.arange(5))
    longer = [np.zeros(book().size + 1)]
    for families in (longer, TableStack(longer, size=len(longer[0]), version=book().version)):
        with pytest.raises(VersionMismatch, match=str(len(longer[0]))):
            lr_sums(index, families)


def test_a_code_beyond_the_table_is_refused_with_its_row() -> None:
    codes = people(np.random.default_rng(16), 3_000)
    codes[2_345, 4] = book().size
    entries = np.zeros(book().size)
    for call in (
        lambda: score(codes, entries),
        lambda: score_many(codes, [entries]),
        lambda: search(codes, [entries], top=1),
        lambda: lr_sums(codes, [entries]),
    ):
        with pytest.raises(UnknownCode) as caught:
            call()
        assert caught.value.fields["row"] == 2_345


def test_codes_and_tables_of_the_wrong_kind_are_refused() -> None:
    codes = people(np.random.default_rng(17), 4)
    entries = np.zeros(book().size)
    with pytest.raises(ValueError, match="codes: uint16"):
        score(codes.astype(np.int64), entries)
    with pytest.raises(ValueError, match="family 0: float64"):
        score(codes, entries.astype(np.float32))
    with pytest.raises(ValueError, match="family 1: float64"):
        search(codes, [entries, entries[:-1]], top=1)
    entries[3] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        search(codes, [entries], top=1)


def test_codes_that_are_not_contiguous_are_read_right() -> None:
    rng = np.random.default_rng(18)
    codes, entries = people(rng, 50), table(rng)
    assert (score(codes[::2], entries) == plain_score(codes, entries)[::2]).all()
    assert (score(np.asfortranarray(codes), entries) == plain_score(codes, entries)).all()


def test_an_empty_database_gives_no_hits() -> None:
    families = tables(np.random.default_rng(19), 3)
    index = Index.build(book(), np.empty((0, len(ALLELES)), dtype=np.uint16), np.empty(0, np.int64))
    assert [len(hits) for hits in search(index, families, top=5)] == [0, 0, 0]
    assert lr_sums(index, families).tolist() == [-np.inf] * 3
    assert score_many(index.book.missing_row()[None][:0], families).shape == (3, 0)


def test_no_families_give_no_lists() -> None:
    codes = people(np.random.default_rng(20), 10)
    assert search(codes, [], top=5) == []
    assert lr_sums(codes, []).shape == (0,)
    assert score_many(codes, []).shape == (0, 10)


def test_fewer_people_than_wanted_are_all_listed() -> None:
    rng = np.random.default_rng(21)
    codes, entries = people(rng, 4), table(rng, excluded=0)
    (hits,) = search(codes, [entries], top=20)
    assert len(hits) == 4


def test_a_search_without_any_limit_is_refused() -> None:
    codes = people(np.random.default_rng(22), 2)
    with pytest.raises(BadSetting):
        search(codes, [np.zeros(book().size)])
    with pytest.raises(BadSetting):
        search(codes, [np.zeros(book().size)], top=0)
    with pytest.raises(BadSetting):
        search(codes, [np.zeros(book().size)], threshold=np.nan)


def test_progress_ends_at_the_whole() -> None:
    rng = np.random.default_rng(23)
    steps: list[tuple[int, int]] = []
    search(
        people(rng, 5_000),
        tables(rng, 3),
        top=1,
        threads=2,
        progress=lambda done, total: steps.append((done, total)),
    )
    assert steps[-1] == (15_000, 15_000)
    assert steps == sorted(steps)


def test_an_error_of_the_progress_bar_stops_the_search() -> None:
    rng = np.random.default_rng(24)
    steps: list[int] = []

    def interrupted(done: int, total: int) -> None:
        steps.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search(people(rng, 500_000), tables(rng, 9), top=1, threads=2, progress=interrupted)
    assert len(steps) <= 2


@pytest.mark.kernels
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("families", "populations"), [(1, 1), (10, 2)])
def test_sums_of_ratios_are_exact_to_twelve_digits(families: int, populations: int) -> None:
    rng = np.random.default_rng(families)
    codes, stack = people(rng, 700), tables(rng, families, populations)
    index = Index.build(book(), codes, np.arange(700))
    index.delete(np.array([3, 650]))
    kept = np.setdiff1d(np.arange(700), [3, 650])
    for family, found in zip(stack, lr_sums(index, stack).tolist(), strict=True):
        exact = np.sum(10.0 ** plain_least(codes[kept], family).astype(np.longdouble))
        assert abs(np.longdouble(10.0) ** np.longdouble(found) / exact - 1) < 1e-12


@pytest.mark.usefixtures("engine")
def test_sums_of_ratios_neither_overflow_nor_vanish() -> None:
    one = CodeBook(("A",), (("1", "2"),))
    codes = np.array([[1]] * 3 + [[2]] * 70_000, dtype=np.uint16)
    huge, tiny, none = np.zeros(one.size), np.zeros(one.size), np.full(one.size, -np.inf)
    huge[[1, 2]], tiny[[1, 2]] = (900.0, -900.0), (-900.0, -900.0)
    sums = lr_sums(codes, [huge, tiny, none])
    expected = [900 + np.log10(3), -900 + np.log10(70_003), -np.inf]
    assert sums.tolist() == pytest.approx(expected, rel=1e-14)


def test_numba_is_loaded_only_by_a_scan_and_its_absence_is_no_hindrance() -> None:
    program = (
        "import sys, numpy as np\n"
        "from reunion.kinship.scan import score\n"
        "assert 'numba' not in sys.modules\n"
        "sys.modules['numba'] = None\n"
        "print(score(np.array([[0, 2]], dtype=np.uint16), np.array([0.5, 0.0, 1.0])))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[1.5]\n"


def test_both_engines_offer_the_same_functions() -> None:
    from reunion.kinship import _scan_kernels

    def public(module: ModuleType) -> set[str]:
        return {
            name
            for name, thing in vars(module).items()
            if callable(thing) and thing.__module__ == module.__name__ and name[0] != "_"
        }

    assert public(_scan_kernels) == public(_scan_plain)
