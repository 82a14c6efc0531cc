"""needed: what of a stack along one axis is needed for its last output alone, layer by layer; the rest is dead work.

A network that makes a sequence one value at a time wants nothing but the newest output.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convviz.errors import LayerError
from convviz.network import Network
from convviz.run import Run, run_of
from convviz.scene.marks import Ints
from convviz.scene.parts import target_outline
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.strips import Strips, refuse_other, zoom_of
from convviz.scene.timeline import Sentences, Track, padded
from convviz.scene.view import Narrow, Stacks, View
from convviz.scene.views.strip import strip
from convviz.text import say
from convviz.trace import Trace


def needed(shown: Trace | Run, language: str = "en") -> Scene:
    """Lay out a stack whose last output alone is wanted."""
    run = run_of(shown)
    strips = Strips(Network([node.layer for node in run.nodes]))
    whole = strip(run, language)
    wanted = [table[-1] > 0 for table in strips.paths]
    grids = list(whole.grids)
    for depth, used in enumerate(wanted):
        roles = np.where(used, grids[depth].roles, ROLES.index("unread"))
        grids[depth] = replace(grids[depth], roles=roles)
        if depth:  # of a layer, what is not needed has no value, also where values are colours
            texts, tones = grids[depth].texts, grids[depth].tones
            grids[depth] = replace(
                grids[depth],
                born=np.full(len(used), depth - 1),
                texts=tuple(text if one else "" for text, one in zip(texts, used, strict=True)),
                tones=None if tones is None else np.where(used, tones, 0),
            )
    count = len(strips.layers)
    cells = [grid.first + np.flatnonzero(used) for grid, used in zip(grids, wanted, strict=False)]
    cone = padded([np.concatenate(cells[: n + 2]) for n in range(count)])
    tracks = (
        Track("window", padded([cells[n] for n in range(count)]), "window", "source"),
        Track("current", padded([cells[n + 1] for n in range(count)]), "current", "target"),
        Track("first", np.array([[cells[n + 1][0] if n == count - 1 else -1] for n in range(count)])),
        Track("cone", cone),
    )
    return replace(
        whole,
        view="needed",
        steps=count,
        row_length=count,
        grids=tuple(grids),
        tracks=tracks,
        shapes=(target_outline("first"),),
        sentences=_sentences(wanted, language),
        equations=(),
    )


def _sentences(wanted: list[Ints], language: str) -> Sentences:
    """How many cells of each layer are needed."""
    counts = [int(used.sum()) for used in wanted[1:]]
    sizes = [len(used) for used in wanted[1:]]
    columns: dict[str, list[object]] = {
        "n": list(range(1, len(counts) + 1)),
        "count": list(counts),
        "size": list(sizes),
        "missed": [size - count for size, count in zip(sizes, counts, strict=True)],
        "dead": np.cumsum([size - count for size, count in zip(sizes, counts, strict=True)]).tolist(),
    }
    return Sentences((say("sentence.needed", language),), np.zeros(len(counts), dtype=np.int64), columns)


def _refuse(network: Network) -> None:
    """Refuse what has no strip, and one that is drawn at a zoom."""
    refuse_other(network)
    if zoom_of(network) > 1:
        raise LayerError("view_zoom", "view", {"view": "strip"}, value="needed", nearest="strip")


VIEW = View(
    "needed",
    needed,
    aspect=0.45,
    narrow=Narrow(tall=1.4),
    stacks=Stacks(needed, _refuse, values=True, alone=True),
    compares=False,
)
