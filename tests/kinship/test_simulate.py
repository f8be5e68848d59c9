"""A synthetic province obeys its frequency table, Mendel, the stated mutation, and its truth."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from reunion.kinship.errors import BadSetting
from reunion.kinship.frequencies import Frequencies, FrequencyTable
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import Pedigree, avuncular, siblings, single, trio
from reunion.kinship.simulate import (
    MISSING,
    NOT_TYPED,
    PLANS,
    SOUGHT,
    AlleleArray,
    Locus,
    Province,
    SyntheticFamily,
    drop_genes,
    simulate,
)

LADDER = ("6", "7", "8", "9", "9.3", "10")
P = (0.05, 0.1, 0.3, 0.25, 0.2, 0.1)
LOCI = tuple(f"SYN{i}" for i in range(1, 9))
TABLE = FrequencyTable(
    "invented", "nobody", "this test", {x: Frequencies(x, LADDER, P) for x in LOCI}
)


def province(
    families: int = 200,
    people: int = 1000,
    *,
    seed: int = 7,
    loci: Sequence[str] = LOCI,
    mutation: Mutation | None = None,
    found_share: float = 0.12,
) -> Province:
    return simulate(
        families=families,
        people=people,
        frequencies=TABLE,
        loci=loci,
        mutations=dict.fromkeys(loci, mutation or Mutation()),
        seed=seed,
        found_share=found_share,
    )


def dropped(
    pedigree: Pedigree, n: int = 20_000, mutation: Mutation | None = None
) -> dict[str, AlleleArray]:
    """Genotypes of n families at one marker."""
    p = np.array(P)
    female, male = (mutation or Mutation()).transitions(LADDER, p)
    locus = Locus(LOCI[0], LADDER, p, female.cumsum(axis=1), male.cumsum(axis=1))
    return drop_genes(np.random.default_rng(1), pedigree, n, [locus])


def close(count: int, n: int, probability: float) -> bool:
    """Whether a count of n trials lies within five standard deviations."""
    return abs(count - n * probability) < 5 * math.sqrt(n * probability * (1 - probability))


def genotypes_of(made: Province, sample: str) -> AlleleArray:
    genotypes: AlleleArray = made.genotypes[made.samples.index(sample)]
    return genotypes


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def planted(made: Province) -> list[SyntheticFamily]:
    return [family for family in made.families if family.planted is not None]


def test_people_carry_the_alleles_of_the_table_in_its_proportions() -> None:
    made = province(families=0, people=20_000)
    for locus in range(len(LOCI)):
        seen = made.genotypes[:, locus].ravel()
        counts = np.bincount(seen[seen != NOT_TYPED], minlength=len(P))
        expected = counts.sum() * np.array(P)
        chi_square = ((counts - expected) ** 2 / expected).sum()
        assert chi_square < 25  # five degrees of freedom: once in 7,000 loci


def test_people_are_in_the_proportions_of_hardy_and_weinberg() -> None:
    drawn = dropped(single("anybody"))["anybody"][:, 0]
    for i, p in enumerate(P):
        assert close(int((drawn == i).all(axis=1).sum()), len(drawn), p * p)
        for j in range(i):
            both = (np.sort(drawn, axis=1) == (j, i)).all(axis=1)
            assert close(int(both.sum()), len(drawn), 2 * p * P[j])


def test_without_mutation_every_child_has_one_allele_of_each_parent() -> None:
    drawn = dropped(trio())
    child = drawn["child"][:, 0]
    for side, parent in enumerate(("father", "mother")):
        assert (drawn[parent][:, 0] == child[:, side, None]).any(axis=1).all()


def test_either_allele_of_a_parent_is_handed_on_half_the_time() -> None:
    drawn = dropped(trio())
    father, child = drawn["father"][:, 0], drawn["child"][:, 0]
    mixed = father[:, 0] != father[:, 1]
    first = father[mixed, 0] == child[mixed, 0]
    assert close(int(first.sum()), int(mixed.sum()), 0.5)


def test_alleles_mutate_at_the_rate_of_the_parents_sex() -> None:
    # Of a parent inbred to the full, whose two alleles are one, every change is seen.
    pedigree = trio().with_inbreeding("father", 1.0).with_inbreeding("mother", 1.0)
    drawn = dropped(pedigree, mutation=Mutation(MutationKind.EQUAL, female=0.02, male=0.2))
    for side, (parent, rate) in enumerate((("father", 0.2), ("mother", 0.02))):
        changed = drawn[parent][:, 0, 0] != drawn["child"][:, 0, side]
        assert close(int(changed.sum()), len(changed), rate)


def test_an_inbred_founder_is_homozygous_as_often_as_stated() -> None:
    drawn = dropped(single("a").with_inbreeding("a", 0.25))["a"][:, 0]
    expected = 0.25 + 0.75 * sum(p * p for p in P)
    assert close(int((drawn[:, 0] == drawn[:, 1]).sum()), len(drawn), expected)


def test_identical_twins_are_alike_and_siblings_are_not() -> None:
    drawn = dropped(siblings("a", "b", "c").with_twins("a", "b"))
    assert (drawn["a"] == drawn["b"]).all()
    assert not (drawn["a"] == drawn["c"]).all()


def test_a_nephew_has_his_fathers_allele_in_common_with_the_uncle_half_the_time() -> None:
    drawn = dropped(avuncular())
    uncle, child = drawn["uncle"][:, 0], drawn["child"][:, 0]
    inherited = (uncle == child[:, :1]).any(axis=1)  # from the father, who is the uncle's brother
    by_chance = sum(p * (1 - (1 - p) ** 2) for p in P)
    assert close(int(inherited.sum()), len(child), 0.5 + 0.5 * by_chance)


@pytest.mark.parametrize(("families", "expected"), [(500, 60), (200, 24), (10, 1), (0, 0)])
def test_the_stated_share_of_the_sought_is_among_the_people(families: int, expected: int) -> None:
    made = province(families=families, people=300)
    relatives = sum(len(family.samples) for family in made.families)
    assert len(planted(made)) == expected
    assert made.people == 300
    assert len(made.samples) == len(made.genotypes) == 300 + relatives


def test_every_sample_belongs_to_one_person() -> None:
    made = province()
    owned = [sample for family in made.families for sample in family.samples.values()]
    owned += [family.planted for family in planted(made) if family.planted]
    assert len(set(made.samples)) == len(made.samples)
    assert len(set(owned)) == len(owned)
    assert set(owned) < set(made.samples)


def test_the_planted_sample_agrees_with_the_relatives() -> None:
    made = province(families=300, found_share=1.0)
    checked = 0
    for family in planted(made):
        child = genotypes_of(made, str(family.planted))
        for parent in {"father", "mother"} & family.samples.keys():
            other = genotypes_of(made, family.samples[parent])
            both = (child[:, 0] != NOT_TYPED) & (other[:, 0] != NOT_TYPED)
            shared = (child[:, :, None] == other[:, None, :]).any(axis=(1, 2))
            assert shared[both].all()
            checked += 1
    assert checked > 100


def test_numbers_of_samples_do_not_tell_who_is_planted() -> None:
    made = province(families=500, people=2000)
    position = {sample: at / len(made.samples) for at, sample in enumerate(made.samples)}
    places = [position[str(family.planted)] for family in planted(made)]
    assert abs(np.mean(places) - 0.5) < 5 / math.sqrt(12 * len(places))
    assert list(made.samples) == sorted(made.samples)


def test_families_are_of_many_shapes_and_the_sought_person_is_never_typed() -> None:
    made = province(families=500)
    shapes = {(family.pedigree, tuple(family.samples)) for family in made.families}
    assert len(shapes) == len(PLANS)
    assert max(len(family.samples) for family in made.families) == 6
    assert all(SOUGHT in family.pedigree for family in made.families)
    assert all(SOUGHT not in family.samples for family in made.families)
    assert math.fsum(plan.share for plan in PLANS) == pytest.approx(1)


def test_a_few_markers_are_missing() -> None:
    made = province(people=5000)
    missing = (made.genotypes == NOT_TYPED).all(axis=2)
    assert close(int(missing.sum()), missing.size, MISSING)
    assert ((made.genotypes == NOT_TYPED).any(axis=2) == missing).all()


def test_the_same_seed_writes_the_same_files_and_another_one_does_not(tmp_path: Path) -> None:
    for folder, seed in (("a", 7), ("b", 7), ("c", 8)):
        province(seed=seed, mutation=Mutation(MutationKind.STEPWISE, 0.01, 0.02, 0.001)).write(
            tmp_path / folder
        )
    for name in ("families.csv", "profiles.csv", "truth.csv", "README.txt"):
        first, same, other = ((tmp_path / folder / name).read_bytes() for folder in "abc")
        assert first == same
        assert first != other


def test_the_files_hold_what_was_drawn_and_say_that_all_is_synthetic(tmp_path: Path) -> None:
    made = province(families=20, people=50)
    told: list[tuple[int, int]] = []
    made.write(tmp_path, lambda done, total: told.append((done, total)))
    profiles, families, truth = (
        rows(tmp_path / f"{name}.csv") for name in ("profiles", "families", "truth")
    )
    drawn = {
        (sample, locus): sorted(pair)
        for sample, row in zip(made.samples, made.genotypes.tolist(), strict=True)
        for locus, pair in zip(LOCI, row, strict=True)
        if NOT_TYPED not in pair
    }
    assert {
        (row["sample_id"], row["marker"]): [LADDER.index(row[f"allele_{i}"]) for i in (1, 2)]
        for row in profiles
    } == drawn
    assert [row["sought"] for row in families].count("1") == 20
    assert {row["family_id"]: row["sample_id"] for row in truth} == {
        family.id: family.planted for family in planted(made)
    }
    ids = {row["sample_id"] for row in profiles} | {row["family_id"] for row in families}
    assert all(name.startswith("SYN-") for name in ids)
    assert (tmp_path / "README.txt").read_text(encoding="utf-8").startswith("SYNTHETIC DATA")
    assert told[-1] == (len(made.samples), len(made.samples))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "README.txt",
        "families.csv",
        "profiles.csv",
        "truth.csv",
    ]


@pytest.mark.parametrize(
    ("families", "people", "found_share"),
    [(-1, 10, 0.1), (10, -1, 0.1), (10, 10, -0.1), (10, 10, 1.1), (100, 10, 0.5)],
)
def test_impossible_numbers_are_refused(families: int, people: int, found_share: float) -> None:
    with pytest.raises(BadSetting):
        province(families=families, people=people, found_share=found_share)


def test_markers_that_the_table_lacks_are_named() -> None:
    with pytest.raises(BadSetting, match="the table invented lacks TH01, FGA"):
        province(loci=("SYN1", "TH01", "FGA"))
    with pytest.raises(BadSetting):
        province(loci=())
