"""Numbers of a network as a whole, told from its sizes alone, for any graph and any size."""

from __future__ import annotations

from convviz.counted import counted
from convviz.network import Network
from convviz.table import rows


def calculator_facts(network: Network) -> dict[str, object]:
    """Numbers of a network by short names, sizes along the first axis.

    i, o, layers, weights, macs: as of a sequence; flops: two for each multiply-add; field, shortest: inputs that an
    output of the last row spans by all ways, and by the one that sees least; jump: how far apart its neighbours stand;
    biggest: the weights of the row that has the most.

    >>> from convviz.layers import Conv
    >>> f = calculator_facts(Network([Conv(9, 3, stride=2), Conv(4, 3)]))
    >>> f["field"], f["jump"], f["flops"]
    (7, '2', 360)
    """
    found = counted(network)
    last = rows(network)[-1]
    macs = network.macs
    return {
        "i": network.input_size[0],
        "o": network.output_size[0],
        "layers": len(found),
        "weights": network.parameters,
        "macs": macs,
        "flops": 2 * macs,
        "field": last.field[0],
        "shortest": last.shortest[0],
        "jump": f"{float(last.jump[0]):g}",
        "biggest": max(row.parameters for row in found),
    }
