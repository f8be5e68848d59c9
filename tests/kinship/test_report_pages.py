"""The pages of a report: the same in both languages, and the same bytes for the same values."""

from __future__ import annotations

import contextlib
import json
import re
import string
import tomllib
import zlib
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from reunion.kinship.compile import Family
from reunion.kinship.errors import MissingPackage
from reunion.kinship.pedigree import siblings
from reunion.kinship.report import pdf, typesetting, words
from reunion.kinship.report.lead import Amended, Linkage, LinkedMarkers
from reunion.kinship.report.page import page
from reunion.kinship.report.words import LANGUAGES, Language
from tests.kinship.leads import PARTICULARS, SIBLING, lead

CHINESE = re.compile(r"[\u4e00-\u9fff]")
AMENDED = replace(PARTICULARS, amends=Amended("R-0", "c" * 64), is_synthetic=True)

both_languages = pytest.mark.parametrize("language", LANGUAGES)
needs_typst = pytest.mark.skipif(
    any(find_spec(package) is None for package in typesetting.PACKAGES),
    reason="the extra `report` is not installed",
)


def entries() -> dict[str, dict[str, str]]:
    """Every word of the report, in both languages."""
    text = Path(words.__file__).with_name("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def test_every_word_has_both_languages_with_the_same_places() -> None:
    for key, entry in entries().items():
        assert entry.keys() == {"en", "zh"}, key
        english, chinese = (
            sorted(name for _, name, _, _ in string.Formatter().parse(entry[language]) if name)
            for language in LANGUAGES
        )
        assert english == chinese, key
        assert not CHINESE.search(entry["en"]), key
        assert key in ("axis", "separator", "sample_of", "lr_column") or CHINESE.search(entry["zh"])


def test_every_word_is_used() -> None:
    folder = Path(words.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    chosen = re.compile(r"mutation_\w+|part_\w+|five_over_2n|add|reject|as_given")
    unused = [key for key in entries() if not chosen.fullmatch(key) and key not in source]
    assert unused == []


def unpacked(made: bytes) -> bytes:
    """The objects of a PDF file, those in compressed streams too."""
    parts = [made]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", made, re.DOTALL):
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompress(stream))
    return b"\n".join(parts)


@both_languages
def test_the_pages_hold_every_section_and_say_that_it_is_a_lead(language: Language) -> None:
    linked = LinkedMarkers(("L1", "L2"), (0.1,), 0.5, 0.7)
    report = replace(lead(particulars=AMENDED), linkage=Linkage((linked,), 1.25, "east"))
    found = page(report, language)
    say = words.words(language)
    assert found["notes"][:2] == [say["synthetic"], say["statement"]]
    assert "R-0" in found["notes"][2]
    assert len(found["sections"]) == 10
    text = json.dumps(found, ensure_ascii=False)
    for needed in ("S1", "X1", "study of east", "0.7000", "five_over_2n", "a" * 64, "2026-03-04"):
        assert needed in text
    assert say["default_tables"].format(tables="east") in text
    assert "{" not in re.sub(r'[{}][",\[\]{} ]|[{}]$|": {', "", text).replace("{}", "")


@both_languages
def test_the_genotypes_stand_in_the_drawing_and_a_mutation_is_starred(language: Language) -> None:
    text = json.dumps(page(lead(sample="S2"), language), ensure_ascii=False)
    assert "* L1 9/11" in text
    assert "L3 8/?" in text


def test_an_lr_of_parents_is_called_a_parentage_index() -> None:
    parents = Family("F", siblings("child"), "child", {"mother": SIBLING})
    assert "parentage index" in json.dumps(page(lead(parents), "en"))
    assert "parentage index" not in json.dumps(page(lead(), "en"))


def test_many_relatives_are_spread_over_several_tables() -> None:
    names = [f"s{number}" for number in range(9)]
    family = Family("F", siblings("child", *names), "child", dict.fromkeys(names, SIBLING))
    markers = page(lead(family), "en")["sections"][5]["blocks"]
    heads = [block["head"] for block in markers if block["kind"] == "rows"]
    assert [len(head) for head in heads] == [4, 6, 5]
    assert [name for head in heads[1:] for name in head[1:]] == names


@needs_typst
@both_languages
def test_equal_values_give_equal_bytes_in_the_pinned_font(language: Language) -> None:
    report = lead(particulars=AMENDED)
    made = pdf.as_pdf(report, language=language)
    assert made.startswith(b"%PDF-")
    assert made == pdf.as_pdf(report, language=language)
    fonts = re.findall(rb"/BaseFont\s*/[A-Z]+\+([\w-]+)", unpacked(made))
    assert fonts
    assert all(font.startswith(b"NotoSansCJKsc") for font in fonts)


@needs_typst
def test_the_date_in_the_file_is_that_of_the_report() -> None:
    later = replace(PARTICULARS, date=PARTICULARS.date.replace(day=5))
    assert pdf.as_pdf(lead()) != pdf.as_pdf(lead(particulars=later))


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "PACKAGES", ("no_such_package",))
    with pytest.raises(MissingPackage, match=r"no_such_package.*reunion\[report\]"):
        pdf.as_pdf(lead())
