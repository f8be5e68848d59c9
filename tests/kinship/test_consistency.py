"""A family against its pedigree with one thing changed."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from reunion.kinship.book import CodeBook
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.likelihood import marker_likelihood
from reunion.kinship.markers import Profile
from reunion.kinship.pedigree import Pedigree, Person, Sex, half_siblings, siblings, single
from reunion.kinship.quality.consistency import Change, Consistency, check_consistency
from reunion.kinship.quality.material import SampledFamily, Samples
from reunion.kinship.quality.pairwise import PairMarkers, Relation
from reunion.kinship.quality.relatives import compare_relatives
from reunion.kinship.quality.severity import Severity
from reunion.kinship.quality.sex import sex_mismatches
from reunion.kinship.search import People
from tools.invented_laboratory import World

WORLD = World.of_pack()
PLAIN = WORLD.compiler.without_mutation()
PEDIGREE = siblings("sought", "sibling_1", "sibling_2")


def drawn(seed: int, pedigree: Pedigree = PEDIGREE) -> dict[str, Profile]:
    """One family, everybody typed."""
    rng = np.random.default_rng(seed)
    profiles: dict[str, Profile] = {}
    alleles = {}
    for person in pedigree.ordered():
        if person.father is None or person.mother is None:
            alleles[person.id] = WORLD.strangers(rng, 1)
        else:
            alleles[person.id] = WORLD.child(rng, alleles[person.father], alleles[person.mother])
        profiles[person.id] = {
            locus: (names[int(pair[0])], names[int(pair[1])])
            for locus, names, pair in zip(
                WORLD.book.loci, WORLD.book.alleles, alleles[person.id][0], strict=True
            )
        }
    return profiles


def checked(
    profiles: Mapping[str, Profile], *typed: str, pedigree: Pedigree = PEDIGREE
) -> Consistency:
    """The check of a family of which these persons are typed."""
    family = Family("f", pedigree, "sought", {person: profiles[person] for person in typed})
    return check_consistency(family, WORLD.compiler, PLAIN)


def log10(pedigree: Pedigree, profiles: Mapping[str, Profile]) -> float:
    """log10 likelihood of all markers, by the plain function."""
    total = 0.0
    for model in WORLD.compiler.models:
        assert model is not None
        genotypes = {name: profile[model.name] for name, profile in profiles.items()}
        total += math.log10(marker_likelihood(pedigree, model, genotypes))
    return total


@pytest.mark.parametrize("seed", range(5))
def test_a_sound_family_is_not_doubted(seed: int) -> None:
    found = checked(drawn(seed), "father", "mother", "sibling_1", "sibling_2")
    assert not found.is_doubtful
    assert found.severity is Severity.NOTE


def test_every_ratio_is_that_of_two_pedigrees_written_out() -> None:
    everybody = drawn(11)
    typed = ("father", "mother", "sibling_1")
    profiles = {person: everybody[person] for person in typed}
    found = {
        (a.change, a.person, a.parents): a.log10_lr for a in checked(everybody, *typed).alternatives
    }
    declared = log10(PEDIGREE, profiles)
    others = Person("x", sex=Sex.MALE), Person("y", sex=Sex.FEMALE)
    rest = [person for person in PEDIGREE if person.id != "sibling_1"]
    by_hand: dict[tuple[Change, str, tuple[str, ...]], float] = {}
    cuts: tuple[tuple[str, ...], ...] = (("father",), ("mother",), ("father", "mother"))
    for parents in cuts:
        father = "x" if "father" in parents else "father"
        mother = "y" if "mother" in parents else "mother"
        child = Person("sibling_1", father, mother)
        cut = Pedigree((*rest, *others, child))
        by_hand[Change.LINK_CUT, "sibling_1", parents] = declared - log10(cut, profiles)
    for person in typed:
        left = {name: of for name, of in profiles.items() if name != person}
        alone = log10(PEDIGREE, left) + log10(single("s"), {"s": profiles[person]})
        by_hand[Change.SAMPLE_REPLACED, person, ()] = declared - alone
    assert found == pytest.approx(by_hand, abs=1e-9)


def test_a_strangers_profile_is_the_only_culprit_where_the_others_fit() -> None:
    profiles = {**drawn(21), "father": drawn(22)["father"]}
    found = checked(profiles, "father", "mother", "sibling_1", "sibling_2")
    assert [(c.change, c.person) for c in found.culprits] == [(Change.SAMPLE_REPLACED, "father")]
    assert found.severity is Severity.LOOK


def test_one_childs_other_father_is_named_as_a_link() -> None:
    half = half_siblings("sibling_1", "sibling_2", shared="mother", through="mother")
    profiles = dict(drawn(31, half))
    profiles["father"] = profiles["mother_1"]
    found = checked(profiles, "father", "mother", "sibling_1", "sibling_2")
    best = found.culprits[0]
    assert (best.change, best.person, best.parents) == (
        Change.LINK_CUT, "sibling_2", ("father",),
    )  # fmt: skip


def test_in_a_duo_nobody_can_say_which_of_the_two_is_wrong() -> None:
    profiles = {**drawn(41), "mother": drawn(42)["mother"]}
    found = checked(profiles, "mother", "sibling_1")
    assert {(c.change, c.person) for c in found.culprits} == {
        (Change.LINK_CUT, "sibling_1"),
        (Change.SAMPLE_REPLACED, "mother"),
        (Change.SAMPLE_REPLACED, "sibling_1"),
    }


def test_a_person_with_no_typed_relative_is_not_weighed() -> None:
    found = checked(drawn(43), "father", "mother")
    assert found.alternatives == () or all(a.log10_lr == 0 for a in found.alternatives)
    assert not found.is_doubtful


def with_mismatch(profiles: Mapping[str, Profile], loci: int) -> dict[str, Profile]:
    """The family where the child lacks the mother's alleles, one step off, at the first loci."""
    changed = dict(profiles["sibling_1"])
    for locus, names in list(zip(WORLD.book.loci, WORLD.book.alleles, strict=True))[:loci]:
        mother = {name for name in profiles["mother"][locus] if name}
        near = min(
            (n for n in names if n not in mother),
            key=lambda n: min(abs(float(n) - float(m)) for m in mother),
        )
        changed[locus] = (near, near)
    return {**profiles, "sibling_1": changed}


def test_one_mismatch_is_listed_and_excludes_nobody_with_or_without_mutation() -> None:
    profiles = with_mismatch(drawn(51), 1)
    assert checked(profiles, "mother", "sibling_1").needs_mutation == (WORLD.book.loci[0],)
    family = Family("f", PEDIGREE, "sought", {p: profiles[p] for p in ("mother", "sibling_1")})
    for compiler in (WORLD.compiler, PLAIN):
        found = check_consistency(family, compiler, PLAIN)
        assert not found.is_doubtful
    assert found.impossible == (WORLD.book.loci[0],)


def test_many_mismatches_make_the_link_doubtful() -> None:
    found = checked(with_mismatch(drawn(52), 8), "mother", "sibling_1")
    assert len(found.needs_mutation) == 8
    assert found.is_doubtful


def test_the_sex_marker_is_held_against_the_declared_sex() -> None:
    pedigree = siblings("sought", "sibling_1")
    family = Family("f", pedigree, "sought", {"father": {}, "mother": {}, "sibling_1": {}})
    sampled = SampledFamily(family, {"father": "s1", "mother": "s2", "sibling_1": "s3"})
    sexes = {"s1": Sex.FEMALE, "s2": Sex.FEMALE, "s3": Sex.MALE}
    (found,) = sex_mismatches([sampled], sexes)
    assert (found.person, found.sample, found.seen) == ("father", "s1", Sex.FEMALE)


def pairs_of(profiles: Mapping[str, Profile], *typed: str) -> dict[tuple[str, str], bool]:
    """Every two persons of a family, and whether the relation is doubtful."""
    names = sorted(typed)
    codes = np.stack(
        [
            [WORLD.book.code(locus, *profiles[name][locus]) for locus in WORLD.book.loci]
            for name in names
        ]
    ).astype(np.uint16)
    samples = Samples(People(names, WORLD.book, codes))
    family = Family("f", PEDIGREE, "sought", {name: profiles[name] for name in names})
    sampled = SampledFamily(family, {name: name for name in names})
    found = compare_relatives(sampled, samples, PairMarkers.of(WORLD.compiler))
    return {pair.persons: pair.is_doubtful for pair in found}


def test_declared_relatives_who_are_so_are_not_doubted() -> None:
    typed = ("father", "mother", "sibling_1", "sibling_2")
    assert not any(pairs_of(drawn(61), *typed).values())


def test_parents_who_are_siblings_are_unexpected_relatives() -> None:
    grand = siblings("father", "mother", father="g1", mother="g2")
    inbred = grand.with_sex("father", "male").with_sex("mother", "female")
    profiles = drawn(62, inbred.with_child("sibling_1", father="father", mother="mother"))
    assert pairs_of(profiles, "father", "mother")["father", "mother"]


def test_the_likely_relation_is_named() -> None:
    profiles = dict(drawn(63))
    profiles["sibling_2"] = profiles["sibling_1"]
    codes = [WORLD.book.code(locus, *profiles["sibling_1"][locus]) for locus in WORLD.book.loci]
    samples = Samples(People(["a", "b"], WORLD.book, np.array([codes, codes], dtype=np.uint16)))
    typed = {"sibling_1": profiles["sibling_1"], "sibling_2": profiles["sibling_2"]}
    sampled = SampledFamily(
        Family("f", PEDIGREE, "sought", typed), {"sibling_1": "a", "sibling_2": "b"}
    )
    (pair,) = compare_relatives(sampled, samples, PairMarkers.of(WORLD.compiler))
    assert pair.likely is Relation.IDENTICAL
    assert pair.is_doubtful
    assert pair.estimate.kinship == pytest.approx(0.5, abs=0.01)


def test_markers_without_frequencies_take_no_part() -> None:
    book = CodeBook(("M", "N"), (("8", "9"), ("8", "9")))
    compiler = Compiler(book, [None, None])
    family = Family("f", PEDIGREE, "sought", {"mother": {"M": ("8", "8")}})
    found = check_consistency(family, compiler, compiler)
    assert (found.needs_mutation, found.impossible, found.is_doubtful) == ((), (), False)
