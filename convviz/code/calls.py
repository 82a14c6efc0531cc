"""What a call in pasted code stands for: a layer, a row of layers, a function of tensors, a class of the text."""

from __future__ import annotations

import ast
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from convviz.code import keras_layers, torch_table
from convviz.code.applying import apply, called
from convviz.code.binding import IGNORED
from convviz.code.expressions import entries, value
from convviz.code.layering import layer
from convviz.code.rows import example, join, model, row, start_of
from convviz.code.running import Run, Scope, at, shortened
from convviz.code.silent import ELSEWHERE, SILENT
from convviz.code.torch_functions import function_of
from convviz.code.values import (
    LOST,
    NOTHING,
    Chain,
    Class,
    Function,
    Instance,
    Leaf,
    Lost,
    Method,
    Nothing,
    Reference,
    Site,
    Tensor,
)
from convviz.errors import LayerError

_ROWS = {"Sequential", "ModuleList"}


def call(run: Run, node: ast.Call, scope: Scope) -> object:
    """What a call stands for; LOST, and a problem, where it is not understood."""
    if isinstance(node.func, ast.Name) and node.func.id == "super":
        return NOTHING
    function = value(run, node.func, scope)
    if _is_silent(function):
        of = function.of if isinstance(function, Method) else None
        return of if isinstance(of, Tensor | Chain | Instance | Leaf) else NOTHING
    given = value(run, ast.Tuple(elts=node.args), scope)
    named: dict[str, Any] = {}
    for keyword in node.keywords:
        if keyword.arg is None:
            more = value(run, keyword.value, scope)
            named |= more if isinstance(more, dict) else {}
        elif keyword.arg not in IGNORED or keyword.arg in ("name", "dtype"):
            named[keyword.arg] = value(run, keyword.value, scope) if keyword.arg != "dtype" else None
    try:
        return _called(run, node, function, list(given) if isinstance(given, tuple) else [], named)
    except LayerError as error:
        return run.building.misfit(at(node), error)


def _is_silent(function: object) -> bool:
    if isinstance(function, Nothing) or (isinstance(function, Method) and isinstance(function.of, Nothing)):
        return True
    name = function.name.rpartition(".")[2] if isinstance(function, Reference | Method) else ""
    if isinstance(function, Method) and isinstance(function.of, Tensor):
        return False
    if function == Reference("float"):
        return False
    parts = function.name.split(".")[:-1] if isinstance(function, Reference) else []
    return name in SILENT or bool(set(parts) & ELSEWHERE) or name.endswith(("Loss", "Error", "Exception"))


def _called(run: Run, node: ast.Call, function: object, given: list[Any], named: dict[str, Any]) -> object:
    site = Site(at(node), shortened(node.func))
    if isinstance(function, Reference):
        return _reference(run, node, function.name, given, named, site)
    if isinstance(function, Class):
        return run.made_at(made(run, function, given, named, site))
    if isinstance(function, Function):
        return called(run, function, given, named, node)
    if isinstance(function, Leaf | Chain | Instance):
        return apply(run, function, given, named, run.prefix)
    if isinstance(function, Method):
        return _method(run, node, function, given, named, site)
    if isinstance(function, Joining):
        tensors = entries(given[0]) if given else []
        return function.join(run, tensors, site)
    lost = [one for one in given if isinstance(one, Tensor)]
    return lost[0] if lost else LOST if isinstance(function, Lost) else run.unknown(node)


class Joining:
    """A Keras layer of several tensors, made and about to be called."""

    def __init__(self, kind: str, name: str) -> None:
        self.kind, self.name = kind, name

    def join(self, run: Run, tensors: list[object], site: Site) -> object:
        known = [t for t in tensors if isinstance(t, Tensor)]
        if len(known) < max(len(tensors), 1):
            return known[0] if known else LOST
        layer = keras_layers.JOINING[self.kind]()
        return run.building.add(layer, known, Site(site.place, self.kind, self.name))


def _reference(run: Run, node: ast.Call, name: str, given: list[Any], named: dict[str, Any], site: Site) -> object:
    """A call of a name that the text does not explain."""
    last = name.rpartition(".")[2]
    if last in _ROWS or last in ("ModuleDict", "OrderedDict", "dict"):
        return row(run, last, given, named, site)
    if last in ("Input", "InputLayer"):
        return start_of(run, last, given, named, site)
    if last == "Model" or last == "Functional":
        return model(run, given, named)
    if last in ("randn", "rand", "zeros", "ones", "empty") and "." in name:
        return example(run, given)
    if last.capitalize() in keras_layers.JOINING and run.framework == "keras" and last != "Concat":
        if last[0].isupper():
            return Joining(last, str(named.get("name") or ""))
        return Joining(last.capitalize(), "").join(run, entries(given[0]) if given else [], site)
    leaf = layer(run, last, given, named, site)
    if leaf is not None:
        return leaf
    tensors = [one for one in given if isinstance(one, Tensor)] + [
        t for one in given for t in entries(one) if isinstance(t, Tensor)
    ]
    if tensors:
        work = function_of(last)
        if work and (isinstance(given[0], Tensor) or last in ("cat", "concat", "concatenate", "add", "mul")):
            return work(run.building, given, named, site)
        run.unknown(node, name)
        return tensors[0]
    if last in ("int", "float", "tuple", "list", "len") and len(given) == 1:
        return _plain(last, given[0])
    if last == "float" or any(isinstance(one, Lost) for one in given):
        return LOST
    return _no_layer(run, node, name, last)


def _no_layer(run: Run, node: ast.Call, name: str, last: str) -> object:
    known = keras_layers.LAYERS if run.framework == "keras" else torch_table.LAYERS
    before = "layers." if run.framework == "keras" else "nn."
    if not last[:1].isupper():
        return run.unknown(node, name)
    close = get_close_matches(last[:40], known, 1, 0.6) or ["Conv2D" if run.framework == "keras" else "Conv2d"]
    error = LayerError("code_layer", "layer", None, value=name[:60], nearest=before + close[0])
    return run.building.problem(at(node), error)


def _plain(name: str, given: object) -> object:
    if name in ("int", "float") and isinstance(given, int | float) and abs(given) < 10**15:
        return int(given) if name == "int" else float(given)
    if name == "float" and given in ("inf", "-inf"):
        return float(str(given))
    if name == "len" and isinstance(given, list | tuple | Chain):
        return len(entries(given))
    return {"tuple": tuple, "list": list}[name](entries(given)) if name in ("tuple", "list") else LOST


def made(run: Run, kind: Class, given: list[Any], named: dict[str, Any], site: Site) -> Instance:
    """An object of a class of the text: its `__init__` is read."""
    instance = Instance(kind, site)
    if start := kind.methods.get("__init__"):
        called(run, start, [instance, *given], named, None, site)
    return instance


def _method(run: Run, node: ast.Call, method: Method, given: list[Any], named: dict[str, Any], site: Site) -> object:
    """A method of a tensor, of a row of modules, of a list, or of an object of the text."""
    of, name = method.of, method.name
    if isinstance(of, Tensor):
        work = function_of(name)
        if work:
            return work(run.building, [of, *given], named, replace(site, label=f"x.{name}"))
        run.unknown(node)
        return of
    if isinstance(of, Instance):
        if own := of.kind.methods.get(name):
            return called(run, own, [of, *given], named, node)
        if name == "add_module" and len(given) == 2:
            return _attach(of, str(given[0]), given[1])
        run.unknown(node)
        tensors = [one for one in given if isinstance(one, Tensor)]
        return tensors[0] if tensors else LOST
    if isinstance(of, Chain) and name in ("add", "append", "add_module", "extend") and given:
        join(run, of, str(given[0]) if name == "add_module" else "", given[-1])
        return of
    if isinstance(of, list) and name in ("append", "extend") and given:
        of.extend(entries(given[0]) if name == "extend" else [given[0]])
        return NOTHING
    return LOST if isinstance(of, Lost) else run.unknown(node)


def _attach(of: Instance, name: str, child: object) -> object:
    of.attributes[name] = child
    if isinstance(child, Leaf | Chain | Instance):
        child.site, child.taken = replace(child.site, name=name), True
    return NOTHING
