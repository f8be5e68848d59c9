"""Errors of the kinship library: each carries the fields that a reader needs to mend the data.

`sentence` is the English wording with named places for the fields; a page or a command in
another language words the same fields itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar


class KinshipError(Exception):
    """Something that the kinship library was given cannot be used as it stands."""

    sentence: ClassVar[str] = "{reason}"

    def __init__(self, **fields: object) -> None:
        """Keep the fields; a field that `sentence` names and that is missing is our own fault."""
        super().__init__(self.sentence.format(**fields))
        self.fields = fields

    def __reduce__(self) -> tuple[Callable[[], KinshipError], tuple[()]]:
        """Built again from its fields in another process."""
        return partial(type(self), **self.fields), ()


class PedigreeError(KinshipError):
    """The persons and parents given do not make a pedigree."""


class DuplicatePerson(PedigreeError):
    """Two persons of one pedigree have the same name."""

    sentence = "person {person} is listed twice"


class UnknownPerson(PedigreeError):
    """A person is spoken of who is not in the pedigree."""

    sentence = "person {person} is not in the pedigree ({role})"


class OneParent(PedigreeError):
    """A person has one parent listed and the other one not."""

    sentence = "person {person} has only one parent: list both parents, or none"


class ImpossibleParent(PedigreeError):
    """The sex or the place of a person forbids the part of a parent."""

    sentence = "person {parent} cannot be the {role} of {person}: {reason}"


class OwnAncestor(PedigreeError):
    """Somebody descends from themselves."""

    sentence = "person {person} is his or her own ancestor: {chain}"


class ImpossibleTwins(PedigreeError):
    """Persons who cannot be identical twins are called so."""

    sentence = "{persons} cannot be identical twins: {reason}"


class ImpossibleMerge(PedigreeError):
    """Two persons of two pedigrees cannot be one."""

    sentence = "{person} and {other} cannot be one person: {reason}"


class ImpossibleInbreeding(PedigreeError):
    """A founder inbreeding coefficient that has no meaning here."""

    sentence = "founder inbreeding of {person}: {reason}"


class MarkerError(KinshipError):
    """Alleles, frequencies or mutation of a marker cannot be used."""


class BadAllele(MarkerError):
    """A text that is no allele name."""

    sentence = "{allele!r} is not an allele name of marker {marker}: {reason}"


class UnknownAllele(MarkerError):
    """An allele that the frequency table lacks, under a rule that does not add it."""

    sentence = (
        "marker {marker}: allele {allele} is not in the frequency table {table}, and the rule"
        " {rule} does not add alleles"
    )


class NoFloor(MarkerError):
    """The rare-allele rule needs a number that neither the table nor the rule gives."""

    sentence = (
        "marker {marker}: the table {table} does not say how many alleles were sampled, so the"
        " rule {rule} needs a fixed floor"
    )


class BadFrequencies(MarkerError):
    """Frequencies that are negative, too many, or do not sum to 1."""

    sentence = "marker {marker}: {reason}"


class BadMutation(MarkerError):
    """A mutation model whose parameters make no transition matrix."""

    sentence = "marker {marker}: the mutation model {model} cannot be used: {reason}"


class BadGenotype(MarkerError):
    """A genotype that the person cannot have."""

    sentence = "person {person}, marker {marker}: {reason}"


class BadSetting(KinshipError):
    """Two settings that cannot be combined, or one outside its range."""

    sentence = "{setting}: {reason}"


class Contradiction(KinshipError):
    """The genotypes of a family are impossible under its own pedigree."""

    sentence = (
        "the typed relatives contradict the pedigree at marker {marker}, whoever the sought"
        " person is: check the samples, or use a mutation model"
    )


class TooExpensive(KinshipError):
    """A contraction beyond the stated budget, refused before it starts."""

    sentence = (
        "this pedigree would take about {cost:.1e} {unit} at a marker with {alleles} alleles; the"
        " budget is {budget:.1e}. Cheaper: {advice}"
    )


class TooManyAssignments(KinshipError):
    """More ways to assign candidates to sought persons than are weighed, refused at the start."""

    sentence = (
        "{candidates} candidates for {sought} sought persons who hang together can be assigned in"
        " {count} ways; at most {limit} are weighed. Fewer: {advice}"
    )


class BookError(KinshipError):
    """A code book, or codes and tables that should go with it."""


class BadBook(BookError):
    """Loci and alleles that make no code book."""

    sentence = "no code book can be made: {reason}"


class NotInBook(BookError):
    """A locus or an allele that the code book lacks."""

    sentence = "marker {marker}: {what} is not in code book {version}"


class VersionMismatch(BookError):
    """Codes or tables of one version of the code book meet those of another one."""

    sentence = "{what} is of code book {found}, wanted is {expected}: translate it first"


class UnknownCode(BookError):
    """A code that the code book does not give to this locus."""

    sentence = "row {row}, marker {marker}: code {code} is not one of code book {version}"


class IndexFault(KinshipError):
    """The index of profiles, in memory or on disk."""


class DuplicateProfile(IndexFault):
    """A profile is added whose id is in the index already, or stands twice among the new ones."""

    sentence = "profile {id} is in the index already, or is added twice"


class UnknownProfile(IndexFault):
    """A profile that the index lacks, or that was deleted."""

    sentence = "profile {id} is not in the index"


class SnapshotFault(IndexFault):
    """A snapshot on disk cannot be used: rebuild it from the records."""

    sentence = "snapshot {folder}, file {file}: {reason}"


class ClusterFault(KinshipError):
    """A cluster cannot be reached, or did not finish what it was given."""

    sentence = "cluster {address}: {reason}"


class ResultsFault(KinshipError):
    """A folder of results is not whole, or belongs to another search."""

    sentence = "results folder {folder}: {reason}"


class TooManyDuplicates(KinshipError):
    """So many equal profiles that a control or a plate must be in the file many times."""

    sentence = (
        "more than {most} pairs of samples look like one person each: take out controls, ladders"
        " and repeated plates, then check again"
    )


class MissingPackage(KinshipError):
    """A part of the library needs a package that is not installed here."""

    sentence = (
        "{what} needs the package {package}, which is not installed: install reunion[{extra}]"
    )


class BadSequence(KinshipError):
    """A mitochondrial range or difference that cannot be read."""

    sentence = "mitochondrial {note!r}: {reason}"
