"""National standards for the exchange of DNA data: a mapping file for each, to be filled in.

>>> [standard.title.partition(",")[0] for standard in load_standards()]
['GA 470-2004', 'GB/T 41009-2021']
"""

from __future__ import annotations

from pathlib import Path

from reunion.kinship.formats.standards import Standard
from reunion.packs.shape import read_toml

DATA = Path(__file__).parent / "data"

ITEMS = (
    *("sample id", "sample role", "person id", "sex", "father id", "mother id"),
    *("kit", "locus", "allele"),
)
"""Our items that a standard can have a name for."""


def load_standards(data: Path = DATA) -> tuple[Standard, ...]:
    """The standards of all packs in a folder, by the names of their files.

    Raises:
        PackError: names the file and the place that are wrong.
    """
    return tuple(load_standard(path) for path in sorted(data.glob("*/exchange/*.toml")))


def load_standard(path: Path) -> Standard:
    """The standard of one mapping file; a name may be blank until somebody fills it in."""
    top = read_toml(path)
    top.only("title", "names")
    names = top.entry("names")
    names.only(*ITEMS)
    found: dict[str, str] = {}
    for item, name in names.values.items():
        if not isinstance(name, str):
            raise names.wrong(item, "the standard's name of this item is wanted, in quotes")
        found[item] = name.strip()
    return Standard(top.text("title"), found)
