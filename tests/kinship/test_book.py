"""The code book: every genotype has one code of its own, and versions never mix."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pytest

from reunion.kinship.book import CodeBook, remap
from reunion.kinship.errors import BadBook, NotInBook, UnknownCode

BOOK = CodeBook(("TH01", "TPOX", "FGA"), (("6", "7", "9.3"), ("8",), ("21", "22", "23", "24.2")))


def all_genotypes(names: tuple[str, ...]) -> list[tuple[str, str | None]]:
    return [*combinations_with_replacement(names, 2), *((name, None) for name in names)]


def test_every_genotype_has_a_code_of_its_own_and_the_codes_are_dense() -> None:
    codes = [
        BOOK.code(locus, *genotype)
        for locus, names, _ in BOOK.blocks()
        for genotype in all_genotypes(names)
    ]
    assert sorted(codes + BOOK.missing_row().tolist()) == list(range(BOOK.size))


def test_a_code_gives_back_its_genotype() -> None:
    for at, (locus, names, _) in enumerate(BOOK.blocks()):
        for genotype in all_genotypes(names):
            assert BOOK.genotype(at, BOOK.code(locus, *genotype)) == genotype


def test_the_order_of_two_alleles_does_not_matter() -> None:
    assert BOOK.code("FGA", "23", "21") == BOOK.code("FGA", "21", "23")


def test_genotypes_lie_in_the_order_of_the_lower_triangle() -> None:
    locus, names, block = list(BOOK.blocks())[2]
    second, first = np.tril_indices(len(names))
    codes = [
        BOOK.code(locus, names[i], names[j])
        for i, j in zip(first.tolist(), second.tolist(), strict=True)
    ]
    assert codes == list(range(block.start + 1, block.start + 11))


def test_an_untyped_locus_has_no_genotype() -> None:
    row = BOOK.missing_row()
    assert row.dtype == np.uint16
    assert [BOOK.genotype(at, code) for at, code in enumerate(row.tolist())] == [None, None, None]


def test_a_code_of_another_locus_has_no_genotype_here() -> None:
    with pytest.raises(UnknownCode) as caught:
        BOOK.genotype(0, BOOK.code("TPOX", "8", "8"))
    assert caught.value.fields["marker"] == "TH01"


def test_an_unknown_allele_or_locus_is_refused_by_name() -> None:
    with pytest.raises(NotInBook, match=r"TH01.*allele 12"):
        BOOK.code("TH01", "12", "6")
    with pytest.raises(NotInBook, match="D99"):
        BOOK.code("D99", "12", "6")


def test_a_code_outside_its_column_is_refused_with_its_row() -> None:
    codes = np.tile(BOOK.missing_row(), (5, 1))
    BOOK.check(codes)
    codes[3, 1] = BOOK.size
    with pytest.raises(UnknownCode) as caught:
        BOOK.check(codes)
    assert (caught.value.fields["row"], caught.value.fields["marker"]) == (3, "TPOX")


def test_a_matrix_of_another_shape_or_dtype_is_refused() -> None:
    with pytest.raises(ValueError, match="uint16"):
        BOOK.check(np.zeros((2, 3), dtype=np.int64))
    with pytest.raises(ValueError, match="uint16"):
        BOOK.check(np.zeros((2, 2), dtype=np.uint16))


def test_equal_books_are_of_one_version_and_others_are_not() -> None:
    assert CodeBook(BOOK.loci, BOOK.alleles).version == BOOK.version
    swapped = CodeBook(BOOK.loci, (("7", "6", "9.3"), *BOOK.alleles[1:]))
    assert swapped.version != BOOK.version


def test_new_alleles_come_last_in_their_locus_and_make_a_new_version() -> None:
    wider = BOOK.with_alleles({"TPOX": ["11", "8"]})
    assert wider.alleles == (BOOK.alleles[0], ("8", "11"), BOOK.alleles[2])
    assert wider.version != BOOK.version


def test_an_allele_that_is_there_already_changes_nothing() -> None:
    assert BOOK.with_alleles({"TPOX": ["8"]}) == BOOK


def test_codes_of_an_old_book_are_translated_genotype_by_genotype() -> None:
    wider = BOOK.with_alleles({"TH01": ["5"], "FGA": ["25", "26"]})
    lut = remap(BOOK, wider)
    for at, (locus, names, _) in enumerate(BOOK.blocks()):
        assert lut[BOOK.offsets[at]] == wider.offsets[at]
        for genotype in all_genotypes(names):
            assert lut[BOOK.code(locus, *genotype)] == wider.code(locus, *genotype)


def test_a_book_that_lacks_an_allele_or_a_locus_translates_nothing() -> None:
    with pytest.raises(NotInBook):
        remap(BOOK.with_alleles({"TPOX": ["11"]}), BOOK)
    with pytest.raises(BadBook):
        remap(BOOK, CodeBook(("TH01",), (("6",),)))


def test_names_listed_twice_are_refused() -> None:
    with pytest.raises(BadBook, match="locus"):
        CodeBook(("A", "A"), (("1",), ("1",)))
    with pytest.raises(BadBook, match="allele of A"):
        CodeBook(("A",), (("1", "1"),))
    with pytest.raises(BadBook, match="alleles for 0"):
        CodeBook(("A",), ())


def test_a_book_holds_as_many_codes_as_two_bytes_and_no_more() -> None:
    def with_codes(alleles: int) -> CodeBook:
        return CodeBook(("A",), (tuple(map(str, range(alleles))),))

    assert with_codes(360).size == 65_341
    with pytest.raises(BadBook, match="65703"):
        with_codes(361)
