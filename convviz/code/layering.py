"""A framework's layer by its name and its arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from convviz.code import keras_layers, torch_table
from convviz.code.binding import bound
from convviz.code.expressions import entries
from convviz.code.rows import first
from convviz.code.running import Run
from convviz.code.torch_layers import Entry
from convviz.code.values import LOST, Chain, Leaf, Lost, Reference, Site
from convviz.errors import LayerError

_TABLES = {
    "pytorch": (torch_table.LAYERS, torch_table.LEFT_OUT),
    "keras": (keras_layers.LAYERS, keras_layers.LEFT_OUT),
}


def layer(run: Run, name: str, given: list[Any], named: dict[str, Any], site: Site) -> Leaf | Chain | Lost | None:
    """The layer of a framework that has a name, in a row where it says the shape of its input; None where neither has
    one of it. Raises LayerError for arguments that it does not have."""
    called_so = str(named["name"]) if isinstance(named.get("name"), str) else ""
    site = replace(site, name=called_so.replace(" ", "_"))
    for frame in (run.framework, "pytorch" if run.framework == "keras" else "keras"):
        known, dropped = _TABLES[frame]
        if name in dropped:
            return run.made_at(Leaf(site, lambda b, x, here: b.leave(here, x)))
        if name in known:
            return _made(run, known[name], given, named, site)
    return None


def _made(run: Run, entry: Entry, given: list[Any], named: dict[str, Any], site: Site) -> Leaf | Chain | Lost:
    if any(isinstance(one, Lost) for one in [*given, *named.values()]):
        return LOST
    _refuse_others(site.label, given, named)
    batched = named.pop("batch_input_shape", None) or (None,)
    shape = named.pop("input_shape", None) or entries(batched)[1:]
    arguments = bound(site.label, entry.words, given, {k: v for k, v in named.items() if k != "name"})
    leaf = Leaf(site, entry.make(arguments, site), entry.weighted)
    if not shape:
        return run.made_at(leaf)
    leaf.taken = True
    return run.made_at(Chain(replace(site, name=""), [(site.name, leaf)], first(shape)))


def _refuse_others(label: str, given: list[Any], named: dict[str, Any]) -> None:
    """Refuse a name without a value, and what is no plain value; what `print` shows without quotes, and activations,
    are taken by their names."""
    for name, one in [("arguments", one) for one in given] + list(named.items()):
        if isinstance(one, Reference) and name in ("activation", "padding", "padding_mode", "mode"):
            named[name] = one.name.rpartition(".")[2]
            continue
        for part in [one, *entries(one)]:
            if isinstance(part, Reference):
                shown = part.name[:60]
                raise LayerError("code_name", "code", None, value=shown, nearest=f"{shown.rpartition('.')[2]} = 3")
        if not _is_plain(one):
            shown = type(one).__name__.lower()
            raise LayerError("code_value", name[:60], None, value=shown, layer=label, nearest=3)


def _is_plain(one: object, depth: int = 0) -> bool:
    """A number, a text, or a few of them."""
    if isinstance(one, list | tuple):
        return len(one) <= 12 and depth < 3 and all(_is_plain(part, depth + 1) for part in one)
    return one is None or isinstance(one, bool | int | float | str)
