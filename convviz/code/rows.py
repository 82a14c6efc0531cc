"""Rows of modules, and what a text says of the input that they begin with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from convviz.code.expressions import entries
from convviz.code.running import Run
from convviz.code.values import LOST, Chain, Instance, Leaf, Model, Site, Tensor
from convviz.graph import INPUT


def first(shape: Any) -> tuple[int, ...] | None:
    """A Keras shape, channels last, as ours, channels first; None where it has unknown sizes."""
    sizes = tuple(shape) if isinstance(shape, tuple | list) else ()
    if not sizes or len(sizes) > 4 or not all(isinstance(n, int) and 0 < n < 10**6 for n in sizes):
        return None
    return (sizes[-1], *sizes[:-1])


def row(run: Run, kind: str, given: list[Any], named: dict[str, Any], site: Site) -> object:
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
    run.stepped(chain.site.place)
    if isinstance(child, Start):
        chain.shape = child.shape
    elif isinstance(child, Leaf | Chain | Instance):
        child.taken = True
        if isinstance(child, Chain) and child.shape and not chain.children:
            chain.shape = child.shape
            chain.children += [(name or inner, one) for inner, one in child.children]
        else:
            chain.children.append((name, child))
    elif isinstance(child, list | tuple):
        with run.deeper(chain.site.place):
            for one in child:
                join(run, chain, "", one)


class Start:
    """The input of a Keras Sequential."""

    def __init__(self, shape: tuple[int, ...] | None) -> None:
        self.shape = shape


def start_of(run: Run, kind: str, given: list[Any], named: dict[str, Any], site: Site) -> object:
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


def model(run: Run, given: list[Any], named: dict[str, Any]) -> object:
    start = given[0] if given else named.get("inputs", LOST)
    end = given[1] if len(given) > 1 else named.get("outputs", LOST)
    ends = entries(end) or [end]
    if not isinstance(ends[0], Tensor):
        return LOST
    run.building.end = ends[0]
    return Model(start if isinstance(start, Tensor) else Tensor(INPUT, None), ends[0])


def example(run: Run, given: list[Any]) -> object:
    """torch.randn(1, 3, 32, 32): the input, whose shape it tells."""
    sizes: list[Any] = entries(given[0]) if len(given) == 1 and entries(given[0]) else given
    if 2 <= len(sizes) <= 5 and all(isinstance(n, int) and 0 < n < 10**6 for n in sizes):
        run.building.told = run.building.told or tuple(sizes[1:])
        if run.building.shape is None:
            run.building.shape = tuple(sizes[1:])
    return run.building.start
