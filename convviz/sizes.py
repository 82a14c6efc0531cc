"""Sizes along one axis, from numbers alone: told before any array is made, and used where the arrays are made.

Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (arXiv 1603.07285), sections 2 and 4.
"""

from __future__ import annotations


def spanned(kernel_size: int, dilation: int) -> int:
    """How many cells the dilated kernel spans, its gaps included.

    >>> spanned(3, 1), spanned(3, 2)
    (3, 5)
    """
    return dilation * (kernel_size - 1) + 1


def windows(padded: int, span: int, stride: int, rounded_up: bool = False) -> int:
    """How many windows stand along an axis: floor((padded - span) / stride) + 1, or rounded up.

    >>> windows(7, 3, 2), windows(6, 3, 2), windows(6, 3, 2, rounded_up=True)
    (3, 2, 3)
    """
    room = padded - span
    return (-(-room // stride) if rounded_up else room // stride) + 1


def canvas_of_slides(size: int, outputs: int, span: int, stride: int, before: int, after: int) -> int:
    """Canvas cells of a convolution or a pooling: the padded input, and what a last window hangs over it.

    >>> canvas_of_slides(5, 3, 3, 2, 1, 1), canvas_of_slides(4, 2, 3, 2, 0, 0)
    (7, 5)
    """
    return max(size + before + after, stride * (outputs - 1) + span)


def canvas_of_spread(size: int, outputs: int, span: int, stride: int, before: int) -> int:
    """Canvas cells of a transposed convolution: its inputs, spread apart, and the margins that its windows reach.

    >>> canvas_of_spread(3, 5, 3, 2, 1)
    7
    """
    return max(outputs + before, (size - 1) * stride + 1) + max(span - 1 - before, 0)
