"""Tables whose rows take several lines where one has no room: see player/fold.js."""

from __future__ import annotations

from convviz.scene.blocks import Block, blocks
from convviz.scene.scene import Scene
from convviz.scene.view import Narrow


def folded(scene: Scene, narrow: Narrow) -> tuple[Block, ...]:
    """The blocks of a picture; all of a table that is folded is one, with the grids of its lines.

    >>> import convviz as cv
    >>> from convviz.scene.views import VIEWS
    >>> network = cv.Network([cv.Conv(8, 3), cv.MaxPool(6, 2)])
    >>> (block,) = folded(cv.scene(network, "table"), VIEWS["table"].narrow)
    >>> block.folds[0]
    ((0, 1), (0, 2, 3, 4, 5, 6))
    """
    if not narrow.folds:
        return blocks(scene, narrow)
    numbered = {grid.name.rpartition(".")[2]: n for n, grid in enumerate(scene.grids)}  # of two compared, one is "a.…"
    folds = tuple(
        tuple(tuple(numbered[name] for name in line if name in numbered) for line in way) for way in narrow.folds
    )
    grids, labels, curves = (tuple(range(len(found))) for found in (scene.grids, scene.labels, scene.curves))
    return (Block(grids, labels, curves, folds=folds),)
