"""The one decorator of every compiled kernel, so that compiler flags live in one place.

Kernels take arrays and scalars, write into arrays that the caller gives, and return counts at
most. They release the GIL, so that threads may run them side by side. Without numba, or with
`NUMBA_DISABLE_JIT=1`, the same functions run as plain Python: slower, with the same results.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """`function` compiled to machine code on first use, cached on disk.

    No fastmath: sums keep the order in which they are written, so every path through the engine
    gives the same bits and results can be compared exactly.
    """
    # Any: numba's decorator is untyped.
    jit: Any = numba.njit(nogil=True, cache=True, fastmath=False, error_model="numpy")
    return cast(Callable[P, R], jit(function))
