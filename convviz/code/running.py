"""One reading of a text: what has been understood so far, and how far it may go."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from convviz.code.building import Building, Enough
from convviz.code.problem import Place
from convviz.code.values import Chain, Class, Instance, Leaf, Lost, Module, Site
from convviz.errors import LayerError

STEPS, LEVELS = 8000, 90
"""The most nodes that are read, and how deep reading may nest."""

Scope = dict[str, object]
Made = TypeVar("Made", Leaf, Chain, Instance)


@dataclass
class Run:
    """One reading of a text. call: what reads a call; outer: the names at the top; made: the modules made there."""

    building: Building
    framework: str
    call: Callable[[Run, ast.Call, Scope], object]
    body: Callable[..., object]
    outer: Scope = field(default_factory=dict)
    made: list[Module] = field(default_factory=list)
    implied: Instance | None = None
    prefix: str = ""
    inside: int = 0
    steps: int = 0
    level: int = 0

    def unknown(self, node: ast.AST, value: object = None) -> Lost:
        """Tell of an expression that is not understood."""
        shown = value or shortened(node)
        nearest = "layers.Conv2D(64, 3)" if self.framework == "keras" else "nn.Conv2d(3, 64, 3)"
        return self.building.problem(at(node), LayerError("code_unknown", "code", None, value=shown, nearest=nearest))

    def implied_object(self, place: Place) -> Instance:
        """The object that lines such as `self.conv1 = ...` speak of where no class is pasted."""
        if self.implied is None:
            self.implied = Instance(Class("", (), []), Site(place, "self"))
        return self.implied

    def made_at(self, module: Made) -> Made:
        """Note a module that is made on a line of its own, and in no function."""
        if not self.inside:
            self.made.append(module)
        return module

    def stepped(self, place: Place) -> None:
        """One step more; raises Enough after the last."""
        self.steps += 1
        if self.steps > STEPS:
            self.building.problem(place, LayerError("code_steps", "code", None, value=self.steps, most=STEPS))
            raise Enough

    @contextmanager
    def deeper(self, place: Place) -> Iterator[None]:
        """One level deeper; raises Enough below the last."""
        self.stepped(place)
        self.level += 1
        try:
            if self.level > LEVELS:
                self.building.problem(place, LayerError("code_deep", "code", None, value=self.level, most=LEVELS))
                raise Enough
            yield
        finally:
            self.level -= 1


def at(node: ast.AST) -> Place:
    """Where a node stands."""
    return Place(getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1)


def shortened(node: ast.AST) -> str:
    """What a node says, in a few characters; a call without its arguments."""
    if isinstance(node, ast.Call):
        return f"{shortened(node.func)}(...)"
    if isinstance(node, ast.Attribute):
        return f"{shortened(node.value)}.{node.attr}"[:60]
    if isinstance(node, ast.Name):
        return node.id[:60]
    if isinstance(node, ast.Constant):
        return repr(node.value)[:40] if isinstance(node.value, str | int | float) else "a value"
    return _SHOWN.get(type(node).__name__, type(node).__name__)


_SHOWN = {
    "Lambda": "lambda",
    "ListComp": "[... for ...]",
    "GeneratorExp": "(... for ...)",
    "DictComp": "{... for ...}",
    "SetComp": "{... for ...}",
    "BinOp": "a calculation",
    "Subscript": "x[...]",
    "IfExp": "... if ... else ...",
    "Await": "await",
    "Yield": "yield",
    "NamedExpr": ":=",
    "JoinedStr": 'f"..."',
    "Starred": "*",
    "Compare": "==",
    "BoolOp": "and, or",
    "UnaryOp": "a sign",
    "Dict": "{...}",
    "Set": "{...}",
    "List": "[...]",
    "Tuple": "(...)",
}
