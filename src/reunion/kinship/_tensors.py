"""A pedigree's network as numpy arrays: several loci at once, and persons who may be several.

`network` and `_contraction` do one locus and one open person, fast. What they lack is here: loci
that recombine (a meiosis then hands on from the same side or not), and open persons by a menu of
what might be seen of them, so that one contraction gives the likelihood of every combination.
Autosomal loci at theta 0 without inbred founders only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reunion.kinship._contraction import SECOND_UNKNOWN, seen_probability
from reunion.kinship._kernels import kernel
from reunion.kinship._order import Order, order_of
from reunion.kinship.errors import TooExpensive
from reunion.kinship.likelihood import Budget, Laws, Seen
from reunion.kinship.network import Shape

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CALL = 3e6
"""What a contraction costs beyond its multiplications, counted in multiplications."""

_NOMINAL = (2, 12, 80)
"""Sizes with which an order of contraction is chosen: two entries, one allele, one genotype."""

Menu = Sequence[Seen | None]
"""What might be seen of a person: the entries of an axis; None is "not typed"."""


class Tensor(NamedTuple):
    """Values, and the variable of each axis."""

    values: FloatArray
    axes: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LocusEvidence:
    """One locus: its laws, and what was or might be seen of each person of a shape.

    `menus` are by position of the person; who has one has nothing in `observed`.
    """

    laws: Laws
    observed: Sequence[Seen | None]
    menus: Mapping[int, Menu] = field(default_factory=dict)


def is_pinned(seen: Seen | None, silent: int) -> bool:
    """Whether an observation leaves one genotype only (either order)."""
    if seen is None or seen.second == SECOND_UNKNOWN:
        return False
    return seen.first != seen.second or (seen.dropout == 0 and silent < 0)


def kept_persons(shape: Shape, typed: Sequence[int]) -> list[int]:
    """Positions of those whom the evidence reaches: the typed and all their ancestors.

    Twins are the one who stands for them; parents come before their children.
    """
    members = shape.members
    done: dict[int, None] = {}
    todo = [members[person].genotype_of for person in typed]
    while todo:
        person = todo[-1]
        parents = [members[p].genotype_of for p in members[person][:2] if p >= 0]
        missing = [parent for parent in parents if parent not in done]
        if missing and person not in done:
            todo += missing
        else:
            done[todo.pop()] = None
    return list(done)


class TensorNetwork:
    """The tensors of a pedigree over one or more loci in their order on the chromosome.

    Args:
        shape: who descends from whom; twins share one genotype.
        loci: evidence, in the order of the map.
        recombination: fraction r between each locus and the next.

    `menu_axes` are the variables of the menus of the first locus, in the order of its menus.
    """

    def __init__(
        self, shape: Shape, loci: Sequence[LocusEvidence], recombination: Sequence[float] = ()
    ) -> None:
        """Make all tensors; sizes are cut down to the alleles that the evidence allows."""
        self.tensors: list[Tensor] = []
        self.sizes: list[int] = []
        self._shape = shape
        typed = {i for locus in loci for i, seen in enumerate(locus.observed) if seen is not None}
        persons = kept_persons(shape, sorted(typed.union(*(locus.menus for locus in loci))))
        copies = [
            [i for i, member in enumerate(shape.members) if member.genotype_of == person]
            for person in range(len(shape.members))
        ]
        selectors: dict[tuple[int, int], list[int]] = {}
        for locus in loci:
            self._add_locus(locus, persons, copies, selectors if len(loci) > 1 else None)
        for chain in selectors.values():
            self._add(np.array([0.5, 0.5]), (chain[0],))
            for r, (left, right) in zip(recombination, pairwise(chain), strict=True):
                self._add(np.array([[1 - r, r], [r, 1 - r]]), (left, right))
        self.menu_axes = tuple(self._menus)

    def value(self, budget: Budget) -> FloatArray:
        """The likelihood: float64, one axis for each menu; TooExpensive above the budget."""
        if not self.tensors:
            return np.ones(())
        work, cells = self.cost()
        if work > budget.multiplications or cells > budget.cells:
            too_long = work > budget.multiplications
            raise TooExpensive(
                cost=work if too_long else cells,
                unit="multiplications" if too_long else "numbers in memory",
                budget=budget.multiplications if too_long else budget.cells,
                alleles=max(self.sizes),
                advice="type one of the untyped persons, or leave out a locus or a branch",
            )
        found = self._order().expression(*[tensor.values for tensor in self.tensors])
        return np.asarray(found, dtype=np.float64)

    def cost(self) -> tuple[float, float]:
        """Multiplications in all, and the most cells of one intermediate result."""
        order = self._order()
        # Zero alleles are left where the evidence contradicts itself.
        sizes = np.log(np.maximum(self.sizes, 1))
        work = np.exp(order.multiplied @ sizes).sum()
        return float(work), float(np.exp(order.kept @ sizes).max(initial=1.0))

    def _order(self) -> Order:
        nominal = tuple(_NOMINAL[(size > 2) + (size > 40)] for size in self.sizes)
        return order_of(tuple(tensor.axes for tensor in self.tensors), self.menu_axes, nominal)

    def _variable(self, size: int) -> int:
        self.sizes.append(size)
        return len(self.sizes) - 1

    def _add(self, values: FloatArray, axes: tuple[int, ...]) -> None:
        self.tensors.append(Tensor(values, axes))

    def _add_locus(
        self,
        locus: LocusEvidence,
        persons: Sequence[int],
        copies: Sequence[Sequence[int]],
        selectors: dict[tuple[int, int], list[int]] | None,
    ) -> None:
        """The tensors of one locus; `selectors` get a variable for each meiosis."""
        laws, members = locus.laws, self._shape.members
        known: dict[int, _Genotype] = {}
        menus: dict[int, int] = {}
        for person in persons:
            menu_of = {
                i: locus.menus[i] if i in locus.menus else [locus.observed[i]]
                for i in copies[person]
                if i in locus.menus or locus.observed[i] is not None
            }
            alleles = _possible([*menu_of.values()], laws)
            if members[person].father >= 0:
                own = _Genotype(
                    alleles, (self._variable(len(alleles)), self._variable(len(alleles)))
                )
                for axis, sex, listed in zip(own.axes, (1, 0), members[person][:2], strict=True):
                    parent = known[members[listed].genotype_of]
                    matrix = laws.male if sex else laws.female
                    passed = matrix[np.ix_(parent.alleles, alleles)]
                    if selectors is None:
                        self._add(parent.halved(passed), (*parent.axes, axis))
                    else:
                        selector = self._variable(2)
                        selectors.setdefault((person, sex), []).append(selector)
                        self._add(_by_side(passed), (selector, *parent.axes, axis))
            elif selectors is None:
                # Which allele came from whom bears on nothing: an unordered pair is one variable.
                own = _Genotype(alleles, (self._variable(len(alleles) * (len(alleles) + 1) // 2),))
                ordered = np.outer(laws.p[alleles], laws.p[alleles])
                self._add(own.arranged(ordered + np.triu(ordered, 1)), own.axes)
            else:
                own = _Genotype(
                    alleles, (self._variable(len(alleles)), self._variable(len(alleles)))
                )
                for axis in own.axes:
                    self._add(laws.p[alleles], (axis,))
            known[person] = own
            for i, menu in menu_of.items():
                table = own.arranged(_seen_table(menu, alleles, laws.silent))
                if i in locus.menus:
                    menus[i] = self._variable(len(menu))
                    self._add(table, (menus[i], *own.axes))
                else:
                    self._add(table[0], own.axes)
        self._menus = [menus[i] for i in locus.menus]


class _Genotype(NamedTuple):
    """The alleles that a person may carry, and the variables: both alleles, or the pair as one."""

    alleles: IntArray
    axes: tuple[int, ...]

    def arranged(self, table: FloatArray) -> FloatArray:
        """A table over two alleles (the last two axes), as one over the variables."""
        return table if len(self.axes) == 2 else table[..., *_pairs(len(self.alleles))]

    def halved(self, passed: FloatArray) -> FloatArray:
        """P(an allele arrives | variables), each of two alleles being handed on half of the times.

        `passed`: (n_alleles, n_arriving), the transitions of one allele.
        """
        if len(self.axes) == 2:
            return 0.5 * (passed[:, None, :] + passed[None, :, :])
        first, second = _pairs(len(self.alleles))
        return 0.5 * (passed[first] + passed[second])


@cache
def _pairs(n: int) -> tuple[IntArray, IntArray]:
    """Positions i <= j of all unordered pairs."""
    first, second = np.triu_indices(n)
    return first.astype(np.int64), second.astype(np.int64)


def _by_side(passed: FloatArray) -> FloatArray:
    """P(an allele arrives | side, paternal, maternal allele): the side says which is handed on."""
    shape = (len(passed), *passed.shape)
    from_pat = np.broadcast_to(passed[:, None, :], shape)
    from_mat = np.broadcast_to(passed[None, :, :], shape)
    return np.stack([from_pat, from_mat])


def _possible(menus: Sequence[Menu], laws: Laws) -> IntArray:
    """The alleles that a person may carry given every one of some menus."""
    possible = np.ones(len(laws.p), dtype=np.bool_)
    for menu in menus:
        allowed = np.zeros(len(laws.p), dtype=np.bool_)
        for seen in menu:
            if seen is None or seen.second == SECOND_UNKNOWN:
                allowed[:] = True
                continue
            allowed[[seen.first, seen.second]] = True
            if seen.first == seen.second and seen.dropout > 0:
                allowed[:] = True
            elif seen.first == seen.second and laws.silent >= 0:
                allowed[laws.silent] = True
        possible &= allowed
    return np.flatnonzero(possible).astype(np.int64)


def _seen_table(menu: Menu, alleles: IntArray, silent: int) -> FloatArray:
    """P(seen | true alleles) for each entry of a menu: float64 (n_entries, n, n)."""
    table = np.ones((len(menu), len(alleles), len(alleles)))
    for entry, seen in zip(table, menu, strict=True):
        if seen is not None:
            _fill_seen(alleles, seen.first, seen.second, seen.dropout, silent, entry)
    return table


@kernel
def _fill_seen(
    alleles: IntArray, first: int, second: int, dropout: float, silent: int, out: FloatArray
) -> None:
    """P(first/second is seen | the true alleles are these two), for all pairs."""
    for i in range(alleles.size):
        for j in range(alleles.size):
            out[i, j] = seen_probability(alleles[i], alleles[j], first, second, dropout, silent)
