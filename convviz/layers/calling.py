"""Calls that do not fit a layer: an unknown name, too many arguments, one given twice, or one that is missing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import wraps
from typing import Any, TypeVar

from convviz.errors import LayerError, short

Kind = TypeVar("Kind", bound=type)
Made = TypeVar("Made")

_NAMES: set[str] = set()
"""The arguments of all layers: a name among them is meant, and is not a typing error."""

ALIKE, MEANT = 0.6, 0.8
"""How alike two names must be for one to be taken for the other: any name, and the name of another layer's argument."""


@dataclass(frozen=True)
class Called:
    """What is called. names: its arguments in their order; others: what it hands on; settled: what it sets itself."""

    make: Any
    names: list[str]
    others: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()

    @property
    def known(self) -> set[str]:
        return {*self.names, *self.others}

    @property
    def needed(self) -> list[str]:
        """The arguments that a call cannot be without."""
        parameters = inspect.signature(self.make).parameters
        return [name for name in self.names if parameters[name].default is inspect.Parameter.empty]

    def fix(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Which of the arguments must have other values, those that are left out included."""
        try:
            self.make(**dict.fromkeys(self.needed) | arguments)
        except LayerError as error:
            return error.fix
        return {}


def told(kind: Kind) -> Kind:
    """A class decorator, above @dataclass: a call that does not fit raises LayerError, as a wrong value does.

    The signature stays the dataclass's own, for help() and type checkers.

    >>> import convviz as cv
    >>> cv.Dense(4, 2, dtype=2)
    Traceback (most recent call last):
    convviz.errors.LayerError: dtype: 2 - Dense has no argument of this name - try Dense(in_features=4, out_features=2)
    """
    make = kind.__init__  # type: ignore[misc]
    names = [field.name for field in fields(kind) if field.init]
    _NAMES.update(names)

    @wraps(make)
    def __init__(self: object, *given: object, **named: object) -> None:
        try:
            make(self, *given, **named)
        except TypeError:
            _refuse_misfit(Called(kind, names), given, named)
            raise

    kind.__init__ = __init__  # type: ignore[misc]
    return kind


def making(kind: type, *settled: str) -> Callable[[Callable[..., Made]], Callable[..., Made]]:
    """A decorator for a function that makes a layer, and hands the arguments that it does not know on to it.

    settled: the layer's arguments that the function sets by itself.
    """

    def decorated(make: Callable[..., Made]) -> Callable[..., Made]:
        own = [name for name, p in inspect.signature(make).parameters.items() if p.kind is not p.VAR_KEYWORD]
        others = {field.name for field in fields(kind)} - {*settled, *own}
        called = Called(make, own, frozenset(others), frozenset(settled))

        @wraps(make)
        def function(*given: object, **named: object) -> Made:
            if not named.keys() <= called.known:
                _refuse_misfit(called, given, named)
            try:
                return make(*given, **named)
            except TypeError:
                _refuse_misfit(called, given, named)
                raise

        return function

    return decorated


def _refuse_misfit(called: Called, given: tuple[object, ...], named: dict[str, object]) -> None:
    """Raise a LayerError where a call does not fit, with the nearest call that does; return where it fits."""
    fault = _fault(called, given, named)
    if fault is None:
        return
    key, field, values = fault
    arguments = {name: value for name, value in named.items() if name in called.known}
    arguments |= dict(zip(called.names, given, strict=False))
    fix: dict[str, object] = {}
    for name in [n for n in named if n not in called.known | called.settled]:
        near = get_close_matches(name, sorted(called.known - arguments.keys()), 1, MEANT if name in _NAMES else ALIKE)
        moved = dict.fromkeys(near, named[name])
        if not moved.keys() & called.fix(arguments | moved).keys():
            arguments, fix = arguments | moved, fix | moved
    fix |= called.fix(arguments)
    arguments |= fix
    ordered = [name for name in (*called.names, *sorted(called.others)) if name in arguments]
    spelled = ", ".join(f"{name}={short(_shown(arguments[name]))}" for name in ordered)
    nearest = f"{called.make.__name__}({spelled})"
    raise LayerError(key, field, fix, layer=called.make.__name__, nearest=nearest, **values)


def _fault(
    called: Called, given: tuple[object, ...], named: dict[str, object]
) -> tuple[str, str, dict[str, object]] | None:
    """The first thing that does not fit: which error, of which argument, and what its sentence says."""
    names = called.names
    for name in named:
        if name not in called.known:
            return "settled" if name in called.settled else "unknown", name, {"value": _shown(named[name])}
    if len(given) > len(names):
        return "surplus", "arguments", {"value": len(given), "most": len(names), "first": names[0], "last": names[-1]}
    for place, name in enumerate(names[: len(given)], start=1):
        if name in named:
            return "twice", name, {"value": _shown(named[name]), "place": place}
    left_out = [name for name in called.needed if name not in named and name not in names[: len(given)]]
    return ("missing", left_out[0], {}) if left_out else None


def _shown(value: object) -> object:
    """Text in quotes, so that '3' is not taken for 3."""
    return repr(value) if isinstance(value, str) else value
