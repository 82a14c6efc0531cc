"""The values of expressions: literals, names, sums and repeats of them, and what is called. Nothing is evaluated by
Python: each kind of node that is understood is read here, and all others are refused."""

from __future__ import annotations

import ast
from collections.abc import Callable
from math import inf
from typing import Any

from convviz.code.running import Run, Scope, at, shortened
from convviz.code.torch_functions import arithmetic, picked
from convviz.code.values import (
    LOST,
    Chain,
    Class,
    Function,
    Instance,
    Leaf,
    Lost,
    Method,
    Reference,
    Site,
    Tensor,
)
from convviz.errors import LayerError
from convviz.layers.elementwise import Add, Multiply, Scale

MOST, ENTRIES = 10**12, 400
"""The largest number, and the most entries of a list."""


def value(run: Run, node: ast.expr, scope: Scope) -> object:
    """What an expression stands for; LOST, and a problem, for one that is not understood."""
    read = _READERS.get(type(node))
    with run.deeper(at(node)):
        return read(run, node, scope) if read else run.unknown(node)


def _constant(run: Run, node: ast.Constant, scope: Scope) -> object:
    given = node.value
    if isinstance(given, bool | str) or given is None:
        return given[:200] if isinstance(given, str) else given
    return _bounded(run, node, given) if isinstance(given, int | float) else run.unknown(node)


def _bounded(run: Run, node: ast.expr, number: float) -> object:
    """A number that a layer can have."""
    if number != number or abs(number) > MOST:
        error = LayerError("code_number", "code", None, value=shortened(node), nearest=MOST)
        return number if abs(number) == inf else run.building.problem(at(node), error)
    return number


def _name(run: Run, node: ast.Name, scope: Scope) -> object:
    for names in (scope, run.outer):
        if node.id in names:
            return names[node.id]
    if node.id == "__name__":
        return "__main__"
    if node.id == "x" and not run.inside:
        return run.building.start
    if node.id == "self" and not run.inside and run.implied:
        return run.implied
    return Reference(node.id)


def _attribute(run: Run, node: ast.Attribute, scope: Scope) -> object:
    of = value(run, node.value, scope)
    if isinstance(of, Reference):
        return Reference(f"{of.name}.{node.attr}")
    if isinstance(of, Instance):
        if node.attr in of.attributes:
            return of.attributes[node.attr]
        return Method(of, node.attr)
    if isinstance(of, Tensor) and node.attr == "shape":
        return function_shape(run, of, node)
    if isinstance(of, Lost):
        return LOST
    return Method(of, node.attr)


def function_shape(run: Run, x: Tensor, node: ast.expr) -> object:
    """x.shape, the number of examples first."""
    if x.shape is None:
        run.building.wanted(x, 2, None, Site(at(node), "shape"))
    return (-1, *(x.shape or ()))


def _list(run: Run, node: ast.List | ast.Tuple, scope: Scope) -> object:
    found: list[object] = []
    for element in node.elts:
        if isinstance(element, ast.Starred):
            more = value(run, element.value, scope)
            found += entries(more)
        else:
            found.append(value(run, element, scope))
    return found if isinstance(node, ast.List) else tuple(found)


def entries(given: object) -> list[object]:
    """What a list, or a chain of modules, holds."""
    if isinstance(given, Chain):
        return [child for _, child in given.children]
    return list(given) if isinstance(given, list | tuple) else []


def _dict(run: Run, node: ast.Dict, scope: Scope) -> object:
    if any(key is None for key in node.keys):
        return run.unknown(node)
    return {str(value(run, k, scope)): value(run, v, scope) for k, v in zip(node.keys, node.values, strict=True) if k}


def _signed(run: Run, node: ast.UnaryOp, scope: Scope) -> object:
    of = value(run, node.operand, scope)
    if isinstance(node.op, ast.Not):
        known = truth(of)
        return LOST if known is None else not known
    if isinstance(of, int | float) and not isinstance(of, bool) and isinstance(node.op, ast.USub | ast.UAdd):
        return -of if isinstance(node.op, ast.USub) else of
    return LOST if isinstance(of, Lost) else run.unknown(node)


_OPERATORS: dict[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}


def _binary(run: Run, node: ast.BinOp, scope: Scope) -> object:
    """Sums and products of several tensors are one; a tensor times a number plus a number is one, too."""
    operands: list[ast.expr] = [node.right]
    below: ast.expr = node.left
    while isinstance(below, ast.BinOp) and type(below.op) is type(node.op) and isinstance(node.op, ast.Add | ast.Mult):
        operands.append(below.right)
        below = below.left
    scaled = isinstance(node.op, ast.Add) and len(operands) == 1 and isinstance(below, ast.BinOp)
    if scaled and isinstance(below, ast.BinOp) and isinstance(below.op, ast.Mult):
        given = [value(run, one, scope) for one in (below.left, below.right, node.right)]
        if isinstance(given[0], Tensor) and _are_numbers(given[1:]):
            factor, offset = given[1:]
            return run.building.add(Scale(factor, offset), [given[0]], Site(at(node), "*"))
        return calculated(run, node, ast.Add, calculated(run, below, ast.Mult, *given[:2]), given[2])
    found = [value(run, one, scope) for one in (below, *reversed(operands))]
    if len(found) > 2 and all(isinstance(one, Tensor) for one in found):
        layer = Add() if isinstance(node.op, ast.Add) else Multiply()
        return run.building.add(layer, [one for one in found if isinstance(one, Tensor)], Site(at(node), "+"))
    whole, *rest = found
    for one in rest:
        whole = calculated(run, node, type(node.op), whole, one)
    return whole


def _are_numbers(given: list[object]) -> bool:
    return all(isinstance(one, int | float) and not isinstance(one, bool) for one in given)


def calculated(run: Run, node: ast.expr | ast.stmt, operator: type, one: object, other: object) -> object:
    """What an operator makes of two values."""
    sign = _OPERATORS.get(operator, "?")
    if isinstance(one, Lost) or isinstance(other, Lost):
        return next((v for v in (one, other) if isinstance(v, Tensor)), LOST)
    if isinstance(one, Tensor) or isinstance(other, Tensor):
        return arithmetic(run.building, sign, one, other, Site(at(node), sign))
    numbers = [n for n in (one, other) if isinstance(n, int | float) and not isinstance(n, bool)]
    if len(numbers) == 2 and isinstance(node, ast.expr):
        return _number(run, node, sign, *numbers)
    if sign == "+" and isinstance(one, list | tuple) and type(one) is type(other):
        return _short(run, node, [*one, *entries(other)], isinstance(one, tuple))
    many, count = (one, other) if isinstance(one, list | tuple) else (other, one)
    if sign == "*" and isinstance(many, list | tuple) and isinstance(count, int):
        times = max(0, min(count, ENTRIES + 1))
        return _short(
            run, node, list(many) * min(times, (ENTRIES + 1) // max(len(many), 1) + 1), isinstance(many, tuple)
        )
    return run.unknown(node)


def _short(run: Run, node: ast.AST, found: list[object], fixed: bool) -> object:
    if len(found) > ENTRIES:
        error = LayerError("code_much", "code", None, value=len(found), most=ENTRIES)
        return run.building.problem(at(node), error)
    return tuple(found) if fixed else found


def _number(run: Run, node: ast.expr, sign: str, one: float, other: float) -> object:
    large = sign == "**" and (abs(other) > 40 or abs(one) > 10**6 or (one == 0 and other < 0))
    if large or (sign in ("/", "//", "%") and other == 0) or sign == "?":
        error = LayerError("code_number", "code", None, value=f"{one} {sign} {other}", nearest=MOST)
        return run.building.problem(at(node), error)
    try:
        found = _COUNT[sign](one, other)
    except (ArithmeticError, ValueError):
        return run.unknown(node)
    return _bounded(run, node, found) if isinstance(found, int | float) else run.unknown(node)


_COUNT: dict[str, Callable[[float, float], object]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "**": lambda a, b: a**b,
}


def _compared(run: Run, node: ast.Compare, scope: Scope) -> object:
    if len(node.ops) != 1:
        return run.unknown(node)
    one, other = value(run, node.left, scope), value(run, node.comparators[0], scope)
    operator = type(node.ops[0])
    plain = all(isinstance(v, int | float | str | bool | tuple) or v is None for v in (one, other))
    if operator in (ast.Is, ast.IsNot) and other is None and not isinstance(one, Lost | Reference):
        return (one is None) == (operator is ast.Is)
    if isinstance(one, Reference) or isinstance(other, Reference):
        return run.unknown(node, next(v.name for v in (one, other) if isinstance(v, Reference))[:60])
    if not plain or isinstance(one, str) != isinstance(other, str):
        return LOST
    if operator in (ast.Eq, ast.NotEq):
        return (one == other) == (operator is ast.Eq)
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        return LOST
    a, b = float(one), float(other)
    return {ast.Lt: a < b, ast.LtE: a <= b, ast.Gt: a > b, ast.GtE: a >= b}.get(operator, LOST)


def truth(given: object) -> bool | None:
    """Whether a value counts as true; None where that is not known."""
    if isinstance(given, Lost | Reference | Tensor | Method):
        return None
    if isinstance(given, Leaf | Chain | Instance | Class | Function):
        return True
    return bool(given)


def _either(run: Run, node: ast.BoolOp, scope: Scope) -> object:
    wanted = isinstance(node.op, ast.Or)
    found: object = LOST
    for one in node.values:
        found = value(run, one, scope)
        known = truth(found)
        if known is None or known is wanted:
            return found
    return found


def _chosen(run: Run, node: ast.IfExp, scope: Scope) -> object:
    known = truth(value(run, node.test, scope))
    if known is None:
        return run.building.problem(at(node), LayerError("code_condition", "code", None, value=shortened(node.test)))
    return value(run, node.body if known else node.orelse, scope)


def _subscript(run: Run, node: ast.Subscript, scope: Scope) -> object:
    of, index = value(run, node.value, scope), _index(run, node.slice, scope)
    if isinstance(of, Tensor):
        return picked(run.building, of, index, Site(at(node), "x[...]"))
    if isinstance(of, dict):
        return of[str(index)] if str(index) in of else run.unknown(node)
    row = entries(of)
    if isinstance(index, int) and -len(row) <= index < len(row):
        return row[index]
    if isinstance(index, slice) and isinstance(of, list | tuple):
        return of[index]
    return LOST if isinstance(of, Lost) else run.unknown(node)


def _index(run: Run, node: ast.expr, scope: Scope) -> object:
    if isinstance(node, ast.Slice):
        ends = [None if end is None else value(run, end, scope) for end in (node.lower, node.upper, node.step)]
        return slice(*ends) if all(end is None or isinstance(end, int) for end in ends) else LOST
    if isinstance(node, ast.Tuple):
        return tuple(_index(run, element, scope) for element in node.elts)
    return value(run, node, scope)


_READERS: dict[type, Callable[[Run, Any, Scope], object]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.List: _list,
    ast.Tuple: _list,
    ast.Dict: _dict,
    ast.UnaryOp: _signed,
    ast.BinOp: _binary,
    ast.Compare: _compared,
    ast.BoolOp: _either,
    ast.IfExp: _chosen,
    ast.Subscript: _subscript,
    ast.Call: lambda run, node, scope: run.call(run, node, scope),
}
