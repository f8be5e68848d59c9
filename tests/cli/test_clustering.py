"""`reunion kinship search --cluster`: the leads of a search in threads, to the last byte."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from reunion.cli.clustering import Scanning
from reunion.cli.errors import CommandError, UsageError
from reunion.kinship.cluster import ClusterScanner, connected
from reunion.kinship.search import People, Scanner
from tests.cli.test_search import Files
from tests.kinship.test_scan import book, people

needs_dask = pytest.mark.skipif(
    find_spec("distributed") is None, reason="the extra `cluster` (Dask) is not installed"
)
OPTIONS = (
    *("--frequencies", "nist_asian", "--frequencies", "nist_hispanic"),
    *("--min-log10-lr", "-1000"),
)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    made = Files(tmp_path)
    made.write()
    return made


def leads(files: Files, *options: str) -> bytes:
    """The leads file of a search with these options."""
    done = files.search(*OPTIONS, *options)
    assert (done.status, "Traceback" in done.err) == (0, False)
    return (files.folder / "leads.csv").read_bytes()


@needs_dask
def test_a_local_cluster_gives_the_leads_of_threads(files: Files) -> None:
    expected = leads(files)
    (files.folder / "leads.csv").unlink()
    assert leads(files, "--cluster", "local", "--threads", "2") == expected
    assert expected.count(b"\n") > 40


@needs_dask
def test_a_cluster_at_an_address_gives_them_too_and_its_folder_is_left_empty(files: Files) -> None:
    expected, folder = leads(files), files.folder / "shared"
    folder.mkdir()
    with connected(workers=1) as client:
        address = client.scheduler.address
        assert leads(files, "--cluster", address, "--snapshot", "shared") == expected
    assert list(folder.iterdir()) == []


@needs_dask
def test_a_folder_that_the_workers_do_not_see_is_named(tmp_path: Path) -> None:
    somebody = People(("P1",), book(), people(np.random.default_rng(1), 1))
    scanning = Scanning("local", snapshot=tmp_path, threads=1)

    def scan_unseen(scanner: Scanner) -> None:
        assert isinstance(scanner, ClusterScanner)
        shutil.rmtree(scanner.folder)
        scanner.lr_sums([np.zeros(book().size)], progress=lambda _done, _total: None)

    with (
        scanning.opened() as opened,
        pytest.raises(CommandError, match=r"manifest\.json: it is missing: name.*--snapshot"),
        opened(somebody) as scanner,
    ):
        scan_unseen(scanner)


@needs_dask
def test_a_cluster_that_is_not_there_is_named_before_any_file_is_read(files: Files) -> None:
    (files.folder / "profiles.csv").unlink()
    done = files.search("--cluster", "nowhere")
    assert done.status == 3
    assert done.err.startswith("reunion: cluster nowhere: no scheduler answers")
    assert done.err.count("\n") == 1


def test_options_that_would_have_no_effect_are_wrong_use(files: Files) -> None:
    done = files.search("--snapshot", ".")
    assert (done.status, "add --cluster" in done.err) == (2, True)
    with pytest.raises(UsageError, match="workers of its own"):
        Scanning("tcp://10.0.0.5:8786", threads=2)
    done = files.search("--cluster", "local", "--snapshot", "none")
    assert (done.status, "none" in done.err) == (2, True)
