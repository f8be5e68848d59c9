"""The DNA pack that ships with the product."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import pytest

from reunion.kinship.markers import locus_key
from reunion.packs.dna import FOLDER, load_dna
from reunion.packs.shape import LANGUAGES

SHARED_TABLES = {
    "nist_caucasian": "freq_nist_cauc.csv",
    "nist_asian": "freq_nist_asian.csv",
    "nist_african_american": "freq_nist_afam.csv",
    "nist_hispanic": "freq_nist_hisp.csv",
}


@pytest.mark.parametrize("name", sorted(SHARED_TABLES))
def test_every_table_sums_to_one_after_normalising(name: str) -> None:
    table = load_dna().tables[name]
    assert len(table.markers) == 29
    for frequencies in table.markers.values():
        assert abs(frequencies.total - 1) < 2e-6
        assert math.isclose(frequencies.prepared().p.sum(), 1, abs_tol=1e-12)


def test_every_shipped_table_says_that_it_is_a_default_and_names_its_source() -> None:
    for table in load_dna().tables.values():
        assert table.is_default
        assert "Steffen et al. 2017" in table.source


def test_every_file_of_the_pack_is_described_in_both_languages() -> None:
    pack = load_dna()
    described = {file.path for file in pack.files}
    assert described == {p for p in FOLDER.rglob("*.*") if p.name != "pack.toml"}
    for file in pack.files:
        assert set(file.title) == set(LANGUAGES)
        assert all(file.title.values())
        assert file.source


def test_every_locus_of_tables_kits_and_rates_is_in_the_catalogue() -> None:
    pack = load_dna()
    known = {locus.name for locus in pack.catalogue.loci}
    for table in pack.tables.values():
        assert table.markers.keys() <= known
    for kit in pack.kits.values():
        assert {*kit.autosomal, *kit.other} <= known
    assert pack.rates.keys() <= known


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("THO1", "TH01"),
        ("th01", "TH01"),
        ("TH 01", "TH01"),
        ("TP0X", "TPOX"),
        ("VWA", "vWA"),
        ("VWA31", "vWA"),
        ("PENTAD", "Penta D"),
        ("PENTA_D", "Penta D"),
        ("Penta-E", "Penta E"),
        ("GATA198B05", "D22GATA198B05"),
        ("Amelogenin", "AMEL"),
        ("Y-indel", "Yindel"),
        ("Y-GATA-H4", "YGATAH4"),
    ],
)
def test_a_marker_is_found_under_its_other_names(written: str, meant: str) -> None:
    locus = load_dna().catalogue.find(written)
    assert locus is not None
    assert locus.name == meant


def test_a_zero_is_not_taken_for_a_letter_without_a_listed_alias() -> None:
    assert load_dna().catalogue.find("CSF1P0") is None


def test_a_kit_whose_markers_are_not_confirmed_is_not_in_the_default_list() -> None:
    pack = load_dna()
    defaults = {kit.name for kit in pack.default_kits}
    assert not pack.kits["ESS_12"].verified
    assert "ESS_12" not in defaults
    assert "GlobalFiler" in defaults


def test_fathers_never_mutate_less_than_mothers() -> None:
    assert all(rate.paternal >= rate.maternal > 0 for rate in load_dna().rates.values())


def test_checks_know_the_alleles_of_ladders_and_tables() -> None:
    listed = load_dna().checks().listed
    assert "9.3" in listed["TH01"]
    assert "51.2" in listed["FGA"]
    assert "12.1" not in listed["FGA"]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(("name", "file"), sorted(SHARED_TABLES.items()))
def test_frequencies_equal_those_of_the_shared_data(
    name: str, file: str, shared_data: Path
) -> None:
    table = load_dna().tables[name]
    shared = {(r["locus"], r["allele"]): r for r in _rows(shared_data / file)}
    ours = {
        (locus, allele): (value, of.two_n)
        for locus, of in table.markers.items()
        for allele, value in zip(of.alleles, of.values, strict=True)
    }
    assert ours == {
        k: (float(r["frequency"]), int(r["alleles_sampled"])) for k, r in shared.items()
    }


def test_loci_equal_those_of_the_shared_data(shared_data: Path) -> None:
    pack = load_dna()
    for row in _rows(shared_data / "loci.csv"):
        locus = pack.catalogue.find(row["locus"])
        assert locus is not None
        assert (locus.name, locus.chromosome) == (row["locus"], row["chromosome"])
        assert locus.repeat_bp == int(row["repeat_unit_bp"])
        position = row["genetic_position_cM"]
        assert locus.position_cm == (float(position) if position else None)
        for bounds, name in ((locus.ladder, "ladder"), (locus.observed, "observed")):
            least, greatest = row[f"{name}_min"], row[f"{name}_max"]
            assert bounds == ((float(least), float(greatest)) if least else None)
        assert pack.ladders[locus.name] == set(row["ladder_alleles"].split())
        for alias in filter(None, row["aliases"].split(";")):
            assert pack.catalogue.find(alias) == locus


def test_rates_equal_those_of_the_shared_data(shared_data: Path) -> None:
    shared = {
        row["locus"]: (float(row["paternal"]), float(row["maternal"]), row["kind"], row["source"])
        for row in _rows(shared_data / "mutation_rates.csv")
    }
    ours = {
        locus: (rate.paternal, rate.maternal, rate.kind, rate.source)
        for locus, rate in load_dna().rates.items()
    }
    assert ours == shared


def test_kits_equal_those_of_the_shared_data(shared_data: Path) -> None:
    shared = json.loads((shared_data / "kits.json").read_text(encoding="utf-8"))
    ours = {
        kit.name: {
            "autosomal": list(kit.autosomal),
            "other": list(kit.other),
            "source": kit.source,
            "verified": kit.verified,
        }
        for kit in load_dna().kits.values()
    }
    assert ours == shared


def test_every_y_marker_of_the_shared_kits_is_known(shared_data: Path) -> None:
    catalogue = load_dna().catalogue
    for row in _rows(shared_data / "ystr_kits.csv"):
        locus = catalogue.find(row["marker"])
        assert locus is not None
        assert (locus_key(locus.name), locus.chromosome) == (locus_key(row["marker"]), "Y")
