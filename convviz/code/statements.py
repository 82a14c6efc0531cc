"""Logical lines as statements in their blocks, each parsed alone, so that one that cannot be read spoils no other."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field

from convviz.code.lines import Line, lines
from convviz.code.problem import Place, Problem
from convviz.errors import LayerError

_HEADER = re.compile(r"(class|def|if|elif|else|for|while|with|try|except|finally|async|match|case)\b")
_ONLY_ENDS = re.compile(r"[)\]},;\s]*|\.\.\.|>>>|\$")
"""What is left of a bracket whose beginning was not pasted, and what stands for something left out."""


@dataclass
class Statement:
    """A statement, whose places are those in the whole text, and the block under it; after: the word that makes it
    depend on the statement before, such as `else`."""

    node: ast.stmt
    after: str = ""
    body: list[Statement] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return Place(self.node.lineno, self.node.col_offset + 1)


@dataclass
class Program:
    """The statements of a text, and what of it could not be read."""

    statements: list[Statement]
    problems: list[Problem]


def program(text: str) -> Program:
    """The statements of a text; raises `lines.Refused` for what is too much to read.

    >>> [type(statement.node).__name__ for statement in program("import torch\\nx = 1\\n").statements]
    ['Import', 'Assign']
    """
    found, problems = lines(text)
    top: list[Statement] = []
    blocks: list[tuple[int, list[Statement]]] = [(-1, top)]
    for line in found:
        if _ONLY_ENDS.fullmatch(line.text) or line.text.startswith("@"):
            continue
        while len(blocks) > 1 and line.indent <= blocks[-1][0]:
            blocks.pop()
        statements, problem = _parsed(line)
        if problem:
            problems.append(problem)
            continue
        block = blocks[-1][1]
        block += statements
        if line.text.endswith(":") and statements:
            blocks.append((line.indent, statements[-1].body))
    return Program(top, problems)


def _parsed(line: Line) -> tuple[list[Statement], Problem | None]:
    """The statements of a line, or what is wrong with it."""
    place = Place(line.line, line.indent + 1)
    text, shift = line.text, line.indent
    if line.odd:
        return [], Problem(
            *line.odd[0], LayerError("code_token", "code", None, value=line.odd[1], nearest=_known(text))
        )
    after = re.match(r"(elif|else|except|finally|case)\b", text)
    if after:
        text, shift = _standing(text, shift)
    if text.endswith(":") and _HEADER.match(text):
        text += " pass"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = ast.parse(text)
    except SyntaxError as error:
        return [], Problem(*_fault(line, error), _unreadable(line))
    except (ValueError, RecursionError, MemoryError):
        return [], Problem(*place, _unreadable(line))
    for node in ast.walk(parsed):
        if isinstance(node, ast.expr | ast.stmt | ast.keyword | ast.arg):
            first = node.lineno == 1
            row = text.split("\n")[node.lineno - 1] if not text.isascii() else ""
            node.col_offset = len(row.encode()[: node.col_offset].decode("utf-8", "ignore")) if row else node.col_offset
            node.col_offset += shift if first else 0
            node.lineno += line.line - 1
    statements = [_standing_alone(node) for node in parsed.body]
    if after and statements:
        statements[0].after = after[0]
    return statements, None


def _standing_alone(node: ast.stmt) -> Statement:
    """A statement; what stands on the line of its header is its block."""
    body = getattr(node, "body", [])
    return Statement(node, body=[Statement(one) for one in body if not isinstance(one, ast.Pass)])


def _standing(text: str, shift: int) -> tuple[str, int]:
    """A line that continues a statement as one that stands alone: `elif` as `if`, all others as a test of nothing."""
    if text.startswith("elif"):
        return text[2:], shift + 2
    return "if None:" + (text[text.index(":") + 1 :] if ":" in text else ""), shift


def _fault(line: Line, error: SyntaxError) -> Place:
    """Where the parser stopped, within the line."""
    rows = line.text.count("\n") + 1
    row = min(max(error.lineno or 1, 1), rows)
    column = max(error.offset or 1, 1)
    return Place(line.line + row - 1, column + line.indent if row == 1 else column)


def _unreadable(line: Line) -> LayerError:
    return LayerError("code_syntax", "code", None, value=_excerpt(line.text), nearest=_known(line.text))


def _excerpt(text: str) -> str:
    return " ".join(text.split())[:60]


def _known(text: str) -> str:
    """A line that can be read, alike in framework."""
    return "layers.Conv2D(64, 3)" if re.search(r"Conv\dD|layers\.|Dense", text[:200]) else "nn.Conv2d(3, 64, 3)"
