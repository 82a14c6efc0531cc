"""learning: a hidden kernel is looked for, a training step after the other.

Above, from left to right, what a step does: the pictures under the kernel of the moment, its prediction, what that is
wrong by, and the gradient, by which the next kernel differs. Below, what is wanted: the hidden kernel and its outputs;
the loss as it goes, and what it is after all steps for each learning rate, with the edge above which training diverges.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, prod

import numpy as np

from convviz.errors import LayerError
from convviz.layers.learn import Learn
from convviz.layers.linear import Array
from convviz.layers.memory import refuse
from convviz.learning import Descent, descend
from convviz.scene import narrate
from convviz.scene.filled import Block
from convviz.scene.layout import Layout, planes, text_width, times
from convviz.scene.limits import refuse_large
from convviz.scene.links import Link
from convviz.scene.losses import ROOM, SIZE, charts
from convviz.scene.marks import Ints, Label, Scale
from convviz.scene.parts import canvas_board
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.timeline import StepTexts, Track
from convviz.scene.tones import toned
from convviz.scene.training import FAR, LARGE, brief, equation, loss_text, reach, roomy_afar, sentences, written
from convviz.scene.view import Narrow, View
from convviz.text import say
from convviz.trace import Trace

SHOWN = 2**17
"""The most numbers that the boards of one picture show, over all its steps."""

MOVING = {"kernel": "kernel", "prediction": "output", "error": "product", "gradient": "product"}
"""The boards that change with the steps, and what their cells are."""

DIGITS = {"prediction": 1, "error": 1}
"""How many digits behind the point the numbers of a board have where it has many, and they small cells."""

USUAL = 8
"""Rows of boards beside which letters have their usual size."""

WIDEST = 1.5
"""How many times as wide as others the cells of outputs are at most."""

ORDER = ("begin", "current", "prediction", "error", "loss", "gradient")
"""What a step writes, one after the other; nothing is added up term by term, so the first part has no cells."""


def learning(trace: Trace, language: str = "en", far: bool = False) -> Scene:
    """Lay out how the hidden kernel of a `Learn` is looked for. far: the numbers of small outputs, which change, have
    cells that are read from afar; where these would not do, outputs are left out."""
    run = descend(trace)
    roomy = far and roomy_afar(run, language)
    laid = _Laid(Layout(language, _zoom(run)), trace, run, {}, [], roomy, far and not roomy)
    laid.draw()
    layout, steps = laid.layout, len(run.losses)
    curves, labels = charts(layout, run)
    cells = {
        name: np.tile(block.marks(0, np.arange(prod(block.shape))), (steps, 1)) for name, block in laid.blocks.items()
    }
    del cells["input"]
    return Scene(
        trace.layer.kind,
        "learning",
        steps,
        steps,
        tuple(layout.grids),
        (
            Track("begin", np.full((steps, 1), -1)),
            Track("current", cells.pop("kernel"), "current", "target"),
            *(Track(name, marks) for name, marks in cells.items()),
        ),
        (),
        (*layout.labels, *labels),
        tuple(laid.told),
        sentences=sentences(run, language),
        equations=(equation(run, "begin", language),),
        formulas=narrate.formulas(trace.layer),
        links=tuple(_links(trace, laid.blocks)),
        order=tuple(part for part in ORDER if part in ("begin", "current", *laid.blocks)),
        curves=tuple(curves),
    )


def _columns(pairs: int, shape: tuple[int, ...]) -> int:
    """How many planes stand side by side: those of two pictures."""
    return min(pairs, 2) * planes(shape)[0]


def _zoom(run: Descent) -> float:
    """How much larger letters, charts and kernels are beside large boards: as much as these are higher than usual."""
    layer = run.problem.layer
    rows = planes(layer.taps.canvas_shape)[1] * ceil(layer.pairs / 2)
    return max(1.0, rows / USUAL)


@dataclass(frozen=True, eq=False)
class _Laid:
    """The boards as they are laid out. blocks: by name; those of several pictures count them as rows of one; far:
    whether outputs have larger cells; bare: whether they are left out."""

    layout: Layout
    trace: Trace
    run: Descent
    blocks: dict[str, Block]
    told: list[StepTexts]
    far: bool
    bare: bool

    def draw(self) -> None:
        """The two rows of boards, with room for the charts."""
        layout, problem, language = self.layout, self.run.problem, self.layout.language
        layout.cell()
        self.blocks["input"] = _whole(
            canvas_board(layout, self.trace, columns=_columns(problem.layer.pairs, problem.layer.taps.canvas_shape)),
            problem.layer.pairs,
        )
        layout.cell("→")
        scales = self._scales()
        self._moving("kernel", self.run.kernels, scales["kernel"])
        for name, values in {} if self.bare else {"prediction": self.run.predictions, "error": self.run.errors}.items():
            layout.cell("→")
            self._moving(name, values, scales[name])
        layout.cell("" if self.bare else "→")
        self._moving("gradient", self.run.gradients, scales["gradient"])
        layout.row()
        layout.cell()
        self._reserve("rates", say("learning.rates", language, n=problem.layer.rounds))
        layout.cell()
        self._still("hidden", problem.hidden, "kernel", scales["kernel"])
        if not self.bare:
            layout.cell("→")
            self._still("target", problem.target, "output", scales["prediction"])
        layout.cell()
        self._reserve("losses", say("learning.losses", language))
        layout.cell()
        self._loss()
        layout.settle()
        layout.labels = [label for label in layout.labels if label.role]

    def _reserve(self, name: str, title: str) -> None:
        """The title of a chart, in a place that is wide enough for it: a label without a role, which is taken away."""
        wide, size = "0" * ceil(ROOM / text_width("0", SIZE)), SIZE * self.layout.zoom
        self.layout.heading(name, title, "", 0.0)
        self.layout.label(Label(f"title:wide.{name}", "", (0.0, 0.0), wide, "middle", size))

    def _scales(self) -> dict[str, Scale]:
        """The scale of each board: of the start and of what is wanted; a run that diverges is followed a while."""
        run, problem = self.run, self.run.problem
        return {
            "kernel": reach(run.kernels, problem.hidden, run.kernels[0]),
            "prediction": reach(run.predictions, problem.target, run.predictions[0]),
            "error": reach(run.errors, run.errors[0]),
            "gradient": reach(run.gradients, run.gradients[0]),
        }

    def _as_high(self, name: str) -> float:
        """How wide the cells of outputs are, so that their boards are as high as their pictures, if there is room."""
        if self.far:
            return FAR if name in MOVING else 1.0
        sides = zip(self.trace.layer.taps.canvas_shape, self.trace.layer.output_size, strict=True)
        return min(WIDEST, *(read / made for read, made in sides))

    def _shape(self, name: str) -> tuple[int, ...]:
        layer = self.trace.layer
        return tuple(layer.kernel_size if name in ("kernel", "hidden", "gradient") else layer.output_size)

    def _moving(self, name: str, values: Array, scale: Scale) -> None:
        """A board whose numbers change with the steps."""
        rows = values.reshape(len(values), -1)
        texts, shown = written(rows, scale, self.layout.language, DIGITS.get(name, 2))
        block = self._board(name, MOVING[name], [""] * rows.shape[1], max(map(len, texts)), scale)
        marks = block.marks(0, np.arange(rows.shape[1]))
        self.told.append(StepTexts(marks, texts, toned(shown, scale), values=shown))

    def _still(self, name: str, values: Array, role: str, scale: Scale) -> None:
        """A board that keeps. The hidden kernel can be typed into, unless its weights are divided."""
        array = "weight" if name == "hidden" and self.trace.divisor == 1 else ""
        texts = [brief(value, scale.most) for value in values.ravel().tolist()]
        self._board(name, role, texts, 4, scale, values, array)

    def _board(
        self,
        name: str,
        role: str,
        texts: list[str],
        longest: int,
        scale: Scale,
        values: Array | None = None,
        array: str = "",
    ) -> Block:
        shape, pairs = self._shape(name), len(texts) // prod(self._shape(name))
        block = self.layout.board(
            "output" if name == "prediction" else name,
            pairs,
            shape,
            role,
            texts,
            title=say(f"learning.{name}", self.layout.language, size=times(shape)),
            columns=_columns(pairs, shape),
            about=role,
            longest=longest,
            values=values,
            scale=scale,
            array=array,
            cell=LARGE * self.layout.zoom if role == "kernel" or name == "gradient" else self._as_high(name),
        )
        self.blocks[name] = _whole(block, pairs)
        return self.blocks[name]

    def _loss(self) -> None:
        """The loss of the step, as one wide cell."""
        layout, texts = self.layout, [loss_text(loss) for loss in self.run.losses]
        wide, high = 3.6 * layout.zoom, 1.3 * layout.zoom
        layout.heading("loss", say("learning.loss", layout.language), "", wide)
        role = np.full(1, ROLES.index("output"))
        longest = max(map(len, texts))
        corner = (0.0, layout.below)
        grid = layout.grid(
            "loss", corner, (1, 1), role, [""], lattice=((wide, 0.0), (0.0, high)), text_size=0.2, longest=longest
        )
        self.blocks["loss"] = Block(grid.first, (1, 1))
        self.told.append(StepTexts(np.array([grid.first]), texts))


def _whole(block: Block, pairs: int) -> Block:
    """A board of several pictures as one: its cells are counted through all of them."""
    return Block(block.first, (pairs * prod(block.shape),))


def _links(trace: Trace, blocks: dict[str, Block]) -> list[Link]:
    """What each cell is made of: an output of its window and the kernel, an error of two outputs, the loss of all
    errors, and the gradient of a weight of all errors and of what is read through that kernel cell."""
    layer, steps = trace.layer, len(trace)
    pairs, cells = layer.out_channels, prod(layer.kernel_size)
    read = layer.taps.flat_positions
    canvas = prod(layer.taps.canvas_shape)
    windows = np.concatenate([_at(blocks["input"], n * canvas + read) for n in range(pairs)])
    every = np.arange(pairs * steps)
    if "error" not in blocks:
        return []
    outputs = {name: _at(blocks[name], every) for name in ("prediction", "target", "error")}
    kernels = {name: np.tile(_at(blocks[name], np.arange(cells)), (len(every), 1)) for name in ("kernel", "hidden")}
    each = np.tile(outputs["error"], (cells, 1))
    through = np.where(np.tile(layer.taps.flat_exists, (pairs, 1)), windows, -1).T
    return [
        Link(outputs["prediction"], np.concatenate([windows, kernels["kernel"]], axis=1)),
        Link(outputs["target"], np.concatenate([windows, kernels["hidden"]], axis=1)),
        Link(outputs["error"], np.stack([outputs["prediction"], outputs["target"]], axis=1)),
        Link(_at(blocks["loss"], np.arange(1)), outputs["error"][None]),
        Link(_at(blocks["gradient"], np.arange(cells)), np.concatenate([each, through], axis=1)),
    ]


def _at(block: Block, cells: Ints) -> Ints:
    return np.asarray(block.marks(0, cells))


def refuse_others(layer: object, view: str = "learning") -> None:
    """Refuse what is no kernel that is to be learned."""
    if not isinstance(layer, Learn):
        raise LayerError("view_learning", "view", {"view": "flat"}, value=view, nearest="flat")


def refuse_long(layer: Learn, boards: int) -> None:
    """Refuse a picture of too many cells, or of too many numbers over all its steps."""
    refuse_large(layer, boards)

    def count(one: Learn) -> int:
        return (one.rounds + 1) * 2 * (one.pairs * prod(one.output_size) + one.parameters)

    if count(layer) > SHOWN:
        refuse(layer, "too_many_drawn", count(layer), SHOWN, lambda smaller: count(smaller) <= SHOWN)


VIEW = View(
    "learning",
    learning,
    refuse_others,
    boards=4,
    aspect=0.46,
    narrow=Narrow(tall=2.85),
    limit=refuse_long,
    afar={"far": True},
    compares=False,
)
