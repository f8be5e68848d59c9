"""The map of regions: who lies in whom, what it was called, and where it is."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from reunion.packs.jurisdiction import load_jurisdiction
from reunion.packs.regions import Region, Regions

TODAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def cn() -> Regions:
    """The regions of the largest pack."""
    return load_jurisdiction("cn").regions


def _at(regions: Regions, path: str) -> Region:
    region = regions.find(path)
    assert region is not None
    return region


@pytest.mark.parametrize(("level", "count"), [("province", 34), ("prefecture", 333)])
def test_the_upper_levels_are_complete(cn: Regions, level: str, count: int) -> None:
    assert len(list(cn.within("cn/", level=level, at=TODAY))) == count


def test_the_counties_are_complete(cn: Regions) -> None:
    assert len(list(cn.within("cn/", level="county", at=TODAY))) == 2845


def test_regions_are_those_of_the_shared_list(cn: Regions, shared_data: Path) -> None:
    with (shared_data / "cn_divisions.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            region = cn.find_code(row["code"], TODAY)
            assert region is not None
            assert (region.names["zh"], region.reading) == (row["name_zh"], row["pinyin"])
            assert (region.lon, region.lat) == (float(row["lon"]), float(row["lat"]))
            assert region.parent == (row["parent"] or cn.root.code)


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("100000", "cn/"),
        ("150000", "cn/15/"),
        ("150600", "cn/15/1506/"),
        ("150602", "cn/15/1506/150602/"),
        ("110101", "cn/11/110101/"),
        ("429004", "cn/42/429004/"),
    ],
)
def test_a_path_goes_from_the_root_down(cn: Regions, code: str, path: str) -> None:
    region = cn.find_code(code)
    assert region is not None
    assert region.path == path
    assert cn.find(path) == region


def test_a_path_covers_itself_and_what_lies_below_and_nothing_else(cn: Regions) -> None:
    ordos = _at(cn, "cn/15/1506/")
    assert ordos.covers("cn/15/1506/")
    assert ordos.covers("cn/15/1506/150602/")
    assert not ordos.covers("cn/15/15061/")
    assert not ordos.covers("cn/15/")


def test_prefixes_of_paths_and_the_tree_say_the_same(cn: Regions) -> None:
    for region in cn.all:
        below = {child.path for child in cn.children(region)}
        depth = region.path.count("/") + 1
        assert below == {
            path
            for path in (other.path for other in cn.within(region.path))
            if path.count("/") == depth
        }
        if region.level == "prefecture":
            break
    for region in cn.all[1:]:
        parent = cn.parent(region)
        assert parent is not None
        assert parent.covers(region.path)
        assert region.path.endswith("/")


def test_ancestors_come_from_the_root_down(cn: Regions) -> None:
    above = cn.ancestors(_at(cn, "cn/15/1506/150602/"))
    assert [region.path for region in above] == ["cn/", "cn/15/", "cn/15/1506/"]
    assert cn.ancestors(cn.root) == ()
    assert cn.parent(cn.root) is None


def test_every_point_lies_inside_the_outline_of_its_region(cn: Regions) -> None:
    boundaries = load_jurisdiction("cn").boundaries
    without, outside = [], []
    for region in cn.within("cn/", at=TODAY):
        outline = boundaries.outline(region)
        if outline is None:
            without.append(region.code)
        elif region.lon is None or region.lat is None or not outline.holds(region.lon, region.lat):
            outside.append(region.code)
    assert without == ["100000", "500157", "653228", "653229"]
    assert outside == []


def test_a_region_that_has_ended_is_there_before_and_its_successor_after(cn: Regions) -> None:
    before, after = date(2010, 1, 1), TODAY
    assert cn.find_code("110103", before) is not None
    assert cn.find_code("110103", after) is None
    assert [region.code for region in cn.successors("110103", after)] == ["110101"]
    assert [region.code for region in cn.successors("371200", after)] == ["370116", "370117"]
    assert cn.successors("999999", after) == ()
    beijing = _at(cn, "cn/11/")
    assert len(cn.children(beijing, before)) == len(cn.children(beijing, after)) + 2


def test_a_name_of_many_regions_gives_all_of_them(cn: Regions) -> None:
    found = cn.find_name("朝阳区", TODAY)
    assert sorted(region.code for region in found) == ["110105", "220104"]
    assert cn.find_name("Beijing") == (cn.find_code("110000"),)


@pytest.mark.parametrize(
    "text", ["鄂尔多斯", "e er duo si", "EERDUOSI", "Eerduosi", "è'ěrduōsī", "eerduo"]
)
def test_a_search_takes_the_name_or_the_reading_in_any_spelling(cn: Regions, text: str) -> None:
    assert cn.search(text, TODAY)[0].code == "150600"


@pytest.mark.parametrize("text", ["lüliang", "lvliang", "lyuliang", "Lǚliáng"])
def test_the_ways_to_write_one_vowel_are_equal(cn: Regions, text: str) -> None:
    assert cn.search(text, TODAY)[0].code == "141100"


def test_a_search_shows_higher_levels_first_and_not_too_many(cn: Regions) -> None:
    found = cn.search("bei", TODAY, most=5)
    assert [region.level for region in found] == [
        "province",
        "prefecture",
        "county",
        "county",
        "county",
    ]
    assert cn.search("  ") == ()


def test_the_nearest_region_is_found_with_the_distance(cn: Regions) -> None:
    (first, near), (_, far) = cn.nearest(116.4, 39.9, level="county", at=TODAY, most=2)
    assert first.path.startswith("cn/11/")
    assert 0 <= near <= far < 20


def test_a_region_without_a_name_in_a_language_is_called_by_its_reading(cn: Regions) -> None:
    assert _at(cn, "cn/11/").name("en") == "Beijing"
    assert _at(cn, "cn/11/110101/").name("en") == "Dong Cheng Qu"
    assert _at(cn, "cn/11/110101/").name("zh") == "东城区"


def test_signs_that_belong_to_a_letter_are_kept_in_other_scripts() -> None:
    regions = load_jurisdiction("in").regions
    assert [region.code for region in regions.search("पुणे")] == ["MH-PUN"]
    assert regions.search("पण") == ()
