"""The nation that growth is measured on is coded as the code book says, and its figures rise."""

from __future__ import annotations

import numpy as np

from tools.growth import make_nation, measure


def test_codes_are_those_of_the_code_book() -> None:
    nation = make_nation(people=30, families=12, markers=5)
    typed = nation.codes != nation.book.missing_row()
    assert typed.mean() > 0.9
    wanted = dict(nation.families[0].profiles)
    rows = {tuple(row) for row in nation.codes.tolist()}
    for profile in wanted.values():
        codes = nation.book.missing_row()
        for at, locus in enumerate(nation.book.loci):
            if genotype := profile.get(locus):
                codes[at] = nation.book.code(locus, *genotype)
        assert tuple(codes.tolist()) in rows


def test_every_family_compiles() -> None:
    nation = make_nation(people=30, families=40, markers=5)
    tables = nation.compiled(40)
    assert len(tables) == 40
    assert all(table.shape == (nation.book.size,) for table in tables)
    assert not any(np.isnan(table).any() for table in tables)


def test_each_quantity_is_measured_at_rising_sizes() -> None:
    for points in measure(people=300, families=16).values():
        sizes = [size for size, _ in points]
        assert sizes == sorted(set(sizes))
        assert all(seconds > 0 for _, seconds in points)
