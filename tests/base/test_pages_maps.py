"""Maps of public places: distances, search, and what can never be on one."""

from __future__ import annotations

import json
from math import isclose
from pathlib import Path
from typing import Any, cast

import pytest
from django.contrib.staticfiles import finders
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from reunion.base.errors import RuleBroken
from reunion.base.pages.maps import (
    PLACES,
    Found,
    PlacesMap,
    PublicPlace,
    PublicPoint,
    Wanted,
    found,
    nearest,
    region_named,
)
from reunion.packs.jurisdiction import DATA, jurisdiction_folders, load_jurisdiction
from reunion.packs.regions import distance_km

# Great circles on a sphere of 6371.0088 km, worked out from their angles.
REFERENCES = [
    ((0, 0, 0, 90), 10007.557),  # a quarter of a meridian
    ((0, 0, 180, 0), 20015.115),  # half of the equator
    ((116.4, 39.9, 116.4, 39.9), 0.0),
    ((0, 60, 180, 60), 6671.705),  # over the pole: 60 degrees
    ((10, 0, 11, 0), 111.195),  # a degree of the equator
    ((-179.5, 0, 179.5, 0), 111.195),  # over the date line
    ((0, 0, 90, 45), 10007.557),  # a right angle
]


def point(name: str, lon: float, lat: float, **more: Any) -> PublicPoint:
    fields = {"place": PublicPlace.COLLECTION_POINT, "address": f"{name} Street", **more}
    return PublicPoint(name=name, lon=lon, lat=lat, **fields)


POINTS = [
    point("Ordos", 109.78, 39.61),
    point("Baotou", 109.84, 40.66, place=PublicPlace.POLICE_OFFICE),
    point("Guangzhou", 113.26, 23.13),
]


@pytest.mark.parametrize(("ends", "km"), REFERENCES)
def test_distances_are_those_of_the_great_circle(
    ends: tuple[float, float, float, float], km: float
) -> None:
    assert isclose(distance_km(*ends), km, abs_tol=0.001)


@given(
    st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=30, unique=True
    ),
    st.floats(-180, 180),
    st.floats(-90, 90),
)
def test_the_nearest_come_first(places: list[tuple[float, float]], lon: float, lat: float) -> None:
    points = [point(f"P{at}", *place) for at, place in enumerate(places)]
    listed = nearest(points, lon, lat)
    assert {one.point for one in listed} == set(points)
    kms = [cast(float, one.km) for one in listed]
    assert kms == sorted(kms)
    assert nearest(points, lon, lat, 1) == listed[:1]


def test_the_list_is_searched_narrowed_and_sorted_from_a_place() -> None:
    names = [one.point.name for one in found(POINTS, Wanted())]
    assert names == ["Baotou", "Guangzhou", "Ordos"]
    assert found(POINTS, Wanted(words="STREET ordos"))[0].point.name == "Ordos"
    assert found(POINTS, Wanted(words="nowhere")) == []
    office = found(POINTS, Wanted(place=PublicPlace.POLICE_OFFICE))
    assert office == [Found(POINTS[1], None)]
    near = region_named("鄂尔多斯")
    assert near is not None
    by_distance = found(POINTS, Wanted(near=near))
    assert [one.point.name for one in by_distance] == ["Ordos", "Baotou", "Guangzhou"]
    assert 50 < cast(float, by_distance[1].km) < 200


def test_the_form_asks_and_an_unknown_place_is_said() -> None:
    def made(query: str) -> PlacesMap:
        return PlacesMap.asked_by(
            QueryDict(query).dict(), id="places", title="Places", points=POINTS
        )

    near = made("near=dongsheng&place=collection_point&q=street")
    assert [one.point.name for one in near.page] == ["Ordos", "Guangzhou"]
    assert near.near_name
    assert not near.near_is_unknown
    unknown = made("near=Atlantis&place=shelter")
    assert unknown.near_is_unknown
    assert unknown.wanted.place is None
    request = RequestFactory().get("/")
    page = render_to_string("components/map.html", {"map": unknown}, request)
    assert "No region has this name." in page
    assert page.index("<table>") < page.index("data-map=")
    assert render_to_string("components/map.html", {"map": made("q=zz")}, request).count(
        "No place fits"
    )


def test_a_long_list_is_shown_page_by_page_and_the_map_has_all() -> None:
    many = [point(f"P{number:03}", 100 + number / 100, 30) for number in range(60)]
    asked = PlacesMap.asked_by({"places": "3"}, id="places", title="Places", points=many)
    assert [one.point.name for one in asked.page] == [f"P{number:03}" for number in range(50, 60)]
    assert len(asked.drawing["points"]) == 60


def test_neither_shelters_nor_places_of_persons_can_be_points() -> None:
    assert set(PLACES) == set(PublicPlace)
    assert not {"shelter", "home", "person", "relief_station"} & set(PublicPlace)
    for place in ("shelter", "home", "person", "collection_point"):
        with pytest.raises(RuleBroken):
            point("X", 100, 30, place=place)


@pytest.mark.parametrize("where", [(181, 0), (0, 91), (float("nan"), 0)])
def test_a_point_lies_on_earth(where: tuple[float, float]) -> None:
    with pytest.raises(RuleBroken):
        point("X", *where)


@pytest.mark.parametrize("code", [folder.name for folder in jurisdiction_folders()])
def test_the_outlines_of_each_country_are_served_as_the_pack_has_them(code: str) -> None:
    with override_settings(JURISDICTION=code):
        shown = PlacesMap("places", "Places", []).outlines
        files = load_jurisdiction(code).boundaries.files
        for level in files:
            address = PlacesMap("places", "Places", [], level=level).outlines["address"]
            served = finders.find(address.removeprefix("/static/"))
            assert served is not None
            assert served == str(DATA / code / "boundaries" / files[level].file.name)
            topology = json.loads(Path(served).read_text(encoding="utf-8"))
            assert set(topology["objects"]) == {"units", "lines"}
        assert shown["source"]
        assert shown["is_schematic"] is (code == "in")
