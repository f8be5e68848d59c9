"""Joint identification by brute force: every one-to-one assignment, each likelihood enumerated.

An assignment puts the genotypes of its candidates at the sought persons; all other candidates
stand beside the family as founders of their own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.reference.enumeration import likelihood

Json = Any  # Rows and markers of the case schema, whose values have many types.
Assigned = tuple[int | None, ...]
"""For each sought person the candidate, or None."""


@dataclass(frozen=True)
class Problem:
    """A family, the sought persons, and candidates who are typed founders of their own.

    `rows` and `markers` are those of the case schema; `shown` are the genotypes of each candidate
    by marker name.
    """

    rows: Sequence[Json]
    sought: Sequence[str]
    markers: Sequence[Json]
    shown: Sequence[Mapping[str, Json]]
    sexes: Sequence[str]
    theta: float = 0.0

    def assignments(self) -> Iterator[Assigned]:
        """All of them, sexes respected."""
        sex_of = {row["id"]: row["sex"] for row in self.rows}

        def grown(chosen: Assigned) -> Iterator[Assigned]:
            if len(chosen) == len(self.sought):
                yield chosen
                return
            wanted = sex_of[self.sought[len(chosen)]]
            yield from grown((*chosen, None))
            for at, sex in enumerate(self.sexes):
                if at not in chosen and {sex, wanted} != {"male", "female"}:
                    yield from grown((*chosen, at))

        yield from grown(())

    def log10_likelihood(self, chosen: Assigned) -> float:
        """log10 P(all genotypes | assignment), the strangers among the candidates included."""
        total = 0.0
        strangers = [at for at in range(len(self.shown)) if at not in chosen]
        rows = [
            *self.rows,
            *(
                {"id": f"stranger {at}", "father": None, "mother": None, "sex": "male"}
                for at in strangers
            ),
        ]
        for marker in self.markers:
            name = marker["name"]
            genotypes = dict(marker["genotypes"])
            for person, at in zip(self.sought, chosen, strict=True):
                genotypes[person] = None if at is None else self.shown[at].get(name)
            for at in strangers:
                genotypes[f"stranger {at}"] = self.shown[at].get(name)
            value = likelihood(rows, {**marker, "genotypes": genotypes}, theta=self.theta)
            if value == 0:
                return -math.inf
            total += math.log10(value)
        return total

    def posteriors(self, odds: Mapping[tuple[int, int], float]) -> dict[Assigned, float]:
        """P(assignment | data); `odds` are by (candidate, sought person), 1 where absent."""
        weights = {}
        for chosen in self.assignments():
            prior = math.prod(
                odds.get((at, slot), 1.0) for slot, at in enumerate(chosen) if at is not None
            )
            weights[chosen] = math.log10(prior) + self.log10_likelihood(chosen)
        most = max(weights.values())
        chances = {chosen: 10 ** (weight - most) for chosen, weight in weights.items()}
        total = math.fsum(chances.values())
        return {chosen: chance / total for chosen, chance in chances.items()}
