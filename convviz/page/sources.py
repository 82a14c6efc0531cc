"""Where the values of a picture come from, and what typing over one of them gives."""

from __future__ import annotations

from dataclasses import replace

from convviz.layers.linear import Array
from convviz.page.state import State
from convviz.page.values import PATCH, Values, listed
from convviz.scene.limits import CELLS

FACE = (78.0, 92.0)
"""The first row and column of the patch of the photograph that is shown first."""


def shuffled(state: State) -> State:
    """The state with the next seed's numbers, in the input and in the weights; a kernel by its name stays."""
    seed = state.x.numbers[0] if state.x.kind == "seed" else 0
    fresh = Values("seed", ((int(seed) + 1) % 1000,))
    return replace(state, x=fresh, weight=state.weight if state.weight.name else fresh)


def photographed(state: State, row: float = FACE[0], column: float = FACE[1]) -> State:
    """The state with a patch of the bundled photograph as its input."""
    return replace(state, x=Values("photo", (row, column)))


def cut(state: State, grey: Array, row: int, column: int) -> State:
    """The state with a patch of a picture, (rows, columns) of greys, as its input."""
    height, width = (min(side, PATCH) for side in plane(state))
    return replace(state, x=listed(grey[row : row + height, column : column + width]))


def plane(state: State) -> tuple[int, int]:
    """Rows and columns of the input."""
    height, width = (1, 1, *state.layer.input_size)[-2:]
    return int(height), int(width)


def edited(state: State, edit: dict[str, object]) -> State:
    """The state after a number was typed into a cell, `edit` being {array, index, value}; no such cell, no change.

    Raises LayerError for a number that does not fit.
    """
    array, index, value = edit.get("array"), edit.get("index"), edit.get("value")
    if array not in ("x", "weight") or type(index) is not int or not 0 <= index < CELLS:
        return state
    field = "x" if array == "x" else "weight"
    return replace(state, **{field: getattr(state, field).edited(index, value)})
