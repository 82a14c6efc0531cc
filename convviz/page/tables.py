"""A network as a file: its table, for a spreadsheet or for a text, and its code."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from convviz.counted import networked
from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.network import Network
from convviz.page.pasting import misfit_of, written
from convviz.page.state import State
from convviz.table import as_csv, as_markdown, rows


class TableFile(NamedTuple):
    """A format: what it is called, its type, and what writes a network in it."""

    label: str
    media_type: str
    write: Callable[[Network], str]


def _as_code(network: Network) -> str:
    """A module of Python that has the network as `model`, or as a class.

    >>> from convviz.layers import Conv
    >>> print(_as_code(Network([Conv(5, 3)])), end="")
    from torch import nn
    <BLANKLINE>
    model = nn.Conv2d(1, 1, 3, bias=False)  # input: (1, 5, 5)
    """
    code = written(network, "pytorch")
    return (f"from torch import nn\n\nmodel = {code}" if code.startswith("nn.") else code).rstrip() + "\n"


TABLES = {
    ".csv": TableFile("CSV", "text/csv; charset=utf-8", lambda network: as_csv(rows(network))),
    ".md": TableFile("Markdown", "text/markdown; charset=utf-8", lambda network: as_markdown(rows(network))),
    ".py": TableFile("PyTorch", "text/x-python; charset=utf-8", _as_code),
}
"""The formats of networks, by suffix."""


def tabled(state: State) -> bool:
    """Whether what is shown is a network that is told as a table."""
    return LESSONS[state.lesson].edits and misfit_of(state) is None


def offered_tables(state: State) -> dict[str, TableFile]:
    """The formats in which what is shown can be taken away; code only of what PyTorch has words for."""
    if not tabled(state):
        return {}
    found = dict(TABLES)
    try:
        TABLES[".py"].write(networked(state.layer))
    except LayerError:
        del found[".py"]
    return found


def table_text(state: State, suffix: str) -> str:
    """The table of a state's network, or its code, in the format of a suffix.

    >>> from convviz.page.state import opening
    >>> table_text(opening("receptive"), ".csv").count("\\n")
    16
    """
    return TABLES[suffix].write(networked(state.layer))
