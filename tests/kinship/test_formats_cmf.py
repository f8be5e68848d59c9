"""CODIS CMF: dangerous XML is refused, a partial specimen is asked about, the rest is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reunion.kinship.formats.cmf import read_cmf
from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.dataset import Reading, Rules
from tests.kinship.datasets import RULES

CMF = "<CODISImportFile><HEADERVERSION>3.2</HEADERVERSION>{}</CODISImportFile>"
SPECIMEN = "<SPECIMEN{}><SPECIMENID>S</SPECIMENID>{}</SPECIMEN>"
LOCUS = "<LOCUS><LOCUSNAME>{}</LOCUSNAME>{}</LOCUS>"


def read(text: str, tmp_path: Path, rules: Rules = RULES) -> Reading:
    path = tmp_path / "file.xml"
    path.write_text(text, encoding="utf-8")
    return read_cmf(path, rules)


def refused(text: str, tmp_path: Path) -> str:
    with pytest.raises(DataRefused) as caught:
        read(text, tmp_path)
    return str(caught.value)


def cmf(loci: str, attributes: str = "") -> str:
    return CMF.format(SPECIMEN.format(attributes, loci))


def alleles(*values: str) -> str:
    return "".join(f"<ALLELE><ALLELEVALUE>{value}</ALLELEVALUE></ALLELE>" for value in values)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!DOCTYPE x><CODISImportFile/>", "document type declaration"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><CODISImportFile>&a;</CODISImportFile>', "declaration"),
        ("<CODISImportFile>&a;</CODISImportFile>", "undefined entity"),
        ("<CODISImportFile><SPECIMEN>", "no element found"),
        ("<Other/>", "first element of a CMF file"),
        ('<?xml version="1.0" encoding="utf-7"?><CODISImportFile/>', "encoding utf-7"),
        (CMF.format("<A>" * 20 + "</A>" * 20), "inside one another"),
        (CMF.format("<A>" + "x" * 20_000 + "</A>"), "more than 10,000 characters"),
        (CMF.format('<A b="' + "x" * 2_000_000), "more than a megabyte"),
        (cmf(LOCUS.format("TH01", alleles("1<b/>5"))), "inside ALLELEVALUE"),
        (cmf(LOCUS.format("TH01", "<LOCUSNAME>FGA</LOCUSNAME>")), "LOCUSNAME stands twice"),
        (cmf("<SPECIMENID>T</SPECIMENID>"), "SPECIMENID stands twice"),
    ],
)
def test_dangerous_or_misleading_xml_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    assert reason in refused(text, tmp_path)


def test_one_allele_of_a_specimen_is_complete_unless_it_is_partial(tmp_path: Path) -> None:
    text = cmf(LOCUS.format("TH01", alleles("6")))
    assert read(text, tmp_path).dataset.samples[0].genotypes == {"TH01": ("6", "6")}
    partial = cmf(LOCUS.format("TH01", alleles("6")), ' PARTIAL="true"')
    reading = read(partial, tmp_path)
    assert reading.dataset.samples[0].genotypes == {}
    assert reading.quarantine[0].value == "6"
    stated = read(partial, tmp_path, replace(RULES, single="partial"))
    assert stated.dataset.samples[0].genotypes == {"TH01": ("6", None)}


def test_any_namespace_comments_and_references_are_read_through(tmp_path: Path) -> None:
    text = cmf(LOCUS.format("TH01", alleles("<!-- no -->9<!-- no -->.3", "&#55;")))
    text = text.replace("<", "<a:").replace("<a:/", "</a:").replace("<a:!", "<!")
    reading = read(text, tmp_path)
    assert reading.dataset.samples[0].genotypes == {"TH01": ("7", "9.3")}


def test_what_is_not_understood_in_cmf_is_kept_or_counted(tmp_path: Path) -> None:
    more = "<LOCUS><LOCUSNAME>TH01</LOCUSNAME><PEAK>7</PEAK></LOCUS><BLOOD>A</BLOOD>"
    text = cmf(more).replace("<SPECIMEN>", "<PLATE>7</PLATE><SPECIMEN>")
    reading = read(text, tmp_path)
    assert reading.dataset.kept["PLATE"] == "7"
    assert reading.dataset.samples[0].fields == {"blood": "A"}
    assert any("LOCUS/PEAK is not understood" in note for note in reading.notes)
