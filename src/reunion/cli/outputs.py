"""Looks at the names of output files before the work is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from reunion.cli.errors import UsageError


def check_outputs(inputs: Iterable[Path | None], outputs: Mapping[str, Path | None]) -> None:
    """Refuse to lose an input file, and find out before the work that nothing can be written.

    Args:
        inputs: files that are read; the MAP file beside a PED file counts too.
        outputs: files that will be written, by option.

    Raises:
        UsageError: names the option.
    """
    read = [path for path in inputs if path is not None and path.name]
    taken = {path.resolve() for of in read for path in (of, of.with_suffix(".map"))}
    known = dict.fromkeys(taken, "an input file")
    for option, path in outputs.items():
        if path is None:
            continue
        place = path.resolve()
        if place in known:
            raise UsageError(f"{option} {path}: this is {known[place]}: name another one")
        if path.is_dir() or not path.parent.is_dir():
            raise UsageError(f"{option} {path}: name a file in a folder that is there")
        known[place] = option
