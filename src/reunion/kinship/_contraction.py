"""Kernels of the likelihood: fill the factors of a pedigree's network and contract them.

A network has variables (one allele each, with a list of the alleles it may take) and factors
(tables over one to three variables). A plan says in which order two factors are multiplied and
which variables are summed out on the way; `network` makes plans, this module runs them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reunion.kinship._kernels import kernel

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FOUNDER, PAIR, TRANSMIT, PASS, OBSERVE, OBSERVE_SAME, OBSERVE_ONE = range(7)
"""Kinds of factors: see `_fill_factor`."""

SECOND_UNKNOWN = -1
"""In place of a second allele: a partial genotype."""

NOT_TYPED = -2
"""In place of the first allele: nothing was seen."""

_TINY = 2.0**-400
_LIFT = 2.0**600
_LIFT_EXPONENT = 600


@kernel
def seen_probability(x: int, y: int, a: int, b: int, dropout: float, silent: int) -> float:
    """P(observed a/b | true x/y), dna.md 1.5: drop-out d per allele, silent allele never seen.

    b = SECOND_UNKNOWN: every genotype that holds a.
    """
    if b < 0:
        return 1.0 if a in (x, y) else 0.0
    if a != b:
        hit = (x == a and y == b) or (x == b and y == a)
        return (1.0 - dropout) * (1.0 - dropout) if hit else 0.0
    if x == a and y == a:
        return 1.0 - dropout * dropout
    if a not in (x, y):
        return 0.0
    other = y if x == a else x
    return 1.0 - dropout if other == silent else dropout * (1.0 - dropout)


@kernel
def _fill_factor(
    kind: int,
    arg: int,
    first: IntArray,
    second: IntArray,
    third: IntArray,
    p: FloatArray,
    female: FloatArray,
    male: FloatArray,
    inbreeding: FloatArray,
    seen: IntArray,
    dropout: FloatArray,
    silent: int,
    out: FloatArray,
) -> None:
    """One factor, row-major over the alleles that its variables may take.

    FOUNDER: p(a). PAIR: both alleles of founder `arg`, inbred. TRANSMIT: parent's two alleles to
    the child's one, by the matrix of sex `arg` (0 female, 1 male). PASS: one allele to one.
    OBSERVE: P(seen of person `arg` | two alleles); OBSERVE_SAME: the two are one variable;
    OBSERVE_ONE: a male's X.
    """
    at = 0
    if kind == FOUNDER:
        for a in first:
            out[at] = p[a]
            at += 1
    elif kind == PAIR:
        f = inbreeding[arg]
        for a in first:
            for b in second:
                out[at] = (1.0 - f) * p[a] * p[b] + (f * p[a] if a == b else 0.0)
                at += 1
    elif kind == TRANSMIT:
        matrix = male if arg == 1 else female
        for a in first:
            for b in second:
                for c in third:
                    out[at] = 0.5 * (matrix[a, c] + matrix[b, c])
                    at += 1
    elif kind == PASS:
        matrix = male if arg == 1 else female
        for a in first:
            for c in second:
                out[at] = matrix[a, c]
                at += 1
    elif kind == OBSERVE:
        for a in first:
            for b in second:
                out[at] = seen_probability(a, b, seen[arg, 0], seen[arg, 1], dropout[arg], silent)
                at += 1
    elif kind == OBSERVE_SAME:
        for a in first:
            out[at] = seen_probability(a, a, seen[arg, 0], seen[arg, 1], dropout[arg], silent)
            at += 1
    else:
        for a in first:
            out[at] = 1.0 - dropout[arg] if a == seen[arg, 0] else 0.0
            at += 1


@kernel
def _arrange(
    source: FloatArray, axes: IntArray, sizes: IntArray, strides: IntArray, target: FloatArray
) -> None:
    """Add `source` (row-major over `axes`) into `target`; a stride of 0 sums the axis out.

    `sizes` and `strides` are per variable; the caller has set `target` to zero.
    """
    n = axes.size
    if n == 0:
        target[0] += source[0]
        return
    counter = np.zeros(n, dtype=np.int64)
    inner = sizes[axes[n - 1]]
    step = strides[axes[n - 1]]
    start = 0
    to = 0
    while start < source.size:
        for i in range(inner):
            target[to + i * step] += source[start + i]
        start += inner
        axis = n - 2
        while axis >= 0:
            counter[axis] += 1
            to += strides[axes[axis]]
            if counter[axis] < sizes[axes[axis]]:
                break
            to -= counter[axis] * strides[axes[axis]]
            counter[axis] = 0
            axis -= 1


@kernel
def _product(variables: IntArray, sizes: IntArray) -> int:
    """Number of cells over these variables."""
    cells = 1
    for variable in variables:
        cells *= sizes[variable]
    return cells


@kernel
def _multiply(
    left: FloatArray, right: FloatArray, b: int, m: int, r: int, s: int, out: FloatArray
) -> float:
    """out[b, m, r] = sum over s of left[b, m, s] * right[b, s, r]; returns the largest entry."""
    largest = 0.0
    for i in range(b):
        for j in range(m):
            to = (i * m + j) * r
            for k in range(r):
                out[to + k] = 0.0
            for t in range(s):
                factor = left[(i * m + j) * s + t]
                if factor != 0.0:
                    row = (i * s + t) * r
                    for k in range(r):
                        out[to + k] += factor * right[row + k]
            for k in range(r):
                largest = max(largest, out[to + k])
    return largest


@kernel
def _possible(
    of: IntArray,
    seen: IntArray,
    dropout: FloatArray,
    hemizygous: NDArray[np.bool_],
    silent: int,
    n_alleles: int,
    out: IntArray,
) -> int:
    """Write the alleles that persons may carry given what was seen of them; returns how many."""
    count = 0
    for allele in range(n_alleles):
        possible = True
        for person in of:
            a, b = seen[person, 0], seen[person, 1]
            if hemizygous[person]:
                possible = possible and allele == a
            elif b != SECOND_UNKNOWN and (a != b or dropout[person] == 0.0):
                hidden = a == b and allele == silent
                possible = possible and (allele in (a, b) or hidden)
        if possible:
            out[count] = allele
            count += 1
    return count


@kernel
def contract(
    kinds: IntArray,
    args: IntArray,
    axes: IntArray,
    axes_at: IntArray,
    steps: IntArray,
    groups: IntArray,
    groups_at: IntArray,
    outputs: IntArray,
    persons: IntArray,
    persons_at: IntArray,
    hemizygous: NDArray[np.bool_],
    p: FloatArray,
    female: FloatArray,
    male: FloatArray,
    inbreeding: FloatArray,
    seen: IntArray,
    dropout: FloatArray,
    silent: int,
    weight: float,
    out: FloatArray,
) -> int:
    """Run a plan and add `weight` times its result to `out`; returns its power of two.

    Args:
        kinds, args: (n_factors,) see `_fill_factor`.
        axes, axes_at: variables of each factor and of each step's result, concatenated.
        steps: (n_steps, 2) the two tensors that a step multiplies.
        groups, groups_at: four lists of variables for each step: kept by both, left, right, summed.
        outputs: (0, 1 or 2,) variables that stay; two equal ones mean the diagonal.
        persons, persons_at: for each variable the persons whose observations limit it.
        hemizygous: (n_persons,) who has one allele.
        p, female, male: (K,), (K, K), (K, K) frequencies (or urn weights) and transitions.
        inbreeding: (n_persons,) founder coefficients.
        seen: (n_persons, 2) allele positions; NOT_TYPED, SECOND_UNKNOWN.
        dropout: (n_persons,) per-allele drop-out probabilities.
        silent: position of the silent allele, or -1.
        weight: factor of the result.
        out: (K, K), or (K, 1) with one output, or (1, 1) with none; indexed by allele.

    Returns:
        e >= 0: the true result is what was added, times 2**-e. The caller keeps results of
        different e apart.
    """
    n_variables = persons_at.size - 1
    sizes = np.empty(n_variables, dtype=np.int64)
    alleles = np.empty(n_variables * p.size, dtype=np.int64)
    alleles_at = np.zeros(n_variables + 1, dtype=np.int64)
    for v in range(n_variables):
        of = persons[persons_at[v] : persons_at[v + 1]]
        start = alleles_at[v]
        sizes[v] = _possible(of, seen, dropout, hemizygous, silent, p.size, alleles[start:])
        alleles_at[v + 1] = start + sizes[v]
        if sizes[v] == 0:
            return 0
    n_factors = kinds.size
    n_tensors = axes_at.size - 1
    at = np.zeros(n_tensors + 1, dtype=np.int64)
    largest = 1
    for t in range(n_tensors):
        cells = _product(axes[axes_at[t] : axes_at[t + 1]], sizes)
        at[t + 1] = at[t] + cells
        largest = max(largest, cells)
    work = np.empty(at[n_tensors])
    scratch = np.empty(2 * largest)
    none = alleles[:0]
    for t in range(n_factors):
        of = axes[axes_at[t] : axes_at[t + 1]]
        first = alleles[alleles_at[of[0]] : alleles_at[of[0] + 1]]
        second = alleles[alleles_at[of[1]] : alleles_at[of[1] + 1]] if of.size > 1 else none
        third = alleles[alleles_at[of[2]] : alleles_at[of[2] + 1]] if of.size > 2 else none
        _fill_factor(
            kinds[t],
            args[t],
            first,
            second,
            third,
            p,
            female,
            male,
            inbreeding,
            seen,
            dropout,
            silent,
            work[at[t] : at[t + 1]],
        )
    exponent = 0
    strides = np.zeros(n_variables, dtype=np.int64)
    for k in range(steps.shape[0]):
        kept = groups[groups_at[4 * k] : groups_at[4 * k + 1]]
        only_left = groups[groups_at[4 * k + 1] : groups_at[4 * k + 2]]
        only_right = groups[groups_at[4 * k + 2] : groups_at[4 * k + 3]]
        summed = groups[groups_at[4 * k + 3] : groups_at[4 * k + 4]]
        b = _product(kept, sizes)
        m = _product(only_left, sizes)
        r = _product(only_right, sizes)
        s = _product(summed, sizes)
        left = scratch[: b * m * s]
        right = scratch[largest : largest + b * s * r]
        for side in range(2):
            strides[:] = 0
            stride = 1
            # Row-major layout (kept, left, summed) or (kept, summed, right), last axis first.
            last, middle = (summed, only_left) if side == 0 else (only_right, summed)
            for group in (last, middle, kept):
                for i in range(group.size - 1, -1, -1):
                    strides[group[i]] = stride
                    stride *= sizes[group[i]]
            t = steps[k, side]
            target = left if side == 0 else right
            target[:] = 0.0
            _arrange(
                work[at[t] : at[t + 1]], axes[axes_at[t] : axes_at[t + 1]], sizes, strides, target
            )
        result = work[at[n_factors + k] : at[n_factors + k + 1]]
        top = _multiply(left, right, b, m, r, s, result)
        if 0.0 < top < _TINY:
            result *= _LIFT
            exponent += _LIFT_EXPONENT
    strides[:] = 0
    last_at = n_tensors - 1
    if outputs.size > 0:
        strides[outputs[outputs.size - 1]] = 1
    if outputs.size == 2 and outputs[0] != outputs[1]:
        strides[outputs[0]] = sizes[outputs[1]]
    n_first = sizes[outputs[0]] if outputs.size > 0 else 1
    n_second = sizes[outputs[1]] if outputs.size == 2 and outputs[0] != outputs[1] else 1
    final = np.zeros(n_first * n_second)
    _arrange(
        work[at[last_at] : at[last_at + 1]],
        axes[axes_at[last_at] : axes_at[last_at + 1]],
        sizes,
        strides,
        final,
    )
    for i in range(n_first):
        for j in range(n_second):
            x = alleles[alleles_at[outputs[0]] + i] if outputs.size > 0 else 0
            y = 0
            if outputs.size == 2:
                y = x if outputs[0] == outputs[1] else alleles[alleles_at[outputs[1]] + j]
            out[x, y] += weight * final[i * n_second + j]
    return exponent
