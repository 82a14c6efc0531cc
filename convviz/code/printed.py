"""What `print(model)` shows of a PyTorch model: its modules with their names, in the order of the lines."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from convviz.code.building import Enough
from convviz.code.expressions import value
from convviz.code.lines import Refused
from convviz.code.problem import Place, Problem
from convviz.code.running import Run
from convviz.code.statements import program
from convviz.code.values import Chain, Class, Function, Instance, Leaf, Module, Site
from convviz.errors import LayerError

_LINE = re.compile(
    r"(?P<before>[ \t]*\((?P<key>[\w.-]{1,60})\):[ \t]*(?:(?P<times>[0-9]{1,3}) x )?)(?P<what>[A-Za-z_]\w*\(.*)"
)
_ROOT = re.compile(r"[ \t]*(?P<what>[A-Za-z_]\w*)\([ \t]*")
_END = re.compile(r"[ \t]*\)[ \t]*")

MODULES = 600
"""The most modules that are read of what is printed, those without a node included."""

_BASIC = """
def forward(self, x):
    out = self.relu(self.bn1(self.conv1(x)))
    out = self.bn2(self.conv2(out))
    return self.relu(out + (self.downsample(x) if self.downsample else x))
"""
_BOTTLENECK = """
def forward(self, x):
    out = self.relu(self.bn1(self.conv1(x)))
    out = self.relu(self.bn2(self.conv2(out)))
    out = self.bn3(self.conv3(out))
    return self.relu(out + (self.downsample(x) if self.downsample else x))
"""
_BLOCKS = {"BasicBlock": _BASIC, "Bottleneck": _BOTTLENECK}
"""Blocks whose `forward` is known by their names: torchvision's."""


@dataclass
class Printed:
    """A module as it is printed. call: its class with its arguments, or only its class, where others stand in it;
    parsed: the call, None where it is none, and what is wrong with it."""

    key: str
    call: str
    place: Place
    times: int = 1
    children: list[Printed] | None = None
    parsed: tuple[ast.expr | None, list[Problem]] | None = None


def is_printed(text: str) -> bool:
    """Whether a text is what `print(model)` shows.

    >>> is_printed("Sequential(\\n  (0): ReLU()\\n)"), is_printed("nn.ReLU()")
    (True, False)
    """
    return any(_LINE.fullmatch(line.rstrip()) for line in text[:20_000].split("\n"))


def printed(text: str) -> list[Printed]:
    """The modules that are printed, each with those in it; lines that are no modules are passed over."""
    top: list[Printed] = []
    blocks = [top]
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip()
        if _END.fullmatch(line):
            blocks = blocks[: max(len(blocks) - 1, 1)]
            continue
        found, root = _LINE.fullmatch(line), _ROOT.fullmatch(line)
        if found:
            times = min(int(found["times"] or 1), 400)
            one = Printed(found["key"], found["what"], Place(number, len(found["before"]) + 1), times)
        elif root:
            one = Printed("", f"{root['what']}(", Place(number, 1))
        else:
            continue
        blocks[-1].append(one)
        if one.call.endswith("(") and len(blocks) < 20:
            one.call, one.children = one.call[:-1], []
            blocks.append(one.children)
    return top


def modules(run: Run, shown: list[Printed]) -> Iterator[tuple[str, Module]]:
    """The modules that are printed, under their names; those that are told once and counted are made so often."""
    for one in shown:
        first = int(one.key.partition("-")[0]) if one.times > 1 and one.key.partition("-")[0].isdigit() else None
        for n in range(one.times):
            run.stepped(one.place)
            name = one.key if first is None else str(first + n)
            made = _module(run, one)
            if made is not None:
                yield name, made


def _module(run: Run, one: Printed) -> Module | None:
    site = Site(one.place, one.call)
    if one.children is None:
        found = _leaf(run, one)
        if isinstance(found, Leaf | Chain):
            found.taken = True
            return found
        return None
    inside = list(modules(run, one.children))
    if one.call in _BLOCKS:
        for name, module in inside:
            module.site = replace(module.site, name=name)
        known: dict[str, object] = {"downsample": None} | dict(inside)
        return Instance(Class(one.call, (), [], {"forward": _forward(one.call)}), site, known)
    return Chain(site, inside)


def _leaf(run: Run, one: Printed) -> object:
    """A layer from its line, which is read like any code."""
    if len(run.made) >= MODULES:
        error = LayerError("code_much", "code", None, value=len(run.made) + 1, most=MODULES)
        run.building.problem(one.place, error)
        raise Enough
    one.parsed = one.parsed or _parsed(one)
    node, problems = one.parsed
    for problem in problems:
        run.building.problem(Place(problem.line, problem.column), problem.error)
    return value(run, node, {}) if node else None


def _parsed(one: Printed) -> tuple[ast.expr | None, list[Problem]]:
    """The call on a line, and what is wrong with it; its places are those in the whole text."""
    line, before = one.place.line, one.place.column - 1
    try:
        parsed = program(one.call)
    except Refused as refused:
        return None, [Problem(line, before + refused.problem.column, refused.problem.error)]
    problems = [Problem(line, before + problem.column, problem.error) for problem in parsed.problems]
    for statement in parsed.statements:
        for node in ast.walk(statement.node):
            if isinstance(node, ast.expr):
                node.lineno, node.col_offset = line, node.col_offset + before
        if isinstance(statement.node, ast.Expr):
            return statement.node.value, problems
    return None, problems


@cache
def _forward(name: str) -> Function:
    return Function(program(_BLOCKS[name]).statements[0], {})


def chain(run: Run, shown: list[Printed]) -> Chain:
    """All of it as one row; the names of what stands in the outermost module are those of the nodes."""
    found = list(modules(run, shown))
    site = Site(Place(1, 1), "model")
    if len(found) == 1 and isinstance(found[0][1], Chain):
        whole = found[0][1]
        numbered = all(name.isdigit() for name, _ in whole.children)
        whole.site = replace(whole.site, name="")
        whole.children = [("" if numbered and isinstance(m, Leaf) else name, m) for name, m in whole.children]
        return whole
    return Chain(site, found)
