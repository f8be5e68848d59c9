"""Random small cases over all features, in the JSON schema of the reference cases.

Every case is small enough for `tests.reference.enumeration`. Identical twins, which the schema
does not have, come beside it.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.reference.enumeration import Alleles, branches
from tests.reference.matrices import matrix_of
from tests.reference.shapes import SHAPES

Json = Any  # Cases are JSON, whose values have many types.

MODELS = ("none", "equal", "proportional", "onestep", "stepwise", "dawid", "custom")

FEATURES = ("theta", "silent", "x", "missing", "partial", "dropout", "inbreeding", "cut")
"""What a case may show beside its shape and its mutation; "cut": familias_compatible."""

_LADDER = ("6", "7", "8", "8.3", "9", "9.3", "10", "10.3", "11", "12", "12.2", "14")


@dataclass(frozen=True)
class RandomCase:
    """A case of the schema, and the groups of identical twins under each hypothesis."""

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
    features: Collection[str] | None = None,
    limit: int = 4000,
) -> RandomCase:
    """A case drawn with `rng`; what is not stated is drawn too.

    Args:
        rng: where all choices come from.
        shape: a key of SHAPES.
        model: one of MODELS.
        features: the FEATURES that the case shows; those that exclude one another are left out.
        limit: persons are typed until no marker takes more branches to enumerate.
    """
    shape = shape or rng.choice(sorted(SHAPES))
    wanted = {f for f in FEATURES if rng.random() < 0.25} if features is None else set(features)
    if "theta" in wanted:
        wanted -= {"inbreeding", "cut"}  # combinations that no convention defines
    if SHAPES[shape].twins:
        wanted -= {"cut"}
    hypotheses = {name: SHAPES[shape].rows(name) for name in ("H1", "H2")}
    sexes: dict[str | None, str] = {}
    for row in [*hypotheses["H1"], *hypotheses["H2"]]:
        if row["sex"] == "?":
            row["sex"] = sexes.setdefault(row["id"], rng.choice(("female", "male")))
    for rows in hypotheses.values():
        rng.shuffle(rows)
    persons = sorted(
        {str(row["id"]) for row in hypotheses["H1"]} & {str(row["id"]) for row in hypotheses["H2"]}
        | {"C"}
    )
    case: dict[str, Json] = {
        "id": f"{shape}, {', '.join(sorted(wanted)) or 'plain'}",
        "chrom": "X" if "x" in wanted else "auto",
        "theta": rng.choice((0.01, 0.03, 0.2)) if "theta" in wanted else 0,
        "founder_inbreeding": {},
        "dropout": {},
        "familias_compatible": "cut" in wanted,
        "candidate": "C",
        "hypotheses": hypotheses,
        "markers": [],
    }
    if "inbreeding" in wanted:
        case["founder_inbreeding"] = {
            row["id"]: rng.choice((0.0625, 0.25, 1.0))
            for row in hypotheses["H1"]
            if row["id"] in _founders(hypotheses) and not (_hemizygous(row, case))
        }
    if "dropout" in wanted:
        case["dropout"] = {p: rng.choice((0.05, 0.3)) for p in persons if rng.random() < 0.6}
    twins = {name: SHAPES[shape].twins_under(name) for name in hypotheses}
    typed = {rng.choice(persons), *(p for p in persons if rng.random() < 0.6)}
    for number in range(rng.choice((1, 1, 2))):
        marker = _marker(rng, f"M{number + 1}", model or rng.choice(MODELS), "silent" in wanted)
        true = _dropped(rng, marker, case, twins["H1"])
        silent = marker["silent_allele"]
        names = list(marker["frequencies"])
        seen = {
            person: _seen(rng, [names[a] for a in true[person]], silent, person, case, wanted)
            for person in persons
        }
        marker["genotypes"] = {p: seen[p] for p in persons if p in typed}
        if "missing" in wanted and typed:
            marker["genotypes"][rng.choice(sorted(typed))] = None
        case["markers"].append(marker)
        waiting = [p for p in persons if p not in typed]
        rng.shuffle(waiting)
        while waiting and any(branches(case, h, number, twins[h]) > limit for h in twins):
            extra = waiting.pop()
            marker["genotypes"][extra] = seen[extra]
    case["typed"] = [p for p in persons if any(m["genotypes"].get(p) for m in case["markers"])]
    return RandomCase(case, twins)


def _founders(hypotheses: dict[str, list[Json]]) -> set[str]:
    """The persons who have no parents under either hypothesis."""
    children = {r["id"] for rows in hypotheses.values() for r in rows if r["father"]}
    return {r["id"] for rows in hypotheses.values() for r in rows} - children


def _hemizygous(row: dict[str, Json], case: dict[str, Json]) -> bool:
    return bool(case["chrom"] == "X" and row["sex"] == "male")


def _marker(rng: random.Random, name: str, model: str, silent: bool) -> dict[str, Json]:
    """A marker without genotypes; rates are halved until the matrices have no entry below 0."""
    n = rng.randint(2, 6)
    names = sorted(rng.sample(_LADDER, n), key=float)
    if rng.random() < 0.2:
        rng.shuffle(names)  # dawid goes by the position in the list
    weights = [rng.randint(1, 20) / 20 for _ in names]
    if silent:
        at = rng.choice((0, n))
        names.insert(at, "silent")
        weights.insert(at, rng.choice((0.01, 0.1, 0.5)))
    total = sum(weights)
    marker: dict[str, Json] = {
        "name": name,
        "frequencies": {a: w / total for a, w in zip(names, weights, strict=True)},
        "silent_allele": "silent" if silent else None,
        "mutation": {"model": model},
    }
    sexes = ("female", "male")
    if model == "custom":
        marker["mutation"]["matrix"] = {sex: _stochastic(rng, n) for sex in sexes}
    elif model != "none":
        rates = {sex: rng.choice((0.0, 0.001, 0.01, 0.1)) for sex in sexes}
        marker["mutation"]["rate"] = rates
        if model in ("stepwise", "dawid"):
            marker["mutation"]["range"] = rng.choice((0.02, 0.1, 0.5))
        if model == "stepwise":
            marker["mutation"]["rate2"] = rng.choice((0.0, 1e-6, 0.01))
        for sex in sexes:
            while any(cell < 0 for row in matrix_of(marker, sex) for cell in row):
                rates[sex] /= 2
    return marker


def _stochastic(rng: random.Random, n: int) -> list[list[float]]:
    """Rows that sum to 1; some entries are 0."""
    rows = []
    for i in range(n):
        weights = [rng.choice((0, 0, 1, 3)) for _ in range(n)]
        weights[i] += rng.choice((1, 20))
        rows.append([weight / sum(weights) for weight in weights])
    return rows


def _dropped(
    rng: random.Random, marker: dict[str, Json], case: dict[str, Json], twins: list[list[str]]
) -> dict[str, Alleles]:
    """Genes dropped through H1; now and then an allele arrives as any other one.

    Without mutation that gives cases that exclude the candidate, but not too many of them.
    """
    p = list(marker["frequencies"].values())
    changed = 0.02 if marker["mutation"]["model"] == "none" else 0.15
    true: dict[str, Alleles] = {}

    def draw(parent: str | None) -> int:
        if parent is None:
            return rng.choices(range(len(p)), p)[0]
        return rng.randrange(len(p)) if rng.random() < changed else rng.choice(true[parent])

    waiting = list(case["hypotheses"]["H1"])
    while waiting:
        row = waiting.pop(0)
        if {row["father"], row["mother"]} - true.keys() - {None}:
            waiting.append(row)
            continue
        sides = ("mother",) if _hemizygous(row, case) else ("father", "mother")
        true[row["id"]] = tuple(draw(row[side]) for side in sides)
    for first, *others in twins:
        true.update({other: true[first] for other in others})
    return true


def _seen(
    rng: random.Random,
    true: list[str],
    silent: str | None,
    person: str,
    case: dict[str, Json],
    wanted: Collection[str],
) -> list[str | None] | None:
    """What an instrument shows of a true genotype; None where it shows nothing."""
    rate = case["dropout"].get(person, 0.0)
    visible = [a for a in true if a != silent and rng.random() >= rate]
    if not visible:
        return None
    if "partial" in wanted and rng.random() < 0.5:
        return [rng.choice(visible), None]
    return [visible[0], visible[-1]]
