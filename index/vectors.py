"""Vectors as rows of a matrix, as everything here hands them on."""

from typing import cast

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


def unit(rows: Matrix) -> Matrix:
    """Each row brought to unit length, so that a dot product is a cosine."""
    return cast("Matrix", rows / np.linalg.norm(rows, axis=1, keepdims=True))
