"""What all commands about families are given: the options, and one value of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reunion.cli import options
from reunion.cli.errors import UsageError
from reunion.cli.options import MutationModel

if TYPE_CHECKING:
    from reunion.kinship.formats.genotypes import Single


@dataclass(frozen=True, slots=True)
class Sources:
    """The files and settings that were given; the fields are options of the commands.

    `candidate_families` is asked for by joint identification only.
    """

    families: Path
    profiles: Path
    frequencies: tuple[str, ...]
    mutation_model: str
    mutation_rates: Path | None = None
    theta: float = 0.0
    single: Single = "quarantine"
    sought: tuple[str, ...] = ()
    candidate_families: Path | None = None

    @property
    def inputs(self) -> tuple[Path | None, ...]:
        """Every file that is read; None where one was not given."""
        tables = map(Path, self.frequencies)
        return (
            self.families,
            self.profiles,
            self.candidate_families,
            self.mutation_rates,
            *tables,
        )

    def settings(self) -> dict[str, object]:
        """The settings that all results name."""
        return {
            "mutation_model": self.mutation_model,
            "theta": self.theta,
            "rare_alleles": "five_over_2n",
        }


def with_sources(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose argument `sources` is given as options: those of `_sources`, before its own.

    All arguments of the command are keyword-only.
    """
    shared = signature(_sources, eval_str=True).parameters
    own = signature(command, eval_str=True).parameters
    parameters = [*shared.values(), *(of for name, of in own.items() if name != "sources")]

    @wraps(command)
    def expanded(**given: Any) -> None:  # the options, of any type
        sources = _sources(**{name: given.pop(name) for name in shared})
        command(sources=sources, **given)

    # Whoever reads the options from a function looks at both.
    vars(expanded)["__signature__"] = Signature(parameters)
    expanded.__annotations__ = {of.name: of.annotation for of in parameters}
    return expanded


def _sources(
    *,
    families: options.Families,
    profiles: options.Profiles,
    frequencies: options.FrequencyTables,
    mutation_model: options.Model = MutationModel.STEPWISE,
    mutation_rates: options.Rates = None,
    theta: options.Theta = 0.0,
    single: options.Single = "quarantine",
    sought: options.Sought = None,
) -> Sources:
    """The options as one value.

    Raises:
        UsageError: one of them would have no effect.
    """
    if mutation_rates is not None and mutation_model is MutationModel.NONE:
        raise UsageError("--mutation-rates: the mutation model none has no rates: leave one out")
    return Sources(
        families=families,
        profiles=profiles,
        frequencies=tuple(frequencies),
        mutation_model=mutation_model.value,
        mutation_rates=mutation_rates,
        theta=theta,
        single=single,
        sought=tuple(sought or ()),
    )
