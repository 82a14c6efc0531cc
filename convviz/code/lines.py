"""The logical lines of pasted code, bounded and checked before anything parses them.

A bracket joins lines. What is nested too deep for a parser, or is no token that is understood, is found here, so that
`ast.parse` gets only short, shallow lines of plain tokens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from convviz.code.problem import Place, Problem
from convviz.errors import LayerError

LONGEST, TOKENS, DEEPEST, NESTED = 100_000, 20_000, 50, 150
"""The most characters of a text, tokens of it, brackets in one another, and operators and brackets over one value."""

RESUMED = 20
"""How often reading goes on after a bracket that is never closed."""

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)|(?P<newline>\n)|(?P<space>(?:[ \t\f\r]|\\\r?\n)+)
    |(?P<text>[A-Za-z]{0,2}(?:'{3}(?:[^\\]|\\.)*?'{3}|\"{3}(?:[^\\]|\\.)*?\"{3}
      |'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))
    |(?P<number>0[xXoObB][0-9a-fA-F_]+|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)
    |(?P<name>[^\W\d]\w*)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<sign>[-+*/%=<>!&|^~@:;,.])|(?P<odd>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_FLAT = {",", ";", ":", "="}
"""Signs after which a new value begins that does not nest in the one before."""
_KEPT = {"lambda", "not", "if", "else", "and", "or", "in", "is", "await", "yield", "for"}


class Line(NamedTuple):
    """A logical line. text: as a parser gets it, without its indentation; line: its first line, from 1; indent: how
    many characters stand before it; odd: the place and the text of what is no token here, if anything."""

    text: str
    line: int
    indent: int
    odd: tuple[Place, str] | None = None


class Refused(Exception):
    """A text that is refused as a whole; problem: where and why."""

    def __init__(self, place: Place, error: LayerError) -> None:
        super().__init__(str(error))
        self.problem = Problem(*place, error)


@dataclass
class _Reading:
    """What is known in the middle of a line. parts: its tokens; brackets: those that are open, each with its place and
    how much nests in it; resume: where the first of its lines ends."""

    line: int
    indent: int
    parts: list[str] = field(default_factory=list)
    brackets: list[tuple[str, Place]] = field(default_factory=list)
    weights: list[int] = field(default_factory=lambda: [0])
    nested: int = 0
    odd: tuple[Place, str] | None = None
    resume: tuple[int, int] | None = None

    @property
    def whole(self) -> Line:
        return Line("".join(self.parts).rstrip(), self.line, self.indent, self.odd)


def lines(text: str) -> tuple[list[Line], list[Problem]]:
    """The logical lines of a text, and what is wrong with its brackets; raises Refused for what is too much to read.

    >>> [(line.text, line.line, line.indent) for line in lines("a = (1,\\n  2)  # two\\n  b")[0]]
    [('a = (1,\\n  2)', 1, 0), ('b', 3, 2)]
    """
    if len(text) > LONGEST:
        raise Refused(Place(1, 1), LayerError("code_long", "code", None, value=len(text), most=LONGEST))
    plain = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "?")
    found: list[Line] = []
    problems: list[Problem] = []
    start, number = 0, 1
    for _ in range(RESUMED):
        left = _scan(plain, start, number, found)
        if left is None:
            break
        (sign, place), resume = left.brackets[0], left.resume
        problems.append(Problem(*place, LayerError("code_open", "code", None, value=sign, nearest=_CLOSING[sign])))
        if resume is None:
            break
        start, number = resume
    return found, problems


def _scan(text: str, start: int, number: int, found: list[Line]) -> _Reading | None:
    """Collect logical lines from `start`, in line `number`; give the last one where its bracket is never closed."""
    reading: _Reading | None = None
    begun = start  # where the present physical line begins
    for count, match in enumerate(_TOKEN.finditer(text, start)):
        kind, piece, at = match.lastgroup or "odd", match[0], match.start()
        if count > TOKENS:
            error = LayerError("code_tokens", "code", None, value=count, most=TOKENS)
            raise Refused(Place(number, at - begun + 1), error)
        if kind == "newline" and (reading is None or not reading.brackets):
            if reading:
                found.append(reading.whole)
            reading = None
        elif kind in ("space", "newline", "comment"):
            if reading and kind != "comment":
                reading.parts.append(piece)
            if reading and kind == "newline" and reading.resume is None:
                reading.resume = at + 1, number + 1
        else:
            reading = reading or _Reading(number, at - begun)
            _take(reading, kind, piece, Place(number, at - begun + 1))
        if "\n" in piece:
            number, begun = number + piece.count("\n"), at + piece.rindex("\n") + 1
    if reading and reading.brackets:
        return reading
    if reading:
        found.append(reading.whole)
    return None


def _take(reading: _Reading, kind: str, piece: str, place: Place) -> None:
    """Add a token to a line, and note what nests in what."""
    if kind == "sign":
        if piece in _FLAT:
            reading.nested -= reading.weights[-1]
            reading.weights[-1] = 0
        else:
            _nest(reading, place)
    elif kind == "open":
        _nest(reading, place)
        reading.brackets.append((piece, place))
        reading.weights.append(0)
        if len(reading.brackets) > DEEPEST:
            raise Refused(place, LayerError("code_deep", "code", None, value=len(reading.brackets), most=DEEPEST))
    elif kind == "close" and reading.brackets and _CLOSING[reading.brackets[-1][0]] == piece:
        reading.brackets.pop()
        reading.nested -= reading.weights.pop()
    elif piece in _KEPT:
        _nest(reading, place)
    elif reading.odd is None and _is_odd(reading, kind, piece):
        reading.odd = place, piece
    if kind == "text" and "\\" in piece:  # a backslash in a text may stand for anything
        piece = _ESCAPED.sub(lambda found: "_\n" if found[1] == "\n" else "__", piece)
    reading.parts.append(piece)


def _is_odd(reading: _Reading, kind: str, piece: str) -> bool:
    """Whether a token is none that is understood: a formatted text, a number that runs into a name, a stray bracket."""
    if kind == "text":
        return not set(piece[:2].lower()).isdisjoint("ft") and piece[0] not in "'\""
    if kind == "name":
        return bool(reading.parts) and reading.parts[-1][-1:].isdigit()
    return kind in ("odd", "close") or len(piece) > 30


def _nest(reading: _Reading, place: Place) -> None:
    reading.weights[-1] += 1
    reading.nested += 1
    if reading.nested > NESTED:
        raise Refused(place, LayerError("code_deep", "code", None, value=reading.nested, most=NESTED))
