"""A network as a table: a row a layer, with its shapes, its costs and what it sees; as CSV, Markdown and JSON.

Everything is told from sizes alone. FLOPs are twice the multiply-accumulates: a multiplication and an addition each.
Sizes along the axes stand side by side, such as 7x7; numbers of rows begin at 1, and 0 is the input.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from io import StringIO

from convviz.graph import INPUT, Shape
from convviz.layers.word import pytorch_word
from convviz.network import Network
from convviz.reach import Number

OPERATIONS = 2
"""How many floating-point operations (FLOPs) a multiply-accumulate has: a multiplication and an addition."""


@dataclass(frozen=True)
class TableRow:
    """One node of a network.

    number: its place, from 1; name: its name; kind: the layer's, such as "conv"; word: the layer as PyTorch writes it;
    reads: the numbers of the rows that it reads, 0 for the input; shapes_in: their shapes, (channels, *size) or
    (features,); shape_out: its own. parameters: weights that are learned; macs: multiply-accumulates.

    For each axis of the network's input, in its cells: field, the receptive field around all ways to the input;
    shortest, that of the way that sees least, which is smaller than field only behind branches such as a residual
    block's; jump, from one output to the next; padding, the effective padding; centre, where the middle of the first
    output's field lies, the first input being at 0.
    """

    number: int
    name: str
    kind: str
    word: str
    reads: tuple[int, ...]
    shapes_in: tuple[Shape, ...]
    shape_out: Shape
    parameters: int
    macs: int
    field: tuple[int, ...]
    shortest: tuple[int, ...]
    jump: tuple[Number, ...]
    padding: tuple[Number, ...]
    centre: tuple[Number, ...]

    @property
    def flops(self) -> int:
        """Floating-point operations: twice the multiply-accumulates."""
        return OPERATIONS * self.macs

    @property
    def branches(self) -> bool:
        """Whether there are ways to the input that see less than the others."""
        return self.shortest != self.field


@dataclass(frozen=True)
class Totals:
    """What all rows have together. layers: how many rows; parameters, macs, flops: their sums."""

    layers: int
    parameters: int
    macs: int
    flops: int


@lru_cache(maxsize=32)
def rows(network: Network) -> tuple[TableRow, ...]:
    """The rows of a network, in the order in which it runs. Made once for equal networks.

    >>> from convviz.layers import Conv
    >>> first, second = rows(Network([Conv(8, 3, padding=1), Conv(8, 3, stride=2)]))
    >>> second.word, second.shapes_in, second.shape_out, second.field
    ('Conv2d(1, 1, 3, stride=2, bias=False)', ((1, 8, 8),), (1, 3, 3), (5, 5))
    """
    numbers = {INPUT: 0} | {node.name: number for number, node in enumerate(network.nodes, start=1)}
    shapes = {INPUT: network.x_shape} | {node.name: node.shape for node in network.nodes}
    found = []
    for node, row, least in zip(network.nodes, network.summary(), network.shortest(), strict=True):
        given = tuple(shapes[name] for name in node.inputs)
        found.append(
            TableRow(
                number=numbers[node.name],
                name=node.name,
                kind=node.layer.kind,
                word=pytorch_word(node.layer, given[0]),
                reads=tuple(numbers[name] for name in node.inputs),
                shapes_in=given,
                shape_out=node.shape,
                parameters=row.parameters,
                macs=row.macs,
                field=row.receptive_field,
                shortest=least,
                jump=row.jump,
                padding=row.padding,
                centre=row.centre,
            )
        )
    return tuple(found)


def totals(table: Sequence[TableRow]) -> Totals:
    """What the rows have together.

    >>> from convviz.layers import Conv
    >>> totals(rows(Network([Conv(5, 3), Conv(3, 3)])))
    Totals(layers=2, parameters=18, macs=90, flops=180)
    """
    macs = sum(row.macs for row in table)
    return Totals(len(table), sum(row.parameters for row in table), macs, OPERATIONS * macs)


HEADINGS = (
    *("number", "name", "layer", "reads", "input", "output", "parameters", "macs", "flops"),
    *("field", "shortest_field", "jump", "padding", "centre"),
)
"""The columns of a file, in their order."""


def cells(row: TableRow) -> tuple[str, ...]:
    """The texts of a row, one a column of HEADINGS.

    >>> from convviz.layers import Conv
    >>> cells(rows(Network([Conv(5, 3)]))[0])[4:8]
    ('1x5x5', '1x3x3', '9', '81')
    """
    return (
        *(str(row.number), row.name, row.word, "+".join(map(str, row.reads))),
        *("+".join(map(_by, row.shapes_in)), _by(row.shape_out)),
        *(str(row.parameters), str(row.macs), str(row.flops)),
        *map(_by, (row.field, row.shortest, row.jump, row.padding, row.centre)),
    )


def as_csv(table: Sequence[TableRow], headings: Sequence[str] = HEADINGS) -> str:
    r"""The rows as a CSV file, without the totals, which a spreadsheet adds up by itself.

    headings: the names of its columns, as many as HEADINGS has.

    >>> from convviz.layers import Conv
    >>> as_csv(rows(Network([Conv(5, 3)]))).splitlines()[1]
    '1,conv1,"Conv2d(1, 1, 3, bias=False)",0,1x5x5,1x3x3,9,81,162,3x3,3x3,1x1,0x0,1x1'
    """
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(map(cells, table))
    return file.getvalue()


def as_markdown(table: Sequence[TableRow], headings: Sequence[str] = HEADINGS, total: str = "total") -> str:
    """The rows as a Markdown table; the last row has the totals. headings: as in `as_csv`; total: its first word.

    >>> from convviz.layers import Conv
    >>> print(as_markdown(rows(Network([Conv(5, 3)]))).splitlines()[-1])
    |  | total |  |  |  |  | 9 | 81 | 162 |  |  |  |  |  |
    """
    whole = totals(table)
    sums = (*("", total, "", "", "", ""), *map(str, (whole.parameters, whole.macs, whole.flops)), *[""] * 5)
    right = ["---:" if name in ("number", "parameters", "macs", "flops") else "---" for name in HEADINGS]
    lines = [headings, right, *map(cells, table), sums]
    return "".join(f"| {' | '.join(map(_escaped, line))} |\n" for line in lines)


def as_json(table: Sequence[TableRow]) -> str:
    """The rows and their totals as JSON: {"rows": [...], "totals": {...}}, sizes as lists, fractions as decimals.

    >>> from convviz.layers import Conv
    >>> json.loads(as_json(rows(Network([Conv(5, 3)]))))["rows"][0]["output"]
    [1, 3, 3]
    """
    whole = totals(table)
    said = {
        "rows": [
            {
                "number": row.number,
                "name": row.name,
                "layer": row.word,
                "reads": list(row.reads),
                "input": [list(shape) for shape in row.shapes_in],
                "output": list(row.shape_out),
                "parameters": row.parameters,
                "macs": row.macs,
                "flops": row.flops,
                "field": list(row.field),
                "shortest_field": list(row.shortest),
                "jump": _plain(row.jump),
                "padding": _plain(row.padding),
                "centre": _plain(row.centre),
            }
            for row in table
        ],
        "totals": {"layers": whole.layers, "parameters": whole.parameters, "macs": whole.macs, "flops": whole.flops},
    }
    return json.dumps(said, indent=2)


def _by(sizes: Iterable[Number]) -> str:
    return "x".join(map(str, sizes))


def _plain(numbers: Iterable[Number]) -> list[int | float]:
    return [float(number) if isinstance(number, Fraction) else number for number in numbers]


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
