"""Where the numbers of the input stand in a picture."""

from __future__ import annotations

from convviz.scene.scene import Scene


def inputs(scene: Scene) -> dict[int, int]:
    """Which input stands in a cell."""
    found = {}
    for grid in scene.grids:
        if grid.editable and grid.editable.array == "x":
            (top, down, rows), (left, across, columns) = grid.editable.rows, grid.editable.columns
            for i in range(rows * columns):
                row, column = divmod(i, columns)
                found[grid.first + (top + row * down) * grid.columns + left + column * across] = i
    return found
