"""Mutation matrices in plain floats, written from the formulas of the models alone.

Sources: Egeland, Kling, Mostad 2016 (Relationship Inference with Familias and R), Dawid, Mortera,
Pascali 2001 (Forensic Science International 124:55-61), and the conventions of the reference cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Matrix = list[list[float]]

# One marker as it stands in a case file: JSON, whose values have many types.
Json = Any


def matrix_of(marker: Mapping[str, Json], sex: str) -> Matrix:
    """The transition matrix of one sex, row = parent's allele, in the order of the frequencies.

    A silent allele never mutates and is never a target.
    """
    names = list(marker["frequencies"])
    silent = marker.get("silent_allele")
    visible = [name for name in names if name != silent]
    core = _core(marker, visible, sex)
    rows: Matrix = []
    for parent in names:
        if parent == silent:
            rows.append([float(child == silent) for child in names])
        else:
            row = dict(zip(visible, core[visible.index(parent)], strict=True))
            rows.append([row.get(child, 0.0) for child in names])
    return rows


def _core(marker: Mapping[str, Json], names: Sequence[str], sex: str) -> Matrix:
    mutation = marker["mutation"]
    model = mutation["model"]
    if model == "custom":
        return [list(map(float, row)) for row in mutation["matrix"][sex]]
    if model == "none" or len(names) == 1:
        return [[float(a == b) for b in names] for a in names]
    p = [float(marker["frequencies"][name]) for name in names]
    return _MODELS[model](names, p, float(mutation["rate"][sex]), mutation)


def _with_diagonal(off: Matrix) -> Matrix:
    """The entries off the diagonal, with what is missing to 1 put on it."""
    for i, row in enumerate(off):
        row[i] = 0.0
        row[i] = 1.0 - sum(row)
    return off


def _equal(names: Sequence[str], p: Sequence[float], rate: float, _: Mapping[str, Json]) -> Matrix:
    return _with_diagonal([[rate / (len(names) - 1) for _b in names] for _a in names])


def _proportional(
    names: Sequence[str], p: Sequence[float], rate: float, _: Mapping[str, Json]
) -> Matrix:
    seen = sum(p)
    q = [value / seen for value in p]
    factor = (rate / seen) / sum(value * (1 - value) for value in q)
    return _with_diagonal([[factor * value for value in q] for _a in names])


def _distance(a: str, b: str) -> float:
    return round(abs(float(a) - float(b)), 6)


def _onestep(
    names: Sequence[str], p: Sequence[float], rate: float, _: Mapping[str, Json]
) -> Matrix:
    rows: Matrix = []
    for a in names:
        near = [_distance(a, b) == 1 for b in names]
        rows.append([rate / sum(near) if hit else 0.0 for hit in near])
    return _with_diagonal(rows)


def _microgroup(name: str) -> int:
    size = float(name)
    return round(10 * (size - round(size)))


def _stepwise(
    names: Sequence[str], p: Sequence[float], rate: float, mutation: Mapping[str, Json]
) -> Matrix:
    rows: Matrix = []
    for a in names:
        weights = [
            mutation["range"] ** _distance(a, b)
            if _microgroup(a) == _microgroup(b) and a != b
            else 0.0
            for b in names
        ]
        others = sum(_microgroup(a) != _microgroup(b) for b in names)
        rows.append(
            [
                mutation["rate2"] / others
                if _microgroup(a) != _microgroup(b)
                else rate * weight / sum(weights)
                if weight
                else 0.0
                for b, weight in zip(names, weights, strict=True)
            ]
        )
    return _with_diagonal(rows)


def _dawid(
    names: Sequence[str], p: Sequence[float], rate: float, mutation: Mapping[str, Json]
) -> Matrix:
    n, g = len(names), float(mutation["range"])
    a = (1 - g**n) / (1 - g)
    return _with_diagonal(
        [
            [rate * (1 - g) * g ** abs(i - j) / (2 * g * (n - a) * p[i]) for j in range(n)]
            for i in range(n)
        ]
    )


_MODELS: dict[
    str, Callable[[Sequence[str], Sequence[float], float, Mapping[str, Json]], Matrix]
] = {
    "equal": _equal,
    "proportional": _proportional,
    "onestep": _onestep,
    "stepwise": _stepwise,
    "dawid": _dawid,
}
