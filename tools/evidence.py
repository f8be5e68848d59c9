"""Measure the exact statistics: against a real scan of unrelated people, and their time.

    python -m tools.evidence [--people N] [--families N]

Prints one JSON object. All people are drawn from a frequency table that ships.
"""

from __future__ import annotations

import argparse
import json
import math
import time

import numpy as np

from reunion.kinship.advice import whose_blood_next
from reunion.kinship.book import CodeArray, CodeBook
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.distribution import lr_distribution
from reunion.kinship.index import Index
from reunion.kinship.markers import Genotype, Profile
from reunion.kinship.pedigree import Pedigree, siblings, trio
from reunion.kinship.scan import search
from reunion.packs.dna import load_dna

TABLE, KIT, SEED = "nist_caucasian", "VeriFiler_Plus", 20_260_401
LIMITS = (-2.0, 0.0, 2.0)
Rng = np.random.Generator


def compiler_of_kit() -> Compiler:
    """The markers of one kit, all alleles of the table in the book."""
    pack = load_dna()
    table, loci = pack.tables[TABLE], pack.kits[KIT].autosomal
    book = CodeBook(loci, tuple(table.markers[locus].alleles for locus in loci))
    return Compiler.of_table(book, table, pack.mutations(loci))


def drawn(compiler: Compiler, rng: Rng) -> Profile:
    """Genotypes of somebody."""
    profile: dict[str, Genotype] = {}
    for model in compiler.models:
        if model is not None:
            first, second = sorted(rng.choice(len(model.laws.p), 2, p=model.laws.p).tolist())
            alleles = model.frequencies.alleles
            profile[model.name] = alleles[first], alleles[second]
    return profile


def people(compiler: Compiler, count: int, rng: Rng) -> CodeArray:
    """Codes of unrelated people, genotypes drawn as the table says: uint16 (count, n_loci)."""
    codes = np.empty((count, len(compiler.book.loci)), dtype=np.uint16)
    for at, (model, (_, _, place)) in enumerate(
        zip(compiler.models, compiler.book.blocks(), strict=True)
    ):
        if model is None:
            raise ValueError("every marker of the kit is in the table")
        for start in range(0, count, 1_000_000):
            stop = min(start + 1_000_000, count)
            pair = rng.choice(len(model.laws.p), (stop - start, 2), p=model.laws.p)
            low, high = pair.min(axis=1), pair.max(axis=1)
            codes[start:stop, at] = place.start + 1 + high * (high + 1) // 2 + low
    return codes


def measure_chance(compiler: Compiler, count: int, families: int, rng: Rng) -> dict[str, float]:
    """False leads of a real scan against the exact expectation, family by family and limit."""
    index = Index.build(compiler.book, people(compiler, count, rng), np.arange(count))
    shapes = ((trio(), ("father",)), (siblings("child", "s1", "s2"), ("s1", "s2")))
    deviations = []
    found_in_all, expected_in_all = 0, 0.0
    for at in range(families):
        pedigree, typed = shapes[at % len(shapes)]
        family = Family(str(at), pedigree, "child", {p: drawn(compiler, rng) for p in typed})
        law = lr_distribution(compiler.laws(family))
        (hits,) = search(index, [compiler.table(family)], threshold=min(LIMITS))
        for limit in LIMITS:
            expected = law.expected_false_leads(limit, count)
            if expected < 5:
                continue
            found = int(np.count_nonzero(hits.scores >= limit))
            deviations.append((found - expected) / math.sqrt(expected))
            found_in_all += found
            expected_in_all += expected
    return {
        "cells": len(deviations),
        "found": found_in_all,
        "expected": expected_in_all,
        "largest_deviation": max(map(abs, deviations)),
        "mean_square_deviation": float(np.mean(np.square(deviations))),
    }


def wide_family() -> Pedigree:
    """A mother, and twenty untyped relatives on both sides."""
    family = siblings("child", *(f"sibling_{i}" for i in range(5)))
    for parent, side in (("father", "paternal"), ("mother", "maternal")):
        family = family.with_parents(
            parent, father=f"{side}_grandfather", mother=f"{side}_grandmother"
        )
        family = family.with_child(
            f"{side}_uncle", father=f"{side}_grandfather", mother=f"{side}_grandmother"
        )
    for i in range(2):
        family = family.with_child(f"half_{i}", father="father", mother="second_wife")
        family = family.with_child(f"cousin_{i}", father="paternal_uncle", mother="aunt")
    return family.with_child("own_child", father="child", mother="spouse")


def measure_time(compiler: Compiler, rng: Rng) -> dict[str, float]:
    """Seconds of processor time for the power of six relatives, and for advice over twenty."""
    six = siblings("child", "s1", "s2")
    for parent in ("father", "mother"):
        six = six.with_parents(parent, father=f"{parent}_f", mother=f"{parent}_m")
    typed = ("father_f", "father_m", "mother_f", "mother_m", "s1", "s2")
    strong = Family("six", six, "child", {p: drawn(compiler, rng) for p in typed})
    wide = Family("wide", wide_family(), "child", {"mother": drawn(compiler, rng)})
    lr_distribution(compiler.laws(strong))
    start = time.process_time()
    lr_distribution(compiler.laws(strong))
    power_s = time.process_time() - start
    start = time.process_time()
    gains = whose_blood_next(compiler, wide)
    return {
        "power_s": power_s,
        "advice_s": time.process_time() - start,
        "relatives": len(gains),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000_000)
    parser.add_argument("--families", type=int, default=20)
    asked = parser.parse_args()
    rng = np.random.default_rng(SEED)
    compiler = compiler_of_kit()
    found = measure_time(compiler, rng)
    print(json.dumps({**found, **measure_chance(compiler, asked.people, asked.families, rng)}))


if __name__ == "__main__":
    main()
