"""Modules laid on tensors: a layer, a row of layers, an object of the text; and the functions of the text."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

from convviz.code.expressions import value
from convviz.code.problem import Place
from convviz.code.running import Run, Scope, at
from convviz.code.values import LOST, Chain, Function, Instance, Leaf, Lost, Module, Site, Tensor
from convviz.errors import LayerError

CALLS = 12
"""The most functions of the text that call one another."""


def apply(run: Run, module: Module, given: list[Any], named: dict[str, Any], prefix: str) -> object:
    """What a module makes of tensors. prefix: what comes before the names of its nodes."""
    tensors = [one for one in [*given, *named.values()] if isinstance(one, Tensor)]
    module.used += 1
    if not tensors:
        return LOST
    with run.deeper(module.site.place):
        if isinstance(module, Instance):
            return _object(run, module, given, named, prefix)
        if isinstance(module, Leaf):
            return _leaf(run, module, tensors[0], f"{prefix}{module.site.name}" if module.site.name else "")
        return _row(run, module, tensors[0], prefix)


def _row(run: Run, module: Chain, x: object, prefix: str) -> object:
    """One module after the other."""
    path = f"{prefix}{module.site.name}." if module.site.name else prefix
    for number, (name, child) in enumerate(module.children):
        if not isinstance(x, Tensor):
            return LOST
        plain = isinstance(child, Leaf) and not path  # a row alone: its layers are named by their kind
        x = _child(run, child, x, path, name or ("" if plain else str(number)))
    return x


def _child(run: Run, child: Module, x: Tensor, path: str, name: str) -> object:
    """One module of a row, under the name that it has there."""
    if isinstance(child, Leaf):
        child.used += 1
        return _leaf(run, child, x, f"{path}{name}" if name else "")
    own = child.site
    child.site = replace(own, name=name)
    try:
        return apply(run, child, [x], {}, path)
    finally:
        child.site = own


def _leaf(run: Run, leaf: Leaf, x: Tensor, name: str) -> Tensor | Lost:
    b = run.building
    run.stepped(leaf.site.place)
    if leaf.weighted and leaf.used == 2:
        b.problem(leaf.site.place, LayerError("code_shared", "layer", None, value=leaf.site.label))
    site = replace(leaf.site, name=name or leaf.site.name)
    try:
        return leaf.work(b, x, site)
    except LayerError as error:
        return b.misfit(site.place, error)


def _object(run: Run, module: Instance, given: list[Any], named: dict[str, Any], prefix: str) -> object:
    """An object of the text: its `forward` is read, or its layers are taken in the order of the lines."""
    forward = module.kind.methods.get("forward") or module.kind.methods.get("call")
    before, run.prefix = run.prefix, f"{prefix}{module.site.name}." if module.site.name else prefix
    try:
        if forward:
            return called(run, forward, [module, *given], named, None, module.site)
        return in_order(run, list(module.attributes.values()), given[0])
    finally:
        run.prefix = before


def in_order(run: Run, modules: list[object], x: object) -> object:
    """Modules in the order of their lines. What lies between them in `forward` is not known, so a dense layer may
    follow maps."""
    loose, run.building.loose = run.building.loose, True
    try:
        for module in modules:
            if isinstance(module, Leaf | Chain | Instance) and isinstance(x, Tensor):
                x = apply(run, module, [x], {}, run.prefix)
        return x
    finally:
        run.building.loose = loose


def called(
    run: Run,
    function: Function,
    given: list[Any],
    named: dict[str, Any],
    node: ast.Call | None,
    site: Site | None = None,
) -> object:
    """What a function of the text gives: its lines are read with the arguments in the places of its names."""
    place = at(node) if node else site.place if site else Place(1, 1)
    if run.inside >= CALLS:
        return run.building.problem(place, LayerError("code_deep", "code", None, value=run.inside + 1, most=CALLS))
    scope = _arguments(run, function, given, named, place)
    if scope is None:
        return LOST
    run.inside += 1
    try:
        with run.deeper(place):
            return run.body(run, function.statement.body, scope)
    finally:
        run.inside -= 1


def _arguments(run: Run, function: Function, given: list[Any], named: dict[str, Any], place: Place) -> Scope | None:
    """The names of a function's arguments, each with its value; None, and a problem, where one is missing."""
    definition = function.statement.node
    if not isinstance(definition, ast.FunctionDef):
        return None
    told = definition.args
    names = [one.arg for one in (*told.posonlyargs, *told.args)]
    scope: Scope = dict(function.scope)
    defaults = dict(zip(names[len(names) - len(told.defaults) :], told.defaults, strict=False))
    defaults |= {one.arg: d for one, d in zip(told.kwonlyargs, told.kw_defaults, strict=True) if d is not None}
    filled = dict(zip(names, given, strict=False)) | {
        n: v for n, v in named.items() if n in {*names, *(k.arg for k in told.kwonlyargs)}
    }
    if told.vararg:
        scope[told.vararg.arg] = tuple(given[len(names) :])
    if told.kwarg:
        scope[told.kwarg.arg] = {}
    for name in [*names, *(one.arg for one in told.kwonlyargs)]:
        if name in filled:
            scope[name] = filled[name]
        elif name in defaults:
            scope[name] = value(run, defaults[name], function.scope)
        else:
            error = LayerError("missing", name[:60], None, layer=definition.name[:60], nearest=f"{name[:60]}=64")
            run.building.problem(place, error)
            return None
    return scope
