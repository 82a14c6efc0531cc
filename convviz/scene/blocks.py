"""Blocks: what of a picture stays together where it is laid out anew for another width, in the order of reading.

A picture is cut along straight lines that cross none of its boards, across and down in turn (the recursive XY cut of
Nagy and Seth, "Hierarchical representation of optically scanned documents", 1984); what cannot be cut is a block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from convviz.scene.layout import TITLE
from convviz.scene.legends import around, box_of, label_box
from convviz.scene.marks import Box, Point
from convviz.scene.scene import Scene
from convviz.scene.singly import family, singly
from convviz.scene.view import Narrow

ACROSS, DOWN, BARE = 0.6, 0.72, 1.6
"""The least gap between columns, between rows, and between the boards of rows whatever is written there, along which a
picture is cut, in cells of usual letters."""

WIDEST = 1.6
"""How much larger than usual letters may be drawn to widen these gaps."""

SAME = 1.0
"""How far apart, in the same cells, boards of one name may stand and belong together."""

LEVEL = 1.2
"""How far beside boards that edges join another one may stand and belong to them, in cells."""

BEHIND = 2.0
"""How far behind a row of a board a text that is about it may begin, in cells."""

CAPTION = 0.28
"""How close under a board, in the same cells, a text that is about it stands."""


@dataclass(frozen=True)
class Block:
    """Marks that stay together. grids, labels, curves: their numbers in the scene; sign: the number of the label that
    stands before the block, -1 for none; begins: whether it begins a part of the picture that stands by itself; folds:
    of a table that may be folded, the ways to do so: the grids of each of the lines that a row then takes."""

    grids: tuple[int, ...]
    labels: tuple[int, ...]
    curves: tuple[int, ...]
    sign: int = -1
    begins: bool = False
    folds: tuple[tuple[tuple[int, ...], ...], ...] = ()


@dataclass(frozen=True)
class _Piece:
    """What is not cut: marks, as ("grid" | "label" | "curve", number) each, and the box around them; of a text alone
    also where it is tied to: its left end, its middle or its right end."""

    marks: tuple[tuple[str, int], ...]
    box: Box
    tied: float = 0.0

    @cached_property
    def words(self) -> bool:
        """Whether it is a text alone."""
        return all(kind == "label" for kind, _ in self.marks)


def blocks(scene: Scene, narrow: Narrow = Narrow()) -> tuple[Block, ...]:  # noqa: B008
    """The blocks of a picture, of a view that lies so on a narrow page.

    holds: signs that keep what stands on both sides of them together; aligned: boards of one name that have the same
    columns stay over one another; columns: each column is read to its end before the next; singly: boards of one name
    are a block each, wherever they stand.

    >>> import convviz as cv
    >>> [len(block.grids) for block in blocks(cv.scene(cv.Conv(5, 3)))]
    [1, 1, 1, 1, 1]
    """
    if narrow.singly:
        return tuple(Block(grids, labels, ()) for grids, labels in singly(scene, narrow.leaves))
    zoom = min(WIDEST, max((label.size / TITLE for label in scene.labels if label.role == "title"), default=1.0))
    signs = [n for n, label in enumerate(scene.labels) if label.role == "sign"]
    places = [scene.labels[n].at for n in signs]
    pieces = _held(_pieces(scene, signs, zoom, narrow.aligned), scene, signs, narrow.holds)
    begins: list[_Piece] = []
    parts = _cut(pieces, zoom, narrow.columns, places, begins)
    before, inside = _signs(scene, signs, [_bare(part) for part in parts])
    found = []
    for n, part in enumerate(parts):
        marks = [mark for piece in part for mark in piece.marks] + [("label", sign) for sign in inside.get(n, ())]
        kinds = [tuple(sorted(at for kind, at in marks if kind == one)) for one in ("grid", "label", "curve")]
        found.append(Block(kinds[0], kinds[1], kinds[2], before.get(n, -1), any(piece in begins for piece in part)))
    return tuple(found)


def _joined(pieces: Sequence[_Piece]) -> _Piece:
    marks = tuple(mark for piece in pieces for mark in piece.marks)
    return _Piece(marks, around(piece.box for piece in pieces))


def _pieces(scene: Scene, signs: Sequence[int], zoom: float, aligned: bool) -> list[_Piece]:
    """The boards of one name that stand close together, or that edges join; every other label; every curve."""
    beside = _beside(scene, signs)
    boards = [
        _Piece((("grid", n), *(("label", label) for label, at in beside.items() if at == n)), grid.ample)
        for n, grid in enumerate(scene.grids)
    ]
    group = list(range(len(boards)))
    for one, other in (*_neighbours(scene, zoom, aligned), *_edged(scene)):
        old, new = group[other], group[one]
        group = [new if number == old else number for number in group]
    pieces = [_joined([boards[n] for n in range(len(boards)) if group[n] == one]) for one in dict.fromkeys(group)]
    pieces += [_Piece((("curve", n),), box_of(curve.points)) for n, curve in enumerate(scene.curves)]
    labels = (n for n in range(len(scene.labels)) if n not in signs and n not in beside)
    return pieces + [_Piece((("label", n),), label_box(scene.labels[n]), scene.labels[n].at[0]) for n in labels]


def _beside(scene: Scene, signs: Sequence[int]) -> dict[int, int]:
    """Of each text that stands behind a row of a board, and before no other board, the number of the board."""
    boxes, found = [grid.ample for grid in scene.grids], {}
    for n, label in enumerate(scene.labels):
        if label.align != "start" or n in signs:
            continue
        x, right = label.at[0], label_box(label)[2]
        level = [m for m, box in enumerate(boxes) if box[1] < label.at[1] < box[3]]
        left = max((m for m in level if 0 <= x - boxes[m][2] <= BEHIND), key=lambda m: boxes[m][2], default=None)
        if left is not None and not any(-SAME < boxes[m][0] - right < SAME for m in level):
            found[n] = left
    return found


def _neighbours(scene: Scene, zoom: float, aligned: bool) -> Iterator[tuple[int, int]]:
    """Two boards each of one name, close together or, where it is asked for, with the same columns."""
    families: dict[str, list[tuple[int, Box]]] = {}
    for n, grid in enumerate(scene.grids):
        families.setdefault(family(grid), []).append((n, grid.ample))
    for boards in families.values():
        for (m, one), (n, other) in combinations(boards, 2):
            over = aligned and (one[0], one[2]) == (other[0], other[2])
            if over or _near(one, other, SAME * zoom):
                yield m, n


def _edged(scene: Scene) -> Iterator[tuple[int, int]]:
    """Two boards each that edges join, or of which one stands right beside those that are joined."""
    firsts = np.array([grid.first for grid in scene.grids])
    for edges in scene.edges:
        ends = np.searchsorted(firsts, np.unique(np.concatenate([edges.sources, edges.targets])), side="right") - 1
        joined = np.unique(ends).tolist()
        whole = around(scene.grids[n].ample for n in joined)
        level = [n for n, grid in enumerate(scene.grids) if _near(whole, grid.ample, LEVEL)]
        for n in (*joined, *level):
            yield joined[0], n


def _near(one: Box, other: Box, gap: float) -> bool:
    """Whether two boxes stand side by side, or one under the other, and no further apart than a gap."""
    x = max(one[0], other[0]) - min(one[2], other[2])
    y = max(one[1], other[1]) - min(one[3], other[3])
    return (x <= 0 and y <= gap) or (y <= 0 and x <= gap)


def _held(pieces: list[_Piece], scene: Scene, signs: Sequence[int], holds: str) -> list[_Piece]:
    """The pieces, those on both sides of a sign that holds them made one."""
    boxes = [grid.ample for grid in scene.grids]
    for sign in signs:
        (x, y), text = scene.labels[sign].at, scene.labels[sign].text
        if not set(text) & set(holds):
            continue
        level = [n for n, box in enumerate(boxes) if box[1] <= y <= box[3]]
        left = max((n for n in level if boxes[n][2] <= x), key=lambda n: boxes[n][2], default=None)
        right = min((n for n in level if boxes[n][0] >= x), key=lambda n: boxes[n][0], default=None)
        both = [piece for piece in pieces if {("grid", left), ("grid", right)} & set(piece.marks)]
        if len(both) == 2:
            pieces = [*(piece for piece in pieces if piece not in both), _joined(both)]
    return pieces


def _cut(
    pieces: list[_Piece], zoom: float, columns: bool, signs: Sequence[Point], begins: list[_Piece]
) -> list[list[_Piece]]:
    """The blocks of some pieces, in the order in which they are read: rows where they can be told, else columns; or
    columns first. begins: gets a piece of each block that begins a part by itself."""
    rows = _rows(pieces, zoom, signs)
    across = [_parted(pieces, 0, ACROSS * zoom), _parted_bare(pieces, 0, LEVEL * zoom, 0.0, signs)]
    for parts in (*across, *rows) if columns else (*rows, *across):
        if len(parts) < 2:
            continue
        lines = [] if columns or parts in rows else _lines(parts, zoom, signs)
        cut = [_cut(part, zoom, columns, signs, begins) for part in (parts[:1] + lines if lines else parts)]
        if (columns or parts in rows) and any(len(blocks) > 1 for blocks in cut):
            begins += [blocks[0][0] for blocks in cut]
        begins += [blocks[0][0] for blocks in cut[1:] if lines]
        return [block for blocks in cut for block in blocks]
    return [pieces]


def _rows(pieces: list[_Piece], zoom: float, signs: Sequence[Point]) -> list[list[list[_Piece]]]:
    """The two ways to tell rows: by gaps where nothing stands, or by those between boards."""
    return [_parted(pieces, 1, DOWN * zoom), _parted_bare(pieces, 1, BARE * zoom, CAPTION * zoom, signs)]


def _lines(columns: list[list[_Piece]], zoom: float, signs: Sequence[Point]) -> list[list[_Piece]]:
    """The rows of boards that all begin at the first column, which is as high as they are together; none if there are
    no such."""
    rest = [piece for column in columns[1:] for piece in column]
    found = (rows for rows in _rows(rest, zoom, signs) if len(rows) > 1)
    return next((rows for rows in found if all(len(_parted(row, 0, ACROSS * zoom)) > 1 for row in rows)), [])


def _groups(pieces: Iterable[_Piece], axis: int, gap: float) -> list[list[_Piece]]:
    """Pieces in groups along an axis (0 across, 1 down) that are at least a gap apart."""
    groups: list[list[_Piece]] = []
    end = float("-inf")
    for piece in sorted(pieces, key=lambda piece: piece.box[axis]):
        if not groups or piece.box[axis] - end >= gap:
            groups.append([])
        groups[-1].append(piece)
        end = max(end, piece.box[axis + 2])
    return groups


def _parted(pieces: list[_Piece], axis: int, gap: float) -> list[list[_Piece]]:
    """Pieces in groups; a group of texts alone goes to the one after it or, at the end, before it."""
    whole: list[list[_Piece]] = []
    words: list[_Piece] = []
    for group in _groups(pieces, axis, gap):
        if all(piece.words for piece in group):
            words += group
        else:
            whole.append([*words, *group])
            words = []
    if not whole:
        return [pieces]
    whole[-1] += words
    return whole


def _parted_bare(
    pieces: list[_Piece], axis: int, gap: float, caption: float, signs: Sequence[Point]
) -> list[list[_Piece]]:
    """Groups of pieces whose boards are far apart, whatever is written there. What is written between two rows is about
    the lower one, but for what stands right under a board of the upper one; columns have a sign between them."""
    groups = _groups((piece for piece in pieces if not piece.words), axis, gap)
    ends = [max(piece.box[axis + 2] for piece in group) for group in groups]
    starts = [group[0].box[axis] for group in groups]
    if axis == 0 and not all(
        any(end < x < start for x, _ in signs) for end, start in zip(ends, starts[1:], strict=False)
    ):
        return [pieces]
    if len(groups) < 2:
        return [pieces]
    for piece in pieces:
        if piece.words:
            place = piece.box[1] - caption if axis else piece.tied
            at = sum(place > end for end in ends)
            groups[min(at, len(groups) - 1)].append(piece)
    return groups


def _signs(scene: Scene, signs: Sequence[int], boxes: Sequence[Box]) -> tuple[dict[int, int], dict[int, list[int]]]:
    """Of each sign, the block that it stands before, or within."""
    before: dict[int, int] = {}
    inside: dict[int, list[int]] = {}
    for sign in signs:
        x, y = scene.labels[sign].at
        within = [n for n, box in enumerate(boxes) if box[0] <= x <= box[2] and box[1] <= y <= box[3]]
        behind = [n for n, box in enumerate(boxes) if box[0] >= x or (box[1] >= y and box[0] <= x <= box[2])]
        nearest = min(behind, key=lambda n: _distance(boxes[n], x, y), default=len(boxes) - 1)
        while nearest and _over(boxes[nearest - 1], boxes[nearest]):
            nearest -= 1  # it stands before a column
        if within or not behind or nearest in before:
            inside.setdefault(within[0] if within else nearest, []).append(sign)
        else:
            before[nearest] = sign
    return before, inside


def _bare(part: list[_Piece]) -> Box:
    """The box around a block without its texts."""
    return around([piece.box for piece in part if not piece.words] or [piece.box for piece in part])


def _distance(box: Box, x: float, y: float) -> float:
    across, down = max(box[0] - x, 0.0, x - box[2]), max(box[1] - y, 0.0, y - box[3])
    return across**2 + down**2


def _over(one: Box, other: Box) -> bool:
    """Whether a box stands right over another in one column."""
    return abs(one[0] - other[0]) < BARE and one[3] <= other[1] and one[2] - one[0] < 2 * (other[2] - other[0])
