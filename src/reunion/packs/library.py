"""The frequency tables at hand: those that ship with the product, and the laboratory's own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.frequencies import COLUMNS, LABELS, frequency_rows, read_frequencies
from reunion.kinship.formats.output import write_csv
from reunion.kinship.frequencies import FrequencyTable
from reunion.packs.dna import DnaPack
from reunion.packs.errors import BadTableName, UnknownTable

_NAME = re.compile(r"\w[\w.\- ]*")


@dataclass(frozen=True, slots=True)
class TableLibrary:
    """Finds frequency tables by name or file.

    Args:
        folder: where the laboratory's own tables lie; it need not be there yet.
        pack: the pack with the tables that ship.
    """

    folder: Path
    pack: DnaPack

    def find(self, name_or_file: str) -> FrequencyTable:
        """The table of this name or file; names may be spelled with blanks or other case.

        A file comes first, then the laboratory's own tables, then the shipped ones.

        Raises:
            UnknownTable: names the known ones.
            DataRefused: the file cannot be used.

        >>> from reunion.packs.dna import load_dna
        >>> TableLibrary(Path("/nowhere"), load_dna()).find("NIST Asian").name
        'nist_asian'
        """
        path = Path(name_or_file)
        if path.is_file() or len(path.parts) > 1 or path.suffix.lower() == ".csv":
            return read_frequencies(path, self.pack.catalogue)
        key = _key(name_or_file)
        for file in self.files():
            if _key(file.stem) == key:
                return read_frequencies(file, self.pack.catalogue)
        for name, table in self.pack.tables.items():
            if _key(name) == key:
                return table
        known = [*(file.stem for file in self.files()), *self.pack.tables]
        close = get_close_matches(key, [_key(name) for name in known], 1)
        near = next((f" ({name}?)" for name in known if [_key(name)] == close), "")
        raise UnknownTable(name=name_or_file, near=near, known=", ".join(known))

    def files(self) -> list[Path]:
        """The files of the laboratory's own tables, by name."""
        return sorted(self.folder.glob("*.csv"))

    def own(self) -> Iterator[FrequencyTable | DataRefused]:
        """The laboratory's own tables; the reason in place of one that cannot be used any more."""
        for file in self.files():
            try:
                yield read_frequencies(file, self.pack.catalogue)
            except DataRefused as error:
                yield error

    def add(
        self, file: Path, *, name: str = "", population: str = "", source: str = ""
    ) -> FrequencyTable:
        """Check a table and keep a copy of it, in our own spelling of loci and alleles.

        A table is never replaced: results name it, so its name must keep its meaning.

        Raises:
            BadTableName: the name is taken, or cannot be that of a file.
            DataRefused: the file cannot be used.
        """
        name = name or file.stem
        if _NAME.fullmatch(name) is None:
            reason = "it begins with a letter or digit and holds letters, digits, blanks, _, -, ."
            raise BadTableName(name=name, reason=reason)
        taken = [*(path.stem for path in self.files()), *self.pack.tables]
        if _key(name) in map(_key, taken):
            raise BadTableName(name=name, reason="there is such a table; give another with --name")
        table = read_frequencies(
            file, self.pack.catalogue, name=name, population=population, source=source
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        write_csv(self.folder / f"{name}.csv", (*COLUMNS, *LABELS), frequency_rows(table))
        return table


def _key(name: str) -> str:
    """What two spellings of one name have in common."""
    return re.sub(r"[\s_\-.]", "", unicodedata.normalize("NFKC", name)).casefold()
