"""Names of alleles and loci, frequency tables, and the recorded rule for rare alleles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reunion.kinship.errors import BadAllele, BadFrequencies, NoFloor, UnknownAllele
from reunion.kinship.frequencies import Frequencies, RareRule
from reunion.kinship.markers import Catalogue, Locus, allele_name, allele_order, locus_key

TABLE = Frequencies("X", ("8", "9", "9.3"), (0.2, 0.3, 0.5), two_n=200)


@pytest.mark.parametrize(
    ("text", "name"), [("9.30", "9.3"), ("9,3", "9.3"), (" 12 ", "12"), ("9.0", "9"), ("０９", "9")]
)
def test_one_allele_has_one_spelling(text: str, name: str) -> None:
    assert allele_name(text) == name


@pytest.mark.parametrize("text", ["OL", "", "12>", "<8", "10.x", "123", "9.35", "-1", "1e1"])
def test_what_is_no_allele_is_refused(text: str) -> None:
    with pytest.raises(BadAllele):
        allele_name(text)


def test_alleles_are_ordered_by_size_and_not_by_text() -> None:
    assert allele_order(["10", "9.3", "9", "silent"]) == ["9", "9.3", "10", "silent"]


def test_a_canonical_name_wins_over_the_alias_of_another_locus() -> None:
    catalogue = Catalogue((Locus("A", "1", aliases=("B", "A-1")), Locus("B", "2")))
    found = [catalogue.find(text) for text in ("b", "a_1", "C")]
    assert [locus and locus.name for locus in found] == ["B", "A", None]
    assert locus_key("ＴＨ０１") == "TH01"


def test_tables_are_normalised_but_not_under_as_given() -> None:
    raw = Frequencies("X", ("8", "9"), (0.4999, 0.5))
    assert raw.prepared(rule=RareRule.REJECT).p.sum() == pytest.approx(1, abs=1e-15)
    assert raw.prepared(rule=RareRule.AS_GIVEN).p.tolist() == [0.4999, 0.5]


def test_five_over_2n_adds_raises_and_divides() -> None:
    table = Frequencies("X", ("8", "9"), (0.01, 0.99), two_n=100)
    rare = table.prepared(["7"])
    total = 0.05 + 0.05 + 0.99
    assert rare.alleles == ("7", "8", "9")
    assert rare.p.tolist() == pytest.approx([0.05 / total, 0.05 / total, 0.99 / total])
    assert (rare.added, rare.floor, rare.rule) == (("7",), 0.05, RareRule.FIVE_OVER_2N)


def test_add_scales_the_others_by_what_is_left() -> None:
    rare = TABLE.prepared(["10"], rule=RareRule.ADD, floor=0.1)
    assert rare.p.tolist() == pytest.approx([0.18, 0.27, 0.45, 0.1])


@pytest.mark.parametrize("rule", [RareRule.REJECT, RareRule.AS_GIVEN])
def test_an_unlisted_allele_is_refused_by_name(rule: RareRule) -> None:
    with pytest.raises(UnknownAllele, match=r"allele 10 .* Han") as refused:
        TABLE.prepared(["10"], rule=rule, table="Han")
    assert refused.value.fields["marker"] == "X"


def test_a_rule_without_a_floor_is_refused() -> None:
    with pytest.raises(NoFloor, match="fixed floor"):
        Frequencies("X", ("8",), (1.0,)).prepared(["9"])


def test_a_silent_allele_keeps_its_share_of_the_table() -> None:
    table = Frequencies("X", ("8", "silent"), (0.99, 0.01), two_n=100)
    assert table.prepared().p.tolist() == pytest.approx([0.99, 0.01])
    assert table.prepared().silent == 1


@pytest.mark.parametrize(
    ("alleles", "values"),
    [(("8", "8"), (0.5, 0.5)), (("8",), (0.5,)), (("8", "9"), (-0.1, 1.1)), ((), ())],
)
def test_what_is_no_frequency_table_is_refused(
    alleles: tuple[str, ...], values: tuple[float, ...]
) -> None:
    with pytest.raises(BadFrequencies, match="marker X"):
        Frequencies("X", alleles, values)


@given(st.lists(st.integers(3, 40), max_size=6), st.sampled_from(["five_over_2n", "add"]))
def test_prepared_frequencies_sum_to_one(sizes: list[int], rule: str) -> None:
    prepared = TABLE.prepared(map(str, sizes), rule=RareRule(rule))
    assert prepared.p.sum() == pytest.approx(1, abs=1e-12)
    assert list(prepared.alleles) == allele_order(prepared.alleles)
