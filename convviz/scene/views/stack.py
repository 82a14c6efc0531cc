"""stack: a network's boards side by side, every value in its cell, filled placement after placement.

A cell's link leads to what it was made of on the board before, so that pointing at one lights its whole cone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from math import prod

import numpy as np

from convviz.graph import INPUT, Node
from convviz.layers import Layer
from convviz.layers.linear import Array
from convviz.network import Network
from convviz.run import Run, run_of
from convviz.scene import narrate
from convviz.scene.canvas import numbers, outputs
from convviz.scene.compose import spoken
from convviz.scene.filled import Block
from convviz.scene.layout import Layout, rising, times, zoom
from convviz.scene.limits import refuse_large_nodes
from convviz.scene.linked import Board, tap_link
from convviz.scene.links import Link
from convviz.scene.marks import Anchor, Ints, Shape
from convviz.scene.notes import input_notes
from convviz.scene.parts import target_outline
from convviz.scene.scene import Scene
from convviz.scene.timeline import Notes, Sentences, Track, padded
from convviz.scene.view import Stacks, View
from convviz.text import joined, say
from convviz.trace import Trace


def stack(shown: Trace | Run, language: str = "en", titles: dict[str, str] | None = None) -> Scene:
    """Lay out a network's run; `titles`, by node, name its boards otherwise than by their place."""
    run = run_of(shown)
    refuse_large_nodes(run.nodes, run.x.shape)
    shapes = [_size(value.shape) for value in run.values.values()]
    rises = rising(shapes)
    layout = Layout(language, zoom(max(shapes)) if rises else zoom(*shapes))
    starts = np.cumsum([0, *(steps_of(run, node) for node in run.nodes)])
    boards = {}
    for n, (name, place) in enumerate(_places(run.nodes, rises).items()):
        layout.place, layout.below = place, 0.0
        if n and not rises and place[0] == 0:
            layout.signs[place] = "→"
        born = starts[n - 1] + _order(run, run.nodes[n - 1]) if n else None
        title, role = _title(run, name, language, titles), "output" if n else "input"
        boards[name] = _board(layout, run.values[name], _texts(run, name), role, title, born)
    layout.settle()
    links = tuple(link for node in run.nodes for link in _links(run, node, boards))
    taken, notes = _notes(run, boards, starts)
    tracks = (*_tracks(run, boards, links, starts), Track("framed", _framed(run, boards)), *taken)
    frame = Shape("frame", "frame", tuple(Anchor("framed", n, n) for n in range(4)), closed=True)
    numbered = len(run.nodes) > 1 and not titles
    said = [_said(run, node, n if numbered else 0, language) for n, node in enumerate(run.nodes, start=1)]
    return Scene(
        "network",
        "stack",
        int(starts[-1]),
        int(starts[-1]),
        tuple(layout.grids),
        tracks,
        (frame, target_outline("first")),
        tuple(layout.labels),
        sentences=spoken(said),
        links=links,
        notes=notes,
    )


def _size(shape: tuple[int, ...]) -> tuple[int, ...]:
    return shape[1:] or shape


def steps_of(run: Run, node: Node) -> int:
    """How many steps a node takes: one a placement of its window, or one for all of its cells at once."""
    return len(run[node.name]) if node.has_taps else 1


def _order(run: Run, node: Node) -> Ints:
    """(spatial cells,): at which of the node's own steps each of its cells is written."""
    return np.arange(len(run[node.name])) if node.has_taps else np.zeros(prod(_size(node.shape)), dtype=np.int64)


def _places(nodes: tuple[Node, ...], rises: bool) -> dict[str, tuple[int, int]]:
    """(row, column) of the input and of every node: the column says how deep it lies, the row in which branch.

    rises: the row says how deep it lies, the input lowest, and the column in which branch.
    """
    depth = {INPUT: 0}
    for node in nodes:
        depth[node.name] = 1 + max(depth[name] for name in node.inputs)
    branches = count_each(depth.values())
    last = max(depth.values())
    return {
        name: (last - deep, branch) if rises else (branch, deep)
        for (name, deep), branch in zip(depth.items(), branches, strict=True)
    }


def count_each(values: Iterable[int]) -> list[int]:
    """How often each value has come before.

    >>> count_each([0, 1, 1, 2, 1])
    [0, 0, 1, 0, 2]
    """
    seen: Counter[int] = Counter()
    found = []
    for value in values:
        found.append(seen[value])
        seen[value] += 1
    return found


def _texts(run: Run, name: str) -> list[str]:
    """The values of the input or of a node as they are written."""
    found = run.found.get(name)
    return outputs(found) if isinstance(found, Trace) else numbers(run.values[name])


def _board(layout: Layout, values: Array, texts: list[str], role: str, title: str, born: Ints | None) -> Board:
    """The board of one array, in the place that the layout stands at."""
    size = _size(values.shape)
    channels = values.size // prod(size)
    block = layout.board(
        role,
        channels,
        size,
        role,
        texts,
        title=title,
        about=role,
        born=born,
        array="" if role == "output" else "x",
        values=values,
    )
    cells = block.first + np.arange(values.size)
    return Board(block, channels, cells, np.zeros(0, dtype=np.int64) if born is None else born)


def _title(run: Run, name: str, language: str, titles: dict[str, str] | None) -> str:
    size = times(_size(run.values[name].shape))
    if titles and name in titles:
        return f"{titles[name]} {size}"
    place = next((n for n, node in enumerate(run.nodes, start=1) if node.name == name), 0)
    word = "input" if name == INPUT else "output" if place == len(run.nodes) else "hidden"
    return say(f"board.{word}", language, size=size, n=place)


def _links(run: Run, node: Node, boards: dict[str, Board]) -> list[Link]:
    """What each cell of a node's board is made of, on the boards that the node reads."""
    own = boards[node.name]
    if node.has_taps:
        return [tap_link(run[node.name].layer, own, boards[node.inputs[0]])]
    if hasattr(node.layer, "sources"):  # values that only move
        shapes = [run.values[name].shape for name in node.inputs]
        found = zip(node.inputs, node.layer.sources(*shapes), strict=True)
        return [Link(own.cells[to[to >= 0]], boards[name].cells[to >= 0][:, None]) for name, to in found]
    return [Link(own.cells, boards[name].cells[:, None]) for name in node.inputs]


def _tracks(run: Run, boards: dict[str, Board], links: tuple[Link, ...], starts: Ints) -> tuple[Track, ...]:
    """What each step reads and writes: the placements of one layer, then those of the next."""
    made_of: dict[int, list[Ints]] = {}
    for link in links:
        for target, sources in zip(link.targets.tolist(), link.sources, strict=True):
            made_of.setdefault(target, []).append(sources[sources >= 0])
    written: list[list[int]] = []
    for node in run.nodes:
        own = boards[node.name]
        order = np.tile(_order(run, node), len(own.cells) // prod(_size(node.shape)))
        written += [own.cells[order == t].tolist() for t in range(steps_of(run, node))]
    none = [np.zeros(0, dtype=np.int64)]
    read = [np.unique(np.concatenate([s for m in cells for s in made_of.get(m, [])] or none)) for cells in written]
    first = np.array([cells[0] if len(cells) == len(set(cells)) else -1 for cells in written])[:, None]
    return (
        Track("window", padded(read), "window", "source"),
        Track("current", padded(written), "current", "target"),
        Track("first", first),
    )


def _notes(run: Run, boards: dict[str, Board], starts: Ints) -> tuple[tuple[Track, ...], tuple[Notes, ...]]:
    """The weights of each layer, on the board that it reads, at its own steps."""
    tracks: list[Track] = []
    notes: list[Notes] = []
    for n, (node, start) in enumerate(zip(run.nodes, starts.tolist(), strict=False)):
        found = run.found.get(node.name)
        if not isinstance(found, Trace):
            continue
        cells = boards[node.inputs[0]].cells
        taken, noted = input_notes(found, cells.reshape(len(found.windows), -1), f"taken.{n}")
        tracks += [track.within(start, int(starts[-1])) for track in taken]
        notes += [note.within(start, int(starts[-1])) for note in noted]
    return tuple(tracks), tuple(notes)


def _framed(run: Run, boards: dict[str, Board]) -> Ints:
    """(steps, 4): the cells at the corners of what each step reads on the board below, clockwise; -1 for none.

    A window that hangs over the border is framed as far as the board reaches; one in space, or over no board, is not.
    """
    tables = []
    for node in run.nodes:
        steps = steps_of(run, node)
        below = boards[node.inputs[0]].block
        fits = node.has_taps and node.layer.shared and below.shape == tuple(node.layer.input_size)
        tables.append(_window(node.layer, below) if fits and len(below.shape) < 3 else np.full((steps, 4), -1))
    return np.concatenate(tables)


def _window(layer: Layer, below: Block) -> Ints:
    """(steps, 4): the corners of each step's window on the first channel of the board below."""
    outputs = np.unravel_index(np.arange(layer.taps.steps), layer.taps.output_shape)
    ends = []
    for axis, place in zip(layer.taps.axes, outputs, strict=True):
        found = axis.sources[place]
        ends.append((np.where(found < 0, axis.size, found).min(axis=1), found.max(axis=1)))
    (top, bottom), (left, right) = ends if len(ends) > 1 else [(np.zeros_like(ends[0][0]),) * 2, ends[0]]
    width = below.shape[-1]
    corners = [below.marks(0, y * width + x) for y, x in ((top, left), (top, right), (bottom, right), (bottom, left))]
    none = np.minimum(bottom, right) < 0
    return np.where(none[:, None], -1, np.stack(corners, axis=1))


def _said(run: Run, node: Node, number: int, language: str) -> Sentences:
    """The sentences of a node's steps; they begin with its number, where it has one."""
    start = [say("stack.layer", language, n=number)] if number else []
    if node.has_taps:
        said = narrate.gather_sentences(run[node.name], language)
        return replace(said, templates=tuple(joined(*start, template) for template in said.templates))
    text = say(f"stack.{node.layer.kind}", language)
    return Sentences((joined(*start, text),), np.zeros(1, dtype=np.int64), {})


def refuse_large_network(network: Network) -> None:
    """Refuse a network whose picture is too large; told from sizes alone."""
    refuse_large_nodes(network.nodes, network.x_shape)


VIEW = View("stack", stack, aspect=0.5, stacks=Stacks(stack, refuse_large_network, values=True, alone=True))
