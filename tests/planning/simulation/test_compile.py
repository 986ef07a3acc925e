"""Inner functions count nobody who holds an array, so they must make none."""

from __future__ import annotations

import numpy as np
import pytest
from numba.core.errors import NumbaError

from entrepost.planning.simulation.compile import compiled, inlined


def test_a_compiled_function_does_what_it_says() -> None:
    @inlined(cache=False)
    def double(value: int) -> int:
        return 2 * value

    @compiled(cache=False)
    def double_all(values: np.ndarray) -> None:  # type: ignore[type-arg]
        for index in range(values.size):
            values[index] = double(values[index])

    numbers = np.arange(4)
    double_all(numbers)
    assert numbers.tolist() == [0, 2, 4, 6]


def test_a_function_that_makes_an_array_is_refused() -> None:
    @compiled(cache=False)
    def add(size: int) -> int:
        return int(np.ones(size).sum())

    with pytest.raises(NumbaError):
        add(3)
