"""A small lead to report on: three markers, two tables, a handful of people."""

from __future__ import annotations

from datetime import date

import numpy as np

from reunion.kinship.book import CodeBook
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.frequencies import Frequencies, FrequencyTable
from reunion.kinship.markers import Genotype
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import siblings
from reunion.kinship.report.lead import Input, LeadReport, Particulars, lead_report
from reunion.kinship.search import People

LOCI = ("L1", "L2", "L3")
ALLELES = ("8", "9", "10")
STEPWISE = Mutation(MutationKind.STEPWISE, female=0.001, male=0.003, rate2=1e-6, range=0.1)
BOOK = CodeBook(LOCI, (("8", "9", "10", "11"), ALLELES, ALLELES))

PEOPLE: dict[str, dict[str, Genotype]] = {
    "S1": {"L1": ("8", "9"), "L2": ("8", "10"), "L3": ("9", "9")},
    "S2": {"L1": ("9", "11"), "L2": ("10", "10"), "L3": ("8", None)},
    "S3": {"L1": ("8", "8"), "L3": ("8", "10")},
}
SIBLING: dict[str, Genotype] = {"L1": ("8", "9"), "L2": ("10", "10"), "L3": ("9", "9")}
MOTHER: dict[str, Genotype] = {"L1": ("8", "8"), "L2": ("8", "10")}
FAMILY = Family(
    "F1", siblings("child", "sister", sex="female"), "child", {"sister": SIBLING, "mother": MOTHER}
)
INPUTS = (Input("families", "families.csv", "a" * 64), Input("profiles", "profiles.csv", "b" * 64))
PARTICULARS = Particulars("R-1", date(2026, 3, 4), INPUTS, {"sister": "X1", "mother": "X2"})


def table(name: str, *rows: tuple[float, float, float], is_default: bool = False) -> FrequencyTable:
    """A frequency table of the three markers."""
    markers = {
        locus: Frequencies(locus, ALLELES, values, 200)
        for locus, values in zip(LOCI, rows, strict=True)
    }
    return FrequencyTable(name, f"people of {name}", f"study of {name}", markers, is_default)


EAST = table("east", (0.2, 0.3, 0.5), (0.1, 0.1, 0.8), (0.3, 0.3, 0.4), is_default=True)
WEST = table("west", (0.4, 0.3, 0.3), (0.2, 0.2, 0.6), (0.3, 0.2, 0.5))


def compiler(
    mutation: Mutation = STEPWISE, *, theta: float = 0.0, of: FrequencyTable = EAST
) -> Compiler:
    """A compiler for one of the tables."""
    book = CodeBook(LOCI, (ALLELES,) * 3)
    return Compiler.of_table(book, of, dict.fromkeys(LOCI, mutation), theta=theta)


def people() -> People:
    """Everybody who is searched."""
    codes = np.tile(BOOK.missing_row(), (len(PEOPLE), 1))
    for row, profile in enumerate(PEOPLE.values()):
        for locus, genotype in profile.items():
            codes[row, LOCI.index(locus)] = BOOK.code(locus, *genotype)
    return People(tuple(PEOPLE), BOOK, codes)


def lead(
    family: Family = FAMILY,
    sample: str = "S1",
    *,
    mutation: Mutation = STEPWISE,
    theta: float = 0.0,
    particulars: Particulars = PARTICULARS,
) -> LeadReport:
    """The report of one of the people for a family."""
    compilers = [
        Compiler.of_table(BOOK, of, dict.fromkeys(LOCI, mutation), theta=theta)
        for of in (EAST, WEST)
    ]
    return lead_report(family, sample, people(), compilers, (EAST, WEST), particulars)
