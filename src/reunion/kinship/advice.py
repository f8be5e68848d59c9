"""What to type next: whose blood, and which markers, would help a family most.

The measure is the expected log10 LR of the sought person. It is a sum over markers, so what a
further profile or marker brings is a finite sum over the genotypes that it may show.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reunion.kinship.compile import Compiler, Family, MarkerLaw
from reunion.kinship.errors import BadSetting
from reunion.kinship.likelihood import MarkerModel
from reunion.kinship.markers import Genotype, Profile

LEFT_OUT = 1e-3
"""Probability of the rarest genotypes of a relative, at each marker, that are not looked at."""

DRAWS = 200
"""Draws of the genotypes of several relatives at a marker where none of them is typed yet."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What one more relative, or one more marker, brings.

    Attributes:
        name: the relative or the marker.
        log10_lr: expected gain of the sought person's log10 LR.
        error: standard error of it; 0 where it was summed and not drawn.
    """

    name: str
    log10_lr: float
    error: float = 0.0


def expected_log10_lr(laws: Collection[MarkerLaw]) -> float:
    """Expected log10 LR of the sought person, who is typed at these markers.

    >>> law = MarkerLaw("M", np.array([1.0, -1.0]), np.array([0.75, 0.25]), np.array([0.1, 0.9]))
    >>> expected_log10_lr([law])
    0.5
    """
    return float(sum(law.related[law.related > 0] @ law.log10_lr[law.related > 0] for law in laws))


def whose_blood_next(
    compiler: Compiler, family: Family, persons: Sequence[str] | None = None
) -> list[Gain]:
    """What typing each relative would bring, most first.

    Args:
        compiler: the markers that would be typed, all of them in everybody.
        family: with those who are typed already.
        persons: relatives to look at; None: everybody who is not typed and not sought.

    Raises:
        BadSetting: one of the persons is typed, or sought.

    Source:
        Expectation over P(genotype of the relative | family); the rarest genotypes, 0.001 in all at
        each marker, are left out and the rest scaled.
    """
    taken = {*family.profiles, family.sought}
    if persons is None:
        persons = [person.id for person in family.pedigree if person.id not in taken]
    if wrong := [person for person in persons if person in taken]:
        raise BadSetting(setting="persons", reason=f"{wrong[0]} is typed, or is the sought person")
    now = {law.marker: expected_log10_lr([law]) for law in compiler.laws(family)}
    known: dict[object, float] = {}
    gains = []
    for name in persons:
        person = family.pedigree[name]
        # Brothers and sisters without children of their own play the same part.
        alike = not person.is_founder and not family.pedigree.children_of(name)
        part: object = (person.father, person.mother, person.sex) if alike else name
        if part not in known:
            known[part] = _gain(compiler, family, name, now)
        gains.append(Gain(name, known[part]))
    return sorted(gains, key=lambda gain: (-gain.log10_lr, gain.name))


def _gain(compiler: Compiler, family: Family, person: str, now: dict[str, float]) -> float:
    """Expected gain over all markers if this person is typed."""
    laws = {law.marker: law for law in compiler.laws(replace(family, sought=person))}
    profile: dict[str, Genotype] = {}
    typed = _with(family, {person: profile})
    gain = 0.0
    for model in compiler.models:
        if model is None:
            continue
        law = laws[model.name].related
        order = np.argsort(-law, kind="stable")
        kept = order[: 1 + int(np.searchsorted(np.cumsum(law[order]), 1 - LEFT_OUT))]
        genotypes = _genotypes(model)
        mean = 0.0
        for at in kept.tolist():
            profile[model.name] = genotypes[at]
            mean += law[at] * expected_log10_lr(compiler.laws(typed, [model.name]))
        gain += float(mean / law[kept].sum()) - now[model.name]
    return gain


def which_markers_next(
    compiler: Compiler,
    family: Family,
    markers: Sequence[str],
    *,
    counted: Collection[str] = (),
    seed: int = 1,
) -> list[Gain]:
    """What typing a marker in all typed relatives and in the sought person brings, most first.

    Args:
        compiler: has a model for each of the markers.
        family: whose typed relatives would be typed further.
        markers: those to look at; relatives who are typed there already are taken as they are.
        counted: those of them at which the sought person counts as typed already: what is expected
            of them now is no gain.
        seed: of the draws.

    Returns:
        One gain for each marker, with its standard error, from 200 draws of the relatives'
        genotypes, each person in turn from the exact law given those before.
    """
    rng = np.random.default_rng(seed)
    models = {model.name: model for model in compiler.models if model is not None}
    now = {law.marker: expected_log10_lr([law]) for law in compiler.laws(family, counted)}
    gains = []
    for marker in markers:
        values = [_drawn(compiler, family, models[marker], rng) for _ in range(DRAWS)]
        error = float(np.std(values, ddof=1) / np.sqrt(DRAWS))
        gains.append(Gain(marker, float(np.mean(values)) - now.get(marker, 0.0), error))
    return sorted(gains, key=lambda gain: (-gain.log10_lr, gain.name))


def _drawn(
    compiler: Compiler, family: Family, model: MarkerModel, rng: np.random.Generator
) -> float:
    """Expected log10 LR at a marker, once the relatives' genotypes there are drawn."""
    genotypes = _genotypes(model)
    typed = replace(
        family,
        profiles={
            person: {model.name: profile[model.name]} if model.name in profile else {}
            for person, profile in family.profiles.items()
        },
    )
    for person, profile in typed.profiles.items():
        if profile:
            continue
        others = {p: of for p, of in typed.profiles.items() if p != person}
        (law,) = compiler.laws(replace(typed, sought=person, profiles=others), [model.name])
        at = int(rng.choice(len(law.related), p=law.related / law.related.sum()))
        typed = _with(typed, {person: {model.name: genotypes[at]}})
    return expected_log10_lr(compiler.laws(typed, [model.name]))


def _with(family: Family, profiles: dict[str, Profile]) -> Family:
    """The family with further profiles."""
    return replace(family, profiles={**family.profiles, **profiles})


def _genotypes(model: MarkerModel) -> list[Genotype]:
    """Every genotype that can be seen, in the order of the marker's laws."""
    seen = [a for i, a in enumerate(model.frequencies.alleles) if i != model.laws.silent]
    return [(seen[i], seen[j]) for j in range(len(seen)) for i in range(j + 1)]
