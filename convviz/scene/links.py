"""What depends on what in a picture: a relation from cells to cells, and the cone of a cell over any number of boards.

A `Link` says which cells a cell is made of. Where a scene has none, the sources and targets of each step are the
relation: what a step writes is made of what it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from convviz.scene.marks import Ints


@dataclass(frozen=True, eq=False)
class Link:
    """Cells and what each is made of: targets (n,) cell numbers, sources (n, k) cell numbers, -1 for none."""

    targets: Ints
    sources: Ints


class Ended(Protocol):
    """A track of a scene: the marks of its steps, and which end of a link they are."""

    @property
    def marks(self) -> Ints: ...
    @property
    def end(self) -> str: ...
    @property
    def part(self) -> int: ...


Neighbours = Mapping[int, Sequence[int]]


@dataclass(frozen=True, eq=False)
class Relation:
    """made_of: for each cell, the cells it is made of; feeds: for each cell, the cells it is read for."""

    made_of: Neighbours
    feeds: Neighbours

    def cone(self, mark: int) -> dict[int, int]:
        """{cell: depth} of all that a cell is made of; of a cell that is made of nothing, all that it feeds.

        depth: through how many links, at the least; the cell itself is not among them.

        >>> relation = related([Link(np.array([4]), np.array([[2, 3]])), Link(np.array([2]), np.array([[0, 1]]))])
        >>> relation.cone(4), relation.cone(0)
        ({2: 1, 3: 1, 0: 2, 1: 2}, {2: 1, 4: 2})
        """
        towards = self.made_of if self.made_of.get(mark) else self.feeds
        found: dict[int, int] = {mark: 0}
        edge, depth = [mark], 0
        while edge:
            depth += 1
            edge = [m for m in dict.fromkeys(m for cell in edge for m in towards.get(cell, ())) if m not in found]
            found |= dict.fromkeys(edge, depth)
        del found[mark]
        return found


def related(links: Iterable[Link]) -> Relation:
    """The relation of some links."""
    made_of: dict[int, dict[int, None]] = {}
    feeds: dict[int, dict[int, None]] = {}
    for link in links:
        for target, sources in zip(link.targets.tolist(), link.sources.tolist(), strict=True):
            for source in sources:
                if target >= 0 and source >= 0:
                    made_of.setdefault(target, {})[source] = None
                    feeds.setdefault(source, {})[target] = None
    return Relation(_listed(made_of), _listed(feeds))


def _listed(found: dict[int, dict[int, None]]) -> dict[int, list[int]]:
    return {mark: sorted(others) for mark, others in found.items()}


def of_steps(tracks: Sequence[Ended]) -> list[Link]:
    """The links of a scene's steps: each target of a step is made of all its sources in the same part."""
    links = []
    for part in sorted({track.part for track in tracks}):
        sources = [track.marks for track in tracks if track.end == "source" and track.part == part]
        if sources:
            read = np.concatenate(sources, axis=1)
            targets = [track.marks for track in tracks if track.end == "target" and track.part == part]
            links += [Link(column, read) for marks in targets for column in marks.T]
    return links
