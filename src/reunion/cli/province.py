"""`reunion kinship province`: a search in a synthetic province, scored against the truth."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import TYPE_CHECKING

from reunion.cli.console import emit, progress_bars, say, show_table, waiting
from reunion.cli.environment import read_environment
from reunion.cli.options import Json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reunion.kinship.search import Lead

FAMILIES, PEOPLE, SEED = 500, 200_000, 20_260_101
TABLE, PANEL = "nist_asian", "VeriFiler_Plus"
SHOWN = 20
STRONG = 0.99


def province(json: Json = False) -> None:
    """Search a synthetic province for missing people, and score the result.

    200,000 invented people, 500 families who search, 60 of whose sought persons are among the
    people. The province is made once and kept.
    """
    from reunion.cli.clustering import Scanning
    from reunion.cli.material import Sources
    from reunion.cli.search import show
    from reunion.cli.searching import Request, run_search
    from reunion.kinship.search import Settings

    say("Synthetic data / 合成数据: nobody in this province is real.")
    folder = read_environment().home / "province"
    _make(folder)
    started = time.perf_counter()
    report = run_search(
        Request(
            sources=Sources(
                families=folder / "families.csv",
                profiles=folder / "profiles.csv",
                frequencies=(TABLE,),
                mutation_model="stepwise",
            ),
            out=folder / "leads.csv",
            quarantine=folder / "quarantine.csv",
            settings=Settings(),
            scanning=Scanning(),
        )
    )
    show(report)
    took = time.perf_counter() - started
    truth = read_truth(folder / "truth.csv")
    if json:
        emit({**report.as_json(), "synthetic": True, "truth": score(report.leads, truth)})
        return
    best = sorted(report.leads, key=lambda lead: (-lead.posterior, -lead.log10_lr))[:SHOWN]
    say(f"The {len(best)} leads with the highest posterior, of {len(report.leads)}:")
    show_table(
        (
            "family",
            "sample",
            "rank",
            "log10 LR",
            "markers",
            "inconsistent",
            "posterior",
            "by chance",
            "truth",
        ),
        (
            (
                lead.family_id,
                lead.sample_id,
                lead.rank,
                f"{lead.log10_lr:.2f}",
                lead.markers,
                ", ".join(lead.inconsistent_markers) or "-",
                f"{lead.posterior:.6f}",
                f"{lead.expected_false_leads:.1e}",
                "the sought person" if truth.get(lead.family_id) == lead.sample_id else "no",
            )
            for lead in best
        ),
    )
    say(_sentence(score(report.leads, truth)))
    say(f"Read, compared and written in {took:.1f} s. All leads: {report.request.out}")


def _make(folder: Path) -> None:
    """Make the province, unless it is there already: the truth is written last."""
    from reunion.cli.tables import library
    from reunion.kinship.simulate import simulate

    wanted = f"Seed {SEED}; {PEOPLE} people; {FAMILIES} families; frequencies {TABLE}."
    readme = folder / "README.txt"
    if readme.is_file() and wanted in readme.read_text(encoding="utf-8"):
        return
    tables = library()
    with waiting("Inventing a province"):
        loci = tables.pack.kits[PANEL].autosomal
        made = simulate(
            families=FAMILIES,
            people=PEOPLE,
            frequencies=tables.find(TABLE),
            loci=loci,
            mutations=tables.pack.mutations(loci),
            seed=SEED,
        )
    with progress_bars({"write": "Writing profiles"}) as progress:
        made.write(folder, lambda done, total: progress("write", done, total))
    say(f"A province was invented in {folder}: {PEOPLE:,} people, {FAMILIES} families.")


def read_truth(path: Path) -> dict[str, str]:
    """The sample of the sought person, by family."""
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["family_id"]: row["sample_id"] for row in csv.DictReader(stream)}


def score(leads: Sequence[Lead], truth: Mapping[str, str]) -> dict[str, int]:
    """How many of the sought persons were found, and how many strong leads are true."""
    hits = [lead for lead in leads if truth.get(lead.family_id) == lead.sample_id]
    strong = [lead for lead in leads if lead.posterior >= STRONG]
    return {
        "planted": len(truth),
        "at_rank_1": sum(lead.rank == 1 for lead in hits),
        "among_leads": len(hits),
        "strong": len(strong),
        "strong_and_true": sum(truth.get(lead.family_id) == lead.sample_id for lead in strong),
    }


def _sentence(found: Mapping[str, int]) -> str:
    """The score in words."""
    return (
        f"Truth: {found['planted']} sought persons are in the database; {found['among_leads']} of"
        f" them are among the leads, {found['at_rank_1']} at rank 1. {found['strong']} leads have a"
        f" posterior of {STRONG} or more, and {found['strong_and_true']} of these are true."
    )
