"""Networks: graphs of layers, those that are known by a name or by a few arguments, and their texts in links."""

from convviz.network.network import Network, stack_of, stacked
from convviz.network.spelled import Gated, GatedConv, Reading, Spelled, block_of, spelled, spelled_of
from convviz.network.text import BETWEEN, LAYERS, PARTS, refuse_unreadable, stack_from_text, stack_to_text

__all__ = [
    "BETWEEN",
    "LAYERS",
    "PARTS",
    "Gated",
    "GatedConv",
    "Network",
    "Reading",
    "Spelled",
    "block_of",
    "refuse_unreadable",
    "spelled",
    "spelled_of",
    "stack_from_text",
    "stack_of",
    "stack_to_text",
    "stacked",
]
