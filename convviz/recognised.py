"""What came of training the networks of `convviz/recognising.py`: their weights, and how well they recognise digits.

Both files are made by `python tools/digits.py`, and nothing of them is edited by hand.
"""

from __future__ import annotations

import json
from functools import cache
from typing import NamedTuple

import numpy as np

from convviz import recognising
from convviz.asset import asset
from convviz.batches import Weights
from convviz.layers.linear import Array
from convviz.recognising import EPOCHS, FURTHEST, NAMES, PLAN, scoring
from convviz.spread import Spread

WEIGHTS, FIGURES = "digits/recognising.npz", "digits/recognising.json"
"""The weights and the figures, under `assets/`."""

SHIPPED, SEEDS = 0, 10
"""The seed whose weights are shipped, and how many seeds the figures are of."""

FILMED = "flatten"
"""The network whose kernels are kept of every epoch."""

WAYS = {False: "plain", True: "shuffled"}
"""What the file calls fields as they are, and fields whose pixels are shuffled."""


class Course(NamedTuple):
    """How the accuracy of the shipped network went: before the first epoch, and after each."""

    trained: tuple[float, ...]
    held_out: tuple[float, ...]


class Film(NamedTuple):
    """What training made of the kernels: kernels (epochs + 1, maps, 1, 3, 3), biases (epochs + 1, maps), accuracy."""

    kernels: Array
    biases: Array
    course: Course


class Measured(NamedTuple):
    """What was measured, by the networks' names.

    by_distance: {name: {whether shuffled: the accuracy on digits moved by 0, 1 and 2 pixels}}; by_writer: on digits of
    other writers than those that were learned from; courses: of the shipped networks.
    """

    by_distance: dict[str, dict[bool, tuple[Spread, ...]]]
    by_writer: dict[str, Spread]
    courses: dict[str, Course]


def key(name: str, node: str, part: str, shuffled: bool = False) -> str:
    """What an array of weights is called in its file."""
    return f"{WAYS[shuffled]}.{name}.{node}.{part}"


@cache
def _arrays() -> dict[str, Array]:
    with np.load(asset(WEIGHTS)) as file:
        found = {name: file[name].astype(np.float64) for name in file.files}
    for array in found.values():
        array.flags.writeable = False  # all who ask have the same
    return found


@cache
def shipped(name: str, shuffled: bool = False) -> Weights:
    """The weights of a network as it ships, as `cv.trace` takes them; shuffled: learned from shuffled fields.

    >>> import convviz as cv
    >>> from convviz.digits import digits
    >>> from convviz.recognising import field, network
    >>> probabilities = cv.output(network("flatten"), field(digits().images[7]), shipped("flatten"))
    >>> int(probabilities.argmax()), int(digits().labels[7])
    (7, 7)
    """
    nodes = [node.name for node in scoring(name).nodes if node.parameters]
    found = _arrays()
    parts = ("weight", "bias")
    return {node: tuple(found[key(name, node, part, shuffled)] for part in parts) for node in nodes}  # type: ignore[misc]


@cache
def film() -> Film:
    """The kernels of the network FILMED in every epoch of its training; the last ones are those that ship.

    >>> film().kernels.shape
    (21, 8, 1, 3, 3)
    """
    found = _arrays()
    return Film(found["film.kernels"], found["film.biases"], measured().courses[FILMED])


@cache
def measured() -> Measured:
    """What was measured with SEEDS seeds.

    Raises FileNotFoundError without the file, and ValueError for one that holds what another version has measured.

    >>> plain = {name: measured().by_distance[name][False] for name in NAMES}
    >>> plain["global"][2].median > plain["flatten"][2].median > 0
    True
    """
    said = json.loads(asset(FIGURES).read_text("utf-8"))
    if said.get("setup") != setup():
        raise ValueError(
            f"{FIGURES} was measured otherwise than it would be now: make it again with python tools/digits.py"
        )
    by_distance = {
        name: {way: tuple(Spread(*one) for one in said["by_distance"][name][word]) for way, word in WAYS.items()}
        for name in NAMES
    }
    by_writer = {name: Spread(*said["by_writer"][name]) for name in NAMES}
    courses = {name: Course(*(tuple(said["courses"][name][part]) for part in Course._fields)) for name in NAMES}
    return Measured(by_distance, by_writer, courses)


def setup() -> dict[str, object]:
    """All that was chosen for what is measured, as the file has it."""
    own = {"field": recognising.SIZE, "kernel": recognising.KERNEL, "pool": recognising.POOL, "maps": recognising.MAPS}
    own |= {"units": recognising.UNITS, "learned": recognising.LEARNED, "split": recognising.SPLIT}
    own |= {"permutation": recognising.PERMUTATION, "distances": list(range(FURTHEST + 1))}
    return own | PLAN._asdict() | {"epochs": EPOCHS, "shipped": SHIPPED, "seeds": SEEDS}
