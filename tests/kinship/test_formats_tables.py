"""Frequency tables and mutation rates from files, and result files that are whole or not there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reunion.kinship.formats.complaints import Complaint, DataRefused
from reunion.kinship.formats.frequencies import (
    COLUMNS,
    LABELS,
    frequency_rows,
    read_frequencies,
)
from reunion.kinship.formats.output import write_csv, write_quarantine
from reunion.kinship.formats.rates import MutationRate, read_rates
from reunion.kinship.markers import Catalogue, Locus

CATALOGUE = Catalogue((Locus("TH01", "11", ("THO1",)), Locus("FGA", "4")))
HEADER = "locus,allele,frequency,alleles_sampled"
GOOD = ["THO1,9.30,0.25,200", "THO1,6,0.75,200", "FGA,20,0.5,", "FGA,silent,0.5,"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def write(file: Path, header: str, *lines: str) -> Path:
    file.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return file


def test_a_table_is_read_with_its_figures_as_they_are(file: Path) -> None:
    table = read_frequencies(write(file, HEADER, *GOOD), CATALOGUE)
    assert (table.name, table.is_default) == ("table", False)
    assert table.markers["TH01"].alleles == ("6", "9.3")
    assert table.markers["TH01"].values == (0.75, 0.25)
    assert table.markers["TH01"].two_n == 200
    assert table.markers["FGA"].alleles == ("20", "silent")
    assert table.markers["FGA"].two_n is None


def test_population_and_source_come_from_columns_or_from_the_caller(file: Path) -> None:
    write(file, f"{HEADER},population,source", 'FGA,20,1,10,"Han, Hebei",a paper')
    assert read_frequencies(file, CATALOGUE).population == "Han, Hebei"
    assert read_frequencies(file, CATALOGUE, population="Han").population == "Han"


def test_a_decimal_comma_is_read_where_commas_do_not_separate(file: Path) -> None:
    write(file, HEADER.replace(",", ";"), "FGA;20;0,25;10", "FGA;21;0,75;10")
    assert read_frequencies(file, CATALOGUE).markers["FGA"].values == (0.25, 0.75)


def test_a_table_that_is_written_reads_back_the_same(file: Path) -> None:
    table = read_frequencies(write(file, HEADER, *GOOD), CATALOGUE, population="p", source="s")
    write_csv(file, (*COLUMNS, *LABELS), frequency_rows(table))
    assert read_frequencies(file, CATALOGUE) == table


@pytest.mark.parametrize(
    ("line", "place", "said"),
    [
        ("TPOX,8,1,10", "line 6, locus 'TPOX'", "the marker is not known"),
        ("FGA,x,0.1,", "line 6, allele 'x'", "not an allele"),
        ("FGA,20,0.1,", "line 6, allele '20'", "twice"),
        ("FGA,21,much,", "line 6, frequency 'much'", "a number from 0 to 1"),
        ("FGA,21,nan,", "line 6, frequency 'nan'", "a number from 0 to 1"),
        ("FGA,21,25,", "line 6, frequency '25'", "a number from 0 to 1"),
        ("FGA,21,0.1,10", "line 6, alleles_sampled '10'", "line 4 says otherwise"),
        ("FGA,21,0.1,-5", "line 6, alleles_sampled '-5'", "whole number"),
        ("FGA,21,0.1,", "line 4, locus 'FGA'", "sum to 1.1"),
        ("FGA,21,0,1,", "line 6, row 'FGA,21,0,1,'", "write decimals with a point"),
    ],
)
def test_a_bad_row_refuses_the_table_with_its_place(
    file: Path, line: str, place: str, said: str
) -> None:
    with pytest.raises(DataRefused) as caught:
        read_frequencies(write(file, HEADER, *GOOD, line), CATALOGUE)
    assert str(caught.value).startswith(f"{file}, {place}: ")
    assert said in str(caught.value)


def test_rates_are_read_with_aliases(file: Path) -> None:
    write(file, "locus,paternal,maternal", "THO1,0.002,0.001")
    assert read_rates(file, CATALOGUE) == {"TH01": MutationRate(0.002, 0.001)}


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("TPOX,0,0", "line 3, locus 'TPOX'"),
        ("TH01,0,0", "line 3, locus 'TH01'"),
        ("FGA,2,0", "line 3, paternal '2'"),
        ("FGA,0,few", "line 3, maternal 'few'"),
    ],
)
def test_a_bad_rate_refuses_the_file_with_its_place(file: Path, line: str, place: str) -> None:
    with pytest.raises(DataRefused, match=place):
        read_rates(write(file, "locus,paternal,maternal", "THO1,0.002,0.001", line), CATALOGUE)


def test_a_file_that_fails_half_way_leaves_the_old_one_untouched(file: Path) -> None:
    file.write_text("old", encoding="utf-8")
    with pytest.raises(csv.Error):
        write_csv(file, ("a",), iter([(1,), 2]))  # type: ignore[arg-type] # the second is no row
    assert file.read_text(encoding="utf-8") == "old"
    assert list(file.parent.iterdir()) == [file]


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to("real.csv")
    write_csv(link, ("a",), [(1,)])
    assert link.is_symlink()
    assert (tmp_path / "real.csv").read_text(encoding="utf-8") == "a\n1\n"


def test_the_quarantine_file_keeps_ids_and_disarms_formulas(file: Path) -> None:
    write_quarantine(
        file, [Complaint("p.csv", "why", 3, "allele_1", '=HYPERLINK("x")', "-S1", "FGA")]
    )
    with file.open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert list(row) == "file,line,sample_id,marker,field,value,reason".split(",")
    assert row["value"] == '\'=HYPERLINK("x")'
    assert row["sample_id"] == "-S1"
