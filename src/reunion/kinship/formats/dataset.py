"""What a laboratory's file holds, whatever its format: one value that every reader gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.formats.genotypes import Checks, Single
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.markers import Genotype
from reunion.kinship.mutation import Mutation
from reunion.kinship.pedigree import Sex


@dataclass(frozen=True, slots=True)
class Rules:
    """How a file is read.

    Args:
        checks: the loci and alleles that are known.
        single: what one allele alone stands for, where the format does not say it.
        encoding: of a text file; "latin-1" only where the sender says so.
    """

    checks: Checks
    single: Single = "quarantine"
    encoding: Literal["utf-8", "latin-1"] = "utf-8"


@dataclass(frozen=True, slots=True)
class MitochondrialRange:
    """A sequenced range of the mitochondrial genome, and how it differs from the rCRS.

    Args:
        first: first position, from 1.
        last: last position, at most 16569.
        differences: like T16223C, 315.1C or G16047DEL, in the order of the file.
        homopolymers: notes about lengths of homopolymers, as they stand in the file.
    """

    first: int
    last: int
    differences: tuple[str, ...] = ()
    homopolymers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample of one person.

    Args:
        id: as the laboratory gave it.
        genotypes: of the autosomal loci and the sex marker, by the name in the catalogue.
        haplotypes: alleles of markers on X and Y, which take no part in a search.
        mitochondrial: sequenced ranges.
        sex: as declared.
        kit: name of the typing kit, as it stands in the file.
        role: what the file calls the sample, such as "Biological Father".
        fields: what else the file says about it, by the name in the file in lower case.
    """

    id: str
    genotypes: Mapping[str, Genotype] = field(default_factory=dict)
    haplotypes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mitochondrial: tuple[MitochondrialRange, ...] = ()
    sex: Sex = Sex.UNKNOWN
    kit: str = ""
    role: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a file holds.

    Args:
        samples: in the order of the file, each id once.
        families: their pedigrees; `sought` is blank where the file marks nobody, and `lines` is
            empty.
        frequencies: the frequency table, where there is one.
        minima: least frequency by locus, where the file states one.
        mutations: mutation model by locus.
        kept: texts that are not understood, by their place in the file.
    """

    samples: tuple[Sample, ...] = ()
    families: tuple[FamilyRecord, ...] = ()
    frequencies: FrequencyTable | None = None
    minima: Mapping[str, float] = field(default_factory=dict)
    mutations: Mapping[str, Mutation] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file.

    Args:
        file: the file as the caller named it.
        dataset: what nothing speaks against.
        quarantine: one complaint for each thing that was put aside.
        notes: what a person should know, though nothing was put aside.
        sha256: of the file.
    """

    file: str
    dataset: Dataset
    quarantine: tuple[Complaint, ...]
    notes: tuple[str, ...]
    sha256: str
