"""Make the golden cases of the features that no peer library covers, and write them down.

    python -m tests.golden.enumeration.make

Run it in the root of the repository. The values come from `tests.reference.enumeration` alone.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from typing import Any

from tests.reference.cases import random_case
from tests.reference.enumeration import likelihoods
from tests.reference.golden import BY_ENUMERATION, BY_PEERS, cases_of

Json = Any  # Cases are JSON, whose values have many types.

# Shape, mutation model, features; one case each.
PLAN: tuple[tuple[str, str, str], ...] = (
    ("trio", "onestep", ""),
    ("siblings", "onestep", "silent"),
    ("uncle", "onestep", "theta"),
    ("half_siblings", "onestep", "x"),
    ("child_of_siblings", "onestep", "missing inbreeding"),
    ("grandparents", "onestep", "theta silent missing"),
    ("trio", "dawid", ""),
    ("siblings", "dawid", "silent"),
    ("three_siblings", "dawid", "theta"),
    ("uncle", "dawid", "x"),
    ("cousin_marriage", "dawid", "partial"),
    ("father_and_his_child", "dawid", "theta silent missing"),
    ("trio", "custom", ""),
    ("siblings", "custom", "silent"),
    ("grandparents", "custom", "theta"),
    ("mother_and_her_child", "custom", "x"),
    ("child_of_half_siblings", "custom", "dropout"),
    ("uncle", "custom", "inbreeding missing"),
    ("trio", "none", "partial"),
    ("siblings", "equal", "partial"),
    ("uncle", "stepwise", "partial silent"),
    ("grandparents", "stepwise", "partial theta"),
    ("half_siblings", "proportional", "partial x"),
    ("trio", "none", "dropout"),
    ("siblings", "stepwise", "dropout"),
    ("full_or_half_siblings", "equal", "dropout theta"),
    ("uncle", "proportional", "dropout silent"),
    ("mother_and_her_child", "stepwise", "dropout x"),
    ("child_of_uncle_and_niece", "stepwise", "dropout partial"),
    ("strangers_or_siblings", "none", "theta silent dropout"),
    ("siblings", "none", "theta silent missing"),
    ("maternal_grandparents_or_uncle", "equal", "theta silent missing"),
    ("three_siblings", "proportional", "theta silent missing"),
    ("uncle", "stepwise", "theta silent missing"),
    ("trio", "stepwise", "inbreeding dropout"),
    ("cousin_marriage", "stepwise", "inbreeding silent"),
    ("grandparents", "onestep", "cut"),
    ("uncle", "dawid", "cut silent"),
    ("half_siblings", "custom", "cut dropout partial"),
    ("siblings", "none", "x theta"),
    ("grandparents", "stepwise", "x theta silent"),
)
NIST_EVERY = 3  # every third case uses NIST frequencies, the others invented ones
LIMIT = 20_000


def golden_cases() -> Iterator[dict[str, Json]]:
    """All cases, with the expected values."""
    tables = [
        marker["frequencies"]
        for case in cases_of(BY_PEERS)
        if case["chrom"] == "auto" and "NIST Asian" in case["note"]
        for marker in case["markers"]
        if marker["silent_allele"] is None
    ]
    for number, (shape, model, words) in enumerate(PLAN, 1):
        from_nist = number % NIST_EVERY == 0
        note = "frequencies: NIST Asian" if from_nist else "frequencies: invented"
        if {"x", "theta"} <= set(words.split()):
            note += "; X with theta by our own convention, where peers disagree"
        rng = random.Random(f"golden {number}")  # noqa: S311 # a fixed sequence is wanted
        while True:
            made = random_case(
                rng,
                shape=shape,
                model=model,
                features=words.split(),
                tables=tables if from_nist else (),
                markers=3,
                limit=LIMIT,
            )
            name, category = f"enumeration_{number:03}", f"{model} {words}".strip()
            case = _labelled(_stated(made.case), name, category, shape, note)
            if isinstance(case["log10_lr_total"], float) and abs(case["log10_lr_total"]) > 0.01:
                break  # a case that says something for one of the hypotheses
        yield case
    yield from _impossible(number + 1)


def _impossible(number: int) -> Iterator[dict[str, Json]]:
    """An exclusion (-Inf), the same with the hypotheses exchanged (Inf), both (NaN)."""
    rng = random.Random(0)  # noqa: S311 # a fixed sequence is wanted
    case = _stated(random_case(rng, shape="trio", model="none", features=()).case)
    excluded = {"F": ["8", "8"], "M": ["8", "9"], "C": ["10", "10"]}
    case["typed"] = sorted(excluded)
    case["markers"] = [
        {
            "name": name,
            "frequencies": {"8": 0.25, "9": 0.25, "10": 0.5},
            "silent_allele": None,
            "mutation": {"model": "none"},
            "genotypes": genotypes,
        }
        for name, genotypes in (("M1", excluded), ("M2", {"C": ["8", "9"]}))
    ]
    h1, h2 = case["hypotheses"]["H1"], case["hypotheses"]["H2"]
    for i, pair in enumerate(((h1, h2), (h2, h1), (h1, h1))):
        case["hypotheses"] = dict(zip(("H1", "H2"), pair, strict=True))
        name = f"enumeration_{number + i:03}"
        yield _labelled(case, name, "impossible", "trio", "frequencies: invented")


def _stated(case: dict[str, Json]) -> dict[str, Json]:
    """The case without additions to the schema that say nothing."""
    optional = ("dropout", "familias_compatible")
    return {key: value for key, value in case.items() if value or key not in optional}


def _labelled(
    case: dict[str, Json], name: str, category: str, family: str, note: str
) -> dict[str, Json]:
    """The case under its name, with the expected values at the end."""
    labels = {"id": name, "category": category, "family": family, "note": note}
    inputs = {key: value for key, value in case.items() if key not in labels}
    values = {hypothesis: likelihoods(case, hypothesis) for hypothesis in ("H1", "H2")}
    pairs = list(zip(values["H1"], values["H2"], strict=True))
    return (
        labels
        | inputs
        | {
            "likelihood": values,
            "lr": [_ratio(above, below) for above, below in pairs],
            "log10_lr_total": _total(pairs),
            "primary": "enumeration",
        }
    )


def _ratio(above: float, below: float) -> float | str | None:
    if below == 0:
        return None if above == 0 else "Inf"
    return above / below


def _total(pairs: list[tuple[float, float]]) -> float | str:
    """The sum of log10 LR as a number or a word."""
    impossible = [any(pair[side] == 0 for pair in pairs) for side in (0, 1)]
    if any(impossible):
        return "NaN" if all(impossible) else "-Inf" if impossible[0] else "Inf"
    return math.fsum(math.log10(above / below) for above, below in pairs)


def main() -> None:
    """Write the file."""
    meta = {
        "made_by": "python -m tests.golden.enumeration.make",
        "method": "enumeration of ordered genotypes, tests/reference/enumeration.py",
    }
    lines = ",\n".join(json.dumps(case) for case in golden_cases())
    text = f'{{"meta": {json.dumps(meta)},\n"cases": [\n{lines}\n]}}\n'
    BY_ENUMERATION.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
