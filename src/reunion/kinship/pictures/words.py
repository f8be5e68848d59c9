"""The words of the pictures; a page in another language brings its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PedigreeWords:
    """Words of a pedigree; `description` has places for what is in braces here."""

    title: str = "Pedigree"
    description: str = (
        "{persons} persons in {generations} generations. Sought: {sought}. Typed: {typed}."
    )
    male: str = "male"
    female: str = "female"
    unknown: str = "sex not known"
    typed: str = "typed"
    sought: str = "sought"
    nobody: str = "nobody"


@dataclass(frozen=True, slots=True)
class DistributionWords:
    """Words of a distribution of the LR."""

    title: str = "Distribution of the likelihood ratio"
    description: str = (
        "The sought person: half lie above a log10 LR of {median}, 95 % above {low}."
        " Unrelated people: {excluded} have an LR of 0."
    )
    axis: str = "log10 LR"
    related: str = "the sought person"
    unrelated: str = "unrelated people"
    lead: str = "this lead: {lead}"


@dataclass(frozen=True, slots=True)
class PowerWords:
    """Words of a power curve."""

    title: str = "Power of the search"
    description: str = (
        "At a log10 LR of {threshold} the sought person is found with probability {sensitivity},"
        " and {false_leads} false leads are expected among {people} people."
    )
    axis: str = "least log10 LR of a lead"
    sensitivity: str = "sensitivity"
    false_leads: str = "expected false leads"
    threshold: str = "threshold {threshold}"
