"""The likelihood of whole assignments: which candidates are which sought persons of a pedigree.

Sought persons of one pedigree are relatives of one another, so the LRs of pairs do not multiply.
Here the whole pedigree is contracted with the genotypes of everybody assigned, for many assignments
at a time: per marker, those that show the same genotypes in the same places are computed once, and
sought persons whom typed relatives separate are computed apart (both exact).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from reunion.kinship._tensors import FloatArray, IntArray, Menu
from reunion.kinship.errors import (
    BadGenotype,
    BadSetting,
    Contradiction,
    TooExpensive,
)
from reunion.kinship.identification.menus import Memory, blocks, distinct, log10_ratios
from reunion.kinship.identification.sought import Candidate, SoughtGroup
from reunion.kinship.identification.structure import (
    NOBODY,
    Kin,
    Structure,
    by_itself,
    joined,
    kin_in,
)
from reunion.kinship.likelihood import MarkerModel, Seen, expected_work, joint, observation
from reunion.kinship.network import shape_of

WORK = 9e9
"""Multiplications that the likelihoods of one family may take in all: some ten seconds."""

JOINT = 2e5
"""What one likelihood costs beyond its multiplications, counted in multiplications."""


class JointEvidence:
    """Likelihood ratios of assignments against "no candidate is one of the sought persons".

    Args:
        group: the family.
        candidates: who may be somebody's sought person.
        models: the markers; a locus without model takes no part.
        work: multiplications in all after which TooExpensive is raised.

    Raises:
        Contradiction: the relatives contradict their own pedigree.
        UnknownAllele, BadGenotype, BadSetting: a genotype or a setting that cannot be.
    """

    def __init__(
        self,
        group: SoughtGroup,
        candidates: Sequence[Candidate],
        models: Iterable[MarkerModel],
        *,
        work: float = WORK,
    ) -> None:
        """See what each candidate shows, and how likely that is of a stranger."""
        self.group = group
        self.candidates = tuple(candidates)
        self.models = tuple(models)
        self._work = work
        self._spent, self._until = 0.0, work
        if len({candidate.id for candidate in self.candidates}) < len(self.candidates):
            raise BadSetting(setting="candidates", reason="two of them have one id")
        # Strangers draw from the founders' urn at theta > 0, so that they take part everywhere.
        self._in_one_urn = any(
            model.theta > 0 or model.x_linked or shape_of(group.pedigree).has_inbred
            for model in self.models
        )
        self._structures: dict[Kin, Structure] = {}
        self._known: dict[tuple[object, ...], float] = {}
        self._memory: list[Memory] = [{} for _ in self.models]
        # One entry more, for NOBODY.
        self._alone = np.array([*(c.is_alone for c in self.candidates), True], dtype=np.bool_)
        self._strange = [self._log10_strange(at) for at in range(len(self.models))]

    def log10_lr(self, rows: IntArray, given: IntArray | None = None) -> FloatArray:
        """log10 of P(all genotypes | assignment) / P(all genotypes | given).

        Args:
            rows: int64 (n, n_sought): position of the candidate, or NOBODY; each once in a row.
            given: int64 (n_sought,), who is assigned in any case; None: nobody.

        Returns:
            float64 (n,); -inf where an assignment is impossible.

        Raises:
            TooExpensive: the work of this family is used up.
        """
        total = np.zeros(len(rows))
        # A marker of middling size first: where it takes far more than its share, all will.
        alleles = [len(model.laws.p) for model in self.models]
        order = sorted(range(len(alleles)), key=alleles.__getitem__)
        middle = len(order) // 2
        share = min(1.0, 3 / max(1, len(order)))
        self._until = self._spent + (self._work - self._spent) * share
        for at in order[middle:] + order[:middle]:
            total += self.log10_lr_at(at, rows, given)
            self._until = self._work
        return total

    def log10_lr_at(self, at: int, rows: IntArray, given: IntArray | None = None) -> FloatArray:
        """The same at one marker, by its position among the models."""
        if given is None:
            given = np.full(rows.shape[1], NOBODY, dtype=np.int64)
        total = np.zeros(len(rows))
        whole = np.where(given == NOBODY, rows, given)
        with_kin = np.where(self._alone[whole], NOBODY, whole)
        first, which = distinct(with_kin + 1)
        value = self._urn_ratios if self._in_one_urn else self._plain_ratios
        for number, key in enumerate(with_kin[first]):
            chosen = np.flatnonzero(which == number)
            more = np.where(self._alone[whole[chosen]], whole[chosen], NOBODY)
            total[chosen] = value(at, kin_in(key), more, given)
        return total

    def blocks(self, fixed: IntArray) -> list[set[int]]:
        """The sought persons still free, those together who bear on one another's likelihood.

        Args:
            fixed: int64 (n_sought,): who is assigned already.
        """
        free = np.flatnonzero(fixed == NOBODY).tolist()
        if self._in_one_urn:
            return [set(free)] if free else []
        found: list[set[int]] = [{slot} for slot in free]
        structure = self._structure(self._kin_of(fixed))
        slots = [structure.slots[slot] for slot in free]
        for model in self.models:
            observed = self._observed(structure, model, fixed)
            for block in blocks(structure.shape(model), observed, slots, model.laws.silent):
                together = {free[at] for at in block.slots}
                touched = [other for other in found if other & together]
                found = [other for other in found if not other & together]
                found.append(together.union(*touched))
        return found

    def _plain_ratios(self, at: int, kin: Kin, rows: IntArray, given: IntArray) -> FloatArray:
        """Ratios at theta 0: strangers are independent, each by the frequencies."""
        model, structure = self.models[at], self._structure(kin)
        base = self._log10(structure, at, self._observed(structure, model, given))
        if base == -math.inf:
            return np.full(len(rows), -math.inf)
        before = self._structure(self._kin_of(given))
        base -= self._log10(before, at, self._observed(before, model, given))
        more = np.where(given == NOBODY, rows, NOBODY)
        menus, entries = self._menus(more, model)
        ratios = log10_ratios(
            structure.shape(model),
            model.laws,
            self._observed(structure, model, given),
            structure.slots,
            menus,
            entries,
            self._memory[at],
            self._spend,
        )
        strange = self._strange[at]
        new = [candidate for slot, candidate in kin if given[slot] == NOBODY]
        ratios += base - strange[more].sum(axis=1) - sum(strange[candidate] for candidate in new)
        return ratios

    def _urn_ratios(self, at: int, kin: Kin, rows: IntArray, given: IntArray) -> FloatArray:
        """Ratios where family and candidates draw from one urn, and on the X chromosome."""
        model, structure = self.models[at], self._structure(kin)
        before = self._structure(self._kin_of(given))
        base = self._log10(before, at, self._observed(before, model, given))
        _, entries = self._menus(rows, model)
        first, which = distinct(entries)
        found = [
            self._log10(structure, at, self._observed(structure, model, row)) - base
            for row in rows[first]
        ]
        return np.array(found, dtype=np.float64)[which]

    def _observed(
        self, structure: Structure, model: MarkerModel, row: IntArray
    ) -> list[Seen | None]:
        """What is seen where the candidates of a row who are alone stand in their slots."""
        observed = structure.observed(model)
        for slot in np.flatnonzero((row != NOBODY) & self._alone[row]).tolist():
            candidate = int(row[slot])
            observed[structure.slots[slot]] = self._shown(candidate, slot, model)
            if candidate in structure.strangers:
                observed[structure.strangers[candidate]] = None
        return observed

    def _kin_of(self, row: IntArray) -> Kin:
        """The candidates of a row who have relatives of their own."""
        return kin_in(np.where(self._alone[row], NOBODY, row))

    def _menus(self, rows: IntArray, model: MarkerModel) -> tuple[list[Menu], IntArray]:
        """For each slot what the candidates in it show, and the rows as entries of that."""
        menus: list[Menu] = []
        entries = np.zeros_like(rows)
        for slot in range(rows.shape[1]):
            entry_of: dict[Seen | None, int] = {None: 0}
            for c in np.unique(rows[:, slot]).tolist():
                if c != NOBODY:
                    entry = entry_of.setdefault(self._shown(c, slot, model), len(entry_of))
                    entries[rows[:, slot] == c, slot] = entry
            menus.append(list(entry_of))
        return menus, entries

    def _shown(self, candidate: int, slot: int, model: MarkerModel) -> Seen | None:
        """What a candidate who is alone shows in the place of a sought person."""
        one = self.candidates[candidate]
        genotype = one.profiles.get(one.person, {}).get(model.name)
        if genotype is None:
            return None
        sex = self.group.pedigree[self.group.sought[slot]].sex
        return observation(one.id, sex, model, genotype, one.dropout.get(one.person, 0.0))

    def _log10_strange(self, at: int) -> FloatArray:
        """log10 P(all that is seen on a candidate's side), by itself; 0 for NOBODY."""
        model = self.models[at]
        family = self._structure(())
        if self._log10(family, at, family.observed(model)) == -math.inf:
            raise Contradiction(marker=model.name)
        found = []
        for one in self.candidates:
            side = by_itself(one)
            found.append(self._log10(side, at, side.observed(model)))
            if found[-1] == -math.inf:
                reason = "it is impossible by the frequencies or by the candidate's own relatives"
                raise BadGenotype(person=one.id, marker=model.name, reason=reason)
        return np.array([*found, 0.0], dtype=np.float64)

    def _log10(self, structure: Structure, at: int, observed: Sequence[Seen | None]) -> float:
        """log10 P(what is seen) at a marker, kept."""
        shape = structure.shape(self.models[at])
        key = (shape, at, *observed)
        if key not in self._known:
            self._spend(expected_work(shape, self.models[at], observed) + JOINT)
            self._known[key] = joint(shape, self.models[at], observed).log10()
        return self._known[key]

    def _spend(self, work: float) -> None:
        """Count work; refuse what is beyond the budget."""
        self._spent += work
        if self._spent > self._until:
            raise TooExpensive(
                cost=self._work * self._spent / self._until,
                unit="multiplications",
                budget=self._work,
                alleles=max(len(model.laws.p) for model in self.models),
                advice="raise the least LR of a pair, type relatives, or name fewer candidates",
            )

    def _structure(self, kin: Kin) -> Structure:
        """The family joined with these candidates' relatives, kept."""
        if kin not in self._structures:
            self._structures[kin] = joined(
                self.group, self.candidates, kin, in_one_urn=self._in_one_urn
            )
        return self._structures[kin]
