"""The wire form of a Scene: small enough to be sent at every change of a parameter (see `convviz.player.packing`)."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from convviz.layers import Formula
from convviz.player.packing import coded, join, letters, pack, pack_table, runs
from convviz.player.photos import photos
from convviz.scene.blocks import Block
from convviz.scene.compare import ASPECT
from convviz.scene.folds import folded
from convviz.scene.legends import Legend
from convviz.scene.marks import Grid, Label, Shape
from convviz.scene.roles import HUED, REFERENCES, ROLES, SCALES, SIDE, STATES
from convviz.scene.scene import Scene
from convviz.scene.strokes import Curve
from convviz.scene.timeline import Equation, Events, Pick, Sentences, StepTexts, Track
from convviz.scene.together import parted
from convviz.scene.tones import least_pixels
from convviz.scene.views import VIEWS
from convviz.text import places

HEADED = 0.3
"""How much higher a part of a picture is on a narrow page than alone, because something is written over it."""


def _grid(grid: Grid, cells: int, toned: bool) -> dict[str, object]:
    """A grid of a picture of so many cells; toned: its values are seen as tones at any size."""
    e = grid.editable
    said = {
        "n": grid.name,
        "f": grid.first,
        "r": grid.rows,
        "c": grid.columns,
        "o": [round(v, 4) for v in grid.corner],
        "a": grid.across,
        "d": grid.down,
        "R": runs(grid.roles),
        "t": join(grid.texts) if any(grid.texts) else "",
        "s": round(grid.text_size, 3),
        "p": least_pixels(grid.roles, cells, grid.text_share),
    }
    if grid.born is not None:
        said["b"] = pack(grid.born)
    if grid.levels is not None:
        said["l"] = runs(grid.levels)
    if e:
        said["e"] = [e.array, e.first, *e.rows, *e.columns]
    if any(grid.room):
        said["m"] = grid.room
    return said if grid.tones is None else said | {"v": letters(grid.tones), "T": int(toned)}


def _scales(scene: Scene) -> list[list[object]]:
    """The scales of the boards' tones: what is written at their ends, and the numbers of the grids that have them."""
    found: dict[int, list[object]] = {}
    for n, grid in enumerate(scene.grids):
        if grid.scale is not None and grid.scale.most:
            found.setdefault(id(grid.scale), [grid.scale.text]).append(n)
    return list(found.values())


def laid(scene: Scene) -> dict[str, object]:
    """How the scene is laid out; on a narrow page player/flow.js does it anew."""
    view = VIEWS.get(scene.view, VIEWS["flat"])
    narrows = [VIEWS[part.view].narrow for part in scene.parts]
    found = parted(scene.parts, narrows) if scene.parts else folded(scene, view.narrow)
    held = {} if scene.grip is None else {"grip": scene.grip}
    return held | {
        "view": scene.view,
        "aspect": ASPECT if scene.parts else view.aspect,
        "tall": sum(HEADED + narrow.tall for narrow in narrows) if narrows else view.narrow.tall,
        "scrolls": any(narrow.scrolls for narrow in narrows) if narrows else view.narrow.scrolls,
        "blocks": list(map(_block, found)),
        "scales_of": _scales(scene),
    }


def _block(block: Block) -> list[object]:
    said = [pack(block.grids), pack(block.labels), pack(block.curves), block.sign, int(block.begins)]
    return [*said, block.folds] if block.folds else said


def _told(all_told: tuple[StepTexts, ...], numbered: dict[str, int]) -> list[dict[str, object]]:
    """The texts of boards at each step. Those that are the texts of an earlier board, as products with weights of one
    are the window's numbers, are that board's: e."""
    said: list[dict[str, object]] = []
    sent: dict[str, int] = {}
    for n, told in enumerate(all_told):
        one: dict[str, object] = {"m": pack(told.marks)}
        if told.like:
            said.append(one | {"k": numbered[told.like]})
            continue
        if told.texts:
            texts = join(told.texts)
            first = sent.setdefault(texts, n)
            whole: dict[str, object] = {"t": texts} if first == n else {"e": first}
            if told.tones is not None:
                whole["v"] = letters(told.tones)
            short = coded(told.texts, told.tones)
            one |= short if short and _size(short) < _size(whole) else whole
        elif told.tones is not None:
            one["v"] = letters(told.tones)
        said.append(one)
    return said


def _size(said: dict[str, object]) -> int:
    """Letters of what is sent."""
    return sum(len(str(value)) for value in said.values())


def _events(events: Events) -> dict[str, object]:
    said = {"s": pack(events.steps), "m": pack(events.marks), "t": join(events.texts)}
    return said if events.tones is None else said | {"v": letters(events.tones)}


def _legend(legend: Legend) -> list[object]:
    labels = [[round(n.at[0], 3), round(n.at[1], 3), n.text, n.align, round(n.size, 3)] for n in legend.labels]
    return [legend.grids[0], *(round(v, 3) for v in (*legend.at, legend.width, legend.height)), labels]


def _track(track: Track) -> dict[str, object]:
    end = {"": 0, "source": 1, "target": 2}[track.end]
    said = {"n": track.name, "s": STATES.index(track.state), "e": end, "m": pack_table(track.marks)}
    return said | {"p": track.part} if track.part else said


def _formula(formula: Formula) -> dict[str, object]:
    sides = [[[term.text, term.role] for term in side] for side in (formula.symbols, formula.numbers)]
    said = {"s": sides[0], "n": sides[1], "x": list(formula.steps)}
    return said | {"l": [[term.text, term.role] for term in formula.letters], "r": formula.rounding}


COMMON: dict[str, object] = {
    "v": 1,
    "roles": ROLES,
    "scales": list(SCALES),
    "sides": SIDE,
    "hued": HUED,
    "states": STATES,
    "refs": REFERENCES,
}
"""What the wire form of every scene has alike."""


def wire(scene: Scene, *had: str) -> dict[str, object]:
    """The scene as plain lists, numbers and strings; player/scene.js reads it. had: marks of images whose pixels the
    browser has."""
    numbered = {track.name: number for number, track in enumerate(scene.tracks)}
    said: dict[str, object] = {
        "steps": scene.steps,
        "row": scene.row_length,
        "box": [round(v, 3) for v in scene.bounds],
        "grids": [
            _grid(grid, scene.crowd, toned) for grid, toned in zip(scene.grids, scene.shows_tones(), strict=True)
        ],
        "tracks": [_track(track) for track in scene.tracks],
        "shapes": [_shape(shape, numbered) for shape in scene.shapes],
        "labels": [_label(label) for label in scene.labels],
        "told": _told(scene.step_texts, numbered),
        "order": [numbered[name] for name in scene.order],
        "formulas": [_formula(formula) for formula in scene.formulas],
    }
    if len(scene.covered):
        said["covered"] = pack(scene.covered)
    if (marked := scene.differing) is not None:
        told = {"m": pack(marked.marks), "s": pack(marked.steps), "p": list(map(pack, marked.pairs))}
        said["differing"] = told | ({"b": 1} if marked.brief else {})
    if scene.notes:
        said["notes"] = [{"k": numbered[n.track], "t": [join(row) for row in n.texts]} for n in scene.notes]
    said |= _joining(scene, numbered)
    if scene.events is not None:
        said["events"] = _events(scene.events)
    if scene.legends:
        said["legends"] = list(map(_legend, scene.legends))
    if scene.sentences is not None:
        said["say"] = _sentences(scene.sentences, scene.equations)
    if scene.equations:
        said["eq"] = [_equation(one, numbered, scene.sentences) for one in scene.equations]
    return COMMON | laid(scene) | said | photos(scene, numbered, had)


def _joining(scene: Scene, numbered: dict[str, int]) -> dict[str, object]:
    """What lies beside cells or joins them; links; what is shown larger elsewhere, and what turns a dial."""
    said = {
        "curves": [_curve(curve) for curve in scene.curves],
        "edges": [{"s": pack(e.sources), "t": pack(e.targets), "k": numbered[e.track]} for e in scene.edges],
        "links": [{"t": pack(link.targets), "s": pack_table(link.sources)} for link in scene.links],
        "details": [[pack(detail.grids), dict(detail.turn)] for detail in scene.details],
        "picks": [_pick(pick) for pick in scene.picks],
    }
    return {name: told for name, told in said.items() if told}


def _pick(pick: Pick) -> dict[str, object]:
    """The cells of a pick and their values: one row for all steps, or a row a step."""
    values = pack(pick.values) if pick.values.ndim == 1 else pack_table(pick.values)
    return {"n": pick.name, "m": pack(pick.marks), ("v" if pick.values.ndim == 1 else "w"): values, "s": pick.step}


def _shape(shape: Shape, numbered: dict[str, int]) -> dict[str, object]:
    anchors = [[numbered[a.track], a.column, a.corner, *(a.by if any(a.by) else ())] for a in shape.anchors]
    return {"n": shape.name, "r": shape.role, "c": shape.closed, "p": anchors} | ({"l": 1} if shape.late else {})


def _curve(curve: Curve) -> dict[str, object]:
    points, count = curve.points, len(curve.points)
    even = count > 2 and np.allclose(points, np.linspace(points[0], points[-1], count))
    said: dict[str, object] = {
        "n": curve.name,
        "r": curve.role,
        "p": [round(v, 3) for v in (points[[0, -1]] if even else points).ravel().tolist()],
    }
    said |= {"k": count} if even else {}
    columns = {key: pack(column) for key, column in (("u", curve.until), ("a", curve.at)) if column is not None}
    return said | columns | ({"w": curve.pen} if curve.pen > 1 else {}) | ({"m": curve.cell} if curve.cell >= 0 else {})


def _label(label: Label) -> list[object]:
    x, y = (round(v, 3) for v in label.at)
    return [label.role, x, y, label.text, label.align, label.size, label.about]


def _sentences(said: Sentences, equations: tuple[Equation, ...]) -> dict[str, object]:
    """The templates, which one each step has, and the columns that they name."""
    named = set[str]().union(
        *map(places, (*said.templates, *(text for one in equations for text in (one.head, one.tail))))
    )
    return {"t": said.templates, "c": runs(said.chosen), "v": _columns(said.columns, named)}


def _columns(columns: dict[str, list[Any]], named: set[str]) -> dict[str, object]:
    """The columns that are named."""
    return {
        name: join(column) if isinstance(column[0], str) else pack(column)
        for name, column in columns.items()
        if name in named
    }


def _equation(equation: Equation, numbered: dict[str, int], said: Sentences | None) -> dict[str, object]:
    """Its tracks by number, its texts, and the columns that its tail and the sentences name."""
    ends = {
        key: numbered[name] if name else -1 for key, name in zip("rx", (equation.right, equation.result), strict=True)
    }
    named = set[str]().union(*map(places, (equation.head, equation.tail, *(said.templates if said else ()))))
    columns = _columns(equation.columns, named)
    texts = {"h": equation.head, "j": equation.join, "t": equation.tail}
    own = ({"n": equation.column} if equation.column else {}) | ({"v": columns} if columns else {})
    return {"l": numbered[equation.left], **ends, **texts, **own}


def payload(scene: Scene, **others: object) -> bytes:
    """What is sent to the browser where nothing is shown yet: the scene, and `others`."""
    return _packed({"scene": wire(scene), **others})


def change(scene: Scene, /, *had: str, **others: object) -> bytes:
    """What is sent to a player that shows a scene already: another one without what all have alike, and `others`; had:
    marks of the images that it has."""
    return _packed({"scene": {key: value for key, value in wire(scene, *had).items() if key not in COMMON}, **others})


def _packed(said: dict[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
