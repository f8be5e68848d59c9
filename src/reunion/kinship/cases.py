"""The cases of the command `lr`: two hypotheses about one set of genotypes, in one JSON schema.

The schema is that of the reference cases (docs/lr-cases.md). Keys that hold expected results are
dropped on reading, before anything is computed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reunion.kinship.errors import KinshipError
from reunion.kinship.frequencies import Frequencies, RareRule
from reunion.kinship.likelihood import (
    BUDGET,
    Budget,
    MarkerModel,
    Scaled,
    joint,
    likelihood_value,
    observations,
)
from reunion.kinship.markers import SILENT, Genotype
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.network import shape_of
from reunion.kinship.pedigree import Pedigree, Person, Sex

RESULTS = frozenset(
    {"likelihood", "lr", "log10_lr_total", "primary", "crosscheck", "familias_pruned"}
)
"""Keys that hold results; never read."""

_CASE = frozenset(
    "id category family note truth chrom theta founder_inbreeding candidate typed hypotheses"
    " markers familias_compatible rare_alleles dropout populations twins".split()
)
_MARKER = frozenset("name frequencies silent_allele mutation genotypes".split())
_MUTATION = frozenset("model rate rate2 range matrix".split())
_PERSON = frozenset("id father mother sex".split())


class BadCase(KinshipError):
    """A case that does not follow the schema."""

    sentence = "case {case}, at {path}: {reason}"


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker of a case: its model by population ("" is the first), and the genotypes."""

    name: str
    models: Mapping[str, MarkerModel]
    genotypes: Mapping[str, Genotype]


@dataclass(frozen=True, slots=True)
class Case:
    """Two hypotheses, the markers, and the settings that bear on all of them."""

    id: str
    hypotheses: Mapping[str, Pedigree]
    markers: tuple[Marker, ...]
    dropout: Mapping[str, float]
    familias_compatible: bool
    populations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a case, so that a complaint can name it."""

    case: str
    path: str = ""

    def at(self, key: object) -> Spot:
        """The place one step further in."""
        return Spot(self.case, f"{self.path}.{key}" if self.path else str(key))

    def bad(self, reason: str) -> BadCase:
        """The complaint about this place."""
        return BadCase(case=self.case, path=self.path or "top", reason=reason)


# Any: the values are JSON as read; each function below checks the part that it takes.
Json = Any


def read_cases(text: str) -> list[Json]:
    """The raw cases of a text: one case, a list of them, or {"cases": [...]}.

    Raises:
        BadCase: the text is not JSON, or not of one of the three forms.
    """
    try:
        data: Json = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadCase(
            case="?", path=f"line {error.lineno}, column {error.colno}", reason=error.msg
        ) from error
    except RecursionError as error:
        raise BadCase(case="?", path="top", reason="the JSON is nested too deeply") from error
    if isinstance(data, dict) and "cases" in data:
        data = data["cases"]
    if isinstance(data, dict):
        return [data]
    if isinstance(data, list):
        return data
    raise BadCase(case="?", path="top", reason="wanted a case, a list, or an object with `cases`")


def parse_case(raw: Json, number: int = 1) -> Case:
    """A checked case; unknown keys are an error, results are dropped.

    Args:
        raw: JSON value of one case.
        number: position in its file, named where the case has no id.
    """
    identity = raw.get("id") if isinstance(raw, dict) else None
    spot = Spot(identity if isinstance(identity, str) else f"number {number}")
    data = _object(raw, spot, _CASE | RESULTS)
    chrom = data.get("chrom", "auto")
    if chrom not in ("auto", "X"):
        raise spot.at("chrom").bad(f'wanted "auto" or "X", found {chrom!r}')
    inbreeding = _numbers(data.get("founder_inbreeding", {}), spot.at("founder_inbreeding"))
    place = spot.at("hypotheses")
    hypotheses = _object(data.get("hypotheses"), place, frozenset({"H1", "H2"}))
    if set(hypotheses) != {"H1", "H2"}:
        raise place.bad("wanted both H1 and H2")
    twins = _object(data.get("twins", {}), spot.at("twins"), frozenset({"H1", "H2"}))
    pedigrees = {
        name: _pedigree(
            rows, inbreeding, _twins(twins.get(name, []), spot.at(f"twins.{name}")), place.at(name)
        )
        for name, rows in hypotheses.items()
    }
    theta = _number(data.get("theta", 0), spot.at("theta"))
    rule, floor, two_n = _rule(data.get("rare_alleles", {"rule": "as_given"}), spot)
    populations = _populations(data.get("populations", {}), spot.at("populations"))
    markers = data.get("markers")
    if not isinstance(markers, list):
        raise spot.at("markers").bad("wanted a list")
    familias = _bool(data.get("familias_compatible", False), spot)
    if familias and theta > 0:
        raise spot.at("familias_compatible").bad("it is allowed only at theta 0")
    settings = _Settings(theta, chrom == "X", rule, floor, two_n, populations)
    persons = {person.id for pedigree in pedigrees.values() for person in pedigree}
    _check_names(data, persons, spot)
    return Case(
        id=spot.case,
        hypotheses=pedigrees,
        markers=tuple(
            _marker(row, settings, persons, spot.at(f"markers[{i}]"))
            for i, row in enumerate(markers)
        ),
        dropout=_known(_numbers(data.get("dropout", {}), spot.at("dropout")), persons, spot),
        familias_compatible=familias,
        populations=tuple(populations),
    )


def evaluate(case: Case, *, budget: Budget = BUDGET) -> dict[str, Json]:
    """Likelihoods per marker and hypothesis, LR per marker, and the total, ready for JSON.

    `lr` is None for 0/0 and "Inf" for x/0; `log10_lr_total` is a number, "-Inf", "Inf" or "NaN"
    (data contradict both hypotheses).
    """
    first = _evaluate(case, "", budget)
    result: dict[str, Json] = {"id": case.id, **first}
    if case.familias_compatible:
        result["familias_compatible"] = True
    if case.populations:
        totals = {
            name: _evaluate(case, name, budget)["log10_lr_total"] for name in case.populations
        }
        result["log10_lr_populations"] = totals
        everything = [_as_float(value) for value in (first["log10_lr_total"], *totals.values())]
        least = math.nan if any(map(math.isnan, everything)) else min(everything)
        result["log10_lr_min_population"] = _as_json(least)
    added = {m.name: list(f.added) for m in case.markers if (f := m.models[""].frequencies).added}
    if added:
        result["alleles_added"] = added
    return result


def _evaluate(case: Case, population: str, budget: Budget) -> dict[str, Json]:
    """The results with the frequencies of one population."""
    everybody = frozenset(person for marker in case.markers for person in marker.genotypes)
    typed = everybody if case.familias_compatible else None
    likelihoods: dict[str, list[Scaled]] = {}
    for name, pedigree in case.hypotheses.items():
        likelihoods[name] = []
        for marker in case.markers:
            model = marker.models[population]
            shape = shape_of(pedigree, x_linked=model.x_linked, familias_typed=typed)
            genotypes = {p: g for p, g in marker.genotypes.items() if p in pedigree}
            seen = observations(pedigree, model, genotypes, case.dropout)
            likelihoods[name].append(joint(shape, model, seen, budget=budget))
    log10 = {name: [scaled.log10() for scaled in values] for name, values in likelihoods.items()}
    pairs = list(zip(log10["H1"], log10["H2"], strict=True))
    zero_1, zero_2 = (any(value[i] == -math.inf for value in pairs) for i in (0, 1))
    if zero_1 or zero_2:
        total = math.nan if zero_1 and zero_2 else -math.inf if zero_1 else math.inf
    else:
        total = math.fsum(h1 - h2 for h1, h2 in pairs)
    return {
        "likelihood": {
            n: [likelihood_value(s) for s in values] for n, values in likelihoods.items()
        },
        "lr": [_ratio(h1, h2) for h1, h2 in zip(likelihoods["H1"], likelihoods["H2"], strict=True)],
        "log10_lr_total": _as_json(total),
    }


def _ratio(h1: Scaled, h2: Scaled) -> float | str | None:
    """H1/H2 as JSON: None for 0/0, "Inf" for x/0."""
    above, below = float(h1.values.sum()), float(h2.values.sum())
    if below == 0:
        return None if above == 0 else "Inf"
    return math.ldexp(above / below, h2.exponent - h1.exponent)


def _as_json(value: float) -> float | str:
    """A number, or its name where JSON has none."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return value


def _as_float(value: Json) -> float:
    return float(value)


@dataclass(frozen=True, slots=True)
class _Settings:
    """What all markers of a case share."""

    theta: float
    x_linked: bool
    rule: RareRule
    floor: float | None
    two_n: int | None
    populations: Mapping[str, Mapping[str, Json]]


def _object(value: Json, spot: Spot, keys: frozenset[str] | None = None) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise spot.bad("wanted an object" if value is not None else "missing")
    for key in value:
        if keys is not None and key not in keys:
            raise spot.at(key).bad(f"unknown key; known are {', '.join(sorted(keys))}")
    return value


def _number(value: Json, spot: Spot) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise spot.bad(f"wanted a number, found {value!r}")
    return float(value)


def _numbers(value: Json, spot: Spot) -> dict[str, float]:
    return {key: _number(number, spot.at(key)) for key, number in _object(value, spot).items()}


def _bool(value: Json, spot: Spot) -> bool:
    if not isinstance(value, bool):
        raise spot.at("familias_compatible").bad(f"wanted true or false, found {value!r}")
    return value


def _known(values: dict[str, float], persons: set[str], spot: Spot) -> dict[str, float]:
    for name in values:
        if name not in persons:
            raise spot.at("dropout").bad(f"person {name} is in neither hypothesis")
    return values


def _check_names(data: dict[str, Json], persons: set[str], spot: Spot) -> None:
    """Persons named beside the hypotheses must stand in one of them."""
    typed = data.get("typed", [])
    if not isinstance(typed, list):
        raise spot.at("typed").bad("wanted a list")
    candidate = data.get("candidate")
    for key, name in [("typed", n) for n in typed] + (
        [("candidate", candidate)] if candidate else []
    ):
        if name not in persons:
            raise spot.at(key).bad(f"person {name} is in neither hypothesis")


def _twins(value: Json, spot: Spot) -> tuple[tuple[str, ...], ...]:
    groups = value if isinstance(value, list) else [None]
    for group in groups:
        if not isinstance(group, list) or not all(isinstance(name, str) for name in group):
            raise spot.bad("wanted a list of lists of names")
    return tuple(map(tuple, groups))


def _pedigree(
    rows: Json, inbreeding: Mapping[str, float], twins: tuple[tuple[str, ...], ...], spot: Spot
) -> Pedigree:
    if not isinstance(rows, list) or not rows:
        raise spot.bad("wanted a list of persons")
    persons = []
    for i, row in enumerate(rows):
        place = spot.at(f"[{i}]")
        data = _object(row, place, _PERSON)
        name = data.get("id")
        if not isinstance(name, str) or not name:
            raise place.at("id").bad(f"wanted a name, found {name!r}")
        father, mother = data.get("father"), data.get("mother")
        for parent in (father, mother):
            if parent is not None and not isinstance(parent, str):
                raise place.bad(f"a parent is a name or null, found {parent!r}")
        sex = data.get("sex", "unknown")
        if sex not in tuple(Sex):
            raise place.at("sex").bad(f'wanted "male", "female" or "unknown", found {sex!r}')
        persons.append(Person(name, father, mother, Sex(sex), inbreeding.get(name, 0.0)))
    try:
        return Pedigree(tuple(persons), twins)
    except KinshipError as error:
        raise spot.bad(str(error)) from error


def _rule(value: Json, spot: Spot) -> tuple[RareRule, float | None, int | None]:
    place = spot.at("rare_alleles")
    data = _object(value, place, frozenset({"rule", "two_n", "floor"}))
    if data.get("rule") not in tuple(RareRule):
        raise place.at("rule").bad(
            f"wanted one of {', '.join(RareRule)}, found {data.get('rule')!r}"
        )
    floor = _number(data["floor"], place.at("floor")) if "floor" in data else None
    two_n = int(_number(data["two_n"], place.at("two_n"))) if "two_n" in data else None
    return RareRule(data["rule"]), floor, two_n


def _populations(value: Json, spot: Spot) -> dict[str, dict[str, Json]]:
    return {name: _object(table, spot.at(name)) for name, table in _object(value, spot).items()}


def _marker(row: Json, settings: _Settings, persons: set[str], spot: Spot) -> Marker:
    data = _object(row, spot, _MARKER)
    name = data.get("name")
    if not isinstance(name, str) or not name:
        raise spot.at("name").bad(f"wanted a name, found {name!r}")
    spot = Spot(spot.case, f"{spot.path} ({name})")
    genotypes = {
        person: _genotype(value, spot.at(f"genotypes.{person}"))
        for person, value in _object(data.get("genotypes"), spot.at("genotypes")).items()
        if value is not None
    }
    for person in genotypes:
        if person not in persons:
            raise spot.at(f"genotypes.{person}").bad("this person is in neither hypothesis")
    mutation = _mutation(data.get("mutation", {"model": "none"}), spot.at("mutation"))
    tables = {"": data.get("frequencies")}
    for population, table in settings.populations.items():
        if name not in table:
            raise spot.bad(f"population {population} has no frequencies for it")
        tables[population] = table[name]
    silent = data.get("silent_allele")
    seen = {allele for genotype in genotypes.values() for allele in genotype if allele is not None}
    models = {}
    for population, frequencies in tables.items():
        numbers = _numbers(frequencies, spot.at("frequencies"))
        if silent not in (None, SILENT) or (silent == SILENT) != (SILENT in numbers):
            raise spot.at("silent_allele").bad(
                'wanted null, or "silent" together with a frequency of that name'
            )
        try:
            prepared = Frequencies(
                name, tuple(numbers), tuple(numbers.values()), settings.two_n
            ).prepared(seen, rule=settings.rule, floor=settings.floor, table=population or "case")
            models[population] = MarkerModel(
                prepared, mutation, settings.theta, settings.x_linked, population
            )
        except KinshipError as error:
            raise spot.bad(str(error)) from error
    return Marker(name, models, genotypes)


def _genotype(value: Json, spot: Spot) -> Genotype:
    if isinstance(value, list) and len(value) == 2:
        first, second = value
        if first is None:
            first, second = second, first
        if isinstance(first, str) and (second is None or isinstance(second, str)):
            return first, second
    raise spot.bad(f"wanted [allele, allele], [allele, null] or null, found {json.dumps(value)}")


def _mutation(value: Json, spot: Spot) -> Mutation:
    data = _object(value, spot, _MUTATION)
    model = data.get("model")
    if model not in tuple(MutationKind):
        raise spot.at("model").bad(f"wanted one of {', '.join(MutationKind)}, found {model!r}")
    rate = _numbers(data.get("rate", {}), spot.at("rate"))
    if model not in ("none", "custom") and set(rate) != {"female", "male"}:
        raise spot.at("rate").bad("wanted a number for female and one for male")
    matrices = None
    if "matrix" in data:
        given = _object(data["matrix"], spot.at("matrix"), frozenset({"female", "male"}))
        if set(given) != {"female", "male"}:
            raise spot.at("matrix").bad("wanted one for female and one for male")
        matrices = (
            _matrix(given["female"], spot.at("matrix.female")),
            _matrix(given["male"], spot.at("matrix.male")),
        )
    elif model == "custom":
        raise spot.at("matrix").bad("missing")
    return Mutation(
        MutationKind(model),
        female=rate.get("female", 0.0),
        male=rate.get("male", 0.0),
        rate2=_number(data.get("rate2", 0.0), spot.at("rate2")),
        range=_number(data.get("range", 0.1), spot.at("range")),
        matrices=matrices,
    )


def _matrix(value: Json, spot: Spot) -> tuple[tuple[float, ...], ...]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise spot.bad("wanted a list of rows")
    return tuple(tuple(_number(cell, spot) for cell in row) for row in value)
