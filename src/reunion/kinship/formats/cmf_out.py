"""Writes CODIS CMF 3.2 (XML), elements in the order of the schema."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from reunion.kinship.formats.cmf import HEADER, READING, ROOT
from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.dataset import Dataset, Sample
from reunion.kinship.formats.output import whole_file
from reunion.kinship.formats.writing import HELD, Losses, alleles_by_marker, is_plain

_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    f'<{ROOT} xmlns="urn:{ROOT}-schema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
)
_LIMITS = {
    "DESTINATIONORI": 10,
    "SOURCELAB": 10,
    "SUBMITBYUSERID": 20,
    "BATCHID": 32,
    "CASEID": 32,
    "SPECIMENID": 24,
    "SPECIMENCATEGORY": 21,
    "SPECIMENCOMMENT": 255,
    "READINGBY": 20,
}
_REQUIRED = {
    "DESTINATIONORI": "UNKNOWN",
    "SOURCELAB": "UNKNOWN",
    "SUBMITBYUSERID": "unknown",
    "SUBMITDATETIME": "1970-01-01T00:00:00",
    "SPECIMENCATEGORY": "Unknown",
    "READINGBY": "unknown",
    "READINGDATETIME": "1970-01-01T00:00:00",
}
"""What stands in a required element of which nothing is known; each such place is reported."""

_FIXED = {"HEADERVERSION": "3.2", "MESSAGETYPE": "Import"}
_ATTRIBUTES = ("SOURCEID", "CASEID", "PARTIAL")
_DETAILS = (*_ATTRIBUTES, "SPECIMENCOMMENT", "BATCHID", *READING)


def write_cmf(dataset: Dataset, path: Path) -> tuple[Complaint, ...]:
    """Write the samples as CMF; gives what it could not hold.

    Where the schema asks for something that is not known, `unknown` or the year 1970 stands, and
    is reported: fill it in before the file is sent.
    """
    losses = Losses(path)
    losses.lose_parts(dataset, ("samples", "kept"))
    missing: dict[str, None] = {}
    with whole_file(path) as stream:
        stream.write(_HEAD)
        _write_header(dataset, stream, losses, missing)
        for sample in dataset.samples:
            _write_specimen(sample, stream, losses, missing)
        stream.write(f"</{ROOT}>\n")
    for name in missing:
        reason = f"{name} is required and not known: {_REQUIRED[name]} is written, fill it in"
        losses.lose(reason, "role" if name == "SPECIMENCATEGORY" else name.lower())
    return losses.complaints()


def _fits(name: str, text: str) -> bool:
    """Whether an element of this name can hold a text."""
    return bool(text) and is_plain(text) and len(text) <= _LIMITS.get(name, 1000)


def _write_header(
    dataset: Dataset, stream: TextIO, losses: Losses, missing: dict[str, None]
) -> None:
    """The elements above the specimens."""
    known = {**_FIXED, **dataset.kept}
    # A kit up here would count for every specimen that names none.
    if not all(sample.kit for sample in dataset.samples):
        known.pop("KIT", None)
    written = dict(_FIXED)
    for name in HEADER:
        if name in written or _fits(name, known.get(name, "")):
            written.setdefault(name, known.get(name, ""))
        elif name in _REQUIRED:
            written[name] = _REQUIRED[name]
            missing[name] = None
    for name in HEADER:
        if name in written:
            stream.write(f"  <{name}>{escape(written[name])}</{name}>\n")
    for name, text in dataset.kept.items():
        if written.get(name) != text:
            losses.lose("the header cannot hold this text", name)


def _write_specimen(
    sample: Sample, stream: TextIO, losses: Losses, missing: dict[str, None]
) -> None:
    """One specimen with its loci."""
    fields = {name: sample.fields.get(name.lower(), "") for name in _DETAILS}
    held = {name: text for name, text in fields.items() if _fits(name, text)}
    held |= {"SPECIMENID": sample.id, "SPECIMENCATEGORY": sample.role, "KIT": sample.kit}
    held = {name: text for name, text in held.items() if _fits(name, text)}
    loci = list(_loci(sample, losses))
    if "SPECIMENID" not in held:
        reason = f"the format holds ids of {_LIMITS['SPECIMENID']} characters"
        losses.lose(reason, sample=sample.id)
        return
    if not loci:
        losses.lose("nothing was typed, and the format wants a locus", sample=sample.id)
        return
    kept = [*HELD, *(name.lower() for name in held)]
    kept += ["role"] if "SPECIMENCATEGORY" in held else []
    losses.lose_details(sample, kept)
    for name in ("SPECIMENCATEGORY", *READING):
        if name not in held:
            held[name] = _REQUIRED[name]
            missing[name] = None
    stream.write(f"  <SPECIMEN{_attributes(held, _ATTRIBUTES)}>\n")
    for name in ("SPECIMENID", "SPECIMENCATEGORY", "SPECIMENCOMMENT"):
        if name in held:
            stream.write(f"    <{name}>{escape(held[name])}</{name}>\n")
    start = f"    <LOCUS{_attributes(held, ('BATCHID', 'KIT'))}><LOCUSNAME>"
    by = "".join(f"<{name}>{escape(held[name])}</{name}>" for name in READING)
    for marker, alleles in loci:
        stream.write(f"{start}{escape(marker)}</LOCUSNAME>{by}\n     ")
        for allele in alleles:
            stream.write(f" <ALLELE><ALLELEVALUE>{escape(allele)}</ALLELEVALUE></ALLELE>")
        stream.write("</LOCUS>\n")
    stream.write("  </SPECIMEN>\n")


def _attributes(texts: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Those of the texts that are attributes."""
    return "".join(f" {name}={quoteattr(texts[name])}" for name in names if name in texts)


def _loci(sample: Sample, losses: Losses) -> list[tuple[str, list[str]]]:
    """The markers of a specimen; a second allele that is not known cannot be said."""
    loci = []
    for marker, alleles in alleles_by_marker(sample):
        known = [allele for allele in alleles if allele is not None]
        if len(known) < len(alleles):
            reason = "the format cannot say that the second allele is not known"
            losses.lose_genotype(sample, marker, reason)
        else:
            loci.append((marker, known))
    return loci
