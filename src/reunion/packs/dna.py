"""The DNA pack: markers, mutation rates, kits, and the frequency tables that come along.

>>> pack = load_dna()
>>> pack.catalogue.find("THO1").name, pack.kits["GlobalFiler"].verified, len(pack.tables)
('TH01', True, 4)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.frequencies import COLUMNS as FREQUENCY_COLUMNS
from reunion.kinship.formats.frequencies import read_frequencies
from reunion.kinship.formats.genotypes import Checks
from reunion.kinship.formats.rates import MutationRate, read_rates
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.markers import Catalogue
from reunion.packs.errors import BadFile, BadValue
from reunion.packs.loci import read_loci
from reunion.packs.shape import Entry, read_toml

FOLDER = Path(__file__).parent / "data" / "common" / "dna"

_KEYS = ("kind", "name", "path", "title", "source")
_TABLE_KEYS = (*_KEYS, "population", "is_default")


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack: what it holds and where that comes from.

    `kind` is loci, mutation_rates, kits or frequencies; `title` is given per language.
    """

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
class DnaPack:
    """What is known about markers; mappings are by name, in the order of the files."""

    files: tuple[PackFile, ...]
    catalogue: Catalogue
    ladders: Mapping[str, frozenset[str]]
    rates: Mapping[str, MutationRate]
    kits: Mapping[str, Kit]
    tables: Mapping[str, FrequencyTable]

    @property
    def default_kits(self) -> tuple[Kit, ...]:
        """The kits whose markers are confirmed."""
        return tuple(kit for kit in self.kits.values() if kit.verified)

    def checks(self, *tables: FrequencyTable) -> Checks:
        """What profiles are checked against: ladders, the tables of the pack, and these."""
        listed: dict[str, set[str]] = {locus: set(of) for locus, of in self.ladders.items()}
        for table in (*self.tables.values(), *tables):
            for locus, of in table.markers.items():
                listed.setdefault(locus, set()).update(of.alleles)
        return Checks(self.catalogue, listed)


@cache
def load_dna(folder: Path = FOLDER) -> DnaPack:
    """The DNA pack of a folder; loaded once.

    Raises:
        PackError: names the file and the place that are wrong.
    """
    top = read_toml(folder / "pack.toml")
    top.only("file")
    entries: dict[str, list[Entry]] = {}
    files = []
    for entry in top.entries("file"):
        kind = entry.text("kind")
        if kind not in _READERS:
            raise BadValue(
                file=entry.file, path=f"{entry.path}.kind", reason=f"{kind} is not one of ..."
            )
    raise NotImplementedError
