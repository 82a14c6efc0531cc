"""Pointing at a cell of a stack lights, through all layers, what it is made of or read for: its composed taps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from depth import cases
from playwright.sync_api import Browser, Page
from stacks import stack

import convviz as cv
from convviz.errors import LayerError
from convviz.player import bundle, data
from convviz.player.bundle import MODULES
from convviz.scene.scene import Scene
from convviz.themes import THEMES

SHOWN = """
window.player = new $player.Player(document.querySelector(".player"))
window.player.send = () => {}
"""

LIT = """() => {
  const paths = [...document.querySelectorAll(".marks .r-lit, .marks .veil[class*=d-]")]
  const depth = path => Number(/ d-([0-9])/.exec(path.getAttribute("class"))?.[1] ?? 1)
  const found = []
  for (const node of document.querySelectorAll(".cells polygon[data-m]")) {
    const { x, y, width, height } = node.getBBox()
    const over = paths.filter(path => path.isPointInFill(new DOMPoint(x + width / 2, y + height / 2)))
    if (over.length) found.push([Number(node.dataset.m), Math.max(...over.map(depth))])
  }
  return found
}"""
"""The cells within the outline of what is lit, and how deep they lie by what dims them."""

CELLS = cases(400)
"""Cells that are pointed at, each of another random stack."""


@pytest.fixture(scope="module")
def shown(browser: Browser) -> Iterator[Page]:
    """A page with the player on it, which is given one scene after another."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page.set_content(f"<style>{(MODULES / 'player.css').read_text('utf-8')}</style><div class=player></div>")
    page.add_script_tag(content=bundle.bundle("player") + SHOWN)
    yield page
    page.close()


def composed(network: cv.Network, depth: int, channel: int, place: int) -> dict[tuple[int, int], set[int]]:
    """{(board, its channel): cells} that a cell of the board `depth` is made of, by following the taps downwards."""
    found: dict[tuple[int, int], set[int]] = {}
    wanted = {(channel, place)}
    for below in range(depth - 1, -1, -1):
        layer = network.layers[below]
        outs = getattr(layer, "out_channels", layer.x_shape[0])
        reads = {
            (source_channel, int(source))
            for here, cell in wanted
            for source in layer.taps.flat_sources[cell]
            for source_channel in read_channels(layer, here, outs)
            if source >= 0
        }
        for here, cell in reads:
            found.setdefault((below, here), set()).add(cell)
        wanted = reads
    return found


def read_channels(layer: Any, out: int, outs: int) -> range:
    """The channels that an output channel reads: those of its group; a pooling's own."""
    ins = layer.x_shape[0]
    groups = outs if layer.weight_shape is None else layer.groups
    group = out * groups // outs
    return range(group * ins // groups, (group + 1) * ins // groups)


def drawn() -> Iterator[tuple[int, cv.Network, Scene]]:
    number = 0
    while True:
        try:
            network = stack(number, dense=False)
            network = network if isinstance(network, cv.Network) else cv.Network([network])
            yield number, network, cv.scene(network, "stack")
        except LayerError:
            pass
        number += 1


def test_the_cone_that_is_lit_is_that_of_the_composed_taps(shown: Page) -> None:
    rng, tried, deepest = random.Random(2), 0, 0
    for number, network, scene in drawn():
        if tried == CELLS:
            break
        if scene.cells > 700:
            continue
        tried += 1
        shapes = [network.x_shape, *(node.shape for node in network.nodes)]
        starts = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
        board = rng.randrange(len(shapes))
        mark = rng.randrange(int(starts[board]), int(starts[board + 1]))
        wanted = cone(network, shapes, starts, mark)
        deepest = max(deepest, *wanted.values(), 0)
        said = data.data(
            scene, THEMES["light"], THEMES["light"], "en", step_ms=600, autoplay=False, step=scene.steps - 1
        )
        shown.evaluate("said => window.player.update(JSON.parse(said))", said.decode())
        shown.mouse.move(1, 1)
        shown.locator(f"polygon[data-m='{mark}']").hover(force=True)
        lit = shown.evaluate(LIT)
        assert {m: depth for m, depth in lit if m != mark} == {m: min(d, 4) for m, d in wanted.items()}, (number, mark)
    assert deepest >= 3, "among them are cones through three layers"


STRIPS = cases(100)
"""Cells of stacks along one axis that are pointed at."""


def rows(rng: random.Random) -> cv.Network:
    """A random stack along one axis, of any padding, stride and rate that fit."""
    size, layers = rng.randrange(6, 33), []
    for _ in range(rng.randrange(1, 6)):
        k, s, d = rng.randrange(1, 4), rng.choice((1, 1, 1, 2)), rng.choice((1, 2, 4))
        try:
            layers.append(cv.Conv((size,), k, stride=s, padding=rng.choice((0, "same", "causal")), dilation=d))
        except LayerError:
            break
        size = layers[-1].output_size[0]
    return cv.Network(layers) if layers else rows(rng)


def test_in_strips_the_cone_and_its_lines_are_those_of_the_composed_taps(shown: Page) -> None:
    rng = random.Random(5)
    for number in range(STRIPS):
        network = rows(rng)
        scene = cv.scene(network, "strip")
        shapes = [network.x_shape, *(node.shape for node in network.nodes)]
        starts = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
        mark = rng.randrange(int(starts[-1]))
        wanted = cone(network, shapes, starts, mark)
        theme = THEMES["light"]
        said = data.data(scene, theme, theme, "en", step_ms=600, autoplay=False, step=scene.steps - 1)
        shown.evaluate("said => window.player.update(JSON.parse(said))", said.decode())
        shown.mouse.move(1, 1)
        shown.locator(f"polygon[data-m='{mark}']").hover(force=True)
        lit = shown.evaluate(LIT)
        assert {m for m, _ in lit if m != mark} == set(wanted), (number, mark)
        cells = np.array([mark, *wanted])
        lines = sum(len(edges.lit(cells)) for edges in scene.edges) if wanted else 0
        followed = shown.locator(".followed path").get_attribute("d") or ""
        assert followed.count("M") == lines, (number, mark)


def cone(network: cv.Network, shapes: list[Any], starts: Any, mark: int) -> dict[int, int]:
    """{cell: depth} of what a cell is made of; of an input, of what it is read for."""

    def made_of(one: int) -> dict[int, int]:
        board = int(np.searchsorted(starts, one, "right")) - 1
        channel, place = divmod(one - int(starts[board]), int(np.prod(shapes[board][1:])))
        found = composed(network, board, channel, place)
        return {
            int(starts[below]) + here * int(np.prod(shapes[below][1:])) + cell: board - below
            for (below, here), cells in found.items()
            for cell in cells
        }

    own = made_of(mark)
    if own:
        return own
    others = range(int(starts[1]), int(starts[-1]))
    return {other: found[mark] for other in others if mark in (found := made_of(other))}
