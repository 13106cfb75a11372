"""The script that makes the regions' file, on small made-up land."""

from pathlib import Path
from typing import Any

import pytest
import shapely

from shared.regions import Regions
from tools.make_regions import make_lands, make_names, write
from tools.region_codes import code_of


def an_area(code: str, box: tuple[float, float, float, float], country: str = "", **about: Any) -> dict[str, Any]:
    properties = {"iso_3166_2": code, "iso_a2": country or code[:2], "scalerank": 3, "name": code} | about
    return {"properties": properties, "geometry": shapely.geometry.mapping(shapely.box(*box))}


AREAS = [
    an_area("DE-BE", (0, 0, 1, 1), name_en="Berlin", name_zh="柏林"),
    an_area("DE-BB", (1, 0, 2, 1)),
    an_area("DE-X01~", (2, 0, 3, 1)),
    an_area("FJ-N", (179, 10, 180, 11)),
    an_area("FJ-N", (-180, 10, -179, 11)),
]


@pytest.fixture
def regions(tmp_path: Path) -> Regions:
    write(tmp_path / "regions.sqlite", make_lands(AREAS, 0.01), make_names(AREAS))
    return Regions(tmp_path / "regions.sqlite")


def test_a_country_is_made_of_its_areas(regions: Regions) -> None:
    assert [region.code for region in regions.all()] == ["DE", "DE-BB", "DE-BE", "FJ", "FJ-N"]
    assert regions.shape("DE").equals(shapely.box(0, 0, 3, 1))
    assert regions.get("DE-BE").name_zh == "柏林" and regions.get("DE").name_zh == "德国"


def test_a_place_without_a_subdivision_is_in_its_country(regions: Regions) -> None:
    assert regions.at(0.5, 0.5) == ("DE-BE", "DE")
    assert regions.at(0.5, 2.5) == ("DE",)


def test_areas_of_one_code_on_both_sides_of_the_antimeridian_are_one_region(regions: Regions) -> None:
    assert regions.at(10.5, 179.5) == regions.at(10.5, -179.5) == ("FJ-N", "FJ")
    assert regions.at(10.5, 0.0) == ()


def test_the_same_land_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, make_lands(AREAS, 0.01), make_names(AREAS))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    ("given", "about", "code"),
    [
        ("CN-BJ", {}, "CN-BJ"),
        ("FR-75", {"region_cod": "FR-IDF"}, "FR-IDF"),
        ("FR-2A", {"region_cod": "FR-COR"}, "FR-20R"),
        ("ES-MU", {"region_cod": "ES.MU"}, "ES-MC"),
        ("FR-RE", {"region_cod": "FR-LRE"}, "RE"),
        ("UA-43", {"iso_a2": "RU"}, "UA-43"),
        ("HK-X16~", {}, "HK"),
        ("AI-X00", {}, "AI"),
        ("-99-X04~", {"iso_a2": "CY"}, "CY"),
        ("-99-X08~", {"iso_a2": "VN"}, None),
    ],
)
def test_land_counts_to_its_iso_code(given: str, about: dict[str, str], code: str | None) -> None:
    assert code_of({"iso_3166_2": given, "iso_a2": given[:2]} | about) == code
