"""National standards for the exchange of DNA data: a mapping file for each, to be filled in.

>>> [standard.title.partition(",")[0] for standard in load_standards()]
['GA 470-2004', 'GB/T 41009-2021']
"""

from __future__ import annotations

from pathlib import Path

from reunion.kinship.formats.standards import Standard
from reunion.packs.errors import BadValue
from reunion.packs.shape import read_toml

FOLDER = Path(__file__).parent / "data" / "cn" / "exchange"


def load_standards(folder: Path = FOLDER) -> tuple[Standard, ...]:
    """The standards of a folder, by the names of their files.

    Raises:
        PackError: names the file and the place that are wrong.
    """
    return tuple(load_standard(path) for path in sorted(folder.glob("*.toml")))


def load_standard(path: Path) -> Standard:
    """The standard of one mapping file; a name may be blank until somebody fills it in."""
    top = read_toml(path)
    top.only("title", "names")
    names = top.entry("names")
    found: dict[str, str] = {}
    for item, name in names.values.items():
        if not isinstance(name, str):
            reason = "the standard's name of this item is wanted, in quotes"
            raise BadValue(file=names.file, path=f"{names.path}.{item}", reason=reason)
        found[item] = name.strip()
    return Standard(top.text("title"), found)
