"""The lens: what the browser needs to tell of the window of any output, without a server.

It is a table of pixels for each axis; a lens knows neither strides nor paddings.
"""

from __future__ import annotations

from dataclasses import dataclass

from convviz.layers.linear import Array
from convviz.scene.marks import Ints


@dataclass(frozen=True, eq=False)
class Lens:
    """What one pixel of an image is made of, for all of them.

    read, written: the numbers of two images; channel: whose pixels of these are told; rows, columns: (outputs, n) the
    pixels that an output reads along each axis, in the order of the weights, -1 for none; steps: along each axis,
    outputs from one of the scene's stops to the next; weights: of all pixels of a window; divisor: of their sum; scale:
    what one level of the pixels that are read stands for.

    The scene's step texts are, in this order, a window's pixels, the products, their sum and, where it is divided, what
    that gives. Its tracks `place` and `pixel` name the cells of both images at which a step stops; what is tied to
    these lies as far from any other output. Its shape `frame` is the outline of the window.
    """

    read: int
    written: int
    channel: int
    rows: Ints
    columns: Ints
    steps: tuple[int, int]
    weights: Array
    divisor: int
    scale: float = 1.0
