"""The statements of pasted code, read one after the other: what their names stand for."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from convviz.code.calls import call
from convviz.code.expressions import calculated, truth, value
from convviz.code.running import Run, Scope, at, shortened
from convviz.code.statements import Statement
from convviz.code.values import LOST, Chain, Class, Function, Instance, Leaf, Lost, Reference, Tensor
from convviz.errors import LayerError

_IGNORED = (ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.Nonlocal, ast.Assert, ast.Raise, ast.Delete)
_ALWAYS = (ast.With, ast.Try)


class Returned(Exception):
    """A function's `return`; what: its value."""

    def __init__(self, what: object) -> None:
        super().__init__()
        self.what = what


def body(run: Run, statements: Sequence[Statement], scope: Scope) -> object:
    """What the lines of a function give."""
    try:
        block(run, statements, scope)
    except Returned as returned:
        return returned.what
    return LOST


def block(run: Run, statements: Sequence[Statement], scope: Scope) -> None:
    """Read the lines of a block. decided: whether a branch of the `if` before has been read already; None: unknown."""
    decided: bool | None = False
    for statement in statements:
        run.stepped(statement.place)
        node = statement.node
        if statement.after and statement.after not in ("elif", "else"):
            continue
        if isinstance(node, ast.If):
            decided = _branch(run, statement, scope, decided)
        elif isinstance(node, ast.For | ast.While | ast.AsyncFor):
            kind = type(node).__name__.lower().removeprefix("async")
            run.building.problem(at(node), LayerError("code_loop", "code", None, value=kind))
        elif isinstance(node, _ALWAYS):
            block(run, statement.body, scope)
        else:
            execute(run, statement, scope)


def _branch(run: Run, statement: Statement, scope: Scope, decided: bool | None) -> bool | None:
    node = statement.node
    if statement.after and decided is not False:
        return decided
    told = len(run.building.problems)
    known = (
        True if statement.after == "else" else truth(value(run, node.test, scope)) if isinstance(node, ast.If) else None
    )
    if known is None and isinstance(node, ast.If) and told == len(run.building.problems):
        run.building.problem(at(node), LayerError("code_condition", "code", None, value=shortened(node.test)))
    elif known:
        with run.deeper(at(node)):
            block(run, statement.body, scope)
    return known


def execute(run: Run, statement: Statement, scope: Scope) -> None:
    """Read one line."""
    node = statement.node
    if isinstance(node, ast.FunctionDef):
        scope[node.name] = Function(statement, {} if scope is run.outer else scope)
    elif isinstance(node, ast.ClassDef):
        scope[node.name] = _class(run, statement)
    elif isinstance(node, ast.Return):
        returned = value(run, node.value, scope) if node.value else LOST
        if run.inside:
            raise Returned(returned)
        run.building.end = returned if isinstance(returned, Tensor) else run.building.end
    elif isinstance(node, ast.Assign):
        given = value(run, node.value, scope)
        for target in node.targets:
            assign(run, target, given, scope)
    elif isinstance(node, ast.AnnAssign):
        if node.value:
            assign(run, node.target, value(run, node.value, scope), scope)
    elif isinstance(node, ast.AugAssign):
        before = value(run, node.target, scope)
        assign(run, node.target, calculated(run, node, type(node.op), before, value(run, node.value, scope)), scope)
    elif isinstance(node, ast.Expr):
        _alone(run, node.value, scope)
    elif not isinstance(node, _IGNORED):
        run.unknown(node)


def _alone(run: Run, node: ast.expr, scope: Scope) -> None:
    """An expression on a line of its own: a layer, or a call that does something."""
    if isinstance(node, ast.Constant):
        return
    if isinstance(value(run, node, scope), Reference):
        run.unknown(node)


def _class(run: Run, statement: Statement) -> Class:
    node = statement.node
    bases = tuple(shortened(base) for base in node.bases) if isinstance(node, ast.ClassDef) else ()
    kind = Class(node.name if isinstance(node, ast.ClassDef) else "", bases, statement.body)
    for base in bases:
        if isinstance(known := run.outer.get(base), Class):
            kind.methods |= known.methods
    for one in statement.body:
        if isinstance(one.node, ast.FunctionDef):
            kind.methods[one.node.name] = Function(one, {}, kind)
    return kind


def assign(run: Run, target: ast.expr, given: object, scope: Scope) -> None:
    """Put a value under a name, or several under several."""
    if isinstance(target, ast.Tuple | ast.List):
        parts = list(given) if isinstance(given, tuple | list) else []
        if len(parts) != len(target.elts):
            parts = [LOST] * len(target.elts)
        for one, part in zip(target.elts, parts, strict=True):
            assign(run, one, part, scope)
    elif isinstance(target, ast.Name):
        scope[target.id] = _called_so(run, given, target.id)
    elif isinstance(target, ast.Attribute):
        of = value(run, target.value, scope)
        if isinstance(of, Reference) and of.name == "self" and not run.inside:
            of = run.implied_object(at(target))
        if isinstance(of, Instance):
            of.attributes[target.attr] = _called_so(run, given, target.attr, True)
        elif not isinstance(of, Lost):
            run.unknown(target)
    elif not isinstance(target, ast.Subscript):
        run.unknown(target)


def _called_so(run: Run, given: object, name: str, attribute: bool = False) -> object:
    """What is assigned takes the name: a module always, a tensor where its node has none of its own."""
    if isinstance(given, Leaf | Chain | Instance) and (attribute or not given.site.name):
        if not (isinstance(given, Chain | Instance) and not attribute):
            given.site = replace(given.site, name=name)
        given.taken = given.taken or (attribute and run.inside > 0)
    if isinstance(given, Tensor):
        return run.building.rename(given, name)
    return given


__all__ = ["block", "body", "call"]
