"""PDF files and codes, read back: texts, fonts, tags, and what a scanner would read."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
import qrcode
from django.utils import translation
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reunion.base.documents.printing import (
    Dossier,
    Pairs,
    Paragraph,
    Picture,
    Poster,
    Rows,
    Section,
    Side,
    labels_pdf,
)
from reunion.base.documents.qr import Code, qr_code, qr_svg
from reunion.base.errors import RuleBroken
from reunion.kinship.pedigree import trio
from reunion.kinship.pictures.pedigree import pedigree_svg
from tests.base.qr_reading import Matrix, modules, read

AT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # already 3 March in China
SYNTHETIC = {
    "en": "All people and data here are synthetic.",
    "zh-hans": "这里的人和数据都是合成的，不是真实的。",
}


def dossier(**changed: object) -> Dossier:
    values: dict[str, object] = {
        "title": "Case 某案 #let x = 1",
        "sections": [
            Section("Facts", [Pairs([("Name", '李䶮 "quoted" \\ <b>'), ("Place", "𠮷村")])]),
            Section(
                "Steps", [Paragraph("*not bold* #panic()"), Rows(["A", "B"], [["1", "2"]] * 80)]
            ),
            Section("Family", [Picture(SafeString(pedigree_svg(trio())), "Three persons")]),
        ],
        "by": "Invented Person, Invented police",
        "at": AT,
        "why": "own case 7",
        "is_synthetic": True,
    }
    return Dossier(**{**values, **changed})  # type: ignore[arg-type]  # as above, or as a test says


def tool(name: str, pdf: bytes, tmp_path: Path, *options: str) -> str:
    """What a program of poppler says of a file."""
    file = tmp_path / "x.pdf"
    file.write_bytes(pdf)
    target = ["-"] if name == "pdftotext" else []
    done = subprocess.run(  # a fixed program
        [name, *options, str(file), *target], capture_output=True, check=True
    )
    return done.stdout.decode()


def pages(pdf: bytes, tmp_path: Path) -> list[Image.Image]:
    """The pages as pictures, at 200 dots to the inch."""
    (tmp_path / "x.pdf").write_bytes(pdf)
    program = "pdftoppm"
    subprocess.run(
        [program, "-r", "200", "-png", str(tmp_path / "x.pdf"), str(tmp_path / "x")], check=True
    )
    made = []
    for file in sorted(tmp_path.glob("x-*.png")):
        with Image.open(file) as sheet:
            made.append(sheet.copy())
    return made


@pytest.mark.parametrize("language", SYNTHETIC)
def test_a_dossier_says_on_every_page_who_printed_it_when_and_why(
    language: str, tmp_path: Path
) -> None:
    with translation.override(language):
        pdf, printed = dossier().pdf, dossier().printed
    text = tool("pdftotext", pdf, tmp_path, "-layout")
    sheets = text.rstrip("\f").split("\f")
    assert len(sheets) > 1
    for number, sheet in enumerate(sheets, 1):
        assert re.sub(r"\s", "", printed) in re.sub(r"\s", "", sheet)
        assert SYNTHETIC[language] in sheet
        assert f"{number} / {len(sheets)}" in sheet
    assert "own case 7" in printed
    assert "00:30" in printed
    assert "Invented Person" in printed


def test_texts_are_set_as_they_are_written(tmp_path: Path) -> None:
    text = tool("pdftotext", dossier().pdf, tmp_path)
    for words in ("Case 某案 #let x = 1", "*not bold* #panic()", '"quoted" \\ <b>', "䶮", "𠮷"):
        assert words in text
    fonts = tool("pdffonts", dossier().pdf, tmp_path).splitlines()[2:]
    assert fonts
    assert all("NotoSansCJK" in font for font in fonts)


def test_hindi_is_set_in_letters_and_not_in_boxes(tmp_path: Path) -> None:
    """Of a script that no font has, every letter is one box: then two words would look alike."""
    pictures = []
    for word in ("मानव", "समाज"):  # four letters each
        pdf = dossier(sections=[Section("X", [Paragraph(f"{word} Case 某案")])]).pdf
        assert word in tool("pdftotext", pdf, tmp_path)
        fonts = tool("pdffonts", pdf, tmp_path)
        assert "NotoSansDevanagari" in fonts
        assert "NotoSansCJK" in fonts
        pictures.append(pages(pdf, tmp_path)[0].tobytes())
    assert pictures[0] != pictures[1]


def test_a_screen_reader_finds_title_language_tags_and_the_words_of_a_picture() -> None:
    with pikepdf.open(io.BytesIO(dossier().pdf)) as file:
        assert str(file.docinfo["/Title"]) == "Case 某案 #let x = 1"
        assert str(file.docinfo["/Author"]) == "Reunion"
        assert str(file.docinfo["/CreationDate"]).startswith("D:20260303")
        assert file.Root.Lang == "en-GB"
        assert bool(file.Root.MarkInfo.Marked)
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        alternatives = [
            str(thing.Alt)
            for thing in file.objects
            if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        ]
        assert alternatives == ["Three persons"]


def test_equal_values_give_equal_bytes_and_other_days_do_not() -> None:
    assert dossier().pdf == dossier().pdf
    assert dossier().pdf != dossier(at=AT.replace(day=5)).pdf


def test_what_is_not_synthetic_does_not_say_so(tmp_path: Path) -> None:
    assert "synthetic" not in tool("pdftotext", dossier(is_synthetic=False).pdf, tmp_path)


@pytest.mark.parametrize("lacks", ["title", "by", "why"])
def test_nothing_is_printed_without_a_name_and_a_reason(lacks: str) -> None:
    with pytest.raises(RuleBroken):
        dossier(**{lacks: " "})


def test_a_poster_speaks_each_language_and_its_code_is_its_address(tmp_path: Path) -> None:
    poster = Poster(
        {"zh": Side("免费采血", ["不收费。"]), "en": Side("Free sampling", ["It is free."])},
        "https://reunion.example/blood",
        "Invented police",
        AT,
        is_synthetic=True,
    )
    text = tool("pdftotext", poster.pdf, tmp_path)
    for words in ("免费采血", "不收费。", "Free sampling", "It is free.", SYNTHETIC["en"],
                  "https://reunion.example/blood", "Invented police"):  # fmt: skip
        assert words in text
    (sheet,) = pages(poster.pdf, tmp_path)
    width, height = sheet.size
    lower = sheet.crop((0, int(height * 0.55), width, int(height * 0.885)))
    assert read(modules(lower)) == "https://reunion.example/blood"


def test_forty_labels_are_on_a_sheet_and_each_code_says_its_id(tmp_path: Path) -> None:
    codes = [(Code("KIT", f"ZZ-{number:04}"), "Kit 采血盒") for number in range(45)]
    pdf = labels_pdf(codes, title="Labels", at=AT, is_synthetic=True)
    sheets = tool("pdftotext", pdf, tmp_path, "-layout").rstrip("\f").split("\f")
    assert [sheet.count("ZZ-") for sheet in sheets] == [40, 5]
    assert all(SYNTHETIC["en"] in sheet for sheet in sheets)
    first, _ = pages(pdf, tmp_path)
    millimetre = 200 / 25.4
    for row, column in ((0, 0), (0, 3), (9, 0), (9, 3)):
        left, top = (15 + 45 * column) * millimetre, (18 + 25 * row) * millimetre
        cell = first.crop((int(left), int(top), int(left + 23 * millimetre),
                           int(top + 25 * millimetre)))  # fmt: skip
        assert read(modules(cell)) == f"REUNION:KIT:ZZ-{row * 4 + column:04}"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
def test_a_code_is_read_back(text: str) -> None:
    assert read([[bool(cell) for cell in row] for row in qr_code(text).matrix]) == text


@pytest.mark.parametrize(
    "text", ["REUNION:KIT:ZZ-0001", "https://reunion.example/a?b=c", "0123456789"]
)
def test_another_encoder_makes_the_same_code(text: str) -> None:
    own = qr_code(text)
    levels = {"L": 1, "M": 0, "Q": 3, "H": 2}
    other = qrcode.QRCode(
        version=int(own.version),
        error_correction=levels[own.error],
        mask_pattern=own.mask,
        border=0,
    )
    other.add_data(text.encode(), optimize=0)
    other.make(fit=False)
    matrix: Matrix = [[bool(cell) for cell in row] for row in own.matrix]
    assert read(other.get_matrix()) == read(matrix) == text
    if text.startswith("REUNION"):  # elsewhere they fill up with other words behind the end
        assert other.get_matrix() == matrix


@pytest.mark.parametrize("text", ["采血", "a\nb", "é"])
def test_a_code_holds_only_what_every_scanner_reads_alike(text: str) -> None:
    with pytest.raises(RuleBroken):
        qr_code(text)


def test_codes_are_never_micro_and_have_room_around_them() -> None:
    code = qr_code("A")
    assert not code.is_micro
    assert code.error in {"M", "Q", "H"}
    assert 'viewBox="0 0 29 29"' in qr_svg("A", title="A & <b>")  # 21 modules and 4 on each side
    assert "<title>A &amp; &lt;b&gt;</title>" in qr_svg("A", title="A & <b>")


@pytest.mark.parametrize(("kind", "public_id"), [("KIT", "Li Ming"), ("kit", "ZZ-1"), ("KIT", ""),
                                                 ("KIT", "李明"), ("KIT", "ZZ:1")])  # fmt: skip
def test_a_label_holds_an_id_and_nothing_else(kind: str, public_id: str) -> None:
    with pytest.raises(RuleBroken):
        Code(kind, public_id)
