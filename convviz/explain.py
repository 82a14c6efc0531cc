"""`convviz explain`: the table of a network that is given as code, as a file, or by its name."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from convviz.code import Read, read
from convviz.errors import LayerError
from convviz.known import KNOWN, known
from convviz.layers.arguments import choice
from convviz.layers.notation import spelled
from convviz.network import Network, stack_from_text, stack_of
from convviz.table import as_csv, as_json, as_markdown, cells, rows, totals
from convviz.text import LANGUAGES, say
from convviz.usage import Picture

FORMATS = ("text", "md", "csv", "json")
SHOWN = ("name", "layer", "output", "parameters", "macs", "field", "jump", "padding", "centre")
"""The columns of the plain text."""

COLUMNS = (1, 2, 5, 6, 7, 9, 11, 12, 13)
"""Where they stand among the cells of a row."""

RIGHT = ("parameters", "macs")
"""The columns of numbers that are added up."""

LARGEST_FILE = 1_000_000
"""The most bytes that are read of a file; text of more characters than code may have is then refused as such."""

_TEXT = re.compile(r"[a-z]+([0-9]d)?(-[A-Za-z][\w.]*)+(~.*)?", re.ASCII)


@click.command(cls=Picture, help=say("cli.explain"))
@click.argument("source")
@click.option("--input", "size", help=say("cli.explain_input"))
@click.option("--format", "kind", default="text", help=say("cli.explain_format", choices=", ".join(FORMATS)))
@click.option("--language", default="en", help=say("cli.language", choices=", ".join(LANGUAGES)))
def explain(source: str, size: str | None, kind: str, language: str) -> int:
    """Print the table; 2 where something is not understood, which is told with its place."""
    choice("format", kind, FORMATS)
    choice("language", language, LANGUAGES)
    shape = None if size is None else _size(size)
    text, network = _named(source, shape)
    found = Read(network, (), "pytorch") if network else read(text, shape)
    if found.network:
        click.echo(shown(found.network, kind, language), nl=False)
    for left in found.left_out if kind == "text" else ():
        click.echo(say("cli.explain_left", language, name=left.name, line=left.line))
    for problem in found.problems:
        click.echo(problem.text(language), err=True)
        click.echo(pointed(text, problem.line, problem.column), err=True)
    return 2 if found.problems else 0


def _named(source: str, shape: object) -> tuple[str, Network | None]:
    """The code that a source means, or the network: a known name, a layer's text, a file, the standard input."""
    name = source.strip()
    if name in KNOWN:
        return "", known(name, _sides(shape))
    if name == "-":
        return sys.stdin.read(LARGEST_FILE), None
    short = len(name) < 1000 and "\n" not in name
    if short and _TEXT.fullmatch(name):
        one = stack_from_text(name)
        return "", stack_of(one) or Network([one])
    if short and "(" not in name and "\0" not in name:
        path = Path(name)
        if path.is_file():
            with path.open(encoding="utf-8", errors="replace") as file:
                return file.read(LARGEST_FILE), None
        if path.suffix or "/" in name:
            raise LayerError("no_source", "source", None, value=name, nearest="model.py")
    return source, None


def _sides(shape: object) -> object:
    """The sides of a known network's input, whose channels are its own."""
    return shape[1:] if isinstance(shape, tuple) and len(shape) > 2 else shape


def _size(text: str) -> int | tuple[int, ...]:
    """The numbers of --input.

    >>> _size("3x224x224"), _size("32")
    ((3, 224, 224), 32)
    """
    parts = spelled(text).split("x")
    if not 1 <= len(parts) <= 4 or not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise LayerError("input_text", "input", {"input": "3x224x224"}, value=text, nearest="3x224x224")
    numbers = tuple(map(int, parts))
    return numbers[0] if len(numbers) == 1 else numbers


def shown(network: Network, kind: str = "text", language: str = "en") -> str:
    """The table of a network as text: "text", "md", "csv" or "json".

    >>> from convviz.layers import Conv
    >>> shown(Network([Conv(5, 3, 2, 1)])).splitlines()[1].split()[-6:]
    ['9', '81', '3x3', '2x2', '1x1', '0x0']
    """
    table = rows(network)
    if kind == "md":
        return as_markdown(table)
    if kind == "csv":
        return as_csv(table)
    if kind == "json":
        return f"{as_json(table)}\n"
    head = [say(f"explain.{name}", language) for name in SHOWN]
    lines = [head, *([_grouped(cells(row)[n], name) for n, name in zip(COLUMNS, SHOWN, strict=True)] for row in table)]
    whole = totals(table)
    told = say("explain.total", language, parameters=whole.parameters, macs=whole.macs, flops=whole.flops)
    start = say("explain.input", language, shape="x".join(map(str, network.x_shape)))
    return f"{_aligned(lines)}{start}\n{told}\n"


def _grouped(cell: str, column: str) -> str:
    return f"{int(cell):,}" if column in RIGHT else cell


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    """The cells in columns, numbers to the right; Chinese letters are two wide."""
    widths = [max(map(_wide, column)) for column in zip(*lines, strict=True)]
    text = ""
    for line in lines:
        padded = []
        for cell, width, name in zip(line, widths, SHOWN, strict=True):
            space = " " * (width - _wide(cell))
            padded.append(space + cell if name in RIGHT else cell + space)
        text += "  ".join(padded).rstrip() + "\n"
    return text


def _wide(text: str) -> int:
    return sum(1 + (ord(letter) > 0x2E7F) for letter in text)


def pointed(text: str, line: int, column: int) -> str:
    """The line of a text, and under it a caret at the column; of a long line the part around it.

    >>> print(pointed("nn.ReLU()\\nnn.Foo()", 2, 4))
      nn.Foo()
         ^
    """
    found = text.replace("\r", "").split("\n")
    row = found[min(line, len(found)) - 1].replace("\t", " ")
    start = max(column - 61, 0)
    before = row[start : column - 1]
    plain = "".join(letter if letter.isprintable() else "?" for letter in row[start : start + 100])
    return f"  {plain}\n  {' ' * _wide(before)}^"
