"""Random small cases over all features, in the JSON schema of the reference cases.

Every case is small enough for `tests.reference.enumeration`. Identical twins, which the schema
does not have, come beside it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.reference.enumeration import Alleles, branches
from tests.reference.matrices import matrix_of

Json = Any  # Cases are JSON, whose values have many types.

Rows = tuple[tuple[str, str | None, str | None, str], ...]
"""Persons as (id, father, mother, sex); "?" is a sex drawn at random."""

_COUPLE: Rows = (("F", None, None, "male"), ("M", None, None, "female"))
_GRAND: Rows = (("GF", None, None, "male"), ("GM", None, None, "female"))

SHAPES: dict[str, tuple[Rows, Rows | None]] = {
    # Rows under H1, rows under H2; None: H2 is that the candidate C is unrelated.
    "trio": ((*_COUPLE, ("C", "F", "M", "?")), None),
    "siblings": ((*_COUPLE, ("S", "F", "M", "?"), ("C", "F", "M", "?")), None),
    "full_or_half_siblings": (
        (*_COUPLE, ("S", "F", "M", "?"), ("C", "F", "M", "?")),
        (*_COUPLE, ("N", None, None, "male"), ("S", "F", "M", "?"), ("C", "N", "M", "?")),
    ),
    "three_siblings": (
        (*_COUPLE, ("S", "F", "M", "?"), ("T", "F", "M", "?"), ("C", "F", "M", "?")),
        None,
    ),
    "half_siblings": (
        (*_COUPLE, ("M2", None, None, "female"), ("S", "F", "M2", "?"), ("C", "F", "M", "?")),
        None,
    ),
    "grandparents": ((*_GRAND, _COUPLE[1], ("F", "GF", "GM", "male"), ("C", "F", "M", "?")), None),
    "uncle": (
        (
            *_GRAND,
            _COUPLE[1],
            ("F", "GF", "GM", "male"),
            ("U", "GF", "GM", "?"),
            ("C", "F", "M", "?"),
        ),
        None,
    ),
    "own_child": (
        (*_COUPLE, ("C", "F", "M", "male"), ("W", None, None, "female"), ("K", "C", "W", "?")),
        None,
    ),
    "own_child_of_a_mother": (
        (*_COUPLE, ("C", "F", "M", "female"), ("W", None, None, "male"), ("K", "W", "C", "?")),
        None,
    ),
    "child_of_siblings": (
        (*_GRAND, ("F", "GF", "GM", "male"), ("M", "GF", "GM", "female"), ("C", "F", "M", "?")),
        None,
    ),
    "child_of_half_siblings": (
        (
            *_GRAND,
            ("GM2", None, None, "female"),
            ("F", "GF", "GM", "male"),
            ("M", "GF", "GM2", "female"),
            ("C", "F", "M", "?"),
        ),
        None,
    ),
    "uncle_and_niece": (
        (
            *_GRAND,
            ("A", "GF", "GM", "male"),
            ("B", "GF", "GM", "female"),
            ("H", None, None, "male"),
            ("N1", "H", "B", "female"),
            ("C", "A", "N1", "?"),
        ),
        None,
    ),
    "cousin_marriage": (
        (
            *_GRAND,
            ("A", "GF", "GM", "male"),
            ("B", "GF", "GM", "female"),
            ("W", None, None, "female"),
            ("H", None, None, "male"),
            ("F", "A", "W", "male"),
            ("M", "H", "B", "female"),
            ("C", "F", "M", "?"),
        ),
        None,
    ),
    "strangers": ((("C", None, None, "?"), ("D", None, None, "?")), None),
}

MODELS = ("none", "equal", "proportional", "onestep", "stepwise", "dawid", "custom")
FEATURES = ("theta", "silent", "x", "missing", "partial", "dropout", "inbreeding", "twins", "cut")

_LADDER = ("6", "7", "8", "8.3", "9", "9.3", "10", "10.3", "11", "12", "12.2", "14")


@dataclass(frozen=True)
class RandomCase:
    """A case of the schema, and the identical twins under each hypothesis."""

    case: dict[str, Json]
    twins: dict[str, list[list[str]]]


def random_cases() -> st.SearchStrategy[RandomCase]:
    """A hypothesis strategy: any case that `random_case` makes."""
    return st.randoms(use_true_random=False).map(random_case)


def random_case(
    rng: random.Random,
    *,
    shape: str | None = None,
    model: str | None = None,
    features: Sequence[str] | None = None,
    limit: int = 4000,
) -> RandomCase:
    """A case drawn with `rng`; what is not stated is drawn too.

    Args:
        rng: where all choices come from.
        shape: a key of SHAPES.
        model: one of MODELS.
        features: those of FEATURES that the case may show.
        limit: persons are typed until no marker takes more branches to enumerate.
    """
    shape = rng.choice(sorted(SHAPES)) if shape is None else shape
    wanted = {f for f in FEATURES if rng.random() < 0.25} if features is None else set(features)
    if "theta" in wanted:
        wanted -= {"inbreeding", "cut"}
    if "twins" in wanted:
        wanted -= {"cut"}
    x_linked = "x" in wanted
    related, unrelated = _hypotheses(rng, shape)
    founders = [row["id"] for row in related if row["father"] is None]
    inbred = [
        row["id"] for row in related if row["id"] in founders and not (x_linked and _male(row))
    ]
    twins = _twins(rng, related, unrelated) if "twins" in wanted else {"H1": [], "H2": []}
    case: dict[str, Json] = {
        "id": f"{shape}-{model or 'any'}",
        "chrom": "X" if x_linked else "auto",
        "theta": rng.choice((0.01, 0.03, 0.2)) if "theta" in wanted else 0,
        "founder_inbreeding": {
            name: rng.choice((0.0625, 0.25, 1.0))
            for name in inbred
            if "inbreeding" in wanted and rng.random() < 0.6
        },
        "candidate": "C",
        "hypotheses": {"H1": related, "H2": unrelated},
        "markers": [],
    }
    both = {row["id"] for row in related} & {row["id"] for row in unrelated}
    persons = [row["id"] for row in related if row["id"] in both]
    if "dropout" in wanted:
        case["dropout"] = {p: rng.choice((0.05, 0.3)) for p in persons if rng.random() < 0.6}
    if "cut" in wanted:
        case["familias_compatible"] = True
    typed = sorted({"C", rng.choice(persons), *(p for p in persons if rng.random() < 0.6)})
    for number in range(rng.choice((1, 1, 2))):
        marker = _marker(rng, f"M{number + 1}", model or rng.choice(MODELS), "silent" in wanted)
        true = _drop(rng, related, marker, x_linked, twins["H1"])
        seen = {p: _observed(rng, true[p], case, p, wanted, marker["silent_allele"]) for p in true}
        marker["genotypes"] = {p: seen[p] for p in typed}
        case["markers"].append(marker)
        if "missing" in wanted:
            marker["genotypes"][rng.choice(typed)] = None
        untyped = [p for p in persons if p not in typed]
        rng.shuffle(untyped)
        while untyped and any(branches(case, h, number, twins[h]) > limit for h in twins):
            extra = untyped.pop()
            marker["genotypes"][extra] = seen[extra]
    case["typed"] = sorted({p for m in case["markers"] for p, g in m["genotypes"].items() if g})
    return RandomCase(case, twins)


def _male(row: dict[str, Json]) -> bool:
    return bool(row["sex"] == "male")


def _hypotheses(rng: random.Random, shape: str) -> tuple[list[Json], list[Json]]:
    """Both hypotheses; under H2 a placeholder stands where the candidate stood."""
    first, second = SHAPES[shape]
    related = [_person(rng, row) for row in first]
    sexes = {row["id"]: row["sex"] for row in related}
    if second is not None:
        unrelated = [_person(rng, row) for row in second]
        for row in unrelated:
            row["sex"] = sexes.get(row["id"], row["sex"])
    else:
        unrelated = [
            {key: "instead" if value == "C" else value for key, value in row.items()}
            for row in related
        ]
        unrelated.append({"id": "C", "father": None, "mother": None, "sex": sexes["C"]})
    rng.shuffle(related)
    rng.shuffle(unrelated)
    return related, unrelated


def _person(rng: random.Random, row: tuple[str, str | None, str | None, str]) -> dict[str, Json]:
    name, father, mother, sex = row
    return {
        "id": name,
        "father": father,
        "mother": mother,
        "sex": rng.choice(("female", "male")) if sex == "?" else sex,
    }


def _twins(rng: random.Random, *hypotheses: list[Json]) -> dict[str, list[list[str]]]:
    """One pair of siblings made identical, and of one sex, under each hypothesis that has both."""
    related = hypotheses[0]
    pairs = [
        [a["id"], b["id"]]
        for a in related
        for b in related
        if a["id"] < b["id"] and a["father"] and (a["father"], a["mother"]) == (b["father"], b["mother"])
        and not _roles_differ(related, a["id"], b["id"])
    ]
    if not pairs:
        return {"H1": [], "H2": []}
    pair = rng.choice(pairs)
    sex = next(row["sex"] for row in related if row["id"] == pair[0])
    twins: dict[str, list[list[str]]] = {}
    for name, rows in zip(("H1", "H2"), hypotheses, strict=True):
        parents = []
        for row in rows:
            if row["id"] in (*pair, "instead") and (row["id"] != "instead" or "C" in pair):
                row["sex"] = sex
            if row["id"] in pair:
                parents.append((row["father"], row["mother"]))
        twins[name] = [pair] if len(set(parents)) == 1 and parents[0][0] else []
    return twins


def _roles_differ(rows: list[Json], a: str, b: str) -> bool:
    """Whether one is a father and the other one a mother."""
    fathers, mothers = {row["father"] for row in rows}, {row["mother"] for row in rows}
    return bool({a, b} & fathers and {a, b} & mothers) or bool({a, b} & (fathers | mothers))


def _marker(rng: random.Random, name: str, model: str, silent: bool) -> dict[str, Json]:
    n = rng.randint(2, 6)
    names = sorted(rng.sample(_LADDER, n), key=float)
    if rng.random() < 0.2:
        rng.shuffle(names)
    weights = [rng.randint(1, 20) / 20 for _ in names]
    if silent:
        names.insert(rng.choice((0, n)), "silent")
        weights.insert(names.index("silent"), rng.choice((0.01, 0.1, 0.5)))
    total = sum(weights)
    marker: dict[str, Json] = {
        "name": name,
        "frequencies": {a: w / total for a, w in zip(names, weights, strict=True)},
        "silent_allele": "silent" if silent else None,
        "mutation": {"model": model},
    }
    if model == "custom":
        marker["mutation"]["matrix"] = {s: _rows(rng, n) for s in ("female", "male")}
    elif model != "none":
        rates = {s: rng.choice((0.0, 0.001, 0.01, 0.1)) for s in ("female", "male")}
        marker["mutation"]["rate"] = rates
        if model in ("stepwise", "dawid"):
            marker["mutation"]["range"] = rng.choice((0.02, 0.1, 0.5))
        if model == "stepwise":
            marker["mutation"]["rate2"] = rng.choice((0.0, 1e-6, 0.01))
        for sex in rates:
            while any(cell < 0 for row in matrix_of(marker, sex) for cell in row):
                rates[sex] /= 2
    return marker


def _rows(rng: random.Random, n: int) -> list[list[float]]:
    """A stochastic matrix, some of whose entries are 0."""
    rows = []
    for i in range(n):
        weights = [rng.choice((0, 0, 1, 3)) for _ in range(n)]
        weights[i] += rng.choice((1, 20))
        rows.append([w / sum(weights) for w in weights])
    return rows


def _drop(
    rng: random.Random,
    rows: list[Json],
    marker: dict[str, Json],
    x_linked: bool,
    twins: list[list[str]],
) -> dict[str, Alleles]:
    """Genes dropped through a pedigree; now and then an allele arrives as any other one."""
    p = list(marker["frequencies"].values())
    error = 0.02 if marker["mutation"]["model"] == "none" else 0.15
    true: dict[str, Alleles] = {}

    def draw(parent: str | None) -> int:
        if parent is None:
            return rng.choices(range(len(p)), p)[0]
        return rng.randrange(len(p)) if rng.random() < error else rng.choice(true[parent])

    waiting = list(rows)
    while waiting:
        row = waiting.pop(0)
        if {row["father"], row["mother"]} - true.keys() - {None}:
            waiting.append(row)
            continue
        sides = ["mother"] if x_linked and _male(row) else ["father", "mother"]
        true[row["id"]] = tuple(draw(row[side]) for side in sides)
    for first, *others in twins:
        true.update({other: true[first] for other in others})
    return {name: tuple(genotype) for name, genotype in true.items()}


def _observed(
    rng: random.Random,
    true: Alleles,
    case: dict[str, Json],
    person: str,
    wanted: set[str],
    silent: str | None,
) -> list[str | None] | None:
    return None
