"""The table of a network as a file: for a spreadsheet, or for a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from convviz.counted import networked
from convviz.lessons import LESSONS
from convviz.page.pasting import misfit_of
from convviz.page.state import State
from convviz.table import as_csv, as_markdown, rows


class TableFile(NamedTuple):
    """A format of tables: what it is called, its type, and what writes the rows."""

    label: str
    media_type: str
    write: Callable[..., str]


TABLES = {
    ".csv": TableFile("CSV", "text/csv; charset=utf-8", as_csv),
    ".md": TableFile("Markdown", "text/markdown; charset=utf-8", as_markdown),
}
"""The formats of tables, by suffix."""


def tabled(state: State) -> bool:
    """Whether what is shown is a network that is told as a table."""
    return LESSONS[state.lesson].edits and misfit_of(state) is None


def table_text(state: State, suffix: str) -> str:
    """The table of a state's network, in the format of a suffix.

    >>> from convviz.page.state import opening
    >>> table_text(opening("receptive"), ".csv").count("\\n")
    16
    """
    return TABLES[suffix].write(rows(networked(state.layer)))
