"""Duplicates: all that were planted are found, by blocking and by comparing everybody alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reunion.kinship.book import CodeBook
from reunion.kinship.errors import BadSetting, VersionMismatch
from reunion.kinship.quality import duplicates as module
from reunion.kinship.quality.blocking import Blocking, chance_of_more, most_differing
from reunion.kinship.quality.duplicates import find_duplicates, find_matches
from reunion.kinship.quality.sameness import Duplicate, DuplicateRule, Judge
from reunion.kinship.search import People
from tools.invented_laboratory import Alleles, World
from tools.quality_figures import measure_duplicates

pytestmark = pytest.mark.threat("T15")

WORLD = World.of_pack()


def people_of(alleles: Alleles, *, untyped: float = 0.0, seed: int = 0) -> People:
    """People by position, some loci of whom are not typed."""
    codes = WORLD.codes(alleles)
    is_untyped = np.random.default_rng(seed).random(codes.shape) < untyped
    codes[is_untyped] = np.broadcast_to(WORLD.book.missing_row(), codes.shape)[is_untyped]
    return People([f"s{row:05d}" for row in range(len(codes))], WORLD.book, codes)


def planted(seed: int, n: int, doubled: int) -> tuple[Alleles, set[tuple[str, str]]]:
    """Strangers, the first of whom are there a second time at the end, typed with errors."""
    rng = np.random.default_rng(seed)
    once = WORLD.strangers(rng, n)
    again = WORLD.typed_again(rng, once[:doubled], 0.01)
    pairs = {(f"s{at:05d}", f"s{n + at:05d}") for at in range(doubled)}
    return np.concatenate([once, again]), pairs


def pairs_of(found: tuple[Duplicate, ...]) -> set[tuple[str, str]]:
    return {one.samples for one in found}


def compared_one_by_one(people: People, rule: DuplicateRule) -> set[tuple[str, str]]:
    """Every two profiles, without any table or block."""
    judge = Judge.of(people, WORLD.compiler, rule, len(people.names))
    names, codes = people.names, people.codes
    return {
        (names[row], names[row + 1 + at])
        for row in range(len(codes) - 1)
        for at, *_ in judge.duplicates(codes[[row]], codes[row + 1 :])
    }


@pytest.mark.parametrize("untyped", [0.0, 0.02, 0.2])
@pytest.mark.parametrize("way", ["scan", "blocks"])
def test_every_pair_that_the_rule_reports_is_found(
    way: str, untyped: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    alleles, pairs = planted(1, 400, 100)
    people = people_of(alleles, untyped=untyped)
    monkeypatch.setattr(module, "BLOCKED", 10**9 if way == "scan" else 0)
    monkeypatch.setattr(module, "TABLE", 10**6 if way == "blocks" else 0)
    rule = DuplicateRule()
    found = pairs_of(find_duplicates(people, WORLD.compiler, rule=rule))
    assert found == compared_one_by_one(people, rule)
    assert found <= pairs
    # Pairs with few loci in common, some of them misread, may be too weak to be reported.
    assert len(pairs - found) <= (2 if untyped > 0.1 else 0)


@pytest.mark.kernels
def test_blocks_find_all_pairs_that_differ_at_as_many_loci_as_are_tolerated() -> None:
    rng = np.random.default_rng(3)
    n_loci, tolerated, n = 20, 5, 300
    base = rng.integers(1, 60, (n, n_loci)).astype(np.uint16)
    other = base.copy()
    for row in range(n):
        for locus in rng.choice(n_loci, int(rng.integers(tolerated + 1)), replace=False):
            other[row, locus] = 0 if rng.random() < 0.3 else 60 + rng.integers(9)
    within = np.concatenate([base, other])
    blocking = Blocking.of(within, tolerated)
    assert blocking is not None
    met = [
        pair
        for rows, others in blocking.pairs(within, first_new=0, fewest=10, most=tolerated)
        for pair in zip(rows.tolist(), others.tolist(), strict=True)
    ]
    assert sorted(met) == [(row, n + row) for row in range(n)]


def test_only_pairs_with_a_new_profile_are_looked_for() -> None:
    alleles, pairs = planted(2, 60, 20)
    alleles = np.concatenate([alleles, alleles[-2:]])
    people = people_of(alleles)
    assert pairs < pairs_of(find_duplicates(people, WORLD.compiler))
    for names in pairs_of(find_duplicates(people, WORLD.compiler, first_new=80)):
        assert max(names) >= "s00080"


def test_equal_at_ten_loci_is_reported_and_equal_at_nine_is_not() -> None:
    alleles = WORLD.strangers(np.random.default_rng(4), 1)
    for loci, count in ((10, 1), (9, 0)):
        codes = np.tile(WORLD.book.missing_row(), (2, 1))
        codes[:, :loci] = WORLD.codes(alleles)[:, :loci]
        people = People(["a", "b"], WORLD.book, codes)
        assert len(find_duplicates(people, WORLD.compiler)) == count


def test_siblings_are_not_called_one_person() -> None:
    rng = np.random.default_rng(5)
    fathers, mothers = WORLD.strangers(rng, 1500), WORLD.strangers(rng, 1500)
    once = WORLD.child(rng, fathers, mothers)
    kin = WORLD.child(rng, fathers, mothers)
    found = find_duplicates(people_of(np.concatenate([once, kin])), WORLD.compiler)
    assert not [pair for pair in found if pair.is_certain]
    assert len(found) <= 2


def test_a_small_version_of_the_published_figure_finds_all_and_invents_none() -> None:
    figures = measure_duplicates(WORLD, np.random.default_rng(6), 20_000, 200, 200)
    assert (figures.missed, figures.invented, figures.siblings_certain) == (0, 0, 0)


def test_the_staff_are_found_among_the_samples() -> None:
    alleles, _ = planted(7, 200, 0)
    rng = np.random.default_rng(8)
    people = people_of(alleles)
    staff = WORLD.codes(WORLD.typed_again(rng, alleles[[3, 50]], 0.01))
    known = People(["staff_1", "staff_2"], WORLD.book, staff)
    found = pairs_of(find_matches(known, people, WORLD.compiler))
    assert found == {("staff_1", "s00003"), ("staff_2", "s00050")}


def test_codes_of_another_book_are_refused() -> None:
    people = people_of(planted(9, 4, 0)[0])
    book = CodeBook(("M",), (("8",),))
    other = People(["x"], book, book.missing_row()[None])
    with pytest.raises(VersionMismatch):
        find_duplicates(other, WORLD.compiler)
    with pytest.raises(VersionMismatch):
        find_matches(other, people, WORLD.compiler)


def test_an_error_rate_beyond_sense_is_refused() -> None:
    with pytest.raises(BadSetting):
        replace(DuplicateRule(), typing_error=0.3)


def test_the_chance_of_many_differences_bounds_what_is_seen() -> None:
    rng = np.random.default_rng(10)
    once = WORLD.strangers(rng, 4000)
    first, second = (WORLD.typed_again(rng, once, 0.01) for _ in range(2))
    differing = (WORLD.codes(first) != WORLD.codes(second)).sum(axis=1)
    loci = len(WORLD.book.loci)
    for many in (0, 1, 2, 3):
        share = float((differing > many).mean())
        assert share <= chance_of_more(many, loci, 0.01) + 0.02
    assert differing.max() <= most_differing(loci, 0.01)
