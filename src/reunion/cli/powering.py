"""What a search can find, before it is made: from files to figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from reunion.cli.console import progress_bars
from reunion.cli.material import Material, Sources, compiler_of, read_usable
from reunion.kinship import power as engine
from reunion.kinship.advice import Gain, which_markers_next, whose_blood_next
from reunion.kinship.book import CodeBook
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.errors import KinshipError
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.markers import SILENT
from reunion.kinship.power import Power
from reunion.kinship.report.document import number
from reunion.packs.dna import load_dna


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; the fields are the options of `reunion kinship power`."""

    sources: Sources
    people: int | None
    wanted: float | None
    has_advice: bool
    has_markers: bool


@dataclass(frozen=True, slots=True, eq=False)
class FamilyPower:
    """The figures of one family.

    Args:
        by_table: with each frequency table.
        blood: whose blood would help, with the least table; None where that was not asked.
        markers: which markers would help; None where that was not asked.
    """

    by_table: Mapping[str, Power]
    blood: tuple[Gain, ...] | None
    markers: tuple[Gain, ...] | None

    @property
    def table(self) -> str:
        """The table with the least median log10 LR of the sought person: the cautious one."""
        return least_table(self.by_table)

    @property
    def least(self) -> Power:
        """The figures with that table."""
        return self.by_table[self.table]


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What came of it: figures by family, and the families that were refused."""

    material: Material
    found: tuple[FamilyPower, ...]
    refused: tuple[str, ...]

    def as_json(self, family: FamilyPower) -> dict[str, object]:
        """One family as a JSON object: the figures of the least table, and those of each."""
        name = family.least.family_id
        return {
            "schema": "reunion.power/1",
            "family_id": name,
            "typed": list(family.least.typed),
            "frequency_table": family.table,
            **_figures(family.least),
            "by_table": {table: _figures(of) for table, of in family.by_table.items()},
            "whose_blood_next": _gains(family.blood),
            "which_markers_next": _gains(family.markers),
            "populations_without_table": [of.as_json() for of in self.material.unfitted_in(name)],
        }


def run_power(request: Request) -> Report:
    """The figures of each family.

    Raises:
        DataRefused: an input file is damaged as a whole.
        Refused: no marker takes part.
    """
    material = read_usable(request.sources)
    found: list[FamilyPower] = []
    refused = [*map(str, material.refused)]
    families = material.linked.families
    wide = _widened(material) if request.has_markers else {}
    with progress_bars({"power": "Families"}) as progress:
        for at, family in enumerate(families):
            progress("power", at, len(families))
            try:
                found.append(_family_power(request, material, family, wide))
            except KinshipError as error:
                refused.append(f"family {family.id} is refused: {error}")
    return Report(material, tuple(found), tuple(refused))


def least_table(by_table: Mapping[str, Power]) -> str:
    """The table with the least median log10 LR."""
    return min(by_table, key=lambda name: by_table[name].median)


def _family_power(
    request: Request, material: Material, family: Family, wide: Mapping[str, Compiler]
) -> FamilyPower:
    """The figures of one family with every table, and what would help it with the least one."""
    people = request.people or max(1, len(material.people.names))
    compilers = {compiler.name: compiler for compiler in material.compilers}
    by_table = {
        name: engine.power(family, compiler, people=people, wanted=request.wanted)
        for name, compiler in compilers.items()
    }
    table = least_table(by_table)
    blood = whose_blood_next(compilers[table], family) if request.has_advice else None
    markers = _markers_next(wide[table], family, material) if request.has_markers else None
    return FamilyPower(
        by_table,
        None if blood is None else tuple(blood),
        None if markers is None else tuple(markers),
    )


def _markers_next(compiler: Compiler, family: Family, material: Material) -> list[Gain]:
    """The markers of the table at which somebody typed is not typed yet."""
    models = (model.name for model in compiler.models if model is not None)
    lacking = [
        locus
        for locus in models
        if not all(locus in profile for profile in family.profiles.values())
    ]
    counted = [locus for locus in lacking if locus in material.loci]
    return which_markers_next(compiler, family, lacking, counted=counted)


def _widened(material: Material) -> dict[str, Compiler]:
    """By table, a compiler of all its autosomal markers, typed or not."""
    return {table.name: _wide_compiler(table, material) for table in material.tables}


def _wide_compiler(table: FrequencyTable, material: Material) -> Compiler:
    """A compiler over the profiles' markers and all others of a table that lie on autosomes."""
    pack, book = load_dna(), material.profiles.book
    loci = [
        locus.name
        for locus in pack.catalogue.loci
        if locus.name in table.markers and locus.chromosome.isdecimal()
    ]
    more = [locus for locus in loci if locus not in book.loci]
    alleles = (
        tuple(allele for allele in table.markers[locus].alleles if allele != SILENT)
        for locus in more
    )
    wide = CodeBook((*book.loci, *more), (*book.alleles, *alleles))
    return compiler_of(wide, table, loci, pack, material.sources, material.rates)


def _gains(gains: tuple[Gain, ...] | None) -> list[dict[str, object]] | None:
    """What would help, as JSON; None where it was not asked for."""
    return None if gains is None else [asdict(gain) for gain in gains]


def _figures(of: Power) -> dict[str, object]:
    """The figures of one family with one table."""
    return {
        "markers": of.markers,
        "people": of.people,
        "wanted_false_leads": of.wanted,
        "median_log10_lr": number(of.median),
        "log10_lr_5_percent": number(of.low),
        "at_threshold": asdict(of.threshold),
        "at_limits": [asdict(limit) for limit in of.limits],
        "excluded": of.excluded,
        "excluded_without_mutation": of.excluded_without_mutation,
    }
