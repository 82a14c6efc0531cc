"""What to try instead: a fix that has been tried and works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from convviz.errors import LayerError
from convviz.layers.arguments import LARGEST, brief

ROUNDS = 100
"""The most rounds of fix and retry. Sizes that keep correcting one another halve in each round."""


def checked(layer: Any, settle: Callable[[object], None]) -> None:
    """Settle the arguments of a layer, and let any LayerError carry a fix with which the layer can be made.

    One fix may lead to the next fault (a smaller input no longer holds the kernel). So the fix is tried, and whatever
    else turns out to be needed is added to it.

    >>> import convviz as cv
    >>> cv.MaxPool(4, "9")
    Traceback (most recent call last):
    convviz.errors.LayerError: kernel_size: '9' - must be a whole number, or one for each axis - try kernel_size 4
    """
    given = {field.name: getattr(layer, field.name) for field in fields(layer)}
    try:
        settle(layer)
    except LayerError as error:
        raise with_whole_fix(error, _whole_fix(type(layer), given, error, settle)) from None


def _whole_fix(
    kind: type, given: dict[str, object], error: LayerError, settle: Callable[[object], None]
) -> dict[str, object]:
    fix = dict(error.fix)
    for _ in range(ROUNDS):
        attempt: object = object.__new__(kind)
        for name, value in (given | fix).items():
            object.__setattr__(attempt, name, value)
        try:
            settle(attempt)
            break
        except LayerError as further:
            to_blame = further.key in ("span", "span_over") and "input_size" in fix
            fix |= (_enlarged(attempt) if to_blame else {}) or further.fix
    return fix


def _enlarged(layer: Any) -> dict[str, object]:
    """The smallest input that holds the kernel, if any: where the size itself was wrong, the kernel is not to blame."""
    spare = getattr(layer, "spare", (0,) * len(layer.input_size))
    axes = zip(layer.input_size, layer.span, layer.padded_size, spare, strict=True)
    size = tuple(max(i, i + span - padded - over) for i, span, padded, over in axes)
    return {"input_size": brief(size)} if max(size) <= LARGEST else {}


def with_whole_fix(error: LayerError, fix: dict[str, object]) -> LayerError:
    """The same error with `fix`, all of which its sentence names."""
    values = dict(error.values)
    if error.field in fix:
        others = [f"{name} {value}" for name, value in fix.items() if name != error.field]
        first = fix[error.field]
        values["nearest"] = ", ".join([str(first), *others]) if others else first
        values["fix"] = ", ".join([f"{error.field} {first}", *others])
    return LayerError(error.key, error.field, fix, **values)
