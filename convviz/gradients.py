"""How much of a gradient reaches the input of a deep stack: its norm there, by the engine's own backward pass.

A stack is the same block many times. What a block does to a gradient depends on how it is activated: a squashed output
has a derivative below 1 everywhere, a gate lets the value's own gradient through, and a residual adds it unchanged.
"""

from __future__ import annotations

import json
from functools import cache
from typing import NamedTuple

import numpy as np

from convviz.asset import asset
from convviz.layers import Conv
from convviz.layers.arguments import choice, whole
from convviz.layers.elementwise import Add, Sigmoid, Tanh
from convviz.layers.linear import Array
from convviz.network import GatedConv, Network
from convviz.run import trace
from convviz.spread import Spread, spread_of

Nodes = dict[str, tuple[object, list[str]]]

SIZE, CHANNELS, KERNEL = 16, 4, 3
"""Each block is a convolution over so many positions and channels, padded so that its shape stays."""


def _squashed(squash: object) -> Network:
    conv = Conv((SIZE,), KERNEL, padding="same", in_channels=CHANNELS, out_channels=CHANNELS)
    return Network([conv, squash])


def _gated(form: str) -> Network:
    return GatedConv((SIZE,), KERNEL, CHANNELS, CHANNELS, padding="same", form=form)


BLOCKS: dict[str, Network] = {
    "sigmoid": _squashed(Sigmoid()),
    "tanh": _squashed(Tanh()),
    "gated_tanh": _gated("tanh"),
    "glu": _gated("glu"),
}
"""The blocks by name: sigmoid(Wx), tanh(Wx), tanh(Wx) · sigmoid(Vx), Wx · sigmoid(Vx). The third is WaveNet's (van den
Oord et al., 2016), the last the gated linear unit (Dauphin et al., 2017)."""

DEEPEST = 64
"""The most blocks of one stack."""


def deep(block: str, depth: int, residual: bool = False) -> Network:
    """A stack of one block, `depth` times; residual: what goes into a block is added to what comes out of it.

    Raises LayerError for a block that there is not, and for a depth that is none.

    >>> deep("glu", 2, residual=True).output_size, deep("glu", 2).parameters
    ((16,), 192)
    """
    choice("block", block, tuple(BLOCKS))
    count = whole("depth", depth, 1, DEEPEST)
    nodes: Nodes = {}
    x = "x"
    for number in range(1, count + 1):
        at = f"block{number}"
        nodes[at] = (BLOCKS[block], [x])
        if residual:
            nodes[f"{at}.sum"] = (Add(), [x, at])
        x = f"{at}.sum" if residual else at
    return Network(nodes)


class Draw(NamedTuple):
    """Numbers to run a stack on: x (channels, size), weights by node, and an upstream gradient of norm 1."""

    x: Array
    weights: dict[str, Array]
    upstream: Array


def draw(network: Network, seed: int) -> Draw:
    """Normal numbers of a seed: the input's have variance 1, a weight's that over the values it reads (LeCun's).

    >>> float(round(np.linalg.norm(draw(deep("tanh", 1), 0).upstream), 12))
    1.0
    """
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((CHANNELS, SIZE))
    shapes = {node.name: node.layer.weight_shape for node in network.nodes if node.parameters}
    weights = {name: rng.standard_normal(shape) / np.sqrt(np.prod(shape[1:])) for name, shape in shapes.items()}
    upstream = rng.standard_normal((CHANNELS, SIZE))
    return Draw(x, weights, upstream / np.linalg.norm(upstream))


def norm(block: str, depth: int, residual: bool = False, seed: int = 0) -> float:
    """The norm of the gradient at the input of such a stack, where it is 1 at the output.

    >>> norm("sigmoid", 8) < norm("tanh", 8) < norm("glu", 8, residual=True)
    True
    """
    network = deep(block, depth, residual)
    drawn = draw(network, seed)
    gradients = trace(network, drawn.x, drawn.weights).backward(drawn.upstream)
    return float(np.linalg.norm(gradients.x))


DEPTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
"""The depths at which stacks were measured, with SEEDS drawings each."""

SEEDS = 20

FILE = "gradients.json"
"""What was measured: made by `python tools/gradients.py`, under `assets/`."""


def spread(block: str, depth: int, residual: bool = False, seeds: int = SEEDS) -> Spread:
    """The spread of the norm over seeds 0, 1, 2, ...

    >>> found = spread("glu", 2, seeds=3)
    >>> found.low <= found.median <= found.high
    True
    """
    return spread_of([norm(block, depth, residual, seed) for seed in range(seeds)])


WORDS = {False: "plain", True: "residual"}
"""What the file calls a stack without, and one with residual."""


@cache
def measured() -> dict[tuple[str, bool], tuple[Spread, ...]]:
    """The spreads that were measured: for each block, without and with residual, one for each of DEPTHS.

    Raises FileNotFoundError without the file, and ValueError for one that holds what another version has measured.

    >>> measured()["sigmoid", False][-1].median < 1e-15
    True
    """
    said = json.loads(asset(FILE).read_text("utf-8"))
    if (
        said.get("depths") != list(DEPTHS)
        or said.get("seeds") != SEEDS
        or said.get("norms", {}).keys() != BLOCKS.keys()
    ):
        raise ValueError(
            f"{FILE} must hold {SEEDS} seeds at the depths {DEPTHS} of the blocks {', '.join(BLOCKS)}: "
            "make it again with python tools/gradients.py"
        )
    return {
        (block, residual): tuple(Spread(*one) for one in said["norms"][block][word])
        for block in BLOCKS
        for residual, word in WORDS.items()
    }
