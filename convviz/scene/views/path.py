"""path: how an output changes with the input of its own place: the derivative, as a sum of products, a factor a row.

y = v s, for a value v = W ∗ x and a share s = σ(V ∗ x). Through the value its derivative is w s: the gate's share is
the only factor between. Through the gate it is v s′ u, with s′ = s (1 − s). w and u are the weights on the input of the
output's own place. WaveNet's form squashes the value, too: one more factor (Dauphin et al., 2017, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convviz.errors import LayerError
from convviz.layers.linear import Array
from convviz.network import Network
from convviz.run import Run
from convviz.scene import narrate
from convviz.scene.canvas import factor
from convviz.scene.gating import HALVES, Gating, gating, refuse_ungated, spoken, told
from convviz.scene.layout import Layout
from convviz.scene.limits import refuse_large_nodes
from convviz.scene.linked import Board
from convviz.scene.links import Link
from convviz.scene.marks import Ints
from convviz.scene.parts import target_outline
from convviz.scene.rows import APART, CLOSE, Rows, at_steps, read_track
from convviz.scene.scene import Scene
from convviz.scene.timeline import Sentences, Track, padded
from convviz.scene.tones import scale_of
from convviz.scene.view import Narrow, Stacks, View
from convviz.scene.views.gate import window_outline
from convviz.text import say

PATHS = ("through_value", "through_gate")


@dataclass(frozen=True, eq=False)
class Factors:
    """(positions,) each: what the derivative of an output with respect to the input of its place is made of.

    passed: the value, or its tanh; slope: of the tanh, or 1; share, share_slope: s and s (1 − s); w, u: the weights on
    the input itself, of the value and of the gate; residual: whether the input is added.
    """

    passed: Array
    slope: Array
    share: Array
    share_slope: Array
    w: Array
    u: Array
    residual: bool

    @property
    def through_value(self) -> Array:
        return np.asarray(self.w * self.slope * self.share)

    @property
    def through_gate(self) -> Array:
        return np.asarray(self.passed * self.share_slope * self.u)

    @property
    def whole(self) -> Array:
        return np.asarray(self.through_value + self.through_gate + self.residual)


def factors(found: Gating) -> Factors:
    """The factors of a block of one channel whose output has the input's size.

    >>> import convviz as cv
    >>> run = cv.trace(cv.GatedConv((6,), 3, padding="same"))
    >>> alone = np.eye(6)[2:3]
    >>> bool(np.isclose(run.backward(alone).x[0, 2], factors(gating(run)).whole[2]))
    True
    """
    own = found.trace().layer.taps.flat_sources == np.arange(len(found.trace()))[:, None]
    w, u = ((own * found.trace(half).weight[0, 0].ravel()).sum(axis=1) for half in HALVES)
    passed, share = found.values(found.form.passed)[0], found.values("sigmoid")[0]
    slope = 1 - passed**2 if found.form.passed == "tanh" else np.ones(passed.shape)
    return Factors(passed, slope, share, share * (1 - share), w, u, found.block.residual)


def path(shown: Run, language: str = "en") -> Scene:
    """Lay out the run of a gated block of one channel along one axis."""
    found = gating(shown)
    parts, steps = factors(found), len(found.trace())
    rows, boards = _rows(found, parts, language)
    names = list(boards)[1:]
    ends = [*names[:-1], "current"]
    taps = found.trace().layer.taps
    return Scene(
        found.block.kind,
        "path",
        steps,
        steps,
        tuple(rows.layout.grids),
        (
            Track("begun", np.full((steps, 1), -1)),
            Track("window", boards["x"].block.marks(0, taps.flat_positions), "window", "source"),
            *(Track(end, at_steps(boards[name]), "current", "target") for end, name in zip(ends, names, strict=True)),
            read_track([boards[name] for name in names[:-1]]),
            Track("own", _own_weights(found, rows), "window", "source"),
        ),
        (window_outline(found), target_outline()),
        tuple(rows.layout.labels),
        sentences=_sentences(found, parts, language),
        formulas=narrate.formulas(found.conv),
        links=_links(found, boards),
        order=("begun", *ends),
    )


def _rows(found: Gating, parts: Factors, language: str) -> tuple[Rows, dict[str, Board]]:
    """The factors, then the paths, and what they add up to."""
    own = {"passed": parts.passed, "slope": parts.slope, "sigmoid": parts.share, "share_slope": parts.share_slope}
    if found.form.passed == "value":
        del own["slope"]
    made = {"through_value": parts.through_value, "through_gate": parts.through_gate, "whole": parts.whole}
    rows = Rows(Layout(language), scale_of(found.values("x"), parts.passed, *made.values()))
    heads = tuple(map(str, range(1, found.conv.input_size[0] + 1)))
    boards = {"x": rows.canvas(found.trace(), say("gate.row.x", language), heads)}
    for name, values in (own | made).items():
        gap = APART if name in ("passed", "through_value", "whole") else CLOSE
        role = "share" if name == "sigmoid" else "output"
        boards[name] = rows.row(name, values[None], _title(found, name, language), gap, role)
    rows.kernels_of({half: found.trace(half).weight for half in HALVES}, language, ("passed", "sigmoid"))
    return rows, boards


def _own_weights(found: Gating, rows: Rows) -> Ints:
    """(steps, taps of both kernels): the weights that lie on the input of the output's own place."""
    reads = found.trace().layer.taps.flat_sources
    own = reads == np.arange(len(reads))[:, None]
    cells = np.arange(reads.shape[1])
    return np.concatenate([np.where(own, rows.kernels[half] + cells, -1) for half in HALVES], axis=1)


def _title(found: Gating, name: str, language: str) -> str:
    """What a row is called; some depend on the form, and the sum on the residual."""
    if name in ("passed", *PATHS):
        return say(f"gate.path.{found.block.form}.{name}", language)
    if name == "whole":
        return say(f"gate.path.{'whole_residual' if found.block.residual else 'whole'}", language)
    return say(f"gate.path.{name}", language)


def _links(found: Gating, boards: dict[str, Board]) -> tuple[Link, ...]:
    """What each cell is made of: a path of its factors, the whole of the paths."""
    cells = {name: board.cells for name, board in boards.items()}
    reads = found.trace().layer.taps.flat_sources
    window: Ints = np.where(reads >= 0, cells["x"][np.maximum(reads, 0)], -1)
    slope = [cells["slope"]] if "slope" in cells else []
    made_of = {
        "share_slope": [cells["sigmoid"]],
        "through_value": [*slope, cells["sigmoid"]],
        "through_gate": [cells["passed"], cells["share_slope"]],
        "whole": [cells[name] for name in PATHS],
    } | ({"slope": [cells["passed"]]} if slope else {})
    taps = (Link(cells[name], window) for name in ("passed", "sigmoid"))
    return (*taps, *(Link(cells[name], padded(np.stack(of, axis=1).tolist())) for name, of in made_of.items()))


def _sentences(found: Gating, parts: Factors, language: str) -> Sentences:
    """Both paths of a position in numbers."""
    steps = len(found.trace())
    columns: dict[str, list[object]] = dict(narrate.places(found.trace()))
    named = {"w": parts.w, "u": parts.u, "passed": parts.passed, "slope": parts.slope}
    columns |= {name: [factor(str(text)) for text in told(values[None], steps)] for name, values in named.items()}
    columns |= {
        "share": told(parts.share[None], steps, True),
        "share_slope": told(parts.share_slope[None], steps, True),
    }
    columns |= {name: told(getattr(parts, name)[None], steps) for name in (*PATHS, "whole")}
    template = spoken(found, language, f"path_{found.block.form}", "path_value")
    return Sentences((template,), np.zeros(steps, dtype=np.int64), columns)


def refuse(network: Network) -> None:
    """Refuse what is no gated block of one channel, in a form that is one, with an output of the input's size."""
    block = refuse_ungated(network, "path")
    for fits, key, fix in (
        (len(block.conv.input_size) == 1, "gated_axis", {"view": "gate"}),
        (block.conv.in_channels == block.conv.out_channels == 1, "gated_channel", {"view": "gate"}),
        (block.form in ("glu", "tanh"), "gated_form", {"form": "glu"}),
        (block.conv.output_size == block.conv.input_size, "gated_size", {"stride": 1, "padding": "same"}),
    ):
        if not fits:
            field, *others = fix
            nearest = ", ".join(f"{name} {value}" for name, value in fix.items()) if others else fix[field]
            raise LayerError(key, field, fix, value="path", nearest=nearest)
    refuse_large_nodes(network.nodes, network.x_shape)


VIEW = View(
    "path", path, refuse, aspect=0.5, narrow=Narrow(tall=1.4), stacks=Stacks(path, refuse, values=True), compares=False
)
