"""What stays together on a narrow page: every mark in one block, in the order of reading."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import Any

import pytest
from gallery import GALLERY

import convviz as cv
from convviz.page.state import opening
from convviz.player.wire import wire
from convviz.scene.blocks import Block, blocks
from convviz.scene.scene import Scene
from convviz.scene.views import VIEWS


def names(scene: Scene, block: Block) -> set[str]:
    return {scene.grids[n].name for n in block.grids}


def found(scene: Scene) -> tuple[Block, ...]:
    return blocks(scene, VIEWS[scene.view].narrow)


@pytest.mark.parametrize("name", GALLERY)
def test_every_mark_is_in_one_block(name: str) -> None:
    scene = GALLERY[name].scene
    parts = found(scene)
    for kind, marks in (("grids", scene.grids), ("curves", scene.curves)):
        assert sorted(chain.from_iterable(getattr(part, kind) for part in parts)) == list(range(len(marks)))
    labels = Counter(chain.from_iterable(part.labels for part in parts)) + Counter(
        part.sign for part in parts if part.sign >= 0
    )
    leaves = VIEWS[scene.view].narrow.leaves if scene.view in VIEWS else ()
    assert labels == Counter(n for n, one in enumerate(scene.labels) if one.name.partition(":")[0] not in leaves)
    assert all(part.grids or part.curves for part in parts)


def test_boards_are_read_as_they_stand_and_each_sign_before_its_board() -> None:
    scene = cv.scene(cv.Conv(5, 3))
    parts = found(scene)
    assert [names(scene, part) for part in parts] == [{"canvas"}, {"kernel"}, {"product"}, {"total"}, {"output"}]
    assert [scene.labels[part.sign].text if part.sign >= 0 else "" for part in parts] == ["", "→", "→", "", "→"]


@pytest.mark.parametrize("view", ["flat", "coverage", "stamp", "both", "roundtrip", "enlarge"])
def test_each_title_goes_with_its_board(view: str) -> None:
    scene = cv.scene(cv.ConvTranspose(3, 3, stride=2), view=view)
    for part in found(scene):
        titled = {scene.labels[n].name.partition(":")[2] for n in part.labels if n != part.sign}
        assert titled & {grid.name for grid in scene.grids} <= names(scene, part)


def test_rows_that_edges_join_stay_together_and_a_matrix_with_its_vectors() -> None:
    strips = opening("sequences").scene()
    assert len(found(strips)[0].grids) == len(
        [grid for grid in strips.grids if grid.name.startswith(("row", "kernel"))]
    )
    matrix = cv.scene(cv.Conv(4, 3), view="matrix")
    assert [len(part.grids) for part in found(matrix)] == [3]


def test_two_ways_begin_in_rows_of_their_own() -> None:
    scene = cv.scene(cv.ConvTranspose(3, 3, stride=2), view="both")
    assert [part.begins for part in found(scene)] == [True, False, False, True, False, False]


def test_the_ways_beside_one_tall_input_are_read_one_after_the_other() -> None:
    scene = cv.scene(cv.Conv(5, 3, in_channels=3, out_channels=4, padding=1), view="separable")
    order = [name for part in found(scene) for name in sorted(names(scene, part)) if name != "kernel"]
    assert order == ["canvas", "output", "between", "pair"]


def test_the_wire_names_all_blocks() -> None:
    scene = cv.scene(cv.Conv(5, 3))
    said: Any = wire(scene)["blocks"]
    assert [part[0] for part in said] == [list(part.grids) for part in found(scene)]
