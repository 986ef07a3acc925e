"""How the kernel's inner functions are compiled: without counting who holds an array.

Counting costs an atomic operation each time an array is taken out of a tuple of tables. In the kernel
that was three quarters of its time. A function that counts nothing must make no array; numba refuses
to compile one that does.
"""

from __future__ import annotations

from functools import partial

import numba as nb

compiled = partial(nb.njit, cache=True, _nrt=False)
"""Compiles a function that makes no array."""

inlined = partial(nb.njit, cache=True, _nrt=False, forceinline=True)
"""The same for one that is part of its caller: tuples of tables are then not passed on."""
