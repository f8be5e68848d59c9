"""The hash tree is that of RFC 6962: its vectors, and a slow tree that follows its words."""

from __future__ import annotations

from hashlib import sha256

import pytest

from reunion.base.audit.tree import (
    EMPTY,
    Frontier,
    consistency,
    inclusion,
    is_consistent,
    is_included,
    leaf_of,
    root_of,
    roots_at,
)
from tests.base.sealing import seeded

DATA = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f"]  # fmt: skip
"""The entries of the test vectors of Certificate Transparency, from its reference programs."""

ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_of(bytes.fromhex(data)) for data in DATA]


def slow_root(leaves: list[bytes]) -> bytes:
    """MTH(D[n]) in the words of RFC 6962, 2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + slow_root(leaves[:k]) + slow_root(leaves[k:])).digest()


def slow_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]) in the words of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*slow_path(m, leaves[:k]), slow_root(leaves[k:])]
    return [*slow_path(m - k, leaves[k:]), slow_root(leaves[:k])]


def slow_subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b) in the words of RFC 6962, 2.1.2."""
    if m == len(leaves):
        return [] if whole else [slow_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*slow_subproof(m, leaves[:k], whole), slow_root(leaves[k:])]
    return [*slow_subproof(m - k, leaves[k:], False), slow_root(leaves[:k])]


def some(count: int) -> list[bytes]:
    return [leaf_of(bytes([n % 256, n // 256])) for n in range(count)]


def test_the_roots_are_those_of_the_published_vectors() -> None:
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [root_of(LEAVES[:n]).hex() for n in range(1, 9)] == ROOTS


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    ],
)  # fmt: skip
def test_inclusion_proofs_are_those_of_the_published_vectors(
    index: int, size: int, proof: list[str]
) -> None:
    assert [step.hex() for step in inclusion(LEAVES[:size], index)] == proof


def test_consistency_proofs_are_those_of_the_published_vectors() -> None:
    assert [step.hex() for step in consistency(LEAVES[:8], 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_roots_and_proofs_are_those_of_the_slow_tree() -> None:
    for size in range(1, 40):
        leaves = some(size)
        root = slow_root(leaves)
        assert root_of(leaves) == root
        for index in range(size):
            proof = inclusion(leaves, index)
            assert proof == slow_path(index, leaves)
            assert is_included(leaves[index], index, size, proof, root)
        for old in range(1, size + 1):
            proof = consistency(leaves, old)
            assert proof == slow_subproof(old, leaves, True)
            assert is_consistent(old, slow_root(leaves[:old]), size, root, proof)


def test_a_frontier_gives_every_root_however_it_grows() -> None:
    leaves = some(1_500)
    roots = roots_at(leaves, [0, 1, 255, 256, 257, 700, 1_500, 9_999])
    assert roots == {n: slow_root(leaves[:n]) for n in (0, 1, 255, 256, 257, 700, 1_500)}
    one = Frontier()
    for leaf in leaves:
        one.extend([leaf])
    assert one.root() == roots[1_500]


def test_a_false_proof_shows_nothing() -> None:
    rng = seeded()
    leaves = some(37)
    root = root_of(leaves)
    for _ in range(300):
        index, old = rng.randrange(37), rng.randrange(1, 37)
        proof, steps = inclusion(leaves, index), consistency(leaves, old)
        other = rng.randrange(37)
        if other != index:
            assert not is_included(leaves[index], other, 37, proof, root)
        assert not is_included(leaves[index], index, 37, proof[:-1], root)
        assert not is_included(leaves[index], index, 37, [*proof, root], root)
        bad = list(steps)
        place = rng.randrange(len(bad))
        bad[place] = sha256(bad[place]).digest()
        old_root = root_of(leaves[:old])
        assert is_consistent(old, old_root, 37, root, steps)
        assert not is_consistent(old, old_root, 37, root, bad)
        assert not is_consistent(old, root, 37, root, steps)
        assert not is_consistent(old, old_root, 37, root, [])
    assert not is_consistent(38, root, 37, root, [])
