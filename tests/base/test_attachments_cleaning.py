"""The cleaner: no note on who, where or with what survives; what harms is refused in a sentence."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

import reunion
from reunion.base.attachments.rules import (
    LARGEST,
    NOT_CLEANABLE,
    AttachmentRefused,
    Kind,
    Note,
    Refusal,
)
from reunion.base.attachments.sandbox import Child, ChildDied, clean
from reunion.base.attachments.words import KINDS, NOTES, REFUSALS
from tools.attachment_bombs import Hostile, hostile
from tools.attachment_corpus import BUILDERS, corpus
from tools.attachment_fuzz import fuzz
from tools.attachment_marks import Planted, in_no_width, surviving
from tools.attachment_pages import SHOWN
from tools.attachment_shapes import wrong_shape
from tools.attachment_sounds import FRAME, recordings

pytestmark = pytest.mark.one_database

FILES = list(corpus(1))


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child(many=True) as one:
        one.ask(b"wakes it up", seconds=60)
        yield one


def refusal_of(file: Hostile, child: Child) -> Refusal | None:
    """Why a file is refused; a heavy one in a process of its own. None: it is taken."""
    try:
        clean(file.data) if file.is_heavy else child.ask(file.data, seconds=30)
    except AttachmentRefused as refused:
        return refused.reason
    return None


def code_in_a_child(code: str) -> str:
    """What a program prints that runs as the child does."""
    start = f"import sys; sys.path.append({str(Path(reunion.__file__).parents[1])!r})\n"
    words = [sys.executable, "-I", "-c", start + code]
    done = subprocess.run(words, capture_output=True, check=False, text=True, env={}, cwd="/")
    return done.stdout + done.stderr


@pytest.mark.threat("T2")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.kind.value)
def test_no_mark_survives_and_what_is_shown_stays(file: Planted, child: Child) -> None:
    assert surviving(file.data, file.marks) == list(file.marks), "the search finds every mark"
    cleaned = child.ask(file.data, seconds=30)
    assert cleaned.source is file.kind
    assert surviving(cleaned.data, file.marks) == []
    assert wrong_shape(cleaned.kind, cleaned.data) == ""
    if file.visible:
        assert file.visible in cleaned.data.decode()


@pytest.mark.threat("T2")
def test_each_kind_is_cleaned_in_a_process_of_its_own() -> None:
    for file in FILES:
        cleaned = clean(file.data)
        assert surviving(cleaned.data, file.marks) == []


@pytest.mark.threat("T18")
def test_what_harms_is_refused_for_the_right_reason(child: Child) -> None:
    wrong, tried = [], 0
    for file in hostile():
        answer = refusal_of(file, child)
        tried += 1
        if answer not in file.refusals:
            wrong.append((file.name, answer))
    assert tried >= 60
    assert wrong == []


def test_every_refusal_note_and_kind_has_one_plain_sentence() -> None:
    assert set(REFUSALS) == set(Refusal)
    assert set(NOTES) == set(Note)
    assert set(KINDS) == set(Kind)
    for sentence in (*map(str, REFUSALS.values()), *map(str, NOTES.values())):
        assert sentence.endswith(".")
        assert len(sentence) < 100
        assert sentence.isprintable()


@pytest.mark.threat("T18")
def test_a_file_that_is_too_large_is_not_even_sent_to_the_child() -> None:
    with pytest.raises(AttachmentRefused, match="file_too_large"):
        clean(bytes(LARGEST + 1))


@pytest.mark.threat("T18")
def test_a_child_that_takes_too_long_is_stopped_and_that_is_a_sentence() -> None:
    with pytest.raises(AttachmentRefused, match="took_too_long"):
        clean(FILES[0].data, seconds=0.01)


@pytest.mark.threat("T18")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV, signal.SIGXCPU])
def test_a_child_that_is_killed_is_noticed(how: signal.Signals) -> None:
    with Child() as child:
        os.kill(child.pid, how)
        with pytest.raises(ChildDied) as died:
            child.ask(FILES[0].data, seconds=30)
    assert died.value.ended == -how


@pytest.mark.threat("T18")
def test_the_child_can_open_no_file_and_no_socket_and_start_nothing() -> None:
    for act in (
        "open('/etc/hostname')",
        "import socket; socket.socket()",
        "import os; os.pipe()",
        "import os; os.listdir('/')",
    ):
        told = code_in_a_child(
            "import socket, os\n"
            "from reunion.base.attachments.cleaning.child import limit, shut\n"
            f"limit(); shut()\n{act}"
        )
        assert "Too many open files" in told, act


def test_the_child_knows_no_web_framework_no_database_and_no_network() -> None:
    told = code_in_a_child(
        "from reunion.base.attachments.cleaning.clean import cleaner_of\n"
        "from reunion.base.attachments.rules import Kind\n"
        "import reunion.base.attachments.cleaning.child\n"
        "[cleaner_of(kind) for kind in Kind]\n"
        "print(sorted({'django', 'sqlite3', 'psycopg', 'ssl', 'http.client'} & set(sys.modules)))"
    )
    assert told.strip() == "[]"


def test_a_picture_is_turned_as_the_camera_was_held() -> None:
    notes, out = Image.Exif(), BytesIO()
    notes[0x0112] = 6
    Image.new("RGB", (40, 20)).save(out, "JPEG", exif=notes)
    with Image.open(BytesIO(clean(out.getvalue()).data)) as upright:
        assert upright.size == (20, 40)


def test_a_drawing_keeps_its_pixels() -> None:
    out = BytesIO()
    drawing = Image.linear_gradient("L").convert("RGB")
    drawing.save(out, "PNG")
    with Image.open(BytesIO(clean(out.getvalue()).data)) as after:
        assert after.convert("RGB").tobytes() == drawing.tobytes()


def test_a_page_keeps_its_words_and_its_pictures(child: Child) -> None:
    file = next(file for file in FILES if file.kind is Kind.PDF)
    with pikepdf.open(BytesIO(child.ask(file.data, seconds=30).data)) as after:
        page = after.pages[0]
        shown = [str(one.operator) for one in pikepdf.parse_content_stream(page)]
        assert f"({SHOWN}) Tj".encode() in page.obj.Contents.read_bytes()
        assert shown.count("Do") == 3
        photograph = page.obj.Resources.XObject.Im1.read_raw_bytes()
        with Image.open(BytesIO(photograph)) as picture:
            picture.load()


def test_sound_keeps_its_frames_and_samples(child: Child) -> None:
    files = {file.kind: file.data for file in FILES}
    frames = child.ask(files[Kind.MP3], seconds=30).data
    assert frames == FRAME * files[Kind.MP3].count(FRAME)
    samples = child.ask(files[Kind.WAV], seconds=30).data[44:]
    assert samples.rstrip(b"\0")
    assert samples in files[Kind.WAV]


def test_chinese_text_of_any_encoding_comes_out_as_utf_8(child: Child) -> None:
    text = "王小明，1988年走失。"
    for encoding in ("utf-8", "gb18030", "utf-16"):
        marked = f"{text}{in_no_width('MARK')}\r\n".encode(encoding)
        assert child.ask(marked, seconds=30).data.decode() == f"{text}\n"


def test_what_a_spreadsheet_computes_comes_out_as_text(child: Child) -> None:
    file = next(file for file in FILES if file.kind is Kind.SPREADSHEET)
    assert "'=1+1" in child.ask(file.data, seconds=30).data.decode()


def test_recordings_that_cannot_be_cleaned_are_said_not_to_be(child: Child) -> None:
    files = recordings(random.Random(1))  # noqa: S311 # no secret
    assert {Kind(name) for name in files} == NOT_CLEANABLE
    for name, data in files.items():
        cleaned = child.ask(data, seconds=30)
        assert (cleaned.kind, cleaned.data, cleaned.notes) == (Kind(name), b"", (Note.NOT_CLEANED,))


@pytest.mark.threat("T18")
@pytest.mark.parametrize("kind", list(BUILDERS))
def test_changed_files_are_refused_or_come_out_clean(kind: Kind) -> None:
    """A short form of `python -m tools.attachment_fuzz`."""
    result = fuzz(kind, 40, 2, FILES)
    assert result.faults == []
    assert result.ends.total() == 40
