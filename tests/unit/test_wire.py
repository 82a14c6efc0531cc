"""What is sent to the browser says the same picture: read back here as player/scene.js reads it."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest

from convviz.page.state import from_query
from convviz.player.wire import BAR, payload, wire
from convviz.scene.build import scene
from convviz.text import fill, places
from convviz.themes import THEMES


def column(packed: Any) -> list[int]:
    return packed if isinstance(packed, list) else [packed["a"] + packed["d"] * i for i in range(packed["n"])]


def runs(pairs: list[int]) -> list[int]:
    return [value for value, count in zip(pairs[::2], pairs[1::2], strict=True) for _ in range(count)]


def row(table: dict[str, Any], t: int) -> list[int]:
    if "o" in table:
        n, here = len(table["o"]), column(table["b"])[t]
        there = [turn % 2 == 0 for turn, count in enumerate(table.get("h", [])) for _ in range(count)]
        return [offset + here if not there or there[t * n + i] else -1 for i, offset in enumerate(table["o"])]
    if "u" in table:
        return list(table["u"][column(table["i"])[t]])
    return list(table["t"][t * table["n"] : (t + 1) * table["n"]])


class Decoded:
    """A picture from its wire form, the way the player reads it."""

    def __init__(self, sent: bytes) -> None:
        self.said = json.loads(sent, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))["scene"]
        grids = self.said["grids"]
        self.counts = [g["r"] * g["c"] for g in grids]
        self.roles = [role for g in grids for role in runs(g["R"])]
        self.born = [
            b for g, n in zip(grids, self.counts, strict=True) for b in (column(g["b"]) if g["b"] else [0] * n)
        ]
        self.texts = [
            t for g, n in zip(grids, self.counts, strict=True) for t in (g["t"].split(BAR) if g["t"] else [""] * n)
        ]

    def states(self, t: int) -> list[int]:
        states = [self.said["states"].index("pending") if born > t else 0 for born in self.born]
        for track in self.said["tracks"]:
            if track["s"]:
                for mark in row(track["m"], t):
                    if mark >= 0:
                        states[mark] = track["s"]
        return states

    def texts_at(self, t: int) -> list[str]:
        shown = ["" if born > t else text for text, born in zip(self.texts, self.born, strict=True)]
        for told in self.said["told"]:
            marks, texts = column(told["m"]), told["t"].split(BAR)
            for i, mark in enumerate(marks):
                shown[mark] = texts[t * len(marks) + i]
        if "events" in self.said:
            e = self.said["events"]
            for step, mark, text in zip(column(e["s"]), column(e["m"]), e["t"].split(BAR), strict=True):
                if step <= t:
                    shown[mark] = text
        return shown

    def point(self, mark: int, corner: int) -> tuple[float, float]:
        g = next(g for g in self.said["grids"] if mark < g["f"] + g["r"] * g["c"])
        down, across = divmod(mark - g["f"], g["c"])
        down, across = down + (0, 0, 1, 1)[corner], across + (0, 1, 1, 0)[corner]
        (ax, ay), (dx, dy) = g["a"], g["d"]
        return g["o"][0] + across * ax + down * dx, g["o"][1] + across * ay + down * dy

    def points(self, t: int) -> list[list[tuple[float, float]] | None]:
        found: list[list[tuple[float, float]] | None] = []
        for shape in self.said["shapes"]:
            marks = [row(self.said["tracks"][track]["m"], t)[c] for track, c, _ in shape["p"]]
            corners = [corner for _, _, corner in shape["p"]]
            hidden = min(marks) < 0
            found.append(None if hidden else [self.point(m, c) for m, c in zip(marks, corners, strict=True)])
        return found

    def filled(self, template: str, t: int) -> str:
        sent = {} if not places(template) else self.said["say"]["v"]
        columns = {name: sent[name] for name in places(template)}
        values = {n: (c.split(BAR) if isinstance(c, str) else column(c))[t] for n, c in columns.items()}
        return fill(template, values)

    def sentence(self, t: int) -> str:
        say = self.said["say"]
        return self.filled(say["t"][runs(say["c"])[t]], t)

    def arithmetic(self, t: int) -> str:
        e, texts = self.said["eq"], self.texts_at(t)
        left = row(self.said["tracks"][e["l"]]["m"], t)
        right = left if e["r"] < 0 else row(self.said["tracks"][e["r"]]["m"], t)
        pairs = [(texts[a], texts[b]) for a, b in zip(left, right, strict=True) if a >= 0 and b >= 0]
        terms = [a if e["r"] < 0 else f"{a}·{f'({b})' if b.startswith('−') else b}" for a, b in pairs]
        total = "" if e["x"] < 0 else f" = {texts[row(self.said['tracks'][e['x']]['m'], t)[0]]}"
        none = "" if e["x"] < 0 else "0"
        return f"{e['h']}{e['j'].join(terms) or none}{self.filled(e['t'], t)}{total}"


def test_what_is_sent_says_every_step_as_the_scene_does(picture: Any) -> None:
    drawn, said = picture.scene, Decoded(payload(picture.scene))
    assert said.roles == drawn.roles.tolist() and sum(said.counts) == drawn.cells
    for t in sorted({0, drawn.steps - 1, *random.Random(3).choices(range(drawn.steps), k=3)}):
        frame = drawn.at(t)
        assert said.states(t) == frame.states.tolist()
        assert said.texts_at(t) == frame.texts
        assert said.sentence(t) == drawn.sentence(t, marked=True)
        for sent, points in zip(said.points(t), frame.points, strict=True):
            assert (sent is None) == (points is None)
            assert sent is None or points is None or np.allclose(sent, points, atol=2e-4)
        if drawn.equation:
            assert said.arithmetic(t) == drawn.arithmetic(t)


def test_only_plain_numbers_and_strings_are_sent(picture: Any) -> None:
    def walk(value: Any) -> None:
        assert type(value) in (dict, list, tuple, str, int, float, bool, type(None)), type(value)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
            walk(inner)

    walk(wire(picture.scene))


@pytest.mark.parametrize(("layer", "most"), [("conv2d-i7-k3-p1", 20_000), ("conv2d-i32-k3", 80_000)])
@pytest.mark.parametrize("view", ["flat", "isometric"])
def test_a_change_sends_little(layer: str, most: int, view: str) -> None:
    from convviz.paint.svg import stylesheet

    state, wrong = from_query({"layer": layer, "view": view}, "convolution")
    sent = payload(state.scene(), css=stylesheet(THEMES["light"], ".player "), words="x" * 1500)
    assert not wrong and len(sent) <= most


def test_cells_without_any_text_and_single_cells_survive() -> None:
    import convviz as cv

    for drawn in (scene(cv.Conv(1, 1)), scene(cv.Conv(4, 3), "isometric", plain=True)):
        said = Decoded(payload(drawn))
        assert [said.texts_at(t) for t in range(drawn.steps)] == [drawn.texts_at(t) for t in range(drawn.steps)]
