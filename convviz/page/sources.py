"""What the values of a picture become when a source is chosen, and when one of them is typed over."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from convviz.errors import LayerError
from convviz.layers.linear import Array
from convviz.page.averages import Box, averaged
from convviz.page.brought import brought, keep
from convviz.page.state import State, changed, opening
from convviz.page.values import PATCH, Values, listed, values_from_text
from convviz.pictures import LARGE, PHOTOGRAPHS, photograph
from convviz.scene.limits import CELLS

INPUT = "x"
"""The name of the turn that chooses the source of the input's values."""

OWN = "u"
"""The source that is a picture which somebody brought."""

SMALLEST = 16
"""The fewest pixels on a side of an input that a picture gives."""

SQUARES = (Box(24, 48, 120), Box(0, 0, 240), Box(4, 12, 150), Box(0, 0, 512), Box(0, 0, 400))
"""The square around the face of each bundled photograph: what is shown of it first."""

FACE = (0.0, *map(float, SQUARES[0]))
"""The numbers of the values that show the face."""


def _next_seed(state: State) -> int:
    seed = state.x.numbers[0] if state.x.kind == "seed" else 0
    return (int(seed) + 1) % 1000


def chosen(state: State, value: object, picture: Array | None = None) -> State:
    """The state with another source of its input's values, as a short text.

    value: "s" for new numbers; "p0", "p1" for a bundled photograph and OWN for the picture that was brought, alone or
    with a box (`p1_20_30_100`); or the text of any values. Raises LayerError for what is none of these.

    >>> from convviz.page.state import opening
    >>> chosen(opening("convolution"), "p0").x.text(), chosen(opening("convolution"), "hbar").x.text()
    ('p0_24_48_120', 'hbar')
    """
    text = str(value)
    if text == "s":
        return replace(state, x=Values("seed", (_next_seed(state),)))
    if text in _PLACES:
        number = _PLACES.index(text)
        return replace(state, x=Values("photo", (number, *around(SQUARES[number], plane(state)))))
    if text[:1] == OWN and picture is not None and picture.ndim == 3:
        return _large(state, picture, None if text == OWN else _box(text))
    if text[:1] == OWN and picture is not None:
        box = whole(picture, plane(state)) if text == OWN else _box(text)
        return replace(state, x=_own(picture, box, plane(state)))
    return replace(state, x=_inside(values_from_text(text), plane(state)))


_PLACES = tuple(f"p{number}" for number in range(len(PHOTOGRAPHS)))


def asks_for_own(turn: object) -> bool:
    """Whether a turn chooses the picture that was brought."""
    return isinstance(turn, dict) and turn.get("name") == INPUT and str(turn.get("value"))[:1] == OWN


def _inside(values: Values, cells: tuple[int, int]) -> Values:
    """The values, whose box is inside its photograph."""
    if values.kind == "own":
        rows, columns = brought(values.name).shape[:2]
        return replace(values, numbers=tuple(map(float, Box(*map(int, values.numbers)).within((rows, columns), cells))))
    if values.kind != "photo" or len(values.numbers) == 2:
        return values
    number, *box = map(int, values.numbers)
    rows, columns = photograph(number).shape
    return replace(values, numbers=(number, *Box(*box).within((rows, columns), cells)))


def _box(text: str) -> Box:
    """The box of a text like `u_20_30_100`."""
    head, *numbers = text.split("_")
    if head != OWN or len(numbers) != 3 or not all(n.isdigit() and n.isascii() and len(n) <= 4 for n in numbers):
        raise LayerError("values", "values", {"values": "s0"}, value=text, nearest="s0")
    return Box(*map(int, numbers))


def _own(grey: Array, box: Box, cells: tuple[int, int]) -> Values:
    """A box of a picture that was brought, as values that a link holds: at most PATCH rows and columns."""
    return listed(averaged(grey, box, (min(cells[0], PATCH), min(cells[1], PATCH))))


def _large(state: State, picture: Array, box: Box | None) -> State:
    """The state with a picture that was brought, in colours, and is filtered whole; box: a part of it.

    When it comes the input gets the size of the largest square in it, so that each pixel of the input is one of its
    own.
    """
    if box is None:
        side = min(max(min(picture.shape[:2]), SMALLEST), LARGE)
        with suppress(LayerError):
            state = replace(state, layer=changed(state.single, {"input_size": (side, side)}), step=0)
        box = whole(picture[..., 0], plane(state))
    inside = box.within((picture.shape[0], picture.shape[1]), plane(state))
    return replace(state, x=Values("own", tuple(map(float, inside)), name=keep(picture)))


def still_here(state: State) -> tuple[State, LayerError | None]:
    """The state, or, where the picture that somebody brought had to make room, one without it, and why."""
    try:
        if state.x.kind == "own":
            brought(state.x.name)
    except LayerError as gone:
        return replace(state, x=opening(state.lesson).x), gone
    return state, None


def around(square: Box, cells: tuple[int, int]) -> Box:
    """The box in the middle of a square that has the shape of (rows, columns) of cells.

    >>> around(Box(10, 20, 60), (7, 7)), around(Box(10, 20, 60), (1, 6))
    (Box(row=10, column=20, size=60), Box(row=35, column=20, size=60))
    """
    row, column = (
        first + square.size * (max(cells) - count) // (2 * max(cells))
        for first, count in zip(square[:2], cells, strict=True)
    )
    return Box(row, column, square.size)


def whole(grey: Array, cells: tuple[int, int]) -> Box:
    """The largest box in the middle of a picture."""
    rows, columns = grey.shape
    size = Box(0, 0, max(rows, columns) * max(cells)).within((rows, columns), cells).size
    row, column = (
        (side * max(cells) - size * count) // (2 * max(cells))
        for side, count in zip((rows, columns), cells, strict=True)
    )
    return Box(row, column, size)


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
