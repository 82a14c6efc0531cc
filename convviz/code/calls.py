"""What a call in pasted code stands for: a layer, a row of layers, a function of tensors, a class of the text."""

from __future__ import annotations

import ast
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from convviz.code import keras_layers, torch_table
from convviz.code.applying import apply, called
from convviz.code.binding import IGNORED, bound
from convviz.code.expressions import entries, value
from convviz.code.running import Run, Scope, at, shortened
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
    Model,
    Nothing,
    Reference,
    Site,
    Tensor,
)
from convviz.errors import LayerError
from convviz.graph import INPUT

_ROWS = {"Sequential", "ModuleList"}
_SILENT = {
    "print",
    "super",
    "summary",
    "compile",
    "fit",
    "evaluate",
    "predict",
    "eval",
    "train",
    "to",
    "cuda",
    "cpu",
    "half",
    "float",
    "double",
    "build",
    "apply",
    "parameters",
    "modules",
    "manual_seed",
    "set_seed",
    "save",
    "load",
    "load_state_dict",
    "load_weights",
    "save_weights",
    "state_dict",
    "plot_model",
    "backward",
    "step",
    "zero_grad",
    "init_weights",
    "initialize_weights",
    "_initialize_weights",
    "_init_weights",
    "register_buffer",
    "info",
    "make_graphviz",
}
"""Calls that have no part in the layers, whatever they are called on."""

_ELSEWHERE = (
    "optim",
    "init",
    "utils",
    "datasets",
    "transforms",
    "optimizers",
    "losses",
    "metrics",
    "callbacks",
    "random",
    "device",
)
"""Parts of the frameworks that have no layers."""


def call(run: Run, node: ast.Call, scope: Scope) -> object:
    """What a call stands for; LOST, and a problem, where it is not understood."""
    if isinstance(node.func, ast.Name) and node.func.id == "super":
        return NOTHING
    function = value(run, node.func, scope)
    if _is_silent(function):
        of = function.of if isinstance(function, Method) else None
        return of if isinstance(of, Tensor | Chain | Instance | Leaf) else NOTHING
    given = value(run, ast.Tuple(elts=node.args), scope)
    named = {}
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
    parts = function.name.split(".")[:-1] if isinstance(function, Reference) else []
    return name in _SILENT or bool(set(parts) & set(_ELSEWHERE)) or name.endswith(("Loss", "Error", "Exception"))


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
        return _row(run, last, given, named, site)
    if last in ("Input", "InputLayer"):
        return _input(run, last, given, named, site)
    if last == "Model" or last == "Functional":
        return _model(run, given, named)
    if last in ("randn", "rand", "zeros", "ones", "empty") and "." in name:
        return _example(run, given)
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


def layer(run: Run, name: str, given: list[Any], named: dict[str, Any], site: Site) -> Leaf | Lost | None:
    """The layer of a framework that has a name; None where neither has one of it. Raises LayerError for arguments that
    it does not have."""
    tables = {
        "pytorch": (torch_table.LAYERS, torch_table.LEFT_OUT),
        "keras": (keras_layers.LAYERS, keras_layers.LEFT_OUT),
    }
    other = "pytorch" if run.framework == "keras" else "keras"
    for frame in (run.framework, other):
        known, dropped = tables[frame]
        called_so = str(named["name"]) if isinstance(named.get("name"), str) else ""
        site = replace(site, name=called_so.replace(" ", "_"))
        if name in dropped:
            return run.made_at(Leaf(site, lambda b, x, here: b.leave(here, x)))
        if name in known:
            entry = known[name]
            _refuse_names(given, named)
            shape = named.pop("input_shape", None) or named.pop("batch_input_shape", (None,))[1:]
            arguments = bound(site.label, entry.words, given, {k: v for k, v in named.items() if k != "name"})
            if any(isinstance(v, Lost) for v in arguments.values()):
                return LOST
            leaf = Leaf(site, entry.make(arguments, site), entry.weighted)
            if isinstance(shape, tuple | list) and shape:
                start = Chain(replace(site, name=""), [("", leaf)], first(shape))
                leaf.taken = True
                return run.made_at(start)
            return run.made_at(leaf)
    return None


def _refuse_names(given: list[Any], named: dict[str, Any]) -> None:
    """Refuse a name without a value; what `print` shows without quotes, and activations, are taken by their names."""
    for name, one in [("", one) for one in given] + list(named.items()):
        for part in [one, *entries(one)]:
            if isinstance(part, Reference) and name not in ("activation", "padding", "padding_mode", "mode"):
                if "." not in part.name and part.name in ("same", "valid"):
                    continue
                raise LayerError("code_name", "code", None, value=part.name[:60], nearest=f"{part.name[:60]} = 3")
        if isinstance(one, Reference) and name.startswith(("padding", "mode")):
            named[name] = one.name.rpartition(".")[2]


def first(shape: Any) -> tuple[int, ...] | None:
    """A Keras shape, channels last, as ours, channels first; None where it has unknown sizes."""
    sizes = tuple(shape) if isinstance(shape, tuple | list) else ()
    if not sizes or len(sizes) > 4 or not all(isinstance(n, int) and 0 < n < 10**6 for n in sizes):
        return None
    return (sizes[-1], *sizes[:-1])


def _row(run: Run, kind: str, given: list[Any], named: dict[str, Any], site: Site) -> object:
    """nn.Sequential, with names or without, and what is alike."""
    if kind in ("OrderedDict", "dict"):
        pairs = given[0] if given else named
        if isinstance(pairs, dict):
            return dict(pairs)
        return {str(p[0]): p[1] for p in entries(pairs) if isinstance(p, tuple | list) and len(p) == 2}
    if len(given) == 1 and isinstance(given[0], list | tuple):
        given = list(given[0])
    if not given and "layers" in named:
        given = entries(named["layers"])
    rows = list(given[0].items()) if len(given) == 1 and isinstance(given[0], dict) else [("", one) for one in given]
    chain = Chain(replace(site, name=str(named.get("name") or "")))
    for name, child in rows:
        join(run, chain, name, child)
    return run.made_at(chain)


def join(run: Run, chain: Chain, name: str, child: object) -> None:
    """Put a module at the end of a row."""
    if isinstance(child, Start):
        chain.shape = child.shape
    elif isinstance(child, Leaf | Chain | Instance):
        child.taken = True
        if isinstance(child, Chain) and child.shape and not chain.children:
            chain.shape = child.shape
        chain.children.append((name, child))
    elif isinstance(child, list | tuple):
        for one in child:
            join(run, chain, "", one)


class Start:
    """The input of a Keras Sequential."""

    def __init__(self, shape: tuple[int, ...] | None) -> None:
        self.shape = shape


def _input(run: Run, kind: str, given: list[Any], named: dict[str, Any], site: Site) -> object:
    shape = (
        given[0]
        if given
        else named.get("shape") or named.get("input_shape") or (named.get("batch_shape") or (None,))[1:]
    )
    known = first(shape)
    run.building.told = run.building.told or known
    if run.building.shape is None and known:
        run.building.shape = known
    return Start(known) if kind == "InputLayer" else run.building.start


def _model(run: Run, given: list[Any], named: dict[str, Any]) -> object:
    start = given[0] if given else named.get("inputs", LOST)
    end = given[1] if len(given) > 1 else named.get("outputs", LOST)
    ends = entries(end) or [end]
    if not isinstance(ends[0], Tensor):
        return LOST
    run.building.end = ends[0]
    return Model(start if isinstance(start, Tensor) else Tensor(INPUT, None), ends[0])


def _example(run: Run, given: list[Any]) -> object:
    """torch.randn(1, 3, 32, 32): the input, whose shape it tells."""
    sizes = entries(given[0]) if len(given) == 1 and entries(given[0]) else given
    if 2 <= len(sizes) <= 5 and all(isinstance(n, int) and 0 < n < 10**6 for n in sizes):
        run.building.told = run.building.told or tuple(sizes[1:])
        if run.building.shape is None:
            run.building.shape = tuple(sizes[1:])
    return run.building.start


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
