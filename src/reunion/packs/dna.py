"""The DNA pack: markers, mutation rates, kits, and the frequency tables that come along.

>>> pack = load_dna()
>>> pack.catalogue.find("THO1").name, pack.kits["GlobalFiler"].verified, len(pack.tables)
('TH01', True, 4)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.frequencies import COLUMNS as FREQUENCY_COLUMNS
from reunion.kinship.formats.frequencies import read_frequencies
from reunion.kinship.formats.genotypes import Checks
from reunion.kinship.formats.rates import COLUMNS as RATE_COLUMNS
from reunion.kinship.formats.rates import LABELS as RATE_LABELS
from reunion.kinship.formats.rates import MutationRate, read_rates
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.markers import Catalogue
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.packs.errors import BadFile, BadValue
from reunion.packs.lineage import YRate, read_y_kits, read_y_rates
from reunion.packs.loci import read_loci
from reunion.packs.populations import Populations, read_populations
from reunion.packs.shape import Entry, check_columns, read_toml

FOLDER = Path(__file__).parent / "data" / "common" / "dna"

SINGLE_KINDS = (
    "loci",
    "mutation_rates",
    "kits",
    "y_mutation_rates",
    "y_kits",
    "populations",
)
KINDS = (*SINGLE_KINDS, "frequencies")

_KEYS = ("kind", "name", "path", "title", "source")
_TABLE_KEYS = (*_KEYS, "population", "is_default")


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack: what it holds (one of `KINDS`), its title by language, its source."""

    kind: str
    name: str
    path: Path
    title: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class Kit:
    """Markers of a typing kit.

    `other` are those that are no autosomal STR. `verified` is false where no readable source
    confirmed the list: such a kit is not offered by default.
    """

    name: str
    autosomal: tuple[str, ...]
    other: tuple[str, ...]
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class MutationDefaults:
    """What is assumed about mutation where nothing else is asked for.

    `paternal` and `maternal` are for loci without a rate of their own; `range` and `rate2` as in
    `Mutation`.
    """

    model: MutationKind
    range: float
    rate2: float
    paternal: float
    maternal: float
    source: str


@dataclass(frozen=True, slots=True)
class DnaPack:
    """What is known about markers; mappings are by name, in the order of the files."""

    files: tuple[PackFile, ...]
    catalogue: Catalogue
    ladders: Mapping[str, frozenset[str]]
    mutation: MutationDefaults
    rates: Mapping[str, MutationRate]
    kits: Mapping[str, Kit]
    tables: Mapping[str, FrequencyTable]
    y_rates: Mapping[str, YRate]
    y_kits: Mapping[str, tuple[str, ...]]
    populations: Populations

    @property
    def default_kits(self) -> tuple[Kit, ...]:
        """The kits whose markers are confirmed."""
        return tuple(kit for kit in self.kits.values() if kit.verified)

    def mutations(
        self,
        loci: Iterable[str],
        *,
        model: MutationKind | None = None,
        rates: Mapping[str, MutationRate] = MappingProxyType({}),
    ) -> dict[str, Mutation]:
        """The mutation model of each locus.

        Args:
            loci: names.
            model: instead of the pack's.
            rates: these before those of the pack.

        >>> load_dna().mutations(["FGA"])["FGA"].male
        0.0032
        """
        models: dict[str, Mutation] = {}
        for locus in loci:
            rate = rates.get(locus) or self.rates.get(locus)
            models[locus] = Mutation(
                model or self.mutation.model,
                female=rate.maternal if rate else self.mutation.maternal,
                male=rate.paternal if rate else self.mutation.paternal,
                rate2=self.mutation.rate2,
                range=self.mutation.range,
            )
        return models

    def checks(self, *tables: FrequencyTable) -> Checks:
        """What profiles are checked against: ladders, the tables of the pack, and these."""
        listed: dict[str, set[str]] = {locus: set(of) for locus, of in self.ladders.items()}
        for table in (*self.tables.values(), *tables):
            for locus, of in table.markers.items():
                listed.setdefault(locus, set()).update(of.alleles)
        return Checks(self.catalogue, listed)


@cache
def load_dna(folder: Path = FOLDER) -> DnaPack:
    """The DNA pack of a folder; each folder is loaded once.

    Raises:
        PackError: names the file and the place that are wrong.
    """
    top = read_toml(folder / "pack.toml")
    top.only("mutation", "file")
    entries: dict[str, list[Entry]] = {kind: [] for kind in KINDS}
    for entry in top.entries("file"):
        kind = entry.text("kind")
        if kind not in KINDS:
            raise entry.wrong("kind", f"{kind} is not one of {', '.join(KINDS)}")
        entry.only(*(_TABLE_KEYS if kind == "frequencies" else _KEYS))
        entries[kind].append(entry)
    for kind in SINGLE_KINDS:
        if len(entries[kind]) != 1:
            reason = f"one file of the kind {kind} is wanted, not {len(entries[kind])}"
            raise BadValue(file=top.file, path="file", reason=reason)
    catalogue, ladders = read_loci(_path(folder, entries["loci"][0]))
    populations = read_populations(_path(folder, entries["populations"][0]))
    tables: dict[str, FrequencyTable] = {}
    for entry in entries["frequencies"]:
        table = _table(folder, entry, catalogue)
        if table.name in tables:
            raise entry.wrong("name", f"{table.name} is there twice")
        if populations.find(table.population) is None:
            raise entry.wrong("population", f"{table.population} is not among the populations")
        tables[table.name] = table
    return DnaPack(
        files=tuple(_file(folder, entry) for kind in KINDS for entry in entries[kind]),
        catalogue=catalogue,
        ladders=ladders,
        mutation=_mutation(top.entry("mutation")),
        rates=_rates(_path(folder, entries["mutation_rates"][0]), catalogue),
        kits=_kits(_path(folder, entries["kits"][0]), catalogue),
        tables=tables,
        y_rates=read_y_rates(_path(folder, entries["y_mutation_rates"][0]), catalogue),
        y_kits=read_y_kits(_path(folder, entries["y_kits"][0]), catalogue),
        populations=populations,
    )


def _file(folder: Path, entry: Entry) -> PackFile:
    return PackFile(
        entry.text("kind"),
        entry.text("name"),
        _path(folder, entry),
        entry.translated("title"),
        entry.text("source"),
    )


def _path(folder: Path, entry: Entry) -> Path:
    """The file that an entry names, which lies in the folder of the pack."""
    path = folder / entry.text("path")
    if not path.resolve().is_relative_to(folder.resolve()):
        raise entry.wrong("path", "the file must lie in the folder of the pack")
    return path


def _table(folder: Path, entry: Entry, catalogue: Catalogue) -> FrequencyTable:
    """A frequency table of the pack."""
    path = _path(folder, entry)
    check_columns(path, FREQUENCY_COLUMNS)
    try:
        return read_frequencies(
            path,
            catalogue,
            name=entry.text("name"),
            population=entry.text("population"),
            source=entry.text("source"),
            is_default=entry.flag("is_default"),
        )
    except DataRefused as error:
        raise BadFile(file=path, reason=str(error)) from error


def _rates(path: Path, catalogue: Catalogue) -> Mapping[str, MutationRate]:
    """The mutation rates of the pack."""
    check_columns(path, (*RATE_COLUMNS, *RATE_LABELS))
    try:
        return read_rates(path, catalogue)
    except DataRefused as error:
        raise BadFile(file=path, reason=str(error)) from error


def _mutation(entry: Entry) -> MutationDefaults:
    """What the pack assumes about mutation."""
    entry.only("model", "range", "rate2", "paternal", "maternal", "source")
    return MutationDefaults(
        entry.member("model", MutationKind),
        entry.fraction("range"),
        entry.fraction("rate2"),
        entry.fraction("paternal"),
        entry.fraction("maternal"),
        entry.text("source"),
    )


def _kits(path: Path, catalogue: Catalogue) -> Mapping[str, Kit]:
    """The kits of the pack; each marker is one of the catalogue, under its own name."""
    top = read_toml(path)
    top.only("kit")
    kits: dict[str, Kit] = {}
    for entry in top.entries("kit"):
        entry.only("name", "autosomal", "other", "source", "verified")
        kit = Kit(
            entry.text("name"),
            entry.texts("autosomal"),
            entry.texts("other"),
            entry.text("source"),
            entry.flag("verified"),
        )
        if kit.name in kits:
            raise entry.wrong("name", f"{kit.name} is there twice")
        for key, markers in (("autosomal", kit.autosomal), ("other", kit.other)):
            for at, marker in enumerate(markers):
                locus = catalogue.find(marker)
                is_autosomal = locus is not None and locus.chromosome.isdecimal()
                if locus is None or locus.name != marker or is_autosomal != (key == "autosomal"):
                    reason = f"{marker} is no marker of this sort in the catalogue"
                    raise entry.wrong(f"{key}[{at}]", reason)
        kits[kit.name] = kit
    return kits
