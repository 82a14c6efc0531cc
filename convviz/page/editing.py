"""The controls of a network that is edited row by row: which row, that row's own parameters, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from convviz.counted import Counted, counted, networked, within
from convviz.edits import added_row, changed_row, moved_row, removed_row, resized
from convviz.errors import LayerError
from convviz.layers import Conv, Dense, Layer, MaxPool, Parameter, is_layer
from convviz.layers.arguments import choice as read_choice
from convviz.layers.arguments import whole
from convviz.lessons.facts import spelled
from convviz.page.dial import choice, control, padding_kind, padding_words, pads_of
from convviz.page.state import State, changed
from convviz.scene.maps import maps_of
from convviz.scene.naming import layer_named
from convviz.scene.overlaid import PLACES
from convviz.text import say

ROW, AT, EDIT, SIZE, KIND = "row", "at", "edit", "input_size", "padding_kind"
"""The turns: which row, which output of which row, what is done to a row, the input's size, words for a padding."""

GIVEN = ("input_size", "in_channels", "channels", "in_features", "flip")
"""Parameters that follow from what a layer reads, or change nothing that is counted."""

SLOTS = (
    ("kernel_size", "output_size"),
    ("stride", "scale_factor", "upscale_factor"),
    ("out_channels", "out_features"),
)
"""The places beside the row: in each stands the parameter that the layer has of these, or nothing."""

ROOM = 8
"""The places behind "More" that are kept, however many parameters a layer has: the page lies the same for all."""

COUNTS = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1000, 1024, 2048, 4096)
"""Numbers of channels and of features that a slider stops at."""

LASTING = ("input_size", "kernel_size", "stride", "padding", "dilation", "groups", "out_channels", "out_features")
"""What a refused turn tries again with the nearest value that works."""

TRIES = 64
"""How many values between the one that is and the one that was asked for are tried for the nearest that works."""


def row_of(state: State) -> Counted:
    """The row that is edited: the one that was chosen, else that of the step."""
    rows = counted(networked(state.layer))
    return rows[min(state.at[0], len(rows)) - 1 if state.at else min(state.step, len(rows) - 1)]


def dials(state: State) -> list[dict[str, object]]:
    """The row and its parameters; behind "More" the size of the input and the other parameters."""
    row, count = row_of(state), len(counted(networked(state.layer)))
    before = [_size(state)] if len(networked(state.layer).x_shape) > 1 else []
    main, more = _own(state, row.layer) if is_layer(row.layer) else (_nothing(state.language), [])
    missing = [_absent(f"absent_{n}", "", "more") for n in range(ROOM - len(before) - len(more))]
    return [_row(state, row, count), *main, *before, *more, *missing]


def _own(state: State, layer: Layer) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The controls of a layer's own parameters: one for each of SLOTS, and the others."""
    own = replace(state, layer=layer)
    parameters = {p.name: p for p in layer.parameter_list if p.name not in GIVEN}
    chosen = [next((name for name in slot if name in parameters), "") for slot in SLOTS]
    nothing = zip(chosen, _nothing(state.language), strict=True)
    main = [_counting(control(parameters[name], own, False, "main")) if name else absent for name, absent in nothing]
    more = [control(parameters[name], own, False, "more") for name in parameters if name not in chosen]
    if words := padding_words(own.single):
        more.insert(1, choice(KIND, padding_kind(own.single), ("number", *words), state.language, layer.kind))
    return main, more


def _counting(dial: dict[str, object]) -> dict[str, object]:
    """The control of a number of channels or of features, which stops at few of them."""
    value = dial["value"]
    if dial["name"] not in SLOTS[-1] or not isinstance(value, int):
        return dial
    return dial | {"stops": [(n, f"{n:,}") for n in sorted({*COUNTS, value})], "shown": f"{value:,}"}


def _nothing(language: str) -> list[dict[str, object]]:
    """What stands in SLOTS for a layer that has none of their parameters."""
    return [_absent(slot[0], say(f"control.{slot[0]}.label", language)) for slot in SLOTS]


def _absent(name: str, label: str = "", place: str = "main") -> dict[str, object]:
    """A place where a layer has no parameter: it is kept, so that nothing moves when another layer is chosen."""
    said = {"name": name, "kind": "range", "label": label, "help": "", "place": place, "absent": True}
    return said | {"value": 0, "least": 0, "most": 1, "shown": ""}


def acts(state: State) -> dict[str, object]:
    """What can be done to the chosen row."""
    language = state.language
    choices = [(name, *(say(f"edit.{name}.{part}", language) for part in ("label", "help"))) for name in EDITS]
    said: dict[str, object] = {"name": EDIT, "kind": "acts", "choices": choices, "place": "bottom"}
    return said | {"label": say("control.edit.label", language), "help": ""}


def _row(state: State, row: Counted, count: int) -> dict[str, object]:
    label, told = (say(f"control.{ROW}.{part}", state.language) for part in ("label", "help"))
    name = layer_named(row.layer, state.language).split(",")[0]
    said = {"name": ROW, "label": label, "help": told, "place": "main", "kind": "range", "value": row.number}
    return said | {"least": 1, "most": max(count, 2), "shown": f"{row.number} · {name}"}


def _size(state: State) -> dict[str, object]:
    size = networked(state.layer).input_size
    said = {"name": SIZE, "label": say("control.input_size.label", state.language), "help": ""}
    return said | {
        "place": "more",
        "kind": "range",
        "value": size[0],
        "least": 1,
        "most": max(256, size[0]),
        "shown": spelled(size),
    }


def turned(state: State, name: str, value: object) -> State:
    """The state after one of these was turned. Raises LayerError for what cannot be, with the nearest that works."""
    if name == ROW:
        number = whole(ROW, value, 1)
        at = within(state.layer, (number,))
        return replace(state, at=at, step=at[0] - 1)
    if name == AT:
        at = within(state.layer, _asked(state, whole(AT, value, 0)))
        return replace(state, at=at, step=at[0] - 1 if at else 0)
    if name == EDIT:
        return _edited(state, read_choice(EDIT, value, tuple(EDITS)))
    row, network = row_of(state), networked(state.layer)
    if name == SIZE:
        return _sized(state, value)
    if not is_layer(row.layer):
        raise LayerError("notation_part", "layer", None, value=name, part=name, nearest=ROW)

    def with_value(wanted: object) -> State:
        return _with(state, changed_row(network, row.number, changed(row.layer, _argument(row.layer, name, wanted))))

    try:
        return with_value(value)
    except LayerError as error:
        raise _nearest(name, value, getattr(row.layer, name, None), with_value, error) from None


def _sized(state: State, value: object) -> State:
    """The state with an input of another size, one number an axis or one for all."""
    network = networked(state.layer)

    def with_size(wanted: object) -> State:
        size = wanted if isinstance(wanted, tuple) else (whole(SIZE, wanted),) * len(network.input_size)
        return _with(state, resized(network, (network.x_shape[0], *size)))

    try:
        return with_size(value)
    except LayerError as error:
        raise _nearest(SIZE, value, network.input_size, with_size, error) from None


def _argument(layer: Layer, name: str, value: object) -> dict[str, object]:
    """The argument of a layer that a dial sets."""
    if name == KIND:
        name, value = "padding", pads_of(layer) if value == "number" else value
    parameter: Parameter | None = next((p for p in layer.parameter_list if p.name == name and name not in GIVEN), None)
    if parameter is None:
        raise LayerError("notation_part", "layer", None, value=name, part=name, nearest="stride")
    if parameter.kind == "size" and isinstance(value, int) and len(layer.input_size) != 2:
        value = (value,) * len(layer.input_size)  # one number alone means two axes
    return {name: value}


def _nearest(name: str, value: object, own: object, attempt: Callable[[int], object], error: LayerError) -> LayerError:
    """Why a value cannot be; the error's fix is the value nearest to it that can be, on the way to the one that is.

    own: the value that is, which may be one for each axis; attempt: raises LayerError for what cannot be.
    """
    if name in error.fix and error.field == name:
        return error
    while isinstance(own, tuple):
        own = own[0]
    if not isinstance(own, int) or not isinstance(value, int) or own == value:
        return LayerError(error.key, error.field, None, **error.values)
    step = 1 if own > value else -1
    for number in range(value + step, own, step)[:TRIES]:
        with suppress(LayerError):
            attempt(number)
            return LayerError("edit_breaks", name, {name: number}, value=value, nearest=number)
    return LayerError("edit_breaks", name, {name: own}, value=value, nearest=own)


def _with(state: State, layer: Any) -> State:
    """The state with another network; what is asked about stays, as far as it is there."""
    return replace(
        state, layer=layer, at=within(layer, state.at), step=min(state.step, len(counted(networked(layer))) - 1)
    )


def _asked(state: State, value: int) -> tuple[int, ...]:
    """The row and the place of an output that a click on a square of a board means."""
    number, square = divmod(value, PLACES)
    board = next((one for one in maps_of(networked(state.layer)) if one.last == number), None)
    if board is None:
        return ()
    cells = list(board.cells()) if board.size else []
    return (number, *cells[square]) if square < len(cells) else (number,)


def _edited(state: State, edit: str) -> State:
    """The state after something was done to its row; a row that comes is chosen, and a row that moves stays so."""
    after, by = EDITS[edit](networked(state.layer), row_of(state).number)
    number = min(row_of(state).number + by, len(counted(networked(after))))
    return replace(_with(state, after), at=(number,), step=number - 1)


def _convolution(shape: tuple[int, ...]) -> Layer:
    """A 3 by 3 convolution that keeps the shape."""
    if len(shape) == 1:
        return Dense(shape[0], shape[0])
    return Conv(shape[1:], 3, padding=1, in_channels=shape[0], out_channels=shape[0])


def _pooling(shape: tuple[int, ...]) -> Layer:
    """A pooling by windows of 2 by 2. Raises LayerError for what has no places."""
    if len(shape) == 1:
        raise LayerError("edit_pool", EDIT, None, value=shape[0])
    return MaxPool(shape[1:], 2, channels=shape[0])


EDITS: dict[str, Callable[[Any, int], tuple[Any, int]]] = {
    "add_conv": lambda network, number: (added_row(network, number, _convolution), 1),
    "add_pool": lambda network, number: (added_row(network, number, _pooling), 1),
    "up": lambda network, number: (moved_row(network, number, -1), -1),
    "down": lambda network, number: (moved_row(network, number, 1), 1),
    "remove": lambda network, number: (removed_row(network, number), 0),
}
"""What can be done to a row, each with how much further down the row that is chosen then stands."""
