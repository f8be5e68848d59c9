"""A file that is damaged as a whole is refused, and the sentence says where and what to do."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.sheet import open_sheet

COLUMNS = ("a", "b")


def read(path: Path) -> list[dict[str, str]]:
    with open_sheet(path, COLUMNS, ("c",)) as sheet:
        return [record.texts for record in sheet.records()]


def refused(path: Path) -> str:
    with pytest.raises(DataRefused) as caught:
        read(path)
    return str(caught.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data.csv"


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n3,4\n",
        b"\xef\xbb\xbfa,b\n1,2\n3,4\n",
        b"a,b\r\n1,2\r\n3,4\r\n",
        b"a,b\r1,2\r3,4\r",
        b"a;b\n1;2\n3;4\n",
        b"a\tb\n1\t2\n3\t4\n",
        b"B,A\n2,1\n4,3\n",
        b'"a","b"\n"1","2"\n"3","4"\n',
        b" a , b\n 1 ,2\n3, 4\n",
        b"a,b\n\n1,2\n,\n3,4\n\n",
        b"a,b\n1,2\n3,4",
    ],
    ids="lf bom crlf cr semicolon tab order quotes blanks empty-lines no-last-line-end".split(),
)
def test_a_sound_file_is_read_whatever_wrote_it(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert read(file) == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"a,b\n", "no row below the first line"),
        (b"a,c\n1,2\n", "line 1, columns 'a,c': missing: b"),
        (b"1,2\n3,4\n", "line 1, columns '1,2': missing: a, b"),
        (b"a,b;c\n1,2;3\n", "line 1, columns"),
        (b"a,b,a\n1,2,3\n", "line 1, columns 'a': the column is there twice"),
        (b"a,b\n1,2\n3\n4,5\n", "line 3, row '3': the row has 1 fields and the first line 2"),
        (b"a,b\n1,2\n9,3,4\n5,6\n", "line 3, row '9,3,4': the row has 3 fields"),
        (b"a,b\n1,2\n3,4\n5", "line 4, row '5': the last line breaks off"),
        (b"a,b\n1,2\n5\n", "line 3, row '5': the last line breaks off"),
        (b'a,b\n1,2\n"3,4\n5,6\n', "check the quotes"),
        (b"a,b\n1,2\n3,\0\n", "line 3, byte '00': a NUL byte"),
        (b"a,b\n1,2\n3,\xff\n", "line 3, byte 'ff': the file is not UTF-8: save it as CSV UTF-8"),
        (
            "a,b\n1,2\n张,3\n".encode("gb18030"),
            "line 3, byte 'd5': the file is not UTF-8, it looks",
        ),
        ("a,b\n1,2\n".encode("utf-16"), "the file is UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), "the file is UTF-16"),
        (b"PK\x03\x04rest", "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook"),
        (b"\x1f\x8brest", "compressed"),
        (b"a,b\n" + b"x" * 3_000_000, "line 1: a line of more than a megabyte"),
    ],
)
def test_a_damaged_file_is_refused_with_its_place(file: Path, content: bytes, said: str) -> None:
    file.write_bytes(content)
    sentence = refused(file)
    assert sentence.startswith(str(file))
    assert said in sentence
    assert "\n" not in sentence


def test_blank_fields_at_the_end_of_the_last_line_are_fields(file: Path) -> None:
    file.write_bytes(b"a\tb\n1\t2\n3\t\n")
    assert read(file)[-1] == {"a": "3", "b": ""}


def test_a_bad_byte_far_down_is_named_with_its_line(file: Path) -> None:
    file.write_bytes(b"a,b\n" + b"1,2\n" * 700_000 + b"3,\xe9\n" + b"5,6\n" * 700_000)
    assert "line 700002, byte 'e9'" in refused(file)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert "there is no such file" in refused(tmp_path / "none.csv")
    assert "this is a folder" in refused(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(file: Path) -> None:
    file.write_bytes(b"a,b\n1,2\n")
    file.chmod(0)
    assert "may not read" in refused(file)


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"a,b\n1,2\n",))
    writer.start()
    assert read(pipe) == [{"a": "1", "b": "2"}]
    writer.join()


def test_a_column_that_nobody_knows_is_noted(file: Path) -> None:
    file.write_bytes(b"a,b,c,name\n1,2,3,x\n")
    with open_sheet(file, COLUMNS, ("c",)) as sheet:
        assert sheet.notes == (f"{file}: the column 'name' is not used",)


def test_a_last_line_without_an_end_is_noted(file: Path) -> None:
    file.write_bytes(b"a,b\n1,2")
    with open_sheet(file, COLUMNS) as sheet:
        assert "has no line end" in sheet.notes[0]
