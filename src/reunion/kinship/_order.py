"""The order in which the tensors of a network are multiplied, found once for each structure."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import opt_einsum
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Order(NamedTuple):
    """An order of contraction, ready to run on tensors of any size.

    `multiplied`, `kept`: bool as float64 (n_steps, n_variables), the variables of a step before
    and after summing.
    """

    expression: Any  # opt_einsum is untyped
    multiplied: FloatArray
    kept: FloatArray


@lru_cache(maxsize=4096)
def order_of(
    inputs: tuple[tuple[int, ...], ...], output: tuple[int, ...], sizes: tuple[int, ...]
) -> Order:
    """An order for tensors over these variables, `output` staying, whose sizes are about these."""
    symbols = [opt_einsum.get_symbol(v) for v in range(len(sizes))]
    left = ",".join("".join(symbols[v] for v in axes) for axes in inputs)
    equation = f"{left}->{''.join(symbols[v] for v in output)}"
    shapes = [tuple(sizes[v] for v in axes) for axes in inputs]
    path, _ = opt_einsum.contract_path(equation, *shapes, shapes=True, optimize="auto")
    multiplied = np.zeros((len(path), len(sizes)))
    kept = np.zeros((len(path), len(sizes)))
    alive = [set(axes) for axes in inputs]
    for step, chosen in enumerate(path):
        parts = [alive.pop(i) for i in sorted(chosen, reverse=True)]
        together = set().union(*parts)
        left_over = together & set(output).union(*alive)
        multiplied[step, list(together)] = 1
        kept[step, list(left_over)] = 1
        alive.append(left_over)
    expression = opt_einsum.contract_expression(equation, *shapes, optimize=path)
    return Order(expression, multiplied, kept)
