"""A lead as a case of `reunion kinship lr`, so that another expert can redo the sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reunion.kinship.compile import Family
from reunion.kinship.errors import BadSetting
from reunion.kinship.frequencies import RareRule
from reunion.kinship.likelihood import MarkerModel
from reunion.kinship.markers import SILENT, Profile
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import Pedigree, single

# Any: values of JSON, in the schema of docs/lr-cases.md.
Json = Any


def candidate_name(family: Family, sample: str) -> str:
    """The name of the candidate in the case: the sample, unless a relative is called so."""
    name = sample
    while name in family.pedigree:
        name += " (sample)"
    return name


def lr_case(
    family: Family,
    sample: str,
    profile: Profile,
    models: Mapping[str, Sequence[MarkerModel]],
    *,
    part: str = "",
) -> dict[str, Json]:
    """The case: H1 puts the candidate into the sought person's place, H2 beside the family.

    The frequencies are those after the rare-allele rule, so that the case needs none.

    Args:
        family: who searches.
        sample: of the candidate.
        profile: of the candidate; these markers take part.
        models: per table its markers, the same in each; the first table is the case's own. All lie
            on X, or none.
        part: which markers of the lead these are, where it has several cases.

    Raises:
        BadSetting: the sought person is an inbred founder, for whom the schema has no place; or
            markers of X stand among others.
    """
    (first, own), *others = models.items()
    sought = family.pedigree[family.sought]
    if sought.inbreeding:
        raise BadSetting(setting="report", reason="no inbred sought person")
    is_x = {model.x_linked for model in own}
    if len(is_x) > 1:
        raise BadSetting(setting="report", reason="X markers stand in a case of their own")
    candidate = candidate_name(family, sample)
    related = family.pedigree.renamed({family.sought: candidate})
    unrelated = family.pedigree.joined(single(candidate, sex=sought.sex))
    return {
        "id": ", ".join(filter(None, (f"{family.id}: {sample}", part))),
        "chrom": "X" if is_x == {True} else "auto",
        "note": f"frequencies of {first}, after the rare-allele rule",
        "theta": own[0].theta if own else 0.0,
        "candidate": candidate,
        "typed": [*family.profiles, candidate],
        "hypotheses": {"H1": _rows(related), "H2": _rows(unrelated)},
        "twins": {
            name: [list(group) for group in pedigree.twins]
            for name, pedigree in (("H1", related), ("H2", unrelated))
        },
        "founder_inbreeding": {p.id: p.inbreeding for p in family.pedigree if p.inbreeding},
        "dropout": {person: d for person, d in family.dropout.items() if d},
        "rare_alleles": {"rule": RareRule.AS_GIVEN.value},
        "familias_compatible": False,
        "markers": [_marker(model, family, candidate, profile) for model in own],
        "populations": {name: dict(_frequencies(table)) for name, table in others},
    }


def genotypes_at(
    marker: str, family: Family, candidate: str, profile: Profile
) -> dict[str, list[str | None]]:
    """The genotypes of the typed relatives and of the candidate at one marker."""
    seen = {**family.profiles, candidate: profile}
    return {person: list(of[marker]) for person, of in seen.items() if marker in of}


def mutation_as_json(mutation: Mutation) -> dict[str, Json]:
    """A mutation model in the schema."""
    if mutation.kind is MutationKind.NONE:
        return {"model": mutation.kind.value}
    rates = {"female": mutation.female, "male": mutation.male}
    row: dict[str, Json] = {"model": mutation.kind.value, "rate": rates}
    row |= {"rate2": mutation.rate2, "range": mutation.range}
    if mutation.matrices is not None:
        female, male = (list(map(list, matrix)) for matrix in mutation.matrices)
        row["matrix"] = {"female": female, "male": male}
    return row


def _rows(pedigree: Pedigree) -> list[dict[str, Json]]:
    """The persons of a hypothesis."""
    return [
        {"id": p.id, "father": p.father, "mother": p.mother, "sex": p.sex.value} for p in pedigree
    ]


def _marker(
    model: MarkerModel, family: Family, candidate: str, profile: Profile
) -> dict[str, Json]:
    """One marker of the case."""
    (_, frequencies), *_ = _frequencies([model])
    return {
        "name": model.name,
        "frequencies": frequencies,
        "silent_allele": SILENT if SILENT in frequencies else None,
        "mutation": mutation_as_json(model.mutation),
        "genotypes": genotypes_at(model.name, family, candidate, profile),
    }


def _frequencies(models: Iterable[MarkerModel]) -> Iterable[tuple[str, dict[str, float]]]:
    """Frequencies by allele of each marker."""
    for model in models:
        prepared = model.frequencies
        yield model.name, dict(zip(prepared.alleles, prepared.p.tolist(), strict=True))
