"""forms: the same value and gate under every form: the gated linear unit, WaveNet's, and what is mistaken for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convviz.errors import LayerError
from convviz.layers.gated import FORMS
from convviz.layers.linear import Array
from convviz.network import Gated, Network
from convviz.run import Run, trace
from convviz.scene import narrate
from convviz.scene.gating import HALVES, Gating, gating, refuse_ungated, spoken, told
from convviz.scene.layout import Layout
from convviz.scene.limits import refuse_large_nodes
from convviz.scene.linked import Board
from convviz.scene.links import Link
from convviz.scene.marks import Label
from convviz.scene.parts import target_outline
from convviz.scene.rows import APART, CLOSE, NAME, Rows, at_steps, read_track
from convviz.scene.scene import Scene
from convviz.scene.timeline import Sentences, Track
from convviz.scene.tones import scale_of
from convviz.scene.view import Narrow, Stacks, View
from convviz.scene.views.gate import links, window_outline
from convviz.text import say

NEAR = 0.1
"""Cells between the rows that are compared."""


def outcomes(found: Gating) -> dict[str, Array]:
    """(channels, positions) of what value and gate become, by form: the same weights, run in a block of that form.

    >>> import convviz as cv
    >>> made = outcomes(gating(cv.trace(cv.GatedConv((6,), 3, padding="same"))))
    >>> list(made), bool((made["add"] == made["glu"]).all())
    (['glu', 'tanh', 'add', 'one', 'swapped'], False)
    """
    weights = {half: (found.trace(half).weight, found.trace(half).bias) for half in HALVES}
    made = {}
    for form in FORMS:
        network = Gated(replace(found.block, form=form, residual=False))
        own = {name: pair for name, pair in weights.items() if name in {node.name for node in network.nodes}}
        made[form] = trace(network, found.values("x"), own).output
    return made


def forms(shown: Run, language: str = "en") -> Scene:
    """Lay out the run of a gated block along one axis beside what the other forms make of its numbers."""
    found = gating(shown)
    made = outcomes(found)
    rows, boards = _rows(found, made, language)
    steps = len(found.trace())
    canvas = boards["x"]
    window = np.concatenate(
        [canvas.block.marks(c, found.trace().layer.taps.flat_positions) for c in range(found.conv.in_channels)], axis=1
    )
    names = ("value", "gate", "sigmoid", *made)
    ends = [*names[:-1], "current"]
    return Scene(
        found.block.kind,
        "forms",
        steps,
        steps,
        tuple(rows.layout.grids),
        (
            Track("begun", np.full((steps, 1), -1)),
            Track("window", window, "window", "source"),
            *(Track(end, at_steps(boards[name]), "current", "target") for end, name in zip(ends, names, strict=True)),
            Track("first", at_steps(boards["glu"])),
            read_track([boards[name] for name in ("value", "gate", "sigmoid")]),
        ),
        (window_outline(found), target_outline("first")),
        tuple(rows.layout.labels),
        sentences=_sentences(made, found, language),
        formulas=narrate.formulas(found.conv),
        links=_links(found, boards),
        order=("begun", *ends),
    )


def _rows(found: Gating, made: dict[str, Array], language: str) -> tuple[Rows, dict[str, Board]]:
    halves = {half: found.values(half) for half in HALVES}
    share = found.values("sigmoid") if found.form.opened == "gate" else _opened(found)
    rows = Rows(Layout(language), scale_of(found.values("x"), *halves.values(), *made.values()))
    heads = tuple(map(str, range(1, found.conv.input_size[0] + 1)))
    boards = {"x": rows.canvas(found.trace(), say("gate.row.x", language), heads)}
    for half, values in halves.items():
        gap = APART if half == "value" else CLOSE
        boards[half] = rows.row(half, values, say(f"gate.row.{half}", language), gap)
    boards["sigmoid"] = rows.row("sigmoid", share, say("gate.sigmoid.gate", language), role="share")
    rows.kernels_of({half: found.trace(half).weight for half in HALVES}, language)
    for form, values in made.items():
        boards[form] = rows.row(form, values, say(f"gate.joined.{form}", language), APART if form == "glu" else NEAR)
        at = (rows.right + 0.7, rows.middles[form])
        rows.layout.label(Label(f"named:{form}", "axis", at, say(f"gate.form.{form}", language), "start", NAME))
    return rows, boards


def _opened(found: Gating) -> Array:
    """The share of the gate, where the block takes the sigmoid of the value."""
    network = Gated(replace(found.block, form="glu", residual=False))
    weights = {half: (found.trace(half).weight, found.trace(half).bias) for half in HALVES}
    return trace(network, found.values("x"), weights).values["sigmoid"]


def _links(found: Gating, boards: dict[str, Board]) -> tuple[Link, ...]:
    """What each cell is made of: of its taps, or of value and gate in its own place."""
    value, gate, share = (boards[name].cells for name in ("value", "gate", "sigmoid"))
    taps = [link for link in links(found, _all(found, boards)) if link.sources.shape[1] > 1 or len(link.sources) == 0]
    made = [Link(share, gate[:, None])]
    reads = {"glu": (value, share), "tanh": (value, share), "add": (value, share), "one": (value,)}
    made += [Link(boards[form].cells, np.stack(reads.get(form, (value, gate)), axis=1)) for form in FORMS]
    return (*taps, *made)


def _all(found: Gating, boards: dict[str, Board]) -> dict[str, Board]:
    """A board for every node of the block; those without one of their own have that of the form."""
    return {node.name: boards.get(node.name, boards[found.block.form]) for node in found.run.nodes} | {"x": boards["x"]}


def _sentences(made: dict[str, Array], found: Gating, language: str) -> Sentences:
    steps = len(found.trace())
    columns: dict[str, list[object]] = dict(narrate.places(found.trace()))
    columns |= {form: told(values, steps) for form, values in made.items()}
    return Sentences((spoken(found, language, "forms"),), np.zeros(steps, dtype=np.int64), columns)


def refuse(network: Network) -> None:
    """Refuse what is no gated block along one axis with a gate of its own; told from sizes alone."""
    block = refuse_ungated(network, "forms")
    if len(block.conv.input_size) > 1:
        raise LayerError("gated_axis", "view", {"view": "gate"}, value="forms", nearest="gate")
    if block.form == "one":
        raise LayerError("gated_gate", "form", {"form": "glu"}, value="forms", nearest="glu")
    refuse_large_nodes(network.nodes, network.x_shape)


VIEW = View(
    "forms",
    forms,
    refuse,
    aspect=0.5,
    narrow=Narrow(tall=1.6),
    stacks=Stacks(forms, refuse, values=True),
    compares=False,
)
