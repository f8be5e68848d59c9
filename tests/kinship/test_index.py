"""The index: what is added and deleted is what is found, in memory, on disk, after a crash."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from reunion.kinship.book import CodeArray, CodeBook
from reunion.kinship.errors import (
    DuplicateProfile,
    SnapshotFault,
    UnknownCode,
    UnknownProfile,
    VersionMismatch,
)
from reunion.kinship.index import Index

BOOK = CodeBook(("TH01", "TPOX", "FGA"), (("6", "7", "9.3"), ("8", "11"), ("21", "22", "23")))


def people(count: int, *, seed: int = 1) -> CodeArray:
    rng = np.random.default_rng(seed)
    codes = rng.integers(BOOK.offsets[:-1], BOOK.offsets[1:], size=(count, 3))
    return codes.astype(np.uint16)


def content(index: Index) -> dict[int, list[int]]:
    """Codes of the living profiles by id."""
    return {
        id_: codes
        for segment in index.segments()
        for id_, codes, dead in zip(
            segment.ids.tolist(), segment.codes.tolist(), segment.dead.tolist(), strict=True
        )
        if not dead
    }


def filled() -> Index:
    """Base, tail and deleted profiles in both, ids out of order."""
    index = Index.build(BOOK, people(50), np.arange(100, 50, -1), last_sequence=7)
    index.append(people(30, seed=2), np.arange(30, 0, -1), last_sequence=9)
    index.delete(np.array([60, 5]))
    return index


def test_what_is_built_is_there_under_its_id() -> None:
    codes, ids = people(20), np.random.default_rng(3).permutation(20)
    index = Index.build(BOOK, codes, ids)
    assert content(index) == dict(zip(ids.tolist(), codes.tolist(), strict=True))
    assert len(index) == 20


def test_appended_profiles_join_and_deleted_ones_leave() -> None:
    index = filled()
    expected = dict(zip(range(100, 50, -1), people(50).tolist(), strict=True))
    expected |= dict(zip(range(30, 0, -1), people(30, seed=2).tolist(), strict=True))
    del expected[60], expected[5]
    assert content(index) == expected
    assert len(index) == 78


def test_many_small_appends_are_all_kept() -> None:
    index = Index.build(BOOK, people(0), np.empty(0, dtype=np.int64))
    codes = people(20_000)
    for start in range(0, 20_000, 500):
        index.append(codes[start : start + 500], np.arange(start, start + 500))
    assert content(index) == dict(enumerate(codes.tolist()))


def test_a_search_that_has_begun_does_not_see_later_additions() -> None:
    index = filled()
    before = index.segments()
    index.append(people(10_000), np.arange(1_000, 11_000))
    assert [len(segment) for segment in before] == [50, 30]
    assert [len(segment) for segment in index.segments()] == [50, 10_030]


@pytest.mark.parametrize("ids", [[200, 70], [200, 20], [200, 201, 200]])
def test_an_id_that_lives_already_is_refused_and_nothing_is_added(ids: list[int]) -> None:
    index = filled()
    before = content(index)
    with pytest.raises(DuplicateProfile) as caught:
        index.append(people(len(ids)), np.array(ids))
    assert caught.value.fields["id"] == ids[-1]
    assert content(index) == before


def test_an_id_that_stands_twice_cannot_be_built() -> None:
    with pytest.raises(DuplicateProfile):
        Index.build(BOOK, people(3), np.array([4, 2, 4]))


@pytest.mark.parametrize("id_", [60, 5])
def test_a_deleted_profile_may_return_with_other_codes(id_: int) -> None:
    index = filled()
    index.append(BOOK.missing_row()[None], np.array([id_]))
    assert content(index)[id_] == BOOK.missing_row().tolist()
    index.delete(np.array([id_]))
    assert id_ not in content(index)
    assert len(index) == 78


@pytest.mark.parametrize("ids", [[99, 60], [99, 5], [99, 31], [98, 99, 98]])
def test_who_is_not_there_cannot_be_deleted_and_then_nobody_is(ids: list[int]) -> None:
    index = filled()
    with pytest.raises(UnknownProfile) as caught:
        index.delete(np.array(ids))
    assert caught.value.fields["id"] == ids[-1]
    assert len(index) == 78


def test_codes_of_another_version_are_refused() -> None:
    index = filled()
    index.append(people(1), np.array([500]), version=BOOK.version)
    wider = BOOK.with_alleles({"TPOX": ["12"]})
    with pytest.raises(VersionMismatch) as caught:
        index.append(people(1), np.array([501]), version=wider.version)
    assert caught.value.fields["expected"] == BOOK.version


def test_a_code_of_another_locus_is_refused() -> None:
    index = filled()
    codes = people(3)
    codes[2, 0] = BOOK.offsets[1]
    with pytest.raises(UnknownCode) as caught:
        index.append(codes, np.array([500, 501, 502]))
    assert (caught.value.fields["row"], caught.value.fields["marker"]) == (2, "TH01")
    with pytest.raises(UnknownCode):
        Index.build(BOOK, codes, np.arange(3))


def test_ids_that_do_not_go_with_the_codes_are_refused() -> None:
    with pytest.raises(ValueError, match="ids: int64"):
        Index.build(BOOK, people(3), np.arange(2))
    with pytest.raises(ValueError, match="ids: int64"):
        filled().append(people(1), np.array([1.5]))


def test_compaction_changes_nothing_but_the_place() -> None:
    index = filled()
    before = content(index)
    index.compact()
    assert content(index) == before
    (segment,) = index.segments()
    assert segment.ids.tolist() == sorted(before)
    index.append(people(1), np.array([5]))
    assert len(index) == 79


def test_a_saved_index_opens_with_the_living_profiles(tmp_path: Path) -> None:
    index = filled()
    index.save(tmp_path / "index")
    for verify in (False, True):
        opened = Index.open(tmp_path / "index", verify=verify)
        assert content(opened) == content(index)
        assert (opened.book, opened.last_sequence) == (BOOK, 9)


def test_an_empty_index_can_be_saved_and_opened(tmp_path: Path) -> None:
    Index.build(BOOK, people(0), np.empty(0, dtype=np.int64)).save(tmp_path / "index")
    opened = Index.open(tmp_path / "index", verify=True)
    assert (len(opened), opened.segments()) == (0, ())


def test_an_opened_index_takes_additions_and_is_saved_over_itself(tmp_path: Path) -> None:
    filled().save(tmp_path / "index")
    index = Index.open(tmp_path / "index")
    index.append(people(2), np.array([5, 400]))
    index.delete(np.array([100]))
    index.save(tmp_path / "index")
    assert content(Index.open(tmp_path / "index", verify=True)) == content(index)
    assert len(index) == 79


def test_whoever_had_the_old_snapshot_open_keeps_it(tmp_path: Path) -> None:
    filled().save(tmp_path / "index")
    old = Index.open(tmp_path / "index")
    before = content(old)
    for _ in range(3):
        Index.build(BOOK, people(4), np.arange(4)).save(tmp_path / "index")
    assert content(old) == before
    assert len(Index.open(tmp_path / "index")) == 4


def test_at_most_two_snapshots_take_up_room(tmp_path: Path) -> None:
    for _ in range(5):
        filled().save(tmp_path / "index")
    assert len(list((tmp_path / "index").iterdir())) == 5


def damaged(folder: Path, kind: str) -> None:
    """Spoil one file of a snapshot."""
    (path,) = folder.glob(f"{kind}*")
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("kind", ["codes", "ids"])
def test_a_changed_byte_is_found_when_asked_for(tmp_path: Path, kind: str) -> None:
    filled().save(tmp_path / "index")
    damaged(tmp_path / "index", kind)
    with pytest.raises(SnapshotFault, match="sha256") as caught:
        Index.open(tmp_path / "index", verify=True)
    assert str(caught.value.fields["file"]).startswith(kind)


@pytest.mark.parametrize("kind", ["codes", "ids", "manifest"])
def test_a_truncated_file_is_refused(tmp_path: Path, kind: str) -> None:
    filled().save(tmp_path / "index")
    (path,) = (tmp_path / "index").glob(f"{kind}*")
    os.truncate(path, path.stat().st_size - 8)
    with pytest.raises(SnapshotFault) as caught:
        Index.open(tmp_path / "index")
    assert str(caught.value.fields["file"]).startswith(kind)


@pytest.mark.parametrize("kind", ["codes", "ids", "manifest"])
def test_a_missing_file_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    filled().save(tmp_path / "index")
    (path,) = (tmp_path / "index").glob(f"{kind}*")
    path.unlink()
    with pytest.raises(SnapshotFault, match="missing") as caught:
        Index.open(tmp_path / "index")
    assert caught.value.fields["file"] == path.name


def test_a_folder_without_a_snapshot_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SnapshotFault):
        Index.open(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", 99),
        ("version", "0" * 16),
        ("profiles", 77),
        ("loci", ["TH01", "TPOX"]),
        ("loci", ["TH01", "TPOX", "TPOX"]),
        ("codes", None),
        ("last_sequence", "many"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(tmp_path: Path, field: str, value: object) -> None:
    filled().save(tmp_path / "index")
    path = tmp_path / "index" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    with pytest.raises(SnapshotFault):
        Index.open(tmp_path / "index")


def test_a_code_that_no_book_gave_is_refused_before_the_first_search(tmp_path: Path) -> None:
    filled().save(tmp_path / "index")
    (path,) = (tmp_path / "index").glob("codes*")
    data = bytearray(path.read_bytes())
    data[-2:] = (60_000).to_bytes(2, "little")
    path.write_bytes(data)
    index = Index.open(tmp_path / "index")
    for _ in range(2):
        with pytest.raises(UnknownCode):
            index.segments()


def test_a_rebuilt_index_takes_the_place_of_a_damaged_one(tmp_path: Path) -> None:
    filled().save(tmp_path / "index")
    (tmp_path / "index" / "manifest.json").write_text("{")
    filled().save(tmp_path / "index")
    assert content(Index.open(tmp_path / "index", verify=True)) == content(filled())


def test_files_of_two_snapshots_do_not_mix(tmp_path: Path) -> None:
    filled().save(tmp_path / "index")
    path = tmp_path / "index" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["codes"], manifest["ids"] = manifest["ids"], manifest["codes"]
    path.write_text(json.dumps(manifest))
    with pytest.raises(SnapshotFault, match="wanted"):
        Index.open(tmp_path / "index")


SAVE_AND_STALL = """
import sys, time, numpy as np
from pathlib import Path
from reunion.kinship import _snapshot
from reunion.kinship.index import Index
index = Index.open(Path(sys.argv[1]))
index.append(np.repeat(index.book.missing_row()[None], 300_000, axis=0), np.arange(300_000) + 10**6)

def stall(name):
    # Reports a step of the save and waits there for the kill.
    print(name, flush=True)
    if name == sys.argv[2]:
        time.sleep(60)

write_array, replace, fsync = _snapshot._write_array, Path.replace, _snapshot.os.fsync

def stalling_pieces(path, kind, shape, pieces):
    def slow():
        for number, piece in enumerate(pieces):
            stall(f"{path.name[:3]}-{number}")
            yield piece
    return write_array(path, kind, shape, slow())

def stalling_replace(self, target):
    stall("rename")
    return replace(self, target)

_snapshot._write_array = stalling_pieces
Path.replace = stalling_replace
index.save(Path(sys.argv[1]))
stall("done")
"""


@pytest.mark.parametrize("step", ["cod-0", "cod-3", "ids-2", "rename", "done"])
def test_a_process_killed_while_it_saves_leaves_a_whole_snapshot(tmp_path: Path, step: str) -> None:
    folder = tmp_path / "index"
    filled().save(folder)
    before = content(Index.open(folder))
    process = subprocess.Popen(
        [sys.executable, "-c", SAVE_AND_STALL, str(folder), step], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process, process.stdout:
        for line in process.stdout:
            if line.strip() == step:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    opened = Index.open(folder, verify=True)
    if step == "done":
        assert len(opened) == 300_078
    else:
        assert content(opened) == before
    opened.save(folder)
    names = {path.name for path in folder.iterdir()}
    assert len(Index.open(folder, verify=True)) == len(opened)
    assert len(names) == 5
