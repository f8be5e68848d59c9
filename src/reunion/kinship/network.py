"""From a pedigree to contraction plans: which factors there are and in which order they multiply.

Each person is two allele variables (a male's X one). A founder allele carries the frequencies, a
meiosis ½(M[p,c] + M[m,c]), an observation P(seen | true). Plans depend on the structure only
(who is typed, not on what was seen), so they are made once and kept.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import opt_einsum
from numpy.typing import NDArray

from reunion.kinship._contraction import (
    FOUNDER,
    OBSERVE,
    OBSERVE_ONE,
    OBSERVE_SAME,
    PAIR,
    PASS,
    TRANSMIT,
)
from reunion.kinship.pedigree import Pedigree, Sex

IntArray = NDArray[np.int64]

UNTYPED, PINNED, NARROW, WIDE = range(4)
"""What an observation leaves open: nothing seen; one genotype; a second allele that may be
silent; any second allele."""

KNOWN = -1
"""Owner of the slots of a typed founder whose alleles are known."""

CHEAP = 1_000_000
"""Multiplications below which no better order is looked for."""

_NOMINAL = {UNTYPED: 20, PINNED: 2, NARROW: 2, WIDE: 20}
"""Sizes with which the order of contraction is chosen."""


class Member(NamedTuple):
    """One person by positions: parents (-1: none), sex, inbreeding, whose genotype it is."""

    father: int
    mother: int
    male: bool
    inbreeding: float
    genotype_of: int


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A pedigree without names, parents by position; made by `shape_of`, one for all equal ones.

    `hemizygous`: bool (n,), who has one allele. `inbreeding`: float64 (n,), founder coefficients.
    """

    members: tuple[Member, ...]
    x_linked: bool
    hemizygous: NDArray[np.bool_]
    inbreeding: NDArray[np.float64]

    @property
    def has_inbred(self) -> bool:
        """Whether any founder is inbred."""
        return bool(self.inbreeding.any())


@lru_cache(maxsize=65536)
def shape_with(members: tuple[Member, ...], x_linked: bool) -> Shape:
    """The one shape with these members, so that shapes are compared by identity."""
    one = np.array([x_linked and member.male for member in members])
    return Shape(members, x_linked, one, np.array([member.inbreeding for member in members]))


class Slot(NamedTuple):
    """A founder allele that is drawn from the population: its variable and whose it is."""

    variable: int
    owner: int


class Factor(NamedTuple):
    """Kind and argument as the kernel wants them, and the variables."""

    kind: int
    arg: int
    variables: tuple[int, ...]


class Draft(NamedTuple):
    """A network before its founder alleles got their law.

    `domains`: for each variable the persons whose observations limit its alleles.
    `pinned`: typed founders whose two alleles are known, so that they only fill the urn.
    """

    domains: tuple[tuple[int, ...], ...]
    factors: tuple[Factor, ...]
    slots: tuple[Slot, ...]
    pinned: tuple[int, ...]
    inbred: tuple[tuple[int, int, int], ...]
    outputs: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Arrays for the kernel `contract`; `sizes` are nominal numbers of alleles per variable."""

    persons: IntArray
    persons_at: IntArray
    kinds: IntArray
    args: IntArray
    axes: IntArray
    axes_at: IntArray
    steps: IntArray
    groups: IntArray
    groups_at: IntArray
    outputs: IntArray
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One way in which founder alleles are copies of one another, with all of its copies.

    The weight of a term at theta is `ways * product((b-1)! theta^(b-1))` over its blocks of size
    b, divided by the urn's constant (dna.md 1.2).
    """

    plan: Plan
    ways: int
    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """All that is known of a likelihood before frequencies and observations are."""

    terms: tuple[Term, ...]
    n_slots: int
    pinned: tuple[int, ...]
    open_persons: tuple[int, ...]


@lru_cache(maxsize=4096)
def shape_of(
    pedigree: Pedigree, *, x_linked: bool = False, familias_typed: frozenset[str] | None = None
) -> Shape:
    """The shape of a pedigree, persons by their position in it.

    `familias_typed`: the persons typed at any marker, where untyped persons are to be left out
    as Familias does; None (the rule): nobody is left out.
    """
    position = {person.id: i for i, person in enumerate(pedigree.persons)}
    twin_of = {name: position[group[0]] for group in pedigree.twins for name in group}
    members = [
        Member(
            position[person.father] if person.father is not None else -1,
            position[person.mother] if person.mother is not None else -1,
            person.sex is Sex.MALE,
            person.inbreeding,
            twin_of.get(person.id, i),
        )
        for i, person in enumerate(pedigree.persons)
    ]
    if familias_typed is not None:
        members = _cut(members, {position[name] for name in familias_typed if name in position})
    return shape_with(tuple(members), x_linked)


def _cut(members: list[Member], typed: set[int]) -> list[Member]:
    """Links to untyped persons cut, who have no child, or are founders with exactly one.

    Source: the default of Familias 2.6.4.
    """
    alive = set(range(len(members)))
    changed = True
    while changed:
        changed = False
        for person in sorted(alive - typed):
            children = [i for i in alive if person in (members[i].father, members[i].mother)]
            founder = members[person].father < 0 and members[person].mother < 0
            if not children or (founder and len(children) == 1):
                alive.discard(person)
                for i in children:
                    father, mother = (
                        -1 if parent == person else parent
                        for parent in (members[i].father, members[i].mother)
                    )
                    members[i] = members[i]._replace(father=father, mother=mother)
                changed = True
    return members


def with_stranger(shape: Shape, *, male: bool) -> Shape:
    """The shape with one unrelated person more, at the end."""
    stranger = Member(-1, -1, male, 0.0, len(shape.members))
    return shape_with((*shape.members, stranger), shape.x_linked)


@lru_cache(maxsize=65536)
def cost(net: Network, n_alleles: int) -> tuple[float, float]:
    """Multiplications in all, and the most cells in memory, with `n_alleles` alleles."""
    work, cells = 0.0, 0.0
    for plan in (term.plan for term in net.terms):
        size = [float(n_alleles if nominal > 2 else nominal) for nominal in plan.sizes]
        steps = plan.groups_at[::4]
        work += sum(_cells(plan.groups[i:j], size) for i, j in pairwise(steps))
        cells = max(cells, sum(_cells(plan.axes[i:j], size) for i, j in pairwise(plan.axes_at)))
    return work, cells


def _cells(variables: IntArray, size: Sequence[float]) -> float:
    return math.prod([size[int(v)] for v in variables])


@lru_cache(maxsize=65536)
def network(shape: Shape, classes: tuple[int, ...], output: int, coancestry: bool) -> Network:
    """The contraction plans of a shape.

    Args:
        shape: who descends from whom.
        classes: for each person UNTYPED, PINNED, NARROW or WIDE.
        output: position of the person whose genotype stays open, or -1.
        coancestry: whether theta > 0.
    """
    draft = _draft(shape, classes, output)
    sizes = {v: min(_NOMINAL[classes[i]] for i in of) for v, of in enumerate(draft.domains) if of}
    if not coancestry:
        laws = [Factor(PAIR, owner, (pat, mat)) for owner, pat, mat in draft.inbred]
        inbred = {variable for _, pat, mat in draft.inbred for variable in (pat, mat)}
        laws += [Factor(FOUNDER, 0, (s.variable,)) for s in draft.slots if s.variable not in inbred]
        plan = _plan(draft.domains, (*draft.factors, *laws), draft.outputs, sizes)
        terms: tuple[Term, ...] = (Term(plan, 1, ()),)
    else:
        terms = tuple(_terms(draft, sizes))
    open_persons = tuple(i for i, kind in enumerate(classes) if kind == UNTYPED and i != output)
    drawn = sum(slot.owner != KNOWN for slot in draft.slots)
    return Network(terms, drawn, draft.pinned, open_persons)


def _draft(shape: Shape, classes: Sequence[int], output: int) -> Draft:
    """Variables and factors of everybody who matters."""
    family = _Kept(shape, classes, output)
    domains: list[tuple[int, ...]] = []
    factors: list[Factor] = []
    slots: list[Slot] = []
    pinned: list[int] = []
    inbred: list[tuple[int, int, int]] = []
    variables: dict[int, tuple[int, int]] = {}

    def variable(*persons: int) -> int:
        domains.append(persons)
        return len(domains) - 1

    for person in family.order:
        mat = variable(*family.typed_as(person))
        pat = mat if family.hemizygous(person) else variable(*family.typed_as(person))
        variables[person] = (pat, mat)
        fresh = []
        sides = ((pat, family.father[person], 1), (mat, family.mother[person], 0))
        for place, parent, sex in sides:
            if sex == 1 and pat == mat:
                continue
            if parent < 0:
                fresh.append(Slot(place, person))
            elif parent in family.drawn:
                slots.append(Slot(variable(), -1 - len(domains)))
                factors.append(Factor(PASS, sex, (slots[-1].variable, place)))
            elif variables[parent][0] == variables[parent][1]:
                factors.append(Factor(PASS, sex, (variables[parent][0], place)))
            else:
                factors.append(Factor(TRANSMIT, sex, (*variables[parent], place)))
        both_fresh = len(fresh) == (1 if pat == mat else 2)
        if both_fresh and person != output and family.is_pinned(person):
            pinned.append(family.seen[person][0])
            slots.extend(slot._replace(owner=KNOWN) for slot in fresh)
        else:
            slots.extend(fresh)
        if both_fresh and pat != mat and shape.members[person].inbreeding > 0:
            inbred.append((person, pat, mat))
        for seen in family.seen[person]:
            if pat == mat:
                factors.append(Factor(OBSERVE_ONE, seen, (mat,)))
            else:
                factors.append(Factor(OBSERVE, seen, (pat, mat)))
    outputs: tuple[int, ...] = ()
    if output >= 0:
        pat, mat = variables[family.genotype_of(output)]
        outputs = (mat,) if pat == mat else (pat, mat)
    return Draft(
        tuple(domains), tuple(factors), tuple(slots), tuple(pinned), tuple(inbred), outputs
    )


class _Kept:
    """The part of a pedigree that the evidence reaches, twins merged into one genotype."""

    def __init__(self, shape: Shape, classes: Sequence[int], output: int) -> None:
        self.shape = shape
        self._classes = classes
        members = shape.members
        count = len(members)
        self._of = [member.genotype_of for member in members]
        self.seen: list[list[int]] = [[] for _ in range(count)]
        for i in range(count):
            if classes[i] != UNTYPED:
                self.seen[self._of[i]].append(i)
        # An X chromosome does not pass from father to son.
        self.father = [
            -1 if m.father < 0 or (shape.x_linked and m.male) else self._of[m.father]
            for m in members
        ]
        self.mother = [-1 if m.mother < 0 else self._of[m.mother] for m in members]
        self._needed = {self._of[i] for i in range(count) if classes[i] != UNTYPED}
        if output >= 0:
            self._needed.add(self._of[output])
        alive = {i for i in range(count) if self._of[i] == i}
        self.order = self._ordered(self._reached(alive))
        self.drawn = {i for i in self.order if self._is_single_draw(i)}
        self.order = [i for i in self.order if i not in self.drawn]

    def genotype_of(self, person: int) -> int:
        """The person who stands for this one's genotype (for twins the first)."""
        return self._of[person]

    def hemizygous(self, person: int) -> bool:
        """Whether the person has one allele only."""
        return bool(self.shape.hemizygous[person])

    def typed_as(self, person: int) -> tuple[int, ...]:
        """The persons whose observations limit this genotype."""
        return tuple(self.seen[person])

    def is_pinned(self, person: int) -> bool:
        """Whether some observation leaves one genotype only."""
        return any(self._classes[i] == PINNED for i in self.seen[person])

    def _children(self, person: int, among: Iterable[int]) -> list[int]:
        return [i for i in among if person in (self.father[i], self.mother[i])]

    def _reached(self, alive: set[int]) -> set[int]:
        """The needed persons and all their ancestors: others drop out exactly."""
        reached: set[int] = set()
        todo = [i for i in self._needed if i in alive]
        while todo:
            person = todo.pop()
            if person not in reached:
                reached.add(person)
                todo += [i for i in (self.father[person], self.mother[person]) if i >= 0]
        return reached

    def _ordered(self, persons: set[int]) -> list[int]:
        """Parents before children, else by position."""
        done: dict[int, None] = {}
        while len(done) < len(persons):
            for person in sorted(persons - done.keys()):
                parents = (self.father[person], self.mother[person])
                if all(parent < 0 or parent in done for parent in parents):
                    done[person] = None
        return list(done)

    def _is_single_draw(self, person: int) -> bool:
        """An untyped founder with one child only passes one allele on: a single draw from p."""
        founder = self.father[person] < 0 and self.mother[person] < 0
        free = person not in self._needed
        return founder and free and len(self._children(person, self.order)) == 1


def _terms(draft: Draft, sizes: dict[int, int]) -> Iterator[Term]:
    """One term for each way in which drawn founder alleles coincide, up to symmetry.

    The two alleles of one founder play the same part, so partitions that differ by exchanging
    them are counted once, with their number as weight.
    """
    drawn = [slot for slot in draft.slots if slot.owner != KNOWN]
    owners = Counter(slot.owner for slot in drawn)
    for blocks, ways in _partitions(list(owners.items())).items():
        free = {owner: [s.variable for s in drawn if s.owner == owner] for owner in owners}
        merged = {v: v for v in range(len(draft.domains))}
        domains = list(draft.domains)
        for block in blocks:
            variables = [free[owner].pop(0) for owner in block]
            for variable in variables:
                merged[variable] = variables[0]
            domains[variables[0]] = tuple(sorted({i for v in variables for i in domains[v]}))
        factors = [_merged(factor, merged) for factor in draft.factors]
        heads = sorted({merged[slot.variable] for slot in drawn})
        factors += [Factor(FOUNDER, 0, (head,)) for head in heads]
        outputs = tuple(merged[v] for v in draft.outputs)
        block_sizes = {**sizes}
        for head in heads:
            limits = [sizes[v] for v in merged if merged[v] == head and v in sizes]
            if limits:
                block_sizes[head] = min(limits)
        plan = _plan(tuple(domains), tuple(factors), outputs, block_sizes)
        yield Term(plan, ways, tuple(len(block) for block in blocks))


def _partitions(owners: list[tuple[int, int]]) -> dict[tuple[tuple[int, ...], ...], int]:
    """Partitions of founder alleles, those of one owner alike, with the number of each.

    >>> _partitions([(7, 2)])
    {((7, 7),): 1, ((7,), (7,)): 1}
    >>> sum(_partitions([(0, 2), (1, 2), (2, 2)]).values())  # the Bell number of 6
    203
    """
    found: Counter[tuple[tuple[int, ...], ...]] = Counter({(): 1})
    for owner, count in owners:
        wider: Counter[tuple[tuple[int, ...], ...]] = Counter()
        for blocks, ways in found.items():
            for placed, times in _placements(blocks, owner, count):
                wider[placed] += ways * times
        found = wider
    return dict(found)


def _placements(
    blocks: tuple[tuple[int, ...], ...], owner: int, count: int
) -> Iterator[tuple[tuple[tuple[int, ...], ...], int]]:
    """Where one or two alleles of an owner may go: into blocks that exist, or new ones."""
    places = range(len(blocks) + 1)
    choices: list[tuple[tuple[int, ...], int]] = [((place,), 1) for place in places]
    if count == 2:
        new = len(blocks)
        choices = [((i, j), 1 if i == j else 2) for i in places for j in places if i <= j]
        choices.append(((new, new + 1), 1))
    for choice, times in choices:
        grown = [*blocks, (), ()]
        for place in choice:
            grown[place] = (*grown[place], owner)
        yield tuple(sorted(tuple(sorted(block)) for block in grown if block)), times


def _merged(factor: Factor, merged: dict[int, int]) -> Factor:
    """The factor over merged variables; two alleles that are copies become one argument."""
    variables = tuple(merged[v] for v in factor.variables)
    if factor.kind == TRANSMIT and variables[0] == variables[1]:
        return Factor(PASS, factor.arg, (variables[0], variables[2]))
    if factor.kind == OBSERVE and variables[0] == variables[1]:
        return Factor(OBSERVE_SAME, factor.arg, (variables[0],))
    return Factor(factor.kind, factor.arg, variables)


def _plan(
    domains: tuple[tuple[int, ...], ...],
    factors: tuple[Factor, ...],
    outputs: tuple[int, ...],
    sizes: dict[int, int],
) -> Plan:
    """The order of contraction, written out as arrays."""
    used = sorted({v for factor in factors for v in factor.variables})
    number = {v: i for i, v in enumerate(used)}
    nominal = [sizes.get(v, _NOMINAL[UNTYPED]) for v in used]
    tensors = [tuple(number[v] for v in factor.variables) for factor in factors]
    kept = tuple(number[v] for v in outputs)
    steps, groups = _steps(list(tensors), frozenset(kept), nominal)
    results = [(*group[0], *group[1], *group[2]) for group in groups]
    all_axes = [*tensors, *results]
    flat_groups = [part for group in groups for part in group]
    return Plan(
        persons=_flat([domains[v] for v in used]),
        persons_at=_starts([domains[v] for v in used]),
        kinds=np.array([factor.kind for factor in factors], dtype=np.int64),
        args=np.array([factor.arg for factor in factors], dtype=np.int64),
        axes=_flat(all_axes),
        axes_at=_starts(all_axes),
        steps=np.array(steps, dtype=np.int64).reshape(-1, 2),
        groups=_flat(flat_groups),
        groups_at=_starts(flat_groups),
        outputs=np.array(kept, dtype=np.int64),
        sizes=tuple(nominal),
    )


def _flat(lists: Sequence[Sequence[int]]) -> IntArray:
    return np.array([v for part in lists for v in part], dtype=np.int64)


def _starts(lists: Sequence[Sequence[int]]) -> IntArray:
    return np.cumsum([0, *(len(part) for part in lists)], dtype=np.int64)


Groups = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]


Path = Sequence[tuple[int, ...]]
"""Pairs to multiply, by their places in a list that loses both and gains the result at its end."""


def _steps(
    tensors: list[tuple[int, ...]], outputs: frozenset[int], nominal: list[int]
) -> tuple[list[tuple[int, int]], list[Groups]]:
    """Pairs to multiply, and for each pair which variables stay, and which are summed out.

    The order is that of opt_einsum. Where it is not cheap, elimination of the variable with the
    smallest result is tried too, which is better where a couple has very many children.
    """
    symbols = [opt_einsum.get_symbol(v) for v in range(len(nominal))]
    inputs = ",".join("".join(symbols[v] for v in axes) for axes in tensors)
    equation = f"{inputs}->{''.join(symbols[v] for v in sorted(outputs))}"
    shapes = [tuple(nominal[v] for v in axes) for axes in tensors]
    path, _ = opt_einsum.contract_path(equation, *shapes, shapes=True, optimize="auto")
    usual = _followed(path, tensors, outputs, nominal)
    if _work(usual[1], nominal) < CHEAP:
        return usual
    other = _followed(_elimination(tensors, outputs, nominal), tensors, outputs, nominal)
    return min(usual, other, key=lambda order: _work(order[1], nominal))


def _elimination(
    tensors: Sequence[tuple[int, ...]], outputs: frozenset[int], nominal: Sequence[int]
) -> Path:
    """A path that sums out one variable after the other, each time the cheapest one."""
    alive = [frozenset(axes) for axes in tensors]
    open_variables = {v for axes in alive for v in axes} - outputs
    path: list[tuple[int, ...]] = []

    def size(axes: Iterable[int]) -> int:
        return math.prod([nominal[v] for v in axes])

    def multiply(places: list[int], summed: frozenset[int]) -> None:
        while len(places) > 1:
            first, second = sorted(places, key=lambda i: (size(alive[i]), i))[:2]
            path.append((first, second))
            places = [i - (i > first) - (i > second) for i in places if i not in (first, second)]
            product = alive[first] | alive[second]
            for i in sorted((first, second), reverse=True):
                del alive[i]
            alive.append(product)
            places.append(len(alive) - 1)
        for i in places:
            alive[i] -= summed

    while open_variables:
        costs = {
            v: size(frozenset().union(*(axes for axes in alive if v in axes)))
            for v in open_variables
        }
        best = min(open_variables, key=lambda v: (costs[v], v))
        multiply([i for i, axes in enumerate(alive) if best in axes], frozenset({best}))
        open_variables.discard(best)
    multiply(list(range(len(alive))), frozenset())
    return path


def _followed(
    path: Path, tensors: Sequence[tuple[int, ...]], outputs: frozenset[int], nominal: Sequence[int]
) -> tuple[list[tuple[int, int]], list[Groups]]:
    """The steps of a path."""
    found = list(tensors)
    alive = list(range(len(found)))
    steps: list[tuple[int, int]] = []
    groups: list[Groups] = []
    for pair in path:
        if len(pair) < 2:
            continue
        left, right = (alive[i] for i in pair)
        alive = [t for t in alive if t not in (left, right)]
        rest = set(outputs).union(*(found[i] for i in alive))
        split = _groups(found[left], found[right], rest)
        # The larger right side is the contiguous inner loop of the kernel.
        if math.prod(nominal[v] for v in split[1]) > math.prod(nominal[v] for v in split[2]):
            left, right = right, left
            split = _groups(found[left], found[right], rest)
        steps.append((left, right))
        groups.append(split)
        found.append((*split[0], *split[1], *split[2]))
        alive.append(len(found) - 1)
    return steps, groups


def _work(groups: Sequence[Groups], nominal: Sequence[int]) -> int:
    """Multiplications of a path at nominal sizes."""
    return sum(math.prod(nominal[v] for part in group for v in part) for group in groups)


def _groups(left: tuple[int, ...], right: tuple[int, ...], rest: set[int]) -> Groups:
    """Variables kept by both, only left, only right, summed over both."""
    shared = [v for v in left if v in right]
    return (
        tuple(v for v in shared if v in rest),
        tuple(v for v in left if v not in right and v in rest),
        tuple(v for v in right if v not in left and v in rest),
        tuple(v for v in shared if v not in rest),
    )
