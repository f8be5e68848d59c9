"""How fast the engine is on this machine: the figures of `reunion kinship bench`.

Synthetic profiles of 24 markers, a table of about 4,400 entries per family. Figures per core are
CPU time of one thread, best of several, from `search` with the best 20 hits asked for, checks and
sorting included; numpy's is the plain sum alone. Ratios within one run tell more than figures do.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import numpy as np

from reunion.kinship.book import CodeArray, CodeBook
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.frequencies import FloatArray, Frequencies, RareRule
from reunion.kinship.index import Index
from reunion.kinship.likelihood import MarkerModel
from reunion.kinship.markers import Genotype, Profile
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import Pedigree, siblings, trio
from reunion.kinship.scan import score, score_many, search
from reunion.kinship.stack import TableStack

ALLELES = (17, 18, 18) * 8
"""Alleles of each marker: 4,408 codes, as many as 24 markers of a real code book have."""

TOP = 20
APPENDED = 1_000


class Sizes(TypedDict):
    """What the figures were measured on."""

    markers: int
    entries: int
    profiles: int
    families: int
    compiled: int
    large: int
    threads: int


class CompileFigures(TypedDict):
    """Milliseconds to compile a family, by its shape.

    duo: one parent typed; trio: both; six: four grandparents and two siblings, parents untyped.
    """

    duo: float
    trio: float
    six: float


class LargeFigures(TypedDict):
    """Figures of the large snapshot, from a process of its own."""

    open_s: float
    rss_mb: float
    ten_million_s: float


class Figures(LargeFigures):
    """All figures: scores (LR of a profile for a family) per second, seconds, microseconds, MB."""

    single_lr_per_s: float
    batch_lr_per_s: float
    numpy_lr_per_s: float
    bit_equal: bool
    append_us: float
    compile_ms: CompileFigures
    sizes: Sizes


def bench(
    *,
    profiles: int = 1_000_000,
    families: int = 64,
    compiled: int = 1_000,
    large: int = 10_000_000,
    threads: int = 2,
    repeats: int = 5,
    seed: int = 1,
) -> Figures:
    """Measure; about a minute at the default sizes, and 560 MB in the temporary folder meanwhile.

    Args:
        profiles: for the figures per core.
        families: in the batch.
        compiled: families of each shape that are compiled one after the other.
        large: profiles of the memory-mapped snapshot.
        threads: for the large snapshot.
        repeats: the best of so many counts, of five times as many for one family.
        seed: of the synthetic profiles and tables.

    Returns:
        `single_lr_per_s`, `batch_lr_per_s`: one family and many, on one core. `numpy_lr_per_s`:
        `s += table[codes[:, locus]]` over the whole array. `bit_equal`: whether all profiles have
        the same bits on the three ways. `append_us`: to add 1,000 profiles.
        `compile_ms`: per family, over all that are compiled, kept blocks used again. `open_s`,
        `ten_million_s`: to open the large snapshot, and to search it for one family, warm, to the
        sorted hits. `rss_mb`: resident memory of that process after the search, above what it was
        before opening; numba, loaded by the search, included. `sizes`: what was measured on.
    """
    rng = np.random.default_rng(seed)
    book = _book()
    codes = _people(book, profiles, rng)
    tables = [_table(book, rng) for _ in range(families)]
    index = Index.build(book, codes, np.arange(profiles))
    one, batch = (
        TableStack(chosen, size=book.size, version=book.version) for chosen in (tables[:1], tables)
    )
    single_s = _best(lambda: search(index, one, top=TOP, threads=1), 5 * repeats)
    batch_s = _best(lambda: search(index, batch, top=TOP, threads=1), repeats)
    numpy_s = _best(lambda: _plain(codes, tables[0]), repeats)
    with tempfile.TemporaryDirectory(prefix="reunion-bench-") as folder:
        snapshot = Path(folder) / "index"
        Index.build(book, _people(book, large, rng), np.arange(large)).save(snapshot)
        figures = _measured_apart(snapshot, threads, seed)
    return Figures(
        single_lr_per_s=profiles / single_s,
        batch_lr_per_s=profiles * families / batch_s,
        numpy_lr_per_s=profiles / numpy_s,
        bit_equal=_bit_equal(codes, tables[:8]),
        append_us=1e6 * _append_s(index, codes[:APPENDED]),
        compile_ms=_compile_ms(book, compiled, rng),
        open_s=figures["open_s"],
        rss_mb=figures["rss_mb"],
        ten_million_s=figures["ten_million_s"],
        sizes=Sizes(
            markers=len(book.loci),
            entries=book.size,
            profiles=profiles,
            families=families,
            compiled=compiled,
            large=large,
            threads=threads,
        ),
    )


def measure_large(folder: Path, threads: int, seed: int) -> LargeFigures:
    """Open and search a snapshot; for a fresh process, whose memory is then that of the search.

    Args:
        folder: of the snapshot.
        threads: how many work side by side.
        seed: of the table.
    """
    before = _resident_mb()
    start = time.perf_counter()
    index = Index.open(folder)
    open_s = time.perf_counter() - start
    table = _table(index.book, np.random.default_rng(seed))
    times = []
    for _ in range(4):  # the first one loads numba and reads the snapshot
        start = time.perf_counter()
        search(index, [table], top=TOP, threads=threads)
        times.append(time.perf_counter() - start)
    return LargeFigures(open_s=open_s, rss_mb=_resident_mb() - before, ten_million_s=min(times[1:]))


def _measured_apart(folder: Path, threads: int, seed: int) -> LargeFigures:
    """`measure_large` in a fresh process."""
    program = (
        "import json, sys, pathlib\n"
        "from reunion.kinship.bench import measure_large\n"
        "folder, threads, seed = sys.argv[1:]\n"
        "figures = measure_large(pathlib.Path(folder), int(threads), int(seed))\n"
        "json.dump(figures, sys.stdout)\n"
    )
    done = subprocess.run(  # noqa: S603 # our own program, our own arguments
        [sys.executable, "-c", program, str(folder), str(threads), str(seed)],
        stdout=subprocess.PIPE,
        check=True,
    )
    figures: LargeFigures = json.loads(done.stdout)
    return figures


def _book() -> CodeBook:
    loci = tuple(f"M{number}" for number in range(1, len(ALLELES) + 1))
    return CodeBook(loci, tuple(tuple(str(8 + at) for at in range(count)) for count in ALLELES))


def _people(book: CodeBook, count: int, rng: np.random.Generator) -> CodeArray:
    """Unrelated profiles, genotypes as drawn."""
    codes = np.empty((count, len(book.loci)), dtype=np.uint16)
    for at, (_, names, block) in enumerate(book.blocks()):
        p = _bell(len(names), rng)
        second, first = np.tril_indices(len(names))
        genotypes = p[first] * p[second] * np.where(first == second, 1, 2)
        # Drawing an index into 65,536 genotypes, each as often as it is frequent, is fast.
        ends = np.round(np.cumsum(genotypes) * 65_536).astype(np.int64)
        drawn = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
        codes[:, at] = (block.start + 1 + drawn)[rng.integers(0, 65_536, count, dtype=np.uint16)]
    return codes


def _compile_ms(book: CodeBook, count: int, rng: np.random.Generator) -> CompileFigures:
    """CPU time to compile a family, on one core, with stepwise mutation over all alleles."""
    mutation = Mutation(MutationKind.STEPWISE, female=5e-4, male=2e-3, rate2=1e-6, range=0.1)
    models = [
        MarkerModel(
            Frequencies(name, alleles, tuple(_bell(len(alleles), rng).tolist())).prepared(
                rule=RareRule.REJECT
            ),
            mutation,
        )
        for name, alleles, _ in book.blocks()
    ]
    parents = trio(child="sought")
    wide = siblings("sought", "s1", "s2")
    for parent in ("father", "mother"):
        wide = wide.with_parents(parent, father=f"{parent}_f", mother=f"{parent}_m")
    shapes: dict[str, tuple[Pedigree, tuple[str, ...]]] = {
        "duo": (parents, ("father",)),
        "trio": (parents, ("father", "mother")),
        "six": (wide, ("father_f", "father_m", "mother_f", "mother_m", "s1", "s2")),
    }
    figures = {}
    for shape, (pedigree, typed) in shapes.items():
        families = [
            Family(str(i), pedigree, "sought", {p: _profile(models, rng) for p in typed})
            for i in range(count + 1)
        ]
        compiler = Compiler(book, models)
        compiler.table(families[-1])  # compiles the kernels, and plans the contraction
        start = time.thread_time()
        for family in families[:-1]:
            compiler.table(family)
        figures[shape] = 1e3 * (time.thread_time() - start) / count
    return CompileFigures(duo=figures["duo"], trio=figures["trio"], six=figures["six"])


def _profile(models: list[MarkerModel], rng: np.random.Generator) -> Profile:
    """Genotypes of somebody."""
    found: dict[str, Genotype] = {}
    for model in models:
        alleles = model.frequencies.alleles
        first, second = sorted(rng.choice(len(alleles), 2, p=model.frequencies.p).tolist())
        found[model.name] = alleles[first], alleles[second]
    return found


def _bell(alleles: int, rng: np.random.Generator) -> FloatArray:
    """Frequencies that are bell-shaped by size, as at most STR loci: float64 (alleles,)."""
    size = np.arange(alleles)
    middle = rng.uniform(0.3, 0.7) * alleles
    p: FloatArray = np.exp(-((size - middle) ** 2) / 10) + 0.001
    p /= p.sum()
    return p


def _table(book: CodeBook, rng: np.random.Generator) -> FloatArray:
    """Entries like those of a family: most of them speak against a stranger."""
    table = rng.normal(-0.5, 1.0, size=book.size)
    table[book.missing_row()] = 0.0
    return table


def _plain(codes: CodeArray, table: FloatArray) -> FloatArray:
    """The sum that everything else must equal."""
    total = np.zeros(len(codes), dtype=np.float64)
    for locus in range(codes.shape[1]):
        total += table[codes[:, locus]]
    return total


def _bit_equal(codes: CodeArray, tables: list[FloatArray]) -> bool:
    """Whether one by one, side by side and in numpy every profile has the same score."""
    many = score_many(codes, tables)
    plain = [_plain(codes, table) for table in tables]
    return bool(
        all((row == expected).all() for row, expected in zip(many, plain, strict=True))
        and (score(codes, tables[0]) == plain[0]).all()
    )


def _best(work: Callable[[], object], repeats: int) -> float:
    """Least CPU time of this thread, in seconds, after one run to warm up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.thread_time()
        work()
        times.append(time.thread_time() - start)
    return min(times)


def _append_s(index: Index, codes: CodeArray) -> float:
    """Least time to append these codes, in seconds, of 50 times."""
    first = int(index.segments()[-1].ids[-1]) + 1
    times = []
    for start in range(first, first + 50 * len(codes), len(codes)):
        ids = np.arange(start, start + len(codes))
        began = time.perf_counter()
        index.append(codes, ids)
        times.append(time.perf_counter() - began)
    return min(times)


def _resident_mb() -> float:
    """Resident memory of this process, in megabytes; 0 where the system does not tell."""
    path = Path("/proc/self/status")
    if not path.exists():
        return 0.0
    (line,) = (line for line in path.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6
