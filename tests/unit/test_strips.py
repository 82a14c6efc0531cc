"""Stacks along one axis as rows: what is lit is what taps read, and receptive fields by formula and by taps agree."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from depth import cases
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.lessons.sequences import BLOCK, BLOCKS, CYCLE, GAPS, OPENING, SERIES
from convviz.network import stack_from_text, stacked
from convviz.page import sequences
from convviz.page.link import from_query
from convviz.page.stacks import turned_stack
from convviz.scene.canvas import number
from convviz.scene.roles import ROLES
from convviz.scene.strips import Strips, field_formula, without_dilation, zoom_of
from convviz.taps import compose

CONTEXT = (1, 1, 2, 4, 8, 16, 1, 1)
"""The rates of the context module of Yu and Koltun (2016), whose last layer has kernels of one cell."""


@st.composite
def stacks(draw: st.DrawFn) -> cv.Network:
    """A stack of convolutions along one axis, of any padding, stride and rate that fit."""
    size, layers = draw(st.integers(4, 40)), []
    for _ in range(draw(st.integers(1, 5))):
        padding: Any = draw(st.sampled_from([0, 1, "same", "causal"]))
        k, s, d = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 4))
        try:
            layers.append(cv.Conv((size,), k, stride=s, dilation=d, padding=padding))
        except LayerError:
            break
        size = layers[-1].output_size[0]
    assume(layers)
    return cv.Network(layers)


@settings(max_examples=cases(500), deadline=None)
@given(stacks())
def test_the_field_by_the_formula_is_that_of_the_taps_away_from_borders(network: cv.Network) -> None:
    value = field_formula(network).value
    assert field_formula(network).text().endswith(f"= {value}")
    table = compose([layer.taps for layer in network.layers])[0]
    seen = [np.flatnonzero(row) for row in table]
    widths = [int(row[-1] - row[0]) + 1 for row in seen if len(row)]
    assert max(widths, default=0) <= value
    size, layers = value, []
    for layer in network.layers:  # the same layers over just the field, without borders: one output sees all of it
        layers.append(cv.Conv((size,), layer.kernel_size, layer.stride, 0, layer.dilation))
        size = layers[-1].output_size[0]
    (row,) = compose([layer.taps for layer in layers])[0]
    assert row[0] and row[-1] and size == 1


@settings(max_examples=cases(100), deadline=None)
@given(stacks(), st.randoms(use_true_random=False))
def test_a_cell_lights_the_cells_that_composed_taps_name(network: cv.Network, dice: random.Random) -> None:
    scene = cv.scene(cv.trace(network), view="strip")
    layers = list(network.layers)
    depth = dice.randrange(1, len(layers) + 1)
    place = dice.randrange(layers[depth - 1].output_size[0])
    lit = set(scene.cone(scene.grids[depth].first + place))
    wanted, wanted_above = set[int](), set[int]()
    for below in range(depth):
        row = compose([layer.taps for layer in layers[below:depth]])[0][place]
        wanted |= {scene.grids[below].first + int(n) for n in np.flatnonzero(row)}
    if not wanted:  # a cell that reads padding alone lights what it is read for
        for above in range(depth + 1, len(layers) + 1):
            row = compose([layer.taps for layer in layers[depth:above]])[0][:, place]
            wanted_above |= {scene.grids[above].first + int(n) for n in np.flatnonzero(row)}
    assert lit == (wanted or wanted_above)
    up = dice.randrange(layers[0].input_size[0])
    fed = set(scene.cone(up)) if wanted else set()
    above = compose([layer.taps for layer in layers])[0][:, up]
    top = scene.grids[len(layers)]
    if fed:
        assert {m - top.first for m in fed if m >= top.first and m < top.first + top.count} == set(
            np.flatnonzero(above).tolist()
        )


@settings(max_examples=cases(100), deadline=None)
@given(stacks())
def test_paths_are_counted_as_taps_compose(network: cv.Network) -> None:
    strips, layers = Strips(network), list(network.layers)
    for depth in range(len(layers)):
        assert (strips.paths[depth] == compose([layer.taps for layer in layers[depth:]])[0]).all()


def test_deep_stacks_count_paths_exactly() -> None:
    network = cv.Network([cv.Conv((9,), 9, padding=4)] * 30)
    assert int(Strips(network).paths[0].max()) > 2**63


@pytest.mark.parametrize("text", [OPENING, SERIES, CYCLE])
def test_every_row_has_the_values_that_the_engine_computes(text: str) -> None:
    shown: Any = stack_from_text(text)
    run = cv.trace(shown)
    scene = cv.scene(run, view="strip") if zoom_of(cv.Network(list(shown.layers))) == 1 else cv.scene(run, view="curve")
    texts = scene.texts_at(scene.steps - 1)
    last = next(grid for grid in reversed(scene.grids) if grid.name.startswith(("row", "output")))
    assert texts[last.first : last.first + last.count] == [number(v) for v in run.output.ravel().tolist()]


def test_published_fields() -> None:
    fields = [stacked(2, [2**n for n in range(10)] * blocks, dims=1).receptive_field()[0] for blocks in (1, 3)]
    assert fields == [1_024, 3_070]
    assert stack_from_text(OPENING).receptive_field() == (16,)  # type: ignore[union-attr]
    layers = [cv.Conv((100,), 3, padding="same", dilation=rate) for rate in CONTEXT[:7]] + [cv.Conv((100,), 1)]
    assert Strips(cv.Network(layers)).field()[1:] == [3, 5, 9, 17, 33, 65, 67, 67]


@pytest.mark.parametrize(("text", "count"), [(BLOCK, 1_024), (BLOCKS, 3_070)])
def test_long_stacks_are_drawn_at_a_stated_zoom(text: str, count: int) -> None:
    network: Any = stack_from_text(text)
    scene = cv.scene(cv.trace(network), view="strip")
    zoom = zoom_of(network)
    assert scene.steps == len(network.layers) and f"{count:,}" in scene.sentence(scene.steps - 1)
    assert any(str(zoom) in label.text for label in scene.labels)
    assert scene.grids[0].count == -(-count // zoom) <= 64


def test_what_the_last_output_does_not_need_is_marked() -> None:
    network: Any = stack_from_text(OPENING)
    scene = cv.scene(cv.trace(network), view="needed")
    needed = [table[-1] > 0 for table in Strips(network).paths]
    for grid, used in zip(scene.grids, needed, strict=False):
        assert ((grid.roles != ROLES.index("unread")) == used).all()
    assert str(sum(int((~used).sum()) for used in needed[1:])) in scene.sentence(scene.steps - 1)


def test_beside_it_stands_the_same_stack_without_dilation() -> None:
    network: Any = stack_from_text(OPENING)
    scene = cv.scene(cv.trace(network), view="versus")
    plain = without_dilation(network)
    assert plain.parameters == network.parameters and plain.receptive_field() == (5,)
    assert scene.sentence(15).split(": ")[1].startswith("it sees 16 inputs with these rates, and 5 ")
    with pytest.raises(LayerError, match="rate above 1"):
        cv.scene(cv.trace(plain), view="versus")
    with pytest.raises(LayerError, match="causal"):
        cv.scene(cv.trace(stacked(2, (1, 2), dims=1)), view="versus")


def test_the_curve_and_its_window_stand_over_the_cells() -> None:
    state, wrong = from_query({"layer": SERIES, "x": "y0", "w": "kbox", "view": "curve"}, "sequences")
    assert not wrong
    scene = state.scene()
    line = next(curve for curve in scene.curves if curve.name == "input")
    assert np.allclose(line.points[:, 0], scene.grids[0].centres[:, 0])
    x = state.x.array((1, 96), 0, 5).ravel()
    assert (np.argsort(-line.points[:, 1], kind="stable") == np.argsort(x, kind="stable")).all()
    frame = scene.points_at(40)[0]
    assert frame is not None
    window = scene.track["window"].marks[40]
    cells = scene.corners[window[window >= 0]]
    assert frame[:, 0].min() == cells[..., 0].min() and frame[:, 0].max() == cells[..., 0].max()
    assert frame[:, 1].min() < line.points[:, 1].min() and frame[:, 1].max() == cells[..., 1].max()
    assert [label.text for label in scene.labels if label.role == "axis"] == ["1920", "1940", "1960", "1980", "2000"]


@pytest.mark.parametrize("view", ["strip", "paths", "needed", "curve"])
@pytest.mark.parametrize(
    "shown",
    [
        cv.Conv(5, 3),
        cv.Conv((5,), 3, in_channels=2),
        cv.ConvTranspose((5,), 3),
        cv.Network([cv.Conv((5,), 3), cv.ReLU()]),
        cv.MaxPool((10**7,), 2),
    ],
)
def test_what_has_no_rows_is_refused_with_a_view_that_has(shown: Any, view: str) -> None:
    with pytest.raises(LayerError) as refused:
        cv.scene(shown, view=view)
    if "view" in refused.value.fix:
        cv.scene(shown, **refused.value.fix)


class TestEditing:
    """A stack along one axis is edited in place."""

    def test_each_dial_says_what_the_stack_has(self) -> None:
        network: Any = stack_from_text(OPENING)
        shown = {dial["name"]: dial["value"] for dial in sequences.dials(network, "en")}
        assert shown["layers"] == 4 and shown["kernel_size"] == 2 and shown["input_size"] == 16
        assert (shown["rates"], shown["padding_kind"], shown["rate3"], shown["stride0"]) == ("doubled", "causal", 8, 1)
        assert sum(dial["place"] == "main" for dial in sequences.dials(network, "en")) == 4

    @pytest.mark.parametrize(
        ("name", "value", "rates"),
        [
            ("layers", 6, [1, 2, 4, 8, 16, 32]),
            ("layers", 2, [1, 2]),
            ("rates", "ones", [1, 1, 1, 1]),
            ("rates", "twos", [2, 2, 2, 2]),
            ("rate1", 5, [1, 5, 4, 8]),
            ("nothing", 5, [1, 2, 4, 8]),
        ],
    )
    def test_a_turn_changes_what_it_names_and_nothing_else(self, name: str, value: Any, rates: list[int]) -> None:
        network: Any = turned_stack(stack_from_text(OPENING), name, value)  # type: ignore[arg-type]
        assert [layer.dilation[0] for layer in network.layers] == rates
        assert network.input_size == (16,) and network.output_size == (16,)

    def test_a_stride_makes_the_layers_above_smaller(self) -> None:
        network = turned_stack(stack_from_text(OPENING), "stride0", 2)  # type: ignore[arg-type]
        assert [layer.output_size[0] for layer in network.layers] == [8, 8, 8, 8]

    def test_layers_that_are_added_and_taken_off_leave_the_stack_as_it_was(self) -> None:
        network: Any = stack_from_text(OPENING)
        again: Any = turned_stack(turned_stack(network, "layers", 7), "layers", 4)
        assert again.layers == network.layers

    @pytest.mark.parametrize(
        ("name", "value"), [("layers", 0), ("layers", "x"), ("rates", "mine"), ("padding_kind", 3)]
    )
    def test_what_cannot_be_is_refused(self, name: str, value: Any) -> None:
        with pytest.raises(LayerError):
            turned_stack(stack_from_text(OPENING), name, value)  # type: ignore[arg-type]

    def test_layers_that_the_input_is_too_small_for_are_refused_with_one_that_is_large_enough(self) -> None:
        network: Any = stack_from_text(GAPS)
        with pytest.raises(LayerError, match="these layers see 17 inputs") as refused:
            turned_stack(network, "layers", 4)
        wider = turned_stack(network, "input_size", refused.value.fix["input_size"])
        assert turned_stack(wider, "layers", 4).output_size == (1,)

    def test_the_stacks_of_the_lesson_can_be_edited(self) -> None:
        shown = [stack_from_text(preset.setting) for preset in LESSONS["sequences"].presets]
        assert all(sequences.editable(one) for one in shown if isinstance(one, cv.Network))
