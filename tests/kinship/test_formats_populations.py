"""Declared populations that no frequency table in use is of."""

from __future__ import annotations

from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.formats.populations import unfitted
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.pedigree import trio

TABLES = (FrequencyTable("lab", "Han", "", {}), FrequencyTable("other", "", "", {}))


def family(name: str, **populations: str) -> FamilyRecord:
    """A trio whose father is typed."""
    return FamilyRecord(name, trio(), "child", {"father": "S"}, {}, populations=populations)


def same(declared: str, stated: str) -> bool:
    return declared == stated


def test_one_sentence_names_population_persons_tables_and_what_to_do() -> None:
    families = [family("F1", father="Hui"), family("F2", child="Han")]
    (found,) = unfitted(families, TABLES, same)
    assert str(found) == (
        "no frequency table fits the population Hui of father of family F1: used are lab (Han),"
        " other (no population stated), so the LRs may be too high or too low; give a table of"
        " this population with --frequencies"
    )
    assert found.as_json()["persons"] == [{"family_id": "F1", "person_id": "father"}]


def test_who_is_neither_sought_nor_typed_does_not_matter() -> None:
    assert unfitted([family("F1", mother="Hui")], TABLES, same) == ()


def test_many_persons_are_counted_and_can_be_looked_at_by_family() -> None:
    families = [family(f"F{at}", father="Hui", child="Hui") for at in range(3)]
    (found,) = unfitted(families, TABLES, same)
    assert "father of family F0, child of family F0, father of family F1 and 3 more" in str(found)
    one = found.in_family("F2")
    assert one is not None
    assert one.persons == (("F2", "father"), ("F2", "child"))
    assert found.in_family("F9") is None
