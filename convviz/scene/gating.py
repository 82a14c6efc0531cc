"""A gated block as it is drawn: its nodes in their order, what each is called, the sentence and the sum of a step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Conv
from convviz.layers.gated import FORMS, Form, GatedBlock
from convviz.layers.linear import Array
from convviz.network import block_of
from convviz.run import Run
from convviz.scene import narrate
from convviz.scene.canvas import factor
from convviz.scene.rows import rounded
from convviz.scene.timeline import Sentences
from convviz.scene.view import natural
from convviz.text import joined, say
from convviz.trace import Trace

HALVES = ("value", "gate")
"""The nodes with weights."""


@dataclass(frozen=True, eq=False)
class Gating:
    """A gated block's run. x, and of each node (channels, *size) values, by name, in the order of the nodes."""

    block: GatedBlock
    run: Run

    @property
    def form(self) -> Form:
        return FORMS[self.block.form]

    @property
    def conv(self) -> Conv:
        return self.block.conv

    @property
    def names(self) -> list[str]:
        """The nodes in the order of reading: what is squashed stands right behind what it is made of."""
        there = [node.name for node in self.run.nodes]
        squashed = {"value": "tanh" if "tanh" in there else "", self.form.opened: "sigmoid"}
        halves = [name for half in HALVES for name in (half, squashed.get(half, "")) if name in there]
        return [*halves, *(name for name in there if name not in halves)]

    @property
    def joined(self) -> str:
        """The name of what value and gate become."""
        return self.form.joined[0]

    def trace(self, half: str = "value") -> Trace:
        """The trace of one of its convolutions."""
        found = self.run[half]
        assert isinstance(found, Trace)
        return found

    def values(self, name: str) -> Array:
        """(channels, *size) of a node, or of the input, "x"."""
        return self.run.values[name]

    def title(self, name: str, language: str) -> str:
        """What a node is called in the picture."""
        if name == "sigmoid":
            return say(f"gate.sigmoid.{self.form.opened}", language)
        if name == self.joined:
            return say(f"gate.joined.{self.block.form}", language)
        return say(f"gate.row.{name}", language)


def gating(shown: Run) -> Gating:
    """The run of a gated block; raises LayerError for another."""
    block = block_of(shown.network)
    if block is None:
        raise _no_gate(shown.network, "gate")
    return Gating(block, shown)


def _no_gate(shown: object, view: str) -> LayerError:
    nearest = natural(shown)
    return LayerError("view_gated", "view", {"view": nearest}, value=view, nearest=nearest)


def refuse_ungated(shown: object, view: str) -> GatedBlock:
    """The block that is shown; raises LayerError for what is no gated block, naming a view that shows it."""
    block = block_of(shown)
    if block is None:
        raise _no_gate(shown, view)
    return block


def sentences(shown: Gating, language: str) -> Sentences:
    """What each step makes of its position: the value, the gate, the share, what passes."""
    steps = len(shown.trace())
    columns: dict[str, list[object]] = narrate.places(shown.trace()) | {
        name: told(shown.values(name), steps, name == "sigmoid")
        for name in (*shown.names, *(["x"] if shown.block.residual else []))
    }
    columns["channels"] = [shown.conv.out_channels] * steps
    kind = "several" if shown.conv.out_channels > 1 else shown.block.form
    says = [kind, "residual"] if shown.block.residual else [kind]
    template = spoken(shown, language, *says)
    columns["passed"] = columns[shown.joined]
    columns["added"] = [factor(str(text)) for text in columns.get("x", columns["passed"])]
    return Sentences((template,), np.zeros(steps, dtype=np.int64), columns)


def spoken(shown: Gating, language: str, *says: str) -> str:
    """The template of a sentence: where a step is, then what is said of it, by the keys of `gate.says`."""
    parts = [say(f"gate.at{len(shown.conv.input_size)}d", language)]
    parts += [say(f"gate.says.{key}", language) for key in says]
    return joined(*parts)


def told(values: Array, steps: int, share: bool = False) -> list[object]:
    """(channels, *size) values as one text a step, with commas between channels."""
    texts = rounded(values, share)
    return [", ".join(texts[t::steps]) for t in range(steps)]
