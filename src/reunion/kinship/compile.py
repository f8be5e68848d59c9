"""Compile a family, marker by marker, into one table: log10 LR of every genotype a candidate shows.

Whatever is hard (mutation, theta, silent alleles, inbreeding, drop-out, any pedigree) is paid for
here, once; the scan of a national database only looks the entries up.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reunion.kinship._kernels import kernel
from reunion.kinship.book import CodeBook
from reunion.kinship.errors import BadGenotype, Contradiction, UnknownPerson
from reunion.kinship.frequencies import FrequencyTable, RareRule
from reunion.kinship.likelihood import (
    BUDGET,
    Budget,
    MarkerModel,
    Scaled,
    Seen,
    joint,
    observation,
)
from reunion.kinship.markers import Genotype, Profile
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.network import Member, Shape, shape_of, shape_with, with_stranger
from reunion.kinship.pedigree import Pedigree, Sex

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

KEPT_BLOCKS = 10_000
"""Compiled blocks that a compiler keeps of each locus (some 1.5 kB each), oldest dropped first."""


@dataclass(frozen=True, slots=True)
class Family:
    """A pedigree, the one person sought in it, and the typed relatives.

    Args:
        id: name of the family.
        pedigree: one connected pedigree, or several components.
        sought: the person whose place a candidate takes.
        profiles: genotypes by person and locus.
        dropout: per-allele drop-out probability of a person's sample, 0 where absent.

    Raises:
        UnknownPerson: the sought person or a typed one is not in the pedigree.
        BadGenotype: the sought person is typed.
    """

    id: str
    pedigree: Pedigree
    sought: str
    profiles: Mapping[str, Profile]
    dropout: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that everybody named is in the pedigree."""
        for person, role in [(self.sought, "sought"), *((p, "typed") for p in self.profiles)]:
            if person not in self.pedigree:
                raise UnknownPerson(person=person, role=role)
        if self.sought in self.profiles:
            raise BadGenotype(person=self.sought, marker="any", reason="the sought person is typed")


class Compiler:
    """Compiles families against the frequencies of one population, and keeps what it compiled.

    Args:
        book: the code book of the database to be scanned.
        models: per locus of the book its model, or None: the locus takes no part.
        name: of the frequency table, for results.
        budget: what one contraction may cost.

    The same evidence in the same shape gives the same block, so blocks are kept by (shape,
    evidence) for each marker.
    """

    def __init__(
        self,
        book: CodeBook,
        models: Sequence[MarkerModel | None],
        *,
        name: str = "",
        budget: Budget = BUDGET,
    ) -> None:
        """Find where the alleles of the book stand in each model."""
        self.book = book
        self.models = tuple(models)
        self.name = name
        self._budget = budget
        self._known: dict[tuple[object, ...], int] = {}
        self._kept: list[dict[tuple[object, ...], FloatArray | None]] = [{} for _ in self.models]
        self._nothing = [np.zeros(place.stop - place.start) for _, _, place in book.blocks()]
        self._positions = [
            np.array([model.positions[a] for a in alleles] if model else [], dtype=np.int64)
            for model, (_, alleles, _) in zip(self.models, book.blocks(), strict=True)
        ]

    @classmethod
    def of_table(
        cls,
        book: CodeBook,
        table: FrequencyTable,
        mutations: Mapping[str, Mutation],
        *,
        theta: float = 0.0,
        rule: RareRule = RareRule.FIVE_OVER_2N,
        floor: float | None = None,
        x_linked: bool = False,
        budget: Budget = BUDGET,
    ) -> Compiler:
        """A compiler for a frequency table; alleles of the book that it lacks follow `rule`.

        `x_linked`: whether the loci of the book lie on X; they have a book of their own.
        """
        models = [
            MarkerModel(
                table.markers[locus].prepared(alleles, rule=rule, floor=floor, table=table.name),
                mutations.get(locus, Mutation()),
                theta,
                x_linked=x_linked,
                table=table.name,
            )
            if locus in table.markers
            else None
            for locus, alleles, _ in book.blocks()
        ]
        return cls(book, models, name=table.name, budget=budget)

    def without_mutation(self) -> Compiler:
        """The same markers where alleles never change: its -inf entries mark inconsistencies."""
        models = [
            None if m is None else replace(m, mutation=Mutation(MutationKind.NONE), theta=0.0)
            for m in self.models
        ]
        return Compiler(self.book, models, name=self.name, budget=self._budget)

    def table(self, family: Family) -> FloatArray:
        """log10 LR of every code: "the candidate is the sought person" against "unrelated".

        Returns:
            float64 of shape (book.size,): 0.0 at codes of "not typed" and at loci without model,
            -inf where the genotype is impossible in the family.

        Raises:
            Contradiction: the relatives themselves contradict the pedigree at a marker.
            UnknownAllele, BadGenotype, TooExpensive: see `likelihood.joint`.

        Source:
            Compiled as a tensor network; equal to the ratio of full likelihoods per genotype.
        """
        blocks = self.blocks(family)
        found = [block for block in blocks if block is not None]
        if len(found) < len(blocks):
            raise Contradiction(marker=self.book.loci[blocks.index(None)])
        return np.concatenate(found)

    def blocks(self, family: Family) -> list[FloatArray | None]:
        """The table in parts, one for each locus; None where the relatives contradict."""
        place = _Place.of(family)
        number = self._known.setdefault(place, len(self._known))
        profiles = tuple(family.profiles.values())
        blocks: list[FloatArray | None] = []
        for at, (model, kept) in enumerate(zip(self.models, self._kept, strict=True)):
            if model is None:
                blocks.append(self._nothing[at])
                continue
            genotypes = [profile.get(model.name) for profile in profiles]
            key = (number, *genotypes)
            if key not in kept:
                if len(kept) >= KEPT_BLOCKS:
                    del kept[next(iter(kept))]
                kept[key] = self._compiled(family, place, genotypes, model, at)
            blocks.append(kept[key])
        return blocks

    def content_hash(self, family: Family) -> str:
        """A name for the table of a family: equal content, equal name; for stores of tables."""
        digest = hashlib.sha256(self.book.version.encode())
        digest.update(repr(_Place.of(family)).encode())
        for model in self.models:
            if model is not None:
                settings = (model.name, model.frequencies.alleles, model.theta, model.mutation)
                genotypes = [profile.get(model.name) for profile in family.profiles.values()]
                digest.update(repr((settings, model.x_linked, genotypes)).encode())
                digest.update(model.frequencies.p.tobytes())
        return digest.hexdigest()

    def _compiled(
        self,
        family: Family,
        place: _Place,
        genotypes: Sequence[Genotype | None],
        model: MarkerModel,
        locus: int,
    ) -> FloatArray | None:
        """The block of one locus, contracted anew; None where the relatives contradict."""
        laws = self._joint(family, place, genotypes, model)
        if laws is None:
            return None
        block = np.zeros(self._nothing[locus].size)
        _fill(*laws, model, self._positions[locus], block)
        block.flags.writeable = False
        return block

    def laws(self, family: Family, loci: Collection[str] | None = None) -> list[MarkerLaw]:
        """For each locus with a model, every genotype that can be seen: its LR and both laws.

        `loci`: only these; None: all.

        The alleles are those of the model, not of the book, so that each law is complete (but for
        a candidate with two silent alleles, who is not typed).

        Raises:
            Contradiction: the relatives themselves contradict the pedigree at a marker.
        """
        place = _Place.of(family)
        found = []
        for model in self.models:
            if model is None or (loci is not None and model.name not in loci):
                continue
            genotypes = [profile.get(model.name) for profile in family.profiles.values()]
            laws = self._joint(family, place, genotypes, model)
            if laws is None:
                raise Contradiction(marker=model.name)
            found.append(_marker_law(*laws, model))
        return found

    def _joint(
        self,
        family: Family,
        place: _Place,
        genotypes: Sequence[Genotype | None],
        model: MarkerModel,
    ) -> tuple[Scaled, Scaled] | None:
        """P(family, the candidate's alleles), related and unrelated; None where it is all 0."""
        shape = place.shape(x_linked=model.x_linked)
        if model.x_linked and family.pedigree[family.sought].sex is Sex.UNKNOWN:
            raise BadGenotype(
                person=family.sought, marker=model.name, reason="an X marker needs the sex"
            )
        observed: list[Seen | None] = [None] * len(shape.members)
        for person, at, dropout, genotype in zip(
            family.profiles, place.typed, place.dropout, genotypes, strict=True
        ):
            if genotype is not None:
                sex = family.pedigree.persons[at].sex
                observed[at] = observation(person, sex, model, genotype, dropout)
        related = joint(shape, model, observed, output=place.sought, budget=self._budget)
        total = float(related.values.sum())
        if total <= 0:
            return None
        return related, self._unrelated(shape, place.sought, model, observed, related, total)

    def _unrelated(
        self,
        shape: Shape,
        sought: int,
        model: MarkerModel,
        observed: Sequence[Seen | None],
        related: Scaled,
        total: float,
    ) -> Scaled:
        """P(family, alleles of the candidate) where the candidate is unrelated.

        At theta 0 the two factors are independent; at theta > 0 the candidate draws from the
        same urn as the founders of the family.
        """
        male = shape.members[sought].male
        if model.theta > 0:
            wider = with_stranger(shape, male=male)
            return joint(wider, model, (*observed, None), output=len(observed), budget=self._budget)
        p = model.frequencies.p
        first = p[:, None] * total
        law = first if related.values.shape[1] == 1 else first * p
        return Scaled(law, related.exponent)


class _Place(NamedTuple):
    """The structure of a family, names left out: equal ones share compiled blocks."""

    pedigree: tuple[Member, ...]
    sought: int
    typed: tuple[int, ...]
    dropout: tuple[float, ...]

    @classmethod
    def of(cls, family: Family) -> _Place:
        """The structure of this family."""
        typed = tuple(family.profiles)
        dropout = tuple([family.dropout.get(person, 0.0) for person in typed])
        return _place(family.pedigree, family.sought, typed, dropout)

    def shape(self, *, x_linked: bool) -> Shape:
        """The shape for autosomal or for X markers."""
        return shape_with(self.pedigree, x_linked)


@lru_cache(maxsize=4096)
def _place(
    pedigree: Pedigree, sought: str, typed: tuple[str, ...], dropout: tuple[float, ...]
) -> _Place:
    """The structure of a family, names turned into positions."""
    position = {person.id: i for i, person in enumerate(pedigree.persons)}
    members = shape_of(pedigree).members
    return _Place(members, position[sought], tuple([position[p] for p in typed]), dropout)


@dataclass(frozen=True, slots=True, eq=False)
class MarkerLaw:
    """What a candidate can show at one marker: float64 arrays over genotypes.

    `log10_lr`: -inf where the family forbids it. `related`, `unrelated`: P(genotype | family) if
    the candidate is the sought person, or is unrelated.
    """

    marker: str
    log10_lr: FloatArray
    related: FloatArray
    unrelated: FloatArray


def _fill(
    related: Scaled,
    unrelated: Scaled,
    model: MarkerModel,
    positions: IntArray,
    block: FloatArray,
) -> None:
    """Write the block of one locus."""
    _fill_block(
        related.values,
        unrelated.values,
        positions,
        model.laws.silent,
        related.values.shape[1] == 1,
        (unrelated.exponent - related.exponent) * math.log10(2.0),
        block,
    )


def _marker_law(related: Scaled, unrelated: Scaled, model: MarkerModel) -> MarkerLaw:
    """The laws over all genotypes that can be seen."""
    silent = model.laws.silent
    positions = np.array([i for i in range(len(model.laws.p)) if i != silent], dtype=np.int64)
    n = len(positions)
    block = np.zeros(1 + n * (n + 1) // 2 + n)
    _fill(related, unrelated, model, positions, block)
    law = np.zeros(n * (n + 1) // 2)
    hemizygous = related.values.shape[1] == 1
    _fill_law(unrelated.values / unrelated.values.sum(), positions, silent, hemizygous, law)
    log10_lr = block[1 : 1 + len(law)]
    return MarkerLaw(model.name, log10_lr, law * 10.0**log10_lr, law)


@kernel
def _cell(joint_law: FloatArray, i: int, j: int, silent: int, hemizygous: bool) -> float:
    """P(family, candidate shows i/j): both phases, and i/silent where only i is seen."""
    if hemizygous:
        return float(joint_law[i, 0]) if i == j else 0.0
    if i != j:
        return float(joint_law[i, j] + joint_law[j, i])
    total = joint_law[i, i]
    if silent >= 0 and silent != i:
        total += joint_law[i, silent] + joint_law[silent, i]
    return float(total)


@kernel
def _partial_cell(joint_law: FloatArray, i: int, hemizygous: bool) -> float:
    """P(family, candidate holds allele i, the other one not known)."""
    if hemizygous:
        return float(joint_law[i, 0])
    total = joint_law[i, i]
    for j in range(joint_law.shape[0]):
        if j != i:
            total += joint_law[i, j] + joint_law[j, i]
    return float(total)


@kernel
def _fill_law(
    joint_law: FloatArray, positions: IntArray, silent: int, hemizygous: bool, law: FloatArray
) -> None:
    """P(candidate shows i/j) for i <= j, row by row of j."""
    at = 0
    for j in range(positions.size):
        for i in range(j + 1):
            law[at] = _cell(joint_law, positions[i], positions[j], silent, hemizygous)
            at += 1


@kernel
def _log_ratio(above: float, below: float, shift: float) -> float:
    """log10(above / below); what the family forbids is -inf, whatever the population says."""
    if above <= 0.0:
        return -np.inf
    if below <= 0.0:
        return np.inf
    return float(np.log10(above / below) + shift)


@kernel
def _fill_block(
    related: FloatArray,
    unrelated: FloatArray,
    positions: IntArray,
    silent: int,
    hemizygous: bool,
    shift: float,
    block: FloatArray,
) -> None:
    """The block of one locus: not typed, genotypes i <= j row by row of j, partial genotypes.

    Args:
        related, unrelated: (K, K), or (K, 1) for a male's X: joint laws of the candidate's
            alleles and the family's genotypes.
        positions: (n_book_alleles,) where each allele of the book stands in the laws.
        silent: position of the silent allele, or -1.
        hemizygous: whether the candidate has one allele.
        shift: added to every log10 (powers of two taken out of the laws).
        block: (1 + n(n+1)/2 + n,) result, log10 LR.
    """
    block[0] = 0.0
    n = positions.size
    at = 1
    for j in range(n):
        for i in range(j + 1):
            above = _cell(related, positions[i], positions[j], silent, hemizygous)
            below = _cell(unrelated, positions[i], positions[j], silent, hemizygous)
            block[at] = _log_ratio(above, below, shift)
            at += 1
    for i in range(n):
        above = _partial_cell(related, positions[i], hemizygous)
        below = _partial_cell(unrelated, positions[i], hemizygous)
        block[at] = _log_ratio(above, below, shift)
        at += 1
