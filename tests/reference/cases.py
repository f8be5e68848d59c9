"""Random small cases over all features, in the JSON schema of the reference cases.

Every case is small enough for `tests.reference.enumeration`. Identical twins, which the schema
does not have, come beside it.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
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
    tables: Sequence[Mapping[str, float]] = (),
    markers: int = 0,
    limit: int = 2000,
) -> RandomCase:
    """A case drawn with `rng`; what is not stated is drawn too.

    Args:
        rng: where all choices come from.
        shape: a key of SHAPES.
        model: one of MODELS.
        features: the FEATURES that the case shows; those that exclude one another are left out.
        tables: frequencies to choose from; without any, small ones are invented.
        markers: how many; 0: one or two.
        limit: persons are typed until no marker takes more branches to enumerate.
    """
    shape = shape or rng.choice(sorted(SHAPES))
    wanted = {f for f in FEATURES if rng.random() < 0.25} if features is None else set(features)
    if "theta" in wanted:
        wanted -= {"inbreeding", "cut"}  # combinations that no convention defines
    if SHAPES[shape].twins:
        wanted -= {"cut"}
    hypotheses = _hypotheses(rng, shape)
    persons = sorted(_ids(hypotheses["H1"]) & _ids(hypotheses["H2"]))
    twins = {name: SHAPES[shape].twins_under(name) for name in hypotheses}
    case = _case(rng, hypotheses, persons, wanted)
    case["id"] = f"{shape}, {', '.join(sorted(wanted)) or 'plain'}"
    typed = {p for p in persons if rng.random() < (0.95 if p == "C" else 0.6)} or {"C"}
    for number in range(markers or rng.choice((1, 1, 2))):
        marker = _marker(rng, model or rng.choice(MODELS), "silent" in wanted, tables)
        marker["name"] = f"M{number + 1}"
        case["markers"].append(marker)
        true = _dropped(rng, marker, case, twins["H1"])
        seen = {
            person: _seen(rng, true[person], marker, person, case, wanted) for person in persons
        }
        marker["genotypes"] = {person: seen[person] for person in sorted(typed)}
        if "missing" in wanted:
            marker["genotypes"][rng.choice(sorted(typed))] = None
        waiting = [person for person in persons if person not in typed]
        rng.shuffle(waiting)
        while waiting and any(branches(case, h, number, twins[h]) > limit for h in twins):
            person = waiting.pop()
            marker["genotypes"][person] = seen[person]
    case["typed"] = [p for p in persons if any(m["genotypes"].get(p) for m in case["markers"])]
    return RandomCase(case, twins)


def _hypotheses(rng: random.Random, shape: str) -> dict[str, list[Json]]:
    """The rows of both hypotheses in any order, everybody of one sex or the other."""
    hypotheses: dict[str, list[Json]] = {h: list(SHAPES[shape].rows(h)) for h in ("H1", "H2")}
    sexes: dict[str, str] = {}
    for rows in hypotheses.values():
        for row in rows:
            if row["sex"] == "?":
                row["sex"] = sexes.setdefault(row["id"], rng.choice(("female", "male")))
        rng.shuffle(rows)
    return hypotheses


def _case(
    rng: random.Random, hypotheses: dict[str, list[Json]], persons: list[str], wanted: set[str]
) -> dict[str, Json]:
    """A case without markers."""
    case: dict[str, Json] = {
        "id": "",
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
            if row["id"] in _founders(hypotheses) and not _hemizygous(row, case)
        }
    if "dropout" in wanted:
        case["dropout"] = {p: rng.choice((0.05, 0.3)) for p in persons if rng.random() < 0.6}
    return case


def _ids(rows: list[Json]) -> set[str]:
    return {row["id"] for row in rows}


def _founders(hypotheses: dict[str, list[Json]]) -> set[str]:
    """The persons who have no parents under either hypothesis."""
    everybody = [row for rows in hypotheses.values() for row in rows]
    return _ids(everybody) - _ids([row for row in everybody if row["father"]])


def _hemizygous(row: dict[str, Json], case: dict[str, Json]) -> bool:
    return bool(case["chrom"] == "X" and row["sex"] == "male")


def _marker(
    rng: random.Random, model: str, silent: bool, tables: Sequence[Mapping[str, float]]
) -> dict[str, Json]:
    """A marker without genotypes; rates are halved until the matrices have no entry below 0."""
    weights = dict(rng.choice(tables)) if tables else _invented(rng)
    n = len(weights)
    if silent:
        hidden = {"silent": rng.choice((0.01, 0.1, 0.5))}
        weights = weights | hidden if rng.random() < 0.5 else hidden | weights
    total = sum(weights.values())
    marker: dict[str, Json] = {
        "name": "",
        "frequencies": {allele: weight / total for allele, weight in weights.items()},
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


def _invented(rng: random.Random) -> dict[str, float]:
    """Weights of some alleles; now and then not by size, since dawid goes by their order."""
    names = sorted(rng.sample(_LADDER, rng.randint(2, 6)), key=float)
    if rng.random() < 0.2:
        rng.shuffle(names)
    return {name: rng.randint(1, 20) / 20 for name in names}


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
        same = [
            true[name] for group in twins if row["id"] in group for name in group if name in true
        ]
        true[row["id"]] = same[0] if same else tuple(draw(row[side]) for side in sides)
    return true


def _seen(
    rng: random.Random,
    true: Alleles,
    marker: dict[str, Json],
    person: str,
    case: dict[str, Json],
    wanted: set[str],
) -> list[str | None] | None:
    """What an instrument shows of a true genotype; None where it shows nothing."""
    names = list(marker["frequencies"])
    rate = case["dropout"].get(person, 0.0)
    shown = [names[a] for a in true if rng.random() >= rate]
    visible = [name for name in shown if name != marker["silent_allele"]]
    if not visible:
        return None
    if "partial" in wanted and rng.random() < 0.5:
        return [rng.choice(visible), None]
    return [visible[0], visible[-1]]
