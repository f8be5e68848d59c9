"""Exact likelihood of a pedigree at one marker: any shape, mutation, theta, silent alleles, X.

Nobody is pruned who matters: an untyped person stays if anybody typed descends from them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reunion.kinship._contraction import NOT_TYPED, SECOND_UNKNOWN, contract
from reunion.kinship.errors import BadGenotype, BadSetting, TooExpensive, UnknownAllele
from reunion.kinship.frequencies import PreparedFrequencies
from reunion.kinship.markers import Genotype
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.network import (
    NARROW,
    PINNED,
    UNTYPED,
    WIDE,
    Network,
    Shape,
    cost,
    network,
    shape_of,
)
from reunion.kinship.pedigree import Pedigree, Sex

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Budget:
    """What one likelihood may cost before it is refused.

    `multiplications` take about a second per 1e9; `cells` are float64 numbers of memory.
    """

    multiplications: float = 3e10
    cells: float = 2e8


BUDGET = Budget()
NO_MUTATION = Mutation()
_LUMPABLE = (MutationKind.NONE, MutationKind.EQUAL, MutationKind.PROPORTIONAL)


class Seen(NamedTuple):
    """One observation: allele positions (second SECOND_UNKNOWN: not known), per-allele drop-out."""

    first: int
    second: int
    dropout: float = 0.0


class Scaled(NamedTuple):
    """Numbers that may be too small for a float: the true ones are `values * 2**-exponent`."""

    values: FloatArray
    exponent: int

    def log10(self) -> float:
        """log10 of the sum of all values; -inf for 0."""
        total = float(self.values.sum())
        return math.log10(total) - self.exponent * math.log10(2) if total > 0 else -math.inf


class Laws(NamedTuple):
    """A marker as numbers: frequencies (K,), transitions (K, K) by sex, silent position, theta."""

    p: FloatArray
    female: FloatArray
    male: FloatArray
    silent: int
    theta: float


@dataclass(frozen=True, slots=True, eq=False)
class MarkerModel:
    """All that a likelihood needs to know of a marker besides the persons.

    Args:
        frequencies: after the rare-allele rule.
        mutation: model of this locus.
        theta: coancestry coefficient, 0 <= theta < 1.
        x_linked: whether the marker lies on the X chromosome.
        table: name of the frequency table, for results and messages.
    """

    frequencies: PreparedFrequencies
    mutation: Mutation = NO_MUTATION
    theta: float = 0.0
    x_linked: bool = False
    table: str = ""
    positions: dict[str, int] = field(init=False)
    laws: Laws = field(init=False)

    def __post_init__(self) -> None:
        """Build the transition matrices; refuse a theta outside its range."""
        if not 0 <= self.theta < 1:
            raise BadSetting(setting="theta", reason=f"{self.theta} is not in 0 <= theta < 1")
        alleles = self.frequencies.alleles
        female, male = self.mutation.transitions(
            alleles, self.frequencies.p, silent=self.frequencies.silent, marker=self.name
        )
        object.__setattr__(self, "positions", {name: i for i, name in enumerate(alleles)})
        silent = self.frequencies.silent
        laws = Laws(self.frequencies.p, female, male, silent, float(self.theta))
        object.__setattr__(self, "laws", laws)

    @property
    def name(self) -> str:
        """Name of the locus."""
        return self.frequencies.marker

    def seen(self, genotype: Genotype, *, dropout: float = 0.0) -> Seen:
        """The observation of a genotype; UnknownAllele where the frequencies lack an allele."""
        first, second = (SECOND_UNKNOWN if a is None else self._position(a) for a in genotype)
        return Seen(first, second, dropout)

    @property
    def can_lump(self) -> bool:
        """Whether unseen alleles may be taken as one: their transitions to all others are equal."""
        return self.mutation.kind in _LUMPABLE

    def _position(self, allele: str) -> int:
        position = self.positions.get(allele)
        if position is None or position == self.laws.silent:
            raise UnknownAllele(
                marker=self.name, allele=allele, table=self.table, rule=self.frequencies.rule
            )
        return position


def marker_likelihood(
    pedigree: Pedigree,
    marker: MarkerModel,
    genotypes: Mapping[str, Genotype],
    *,
    dropout: Mapping[str, float] | None = None,
    familias_compatible: bool = False,
    budget: Budget = BUDGET,
) -> float:
    """P(genotypes | pedigree) at one marker, all components of the pedigree together.

    Args:
        pedigree: one hypothesis; unconnected components share one subpopulation at theta > 0.
        marker: frequencies, mutation, theta.
        genotypes: of the typed persons; others count as not typed.
        dropout: per-allele drop-out probability of a person, 0 where absent.
        familias_compatible: drop untyped persons as Familias does (theta 0 only).
        budget: what the computation may cost.

    Raises:
        BadGenotype, UnknownAllele: a genotype that cannot be.
        BadSetting: settings that exclude one another.
        TooExpensive: refused before it starts.

    Source:
        Elston and Stewart 1971 (likelihood of a pedigree); Balding and Nichols 1994 (theta).

    >>> from reunion.kinship.frequencies import Frequencies
    >>> from reunion.kinship.pedigree import trio
    >>> f = Frequencies("M", ("8", "9"), (0.25, 0.75)).prepared(rule="as_given")
    >>> marker_likelihood(trio(), MarkerModel(f), {"father": ("8", "8"), "child": ("8", "9")})
    0.046875
    """
    if familias_compatible and marker.theta > 0:
        raise BadSetting(setting="familias_compatible", reason="it is allowed only at theta 0")
    typed = frozenset(genotypes) if familias_compatible else None
    shape = shape_of(pedigree, x_linked=marker.x_linked, familias_typed=typed)
    observed = observations(pedigree, marker, genotypes, dropout or {})
    return likelihood_value(joint(shape, marker, observed, budget=budget))


def likelihood_value(scaled: Scaled) -> float:
    """The sum of scaled values as a float; underflows to 0 below 1e-308."""
    return math.ldexp(float(scaled.values.sum()), -scaled.exponent)


def observations(
    pedigree: Pedigree,
    marker: MarkerModel,
    genotypes: Mapping[str, Genotype],
    dropout: Mapping[str, float],
) -> list[Seen | None]:
    """What was seen of each person, by position; errors name person and marker."""
    unknown = [name for name in genotypes if name not in pedigree]
    if unknown:
        raise BadGenotype(
            person=unknown[0], marker=marker.name, reason="this person is not in the pedigree"
        )
    return [
        observation(
            person.id, person.sex, marker, genotypes[person.id], dropout.get(person.id, 0.0)
        )
        if person.id in genotypes
        else None
        for person in pedigree.persons
    ]


def observation(
    person: str, sex: Sex, marker: MarkerModel, genotype: Genotype, dropout: float
) -> Seen:
    """The observation, after the rules of the X chromosome and of drop-out."""
    if not 0 <= dropout < 1:
        raise BadGenotype(
            person=person, marker=marker.name, reason=f"drop-out {dropout} is not in 0 <= d < 1"
        )
    if marker.x_linked and sex is Sex.UNKNOWN:
        raise BadGenotype(
            person=person, marker=marker.name, reason="an X marker needs the person's sex"
        )
    if marker.x_linked and sex is Sex.MALE and genotype[1] not in (None, genotype[0]):
        raise BadGenotype(
            person=person, marker=marker.name, reason="a male has one X: write the allele twice"
        )
    return marker.seen(genotype, dropout=dropout)


def joint(
    shape: Shape,
    marker: MarkerModel,
    observed: Sequence[Seen | None],
    *,
    output: int = -1,
    budget: Budget = BUDGET,
) -> Scaled:
    """P(everything seen, and alleles of one open person), indexed by the open person's alleles.

    Args:
        shape: who descends from whom.
        marker: frequencies, mutation, theta.
        observed: per person of the shape.
        output: position of the person whose genotype stays open, or -1.
        budget: what the computation may cost.

    Returns:
        values of shape (K, K) over (paternal, maternal) allele; (K, 1) for a male's X; (1, 1)
        without an open person.
    """
    _check_settings(shape, marker)
    laws = marker.laws
    if output < 0 and marker.can_lump:
        laws, observed = _lumped(laws, observed)
    k = len(laws.p)
    silent = laws.silent
    one = shape.hemizygous
    classes = tuple([_class(seen, silent, one[i]) for i, seen in enumerate(observed)])
    if output < 0 and not any(classes):
        return Scaled(np.ones((1, 1)), 0)
    net = network(shape, classes, output, laws.theta > 0)
    _check_budget(net, laws, budget)
    rows, columns = (1, 1) if output < 0 else (k, 1 if one[output] else k)
    seen = np.array([(NOT_TYPED, NOT_TYPED) if o is None else o[:2] for o in observed])
    dropout = np.array([0.0 if o is None else o.dropout for o in observed])
    law, constant = _urn(net, laws, observed, one)
    results: dict[int, FloatArray] = {}
    for term in net.terms:
        weight = constant * term.ways
        for block in term.blocks:
            weight *= math.factorial(block - 1) * laws.theta ** (block - 1)
        out = np.zeros((rows, columns))
        plan = term.plan
        exponent = contract(
            plan.kinds,
            plan.args,
            plan.axes,
            plan.axes_at,
            plan.steps,
            plan.groups,
            plan.groups_at,
            plan.outputs,
            plan.persons,
            plan.persons_at,
            one,
            law,
            laws.female,
            laws.male,
            shape.inbreeding,
            seen,
            dropout,
            silent,
            weight,
            out,
        )
        results[exponent] = results[exponent] + out if exponent in results else out
    return _added(results)


def expected_work(shape: Shape, marker: MarkerModel, observed: Sequence[Seen | None]) -> float:
    """Multiplications that `joint` will do without an open person; arguments as there."""
    laws = marker.laws
    if marker.can_lump:
        laws, observed = _lumped(laws, observed)
    one = shape.hemizygous
    classes = tuple([_class(seen, laws.silent, one[i]) for i, seen in enumerate(observed)])
    if not any(classes):
        return 0.0
    return cost(network(shape, classes, -1, laws.theta > 0), len(laws.p))[0]


def _lumped(laws: Laws, observed: Sequence[Seen | None]) -> tuple[Laws, Sequence[Seen | None]]:
    """The alleles that nobody shows as one allele, at the end; exact for `can_lump` models."""
    shown = {a for seen in observed if seen is not None for a in seen[:2] if a >= 0}
    kept = sorted(shown | {laws.silent} - {-1})
    rest = [a for a in range(len(laws.p)) if a not in kept]
    if len(rest) < 2:
        return laws, observed

    def lumped(matrix: FloatArray) -> FloatArray:
        rows = matrix[[*kept, rest[0]]]
        return np.column_stack([rows[:, kept], rows[:, rest].sum(axis=1)])

    place = {allele: i for i, allele in enumerate(kept)}
    p = np.append(laws.p[kept], laws.p[rest].sum())
    smaller = Laws(
        p, lumped(laws.female), lumped(laws.male), place.get(laws.silent, -1), laws.theta
    )
    return smaller, [
        seen and Seen(place[seen.first], place.get(seen.second, SECOND_UNKNOWN), seen.dropout)
        for seen in observed
    ]


def _added(results: dict[int, FloatArray]) -> Scaled:
    """Results of different powers of two, added at the largest of the sizes."""
    if len(results) == 1:
        exponent, values = next(iter(results.items()))
        return Scaled(values, exponent)
    kept = {e: values for e, values in results.items() if values.any()}
    if not kept:
        return Scaled(next(iter(results.values())), 0)
    least = min(kept)
    total = kept.pop(least)
    for exponent, values in sorted(kept.items()):
        total = total + np.ldexp(values, least - exponent)
    return Scaled(total, least)


def _check_settings(shape: Shape, marker: MarkerModel) -> None:
    """Refuse settings whose combination has no agreed meaning."""
    inbred = shape.has_inbred
    if inbred and marker.theta > 0:
        raise BadSetting(setting="theta", reason="it cannot be combined with founder inbreeding")
    if inbred and shape.x_linked and (shape.hemizygous & (shape.inbreeding > 0)).any():
        raise BadSetting(
            setting="founder inbreeding", reason="a male has one X and cannot be inbred there"
        )


def _class(seen: Seen | None, silent: int, hemizygous: bool) -> int:
    """How much an observation leaves open."""
    if seen is None:
        return UNTYPED
    if hemizygous:
        return PINNED
    if seen.second == SECOND_UNKNOWN:
        return WIDE
    if seen.first != seen.second:
        return PINNED
    if seen.dropout > 0:
        return WIDE
    return NARROW if silent >= 0 else PINNED


def _urn(
    net: Network,
    laws: Laws,
    observed: Sequence[Seen | None],
    hemizygous: NDArray[np.bool_],
) -> tuple[FloatArray, float]:
    """The law of the founder alleles that are still to be drawn, and the constant before it.

    At theta > 0 the known founder alleles are drawn first: of n alleles n_a are a, so that the
    next one is a with weight n_a theta + (1 - theta) p_a (dna.md 1.2; order does not matter).
    """
    p, theta = laws.p, laws.theta
    if theta == 0:
        return p, 1.0
    counts = np.zeros(len(p))
    constant = 1.0
    drawn = 0
    for person in net.pinned:
        seen = observed[person]
        if seen is None:
            continue
        alleles = (seen.first,) if hemizygous[person] else (seen.first, seen.second)
        for allele in alleles:
            constant *= (counts[allele] * theta + (1 - theta) * p[allele]) / (
                1 + (drawn - 1) * theta
            )
            counts[allele] += 1
            drawn += 1
    for _ in range(net.n_slots):
        constant /= 1 + (drawn - 1) * theta
        drawn += 1
    return counts * theta + (1 - theta) * p, constant


def _check_budget(net: Network, laws: Laws, budget: Budget) -> None:
    """Refuse before the start what would take too long, and say what would make it cheaper."""
    k = len(laws.p)
    work, cells = cost(net, k)
    if work <= budget.multiplications and cells <= budget.cells:
        return
    advice = [f"type one of the {len(net.open_persons)} untyped persons, or leave some out"]
    if laws.theta > 0:
        advice.append(f"theta 0 (it now sums {len(net.terms)} ways to share founder alleles)")
    too_long = work > budget.multiplications
    raise TooExpensive(
        cost=work if too_long else cells,
        unit="multiplications" if too_long else "numbers in memory",
        budget=budget.multiplications if too_long else budget.cells,
        alleles=k,
        advice="; ".join(advice),
        persons=net.open_persons,
    )
