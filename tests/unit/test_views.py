"""Views as records: what a view has no place for is known from sizes alone, and all else it draws."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from drawn import layers
from gallery import Picture
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.errors import LayerError
from convviz.layers.reader import DigitReader
from convviz.network import spelled
from convviz.scene import views
from convviz.scene.layout import text_width
from convviz.scene.roles import ROLES
from convviz.scene.views import VIEWS

HUGE = (
    cv.Conv(10**6, 3),
    cv.Conv(5, 3, in_channels=10**6, out_channels=10**6),
    cv.ConvTranspose(10**5, 4, stride=2, padding=1),
    cv.MaxPool((10**9,), 2),
    cv.Dense(10**6, 10**6),
    cv.Network([cv.Conv(10**5, 3), cv.Conv(10**5 - 2, 3)]),
)
ROWS = ["strip", "paths", "versus", "needed", "curve"]
"""The views of stacks along one axis."""

READER = ["anatomy", "feature", "cell", "votes", "softmax", "film"]
"""The views of the network that reads digits."""

PLANNED = ["table", "field"]
"""The views of any network that are told from its sizes."""

GATED = ["gate", "residual", "forms", "path", "gradients"]
"""The views of gated blocks."""

NETWORKS = (
    cv.Network([cv.Conv(7, 3), cv.Conv(5, 3)]),
    cv.Network([cv.Conv(7, 3), cv.ReLU(), cv.Conv(5, 3)]),
    cv.GatedConv(5, 3, padding="same"),
)


def test_the_list_holds_the_view_of_every_file_under_its_own_name() -> None:
    files = {path.stem for path in Path(views.__file__).parent.glob("*.py")} - {"__init__"}
    assert set(VIEWS) == files
    assert all(view.name == name for name, view in VIEWS.items())


@settings(max_examples=150, deadline=None)
@given(layers(), st.sampled_from(sorted(VIEWS)))
def test_a_view_draws_what_it_does_not_refuse_and_refuses_the_rest_in_the_same_words(layer: Any, name: str) -> None:
    refused = VIEWS[name].refuses(layer)
    if refused is None:
        assert cv.scene(layer, name).view == name
        assert cv.scene(cv.trace(layer), name).steps
    else:
        with pytest.raises(LayerError) as raised:
            cv.scene(layer, name)
        assert (str(raised.value), raised.value.fix) == (str(refused), refused.fix)


@pytest.mark.parametrize("layer", HUGE, ids=lambda layer: layer.kind)
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_what_is_huge_is_refused_without_an_array(view: Any, layer: Any) -> None:
    tracemalloc.start()
    try:
        if (
            view.name in PLANNED and view.refuses(layer) is None
        ):  # told from sizes alone, however many weights there are
            assert cv.scene(layer, view.name).steps == len(getattr(layer, "nodes", (layer,)))
        else:
            assert view.refuses(layer) is not None
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_a_stack_is_shown_by_the_views_that_say_so() -> None:
    stack = cv.Network([cv.Conv(7, 3), cv.Conv(5, 3)])
    assert [name for name, view in VIEWS.items() if view.refuses(stack) is None] == ["coverage", "stack", *PLANNED]
    taken = [name for name, view in VIEWS.items() if view.stacks]
    assert taken == ["coverage", "stack", *ROWS, *GATED, *READER, *PLANNED]


def test_the_network_that_reads_digits_is_shown_by_the_views_that_are_for_it() -> None:
    network = cv.Network(spelled(DigitReader(3)).layers)
    for shown, wanted in ((spelled(DigitReader(3)), ["stack", *READER, *PLANNED]), (network, ["stack", *PLANNED])):
        assert [name for name, view in VIEWS.items() if view.refuses(shown) is None] == wanted


def test_a_stack_along_one_axis_is_shown_by_rows() -> None:
    stack = cv.Network([cv.Conv((9,), 2, padding="causal"), cv.Conv((9,), 2, padding="causal", dilation=2)])
    assert [name for name, view in VIEWS.items() if view.refuses(stack) is None] == [
        "coverage",
        "stack",
        *ROWS,
        "table",
    ]


def test_a_gated_block_is_shown_by_the_views_that_are_for_it() -> None:
    block = cv.GatedConv((6,), 3, padding="same", residual=True)
    assert [name for name, view in VIEWS.items() if view.refuses(block) is None] == ["stack", *GATED, "table"]


def test_pixels_are_greys_in_the_views_that_say_so() -> None:
    layers = (cv.ConvTranspose(3, 3, stride=2), cv.Conv(3, 2, in_channels=2))
    for name, view in VIEWS.items():
        made = next((cv.trace(layer) for layer in layers if view.refuses(layer) is None), cv.trace(layers[0]))
        if view.pixels:
            assert ROLES.index("tone") in cv.scene(made, name, pixels=True).roles
        elif view.refuses(made.layer) is None:
            with pytest.raises(TypeError, match="pixels"):
                cv.scene(made, name, pixels=True)


def test_a_network_of_more_than_windows_is_shown_by_its_values() -> None:
    gated = cv.GatedConv((6,), 3, padding="same")
    assert cv.scene(gated).view == "stack"
    assert VIEWS["coverage"].refuses(gated) is not None


@settings(max_examples=150, deadline=None)
@given(layers() | st.sampled_from(NETWORKS), st.sampled_from(sorted(VIEWS)))
def test_a_view_that_has_no_place_for_a_layer_names_one_that_has_or_what_to_set(layer: Any, name: str) -> None:
    refused = VIEWS[name].refuses(layer)
    if refused is not None and refused.key.startswith("view_"):
        changes = dict(refused.fix)
        view = changes.pop("view", name)
        other = VIEWS[view].refuses(replace(layer, **changes) if changes else layer)
        assert other is None or not other.key.startswith("view_"), "a size may still be too large for any view"
    assert refused is None or refused.key != "view", "each reason has its own words"


@pytest.mark.parametrize(
    ("layer", "view", "why"),
    [
        (cv.MaxPool(4, 2), "matrix", "this layer has no kernel"),
        (cv.AvgPool(4, 2), "stamp", "one shared kernel, and this layer has none"),
        (cv.Conv(4, 2, in_channels=2), "matrix", "one channel, and this layer has several"),
        (cv.Conv((3, 3, 3), 2), "isometric", "one or two axes, and this layer has three"),
        (cv.Conv(4, 2), "roundtrip", "for transposed convolutions only"),
        (cv.Network([cv.Conv(7, 3), cv.Conv(5, 3)]), "isometric", "a single layer, not a network"),
        (cv.trace(cv.Conv(4, 2)).scatter(), "matrix", r"ordered by input \(scatter\)"),
    ],
)
def test_a_refusal_says_the_true_reason(layer: Any, view: str, why: str) -> None:
    with pytest.raises(LayerError, match=why):
        cv.scene(layer, view)


@pytest.mark.parametrize("network", NETWORKS, ids=["row", "with ReLU", "gated"])
def test_any_network_has_a_picture_without_a_view_being_named(network: cv.Network) -> None:
    assert cv.scene(network).view == ("coverage" if network.sequence else "stack")
    assert cv.scene(network, "stack").view == "stack"


@pytest.mark.parametrize("view", ["coverage", "stack"])
def test_strips_rise_from_the_input_and_other_boards_follow_from_left_to_right(view: str) -> None:
    strips = cv.scene(cv.Network([cv.Conv((8,), 3), cv.Conv((6,), 3)]), view)
    boards = cv.scene(cv.Network([cv.Conv(8, 3), cv.Conv(6, 3)]), view)
    heights = [grid.corner[1] for grid in strips.grids]
    lefts = [grid.corner[0] for grid in boards.grids]
    assert heights == sorted(heights, reverse=True) and len(set(heights)) == 3
    assert lefts == sorted(lefts) and len(set(lefts)) == 3


def test_the_branches_of_a_network_of_strips_stand_side_by_side() -> None:
    nodes = {"a": (cv.Conv((6,), 3), ["x"]), "b": (cv.Conv((6,), 3), ["x"]), "sum": (cv.Add(), ["a", "b"])}
    x, a, b, total = (grid.corner for grid in cv.scene(cv.Network(nodes), "stack").grids)
    assert a[1] == b[1] and a[0] < b[0] and x[1] > a[1] > total[1]


def test_the_input_of_a_stack_takes_typed_values_and_what_follows_from_it_does_not() -> None:
    first, *others = cv.scene(cv.Network([cv.Conv(5, 3), cv.Conv(3, 3)]), "stack").grids
    assert first.editable is not None and first.editable.array == "x"
    assert all(grid.editable is None for grid in others)


def test_there_and_back_begins_with_values_of_its_own_which_cannot_be_typed() -> None:
    back = cv.scene(cv.ConvTranspose(3, 3, stride=2, padding=1), "roundtrip")
    assert all(grid.editable is None for grid in back.grids)


@pytest.mark.only(lambda picture: picture.view == "matrix")
def test_no_title_of_a_matrix_runs_into_the_next(picture: Picture) -> None:
    titles = [label for label in picture.scene.labels if label.role == "title"]
    boxes = sorted((label.at[1], label.at[0], label.at[0] + text_width(label.text, label.size)) for label in titles)
    for (level, _, end), (other, start, _) in pairwise(boxes):
        assert level != other or end < start
