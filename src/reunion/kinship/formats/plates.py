"""Reads on which plate each sample was typed: `sample_id,plate`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reunion.kinship.formats.sheet import open_sheet

COLUMNS = ("sample_id", "plate")


def read_plates(path: Path) -> Mapping[str, str]:
    """The plate of each sample.

    Raises:
        DataRefused: a row names no sample or no plate, or a sample that stands on another plate.
    """
    plates: dict[str, str] = {}
    with open_sheet(path, COLUMNS) as sheet:
        for record in sheet.records():
            sample, plate = record["sample_id"], record["plate"]
            for column in COLUMNS:
                if not record[column]:
                    raise record.refused(column, "the field is blank: fill it in")
            if plates.setdefault(sample, plate) != plate:
                reason = (
                    f"the sample stands on plate {plates[sample]} already: keep the last typing"
                )
                raise record.refused("plate", reason)
    return plates
