"""field: what one output sees, of the picture and of every map between, as boxes over boards of one scale.

The time axis is the layer: at each step the output of one more layer looks at the same place. It opens at the chosen
layer or, without one, at the last before what sees all of the picture. The input shows its effective receptive field:
by how many paths each of its cells reaches the output. A click on a cell of any map asks about that one.
"""

from __future__ import annotations

import numpy as np

from convviz.counted import Counted, along, counted, networked
from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.network import Network
from convviz.scene.layout import Layout, times
from convviz.scene.maps import Sight, first_asked, maps_of, sights
from convviz.scene.naming import named
from convviz.scene.overlaid import Overlaid
from convviz.scene.scene import Scene
from convviz.scene.timeline import Sentences, Track, padded
from convviz.scene.view import Narrow, Stacks, View
from convviz.scene.views import table
from convviz.text import say


def field_(shown: Layer | Network, language: str = "en", at: tuple[int, ...] = ()) -> Scene:
    """Lay out what an output of every row sees; at: (the row that is asked about, from 1, *the place of its output)."""
    network = networked(shown)
    asked = at or (first_asked(network),)
    found = Overlaid(Layout(language), network, maps_of(network), sights(network, asked), asked[0])
    found.draw()
    rows, layout, links = counted(network), found.layout, found.links()
    tracks, shapes = found.boxes()
    return Scene(
        network.kind,
        "field",
        len(rows),
        len(rows),
        tuple(layout.grids),
        (
            Track("window", padded(found.squares(False)), "window", "" if links else "source"),
            Track("current", padded(found.squares(True)), "current", "" if links else "target"),
            *tracks,
        ),
        shapes,
        tuple(layout.labels),
        tuple(found.told),
        sentences=_sentences(rows, found.sights, times(network.x_shape), language),
        toned=True,
        links=links,
        picks=found.picks(),
    )


def _sentences(rows: tuple[Counted, ...], seen: list[Sight], whole: str, language: str) -> Sentences:
    """What the output of each row sees, in words; whole: what it sees of an input without places."""
    columns: dict[str, list[object]] = {
        "n": [row.number for row in rows],
        "layer": [named(row, language) for row in rows],
        "row": [sight.place[0] + 1 if sight.place else 1 for sight in seen],
        "column": [sight.place[1] + 1 if sight.place else 1 for sight in seen],
        "seen": [times(tuple(last - first + 1 for first, last in sight.spans[0])) or whole for sight in seen],
        "field": [along(row.told.field) for row in rows],
    }
    sizes = [tuple(last - first + 1 for first, last in sight.spans[0]) for sight in seen]
    less = [bool(size) and size != row.told.field for size, row in zip(sizes, rows, strict=True)]
    chosen = np.array([2 * (not sight.place) + one for sight, one in zip(seen, less, strict=True)])
    names = ("field", "field_less", "field_whole", "field_whole_less")
    return Sentences(tuple(say(f"sentence.{name}", language) for name in names), chosen, columns)


WIDEST = 2048
"""The most cells along an axis of a map."""


def refuse(network: Network) -> None:
    """Refuse a network of too many rows, and one whose maps are no planes, or too large ones."""
    table.refuse(network)
    widest = max(max(shape[1:], default=1) for shape in (network.x_shape, *(node.shape for node in network.nodes)))
    if widest > WIDEST:
        raise LayerError("field_wide", "view", {"view": "table"}, value=widest, most=WIDEST, nearest="table")
    if any(len(shape) not in (1, 3) for shape in (network.x_shape, *(node.shape for node in network.nodes))):
        raise LayerError("view_planes", "view", {"view": "table"}, value="field", nearest="table")


VIEW = View(
    "field",
    field_,
    aspect=0.4,
    narrow=Narrow(tall=1.9, singly=True, leaves=("each",)),
    stacks=Stacks(field_, refuse, alone=True),
    compares=False,
    values=False,
    asks="output",
)
