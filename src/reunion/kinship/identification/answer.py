"""What a joint identification is asked and what it answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reunion.kinship.errors import BadSetting
from reunion.kinship.identification.evidence import WORK


class Reading(StrEnum):
    """Four ways to read one search; the probabilities answer different questions.

    one_to_one: is this candidate this sought person, or unrelated? candidate_driven: which sought
    person, if any, is this candidate? family_driven: which candidate, if any, is this sought
    person? global: the same, with everybody in one place only and all genotypes together.

    Source:
        Kling, Prieto, et al. 2021 and 2022 (mass identifications).
    """

    ONE_TO_ONE = "one_to_one"
    CANDIDATE_DRIVEN = "candidate_driven"
    FAMILY_DRIVEN = "family_driven"
    GLOBAL = "global"


class Standing(StrEnum):
    """How a pair was dealt with.

    undisputed: settled before the rest. beaten: one of the two was settled with somebody else.
    open: weighed with all others. excluded: its LR, given those settled before, is below the stated
    limit. other_sex: the sexes differ.
    """

    UNDISPUTED = "undisputed"
    BEATEN = "beaten"
    OPEN = "open"
    EXCLUDED = "excluded"
    OTHER_SEX = "other_sex"


@dataclass(frozen=True, slots=True)
class IdentifySettings:
    """What counts as excluded and as undisputed, the prior, and the bounds.

    Args:
        least_log10_lr: pairs below are excluded. A true pair falls below -4 with a probability
            of at most 1e-4, whatever the family (Markov's inequality for 1/LR); -inf: none is.
        undisputed_log10_lr: a pair is undisputed whose LR reaches this and is greater than that of
            every rival by as much; inf: none is.
        odds: prior odds of each pair against "the candidate is none of the sought persons"; 1
            makes all assignments equally probable.
        pair_odds: factors on `odds` by (candidate, sought person), such as from age and place.
        most_assignments: of persons who hang together, that are weighed.
        top: assignments in the result.
        work: multiplications in all, see `JointEvidence`.
    """

    least_log10_lr: float = -4.0
    undisputed_log10_lr: float = 4.0
    odds: float = 1.0
    pair_odds: Mapping[tuple[str, str], float] = field(default_factory=dict)
    most_assignments: int = 100_000
    top: int = 20
    work: float = WORK

    def __post_init__(self) -> None:
        """Refuse numbers without meaning."""
        if not self.undisputed_log10_lr > 0:
            raise BadSetting(setting="undisputed-log10-lr", reason="it must be above 0")
        if math.isnan(self.least_log10_lr):
            raise BadSetting(setting="least-log10-lr", reason="it is not a number")
        if not all(0 < odds < math.inf for odds in (self.odds, *self.pair_odds.values())):
            raise BadSetting(setting="prior odds", reason="they must be above 0")
        if self.top < 1 or self.most_assignments < 1:
            raise BadSetting(setting="top, most assignments", reason="they count from 1")


@dataclass(frozen=True, slots=True)
class Pair:
    """One candidate and one sought person.

    Attributes:
        log10_lr: "the candidate is this person" against "unrelated", nobody else assigned; -inf
            where excluded by genotype, NaN where the sexes differ.
        standing: how the pair was dealt with.
        swaps: the sought persons who can be swapped with this one, itself included: DNA says only
            that the candidate is one of them, and each has an equal share of the probability.
        posteriors: by reading. For an undisputed pair the global one is against its rivals at the
            time when it was settled.
    """

    candidate: str
    sought: str
    log10_lr: float
    standing: Standing
    swaps: tuple[str, ...]
    posteriors: Mapping[Reading, float]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is whom, up to swaps.

    Attributes:
        pairs: candidate and sought person; one choice out of `ways` with the same likelihood.
        log10_lr: of the whole, against "nobody is one of the sought persons".
        posterior: of all its ways together, given the undisputed pairs.
        ways: how many assignments differ only by swaps.
    """

    pairs: tuple[tuple[str, str], ...]
    log10_lr: float
    posterior: float
    ways: int


@dataclass(frozen=True, slots=True)
class Identification:
    """The outcome: pairs by candidate and sought person, assignments from the most probable.

    `weighed` are the assignments that were compared, up to swaps; `unlisted` is the probability of
    those beyond the listed ones.
    """

    pairs: tuple[Pair, ...]
    assignments: tuple[Assignment, ...]
    weighed: int
    unlisted: float
