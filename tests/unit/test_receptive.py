"""Lesson 8: the table of a network, what one output sees, edits row by row, and what is pasted."""

from __future__ import annotations

import ast
import random
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import convviz as cv
from convviz.code.read import read
from convviz.counted import along, counted, networked
from convviz.edits import added_row, changed_row, moved_row, removed_row
from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.network import Network, stack_from_text, stack_to_text
from convviz.page.dials import dials
from convviz.page.link import from_query, to_query
from convviz.page.pasting import problems, rest
from convviz.page.state import State, opening, setting
from convviz.page.tables import offered_tables, table_text
from convviz.page.tour import showing, tour
from convviz.page.turn import Outcome, outcome
from convviz.reaching import seen
from convviz.scene.blocks import blocks
from convviz.scene.maps import maps_of, sights
from convviz.scene.overlaid import PLACES
from convviz.scene.roles import LOOKS
from convviz.scene.views import VIEWS
from convviz.scene.views.table import ROWS
from convviz.spans import spans_of
from convviz.table import rows
from convviz.text import LANGUAGES, catalogue, say
from convviz.themes import THEMES

SMALL = [p.setting for p in LESSONS["receptive"].presets if "~" in p.setting]
KNOWN = [p.setting for p in LESSONS["receptive"].presets if "-" not in p.setting]


def shown(layer: str, view: str = "table", at: tuple[int, ...] = ()) -> State:
    return replace(opening("receptive"), layer=stack_from_text(layer), view=view, at=at)


def turned(state: State, name: str, value: object) -> Outcome:
    return outcome(state, {"turn": {"name": name, "value": value, "commit": True}})


def written(scene: Any, t: int) -> list[list[str]]:
    """The rows of a table as they are written at a step, column by column from the first."""
    texts = scene.texts_at(t)
    columns = [grid for grid in scene.grids if grid.columns == 1 and grid.name != "strip"]
    cells = [[texts[grid.first + n] for grid in columns] for n in range(columns[0].rows)]
    return [row for row in cells if row[0]]


@pytest.mark.parametrize("text", [*SMALL, *KNOWN])
def test_each_row_of_the_table_says_what_the_network_s_own_table_says(text: str) -> None:
    network: Any = networked(stack_from_text(text))
    scene, by_name = cv.scene(network, "table"), {row.name: row for row in rows(network)}
    assert scene.steps == len(counted(network))
    for row in counted(network):
        (said,) = [cells for cells in written(scene, row.number - 1) if cells[0] == str(row.number)]
        told = by_name[row.nodes[-1].name]
        own = [by_name[node.name] for node in row.nodes]
        assert said[2] == " × ".join(map(str, told.shape_out))
        assert said[3:5] == [f"{sum(one.parameters for one in own):,}", f"{sum(one.macs for one in own):,}"]
        jump = along(told.jump) if any(size > 1 for size in told.shape_out[1:]) else "–"  # one output has no neighbour
        assert said[5:] == [along(told.field), jump, along(told.padding), along(told.centre)]
    assert sum(row.parameters for row in counted(network)) == network.parameters


@pytest.mark.parametrize("text", ["vgg16", "resnet50"])
def test_of_many_rows_those_around_the_current_one_are_written_and_a_click_names_the_row(text: str) -> None:
    scene = cv.scene(stack_from_text(text), "table")
    (pick,) = scene.picks
    for t in range(scene.steps):
        here = [row[0] for row in written(scene, t)]
        assert str(t + 1) in here and len(here) <= ROWS
        values = dict(zip(pick.marks.tolist(), pick.values[t].tolist(), strict=True))
        texts = scene.texts_at(t)
        number = next(grid for grid in scene.grids if grid.name == "number")
        for mark in range(number.first, number.first + number.count):
            assert texts[mark] == (str(values[mark]) if values[mark] else "")


def composed(network: Any, axis: int) -> Any:
    """(outputs, inputs) of a row of layers along an axis, by their taps one after the other."""
    found: Any = np.eye(network.input_size[axis])
    for node in network.nodes:
        found = node.layer.taps.axes[axis].matrix @ found if node.has_taps else found
    return found


@pytest.mark.parametrize("text", [text for text in SMALL if "@" not in text and "dense" not in text])
def test_what_an_output_sees_is_what_composed_taps_say(text: str) -> None:
    network: Any = stack_from_text(text)
    tables = [composed(network, axis) for axis in (0, 1)]
    last, rng = len(counted(network)), random.Random(text)
    for _ in range(5):
        place = tuple(rng.randrange(size) for size in network.output_size)
        state = shown(text, "field", (last, *place))
        scene, sight = state.scene(), sights(network, state.at)[-1]
        read = [np.flatnonzero(table[p]) for table, p in zip(tables, place, strict=True)]
        assert sight.place == place
        assert sight.spans[0] == tuple((int(cells.min()), int(cells.max())) for cells in read)
        counts = np.outer(tables[0][place[0]], tables[1][place[1]])
        assert np.array_equal(seen(network, None, place)["x"], counts)
        grid, one = scene.grids[0], maps_of(network)[0]
        lit = {mark for mark in scene.track["window"].marks[last - 1].tolist() if 0 <= mark < grid.count}
        if not one.zoomed:
            (r0, r1), (c0, c1) = sight.spans[0]
            box = {r * grid.columns + c for r in range(r0, r1 + 1) for c in range(c0, c1 + 1)}
            assert lit == {grid.first + cell for cell in box}
            toned = {int(cell) for cell in np.flatnonzero(scene.tones_at(last - 1)[: grid.count] > 8)}
            assert toned == set(np.flatnonzero(counts).tolist())


@pytest.mark.parametrize("text", ["lenet5", "vgg16", "unet", "resnet50"])
def test_of_known_networks_the_spans_are_the_extents_of_the_paths(text: str) -> None:
    network: Any = stack_from_text(text)
    rng = random.Random(text)
    for row in rng.sample([row for row in counted(network) if len(row.shape) == 3], 3):
        name, place = row.nodes[-1].name, tuple(rng.randrange(n) for n in row.shape[1:])
        found, counts = spans_of(network).of(name, place), seen(network, name, place)
        for below, spans in found.items():
            if spans and below in counts:
                cells = np.argwhere(counts[below] > 0)
                assert spans == tuple(zip(cells.min(axis=0).tolist(), cells.max(axis=0).tolist(), strict=True)), below


def test_a_click_on_a_square_asks_about_the_cell_in_its_middle() -> None:
    state = opening("receptive")
    board = next(one for one in maps_of(state.layer) if one.last == 5)  # type: ignore[arg-type]
    after = turned(replace(state, view="field"), "at", 5 * PLACES + 12 * 3 + 7).state
    assert board.lattice == board.size == (12, 12)
    assert after.at == (5, 3, 7) and after.step == 4
    assert from_query(to_query(after), "receptive") == (after, [])


@pytest.mark.parametrize("text", [*SMALL, *KNOWN])
def test_it_opens_at_the_chosen_row_or_at_the_last_before_what_sees_all(text: str) -> None:
    state = turned(shown(text), "view", "field").state
    rows = counted(networked(state.layer))
    ends = len(rows[-1].shape) == 1 and any(np.prod(row.shape[1:]) > 1 for row in rows)
    wanted = max(row.number for row in rows if not ends or np.prod(row.shape[1:]) > 1)
    scene = state.scene()
    assert state.step == wanted - 1 and scene.picks[0].step == wanted - 1
    assert from_query({"view": "field", "layer": text}, "receptive") == (state, [])
    for step in (0, state.step, scene.steps - 1):
        there = replace(state, step=step)
        assert from_query(to_query(there), "receptive") == (there, [])
    chosen = turned(turned(shown(text), "row", 2).state, "view", "field").state
    assert chosen.step == 1 and from_query(to_query(chosen), "receptive") == (chosen, [])
    assert turned(state, "view", "table").state.step == 0


@pytest.mark.parametrize("text", [*SMALL, *KNOWN])
def test_how_much_is_seen_stands_under_each_board_and_nothing_where_nothing_is_seen(text: str) -> None:
    network: Any = networked(stack_from_text(text))
    scene, theme = cv.scene(network, "field"), THEMES["light"]
    feet = [grid for grid in scene.grids if grid.name.endswith(".seen")]
    assert [grid.name for grid in feet] == [f"{grid.name}.seen" for grid in scene.grids if grid not in feet]
    for t in range(scene.steps):
        texts, looks = scene.texts_at(t), scene.at(t).looks
        looking = counted(network)[t].number
        for one, foot in zip(maps_of(network), feet, strict=True):
            assert not texts[foot.first] or one.numbers[0] <= looking
            assert texts[foot.first] or one.last
            paint = theme.paint(*LOOKS[looks[foot.first]])
            assert not paint.fill and not paint.line, "no rectangle around it"


@pytest.mark.parametrize("text", [*SMALL, *KNOWN])
def test_on_a_narrow_page_each_board_goes_with_its_words(text: str) -> None:
    scene = cv.scene(networked(stack_from_text(text)), "field")
    found = blocks(scene, VIEWS["field"].narrow)
    boards = [grid.name for grid in scene.grids if not grid.name.endswith(".seen")]
    assert [[scene.grids[n].name for n in one.grids] for one in found] == [[name, f"{name}.seen"] for name in boards]
    for name, one in zip(boards, found, strict=True):
        number = name.removeprefix("map").replace("input", "0")
        words = {scene.labels[n].name for n in one.labels}
        assert words - {"caption:input"} == {f"title:{number}", f"size:{number}"}
        assert name == "input" or "caption:input" not in words


def test_an_edit_of_a_row_is_fitted_to_what_comes_after() -> None:
    state = turned(opening("receptive"), "row", 2).state
    wide = turned(state, "out_channels", 5).state
    assert [node.layer.in_channels for node in wide.layer.nodes if hasattr(node.layer, "in_channels")][2] == 5
    assert next(node.layer.channels for node in wide.layer.nodes if node.layer.kind == "maxpool") == 5
    small = turned(wide, "stride", 2).state
    assert counted(small.layer)[1].shape == (5, 12, 12)  # type: ignore[arg-type]
    assert small.layer.nodes[-1].layer.in_features < wide.layer.nodes[-1].layer.in_features
    assert from_query(to_query(small), "receptive") == (small, [])


@pytest.mark.parametrize("text", SMALL)
def test_random_edits_give_what_a_link_gives_back_or_are_refused_with_what_works(text: str) -> None:
    rng, state, done = random.Random(text), shown(text), 0
    for _ in range(40):
        name = rng.choice(["row", "kernel_size", "stride", "padding", "dilation", "out_channels", "edit", "input_size"])
        value = rng.choice(["add_conv", "add_pool", "up", "down", "remove"]) if name == "edit" else rng.randint(1, 12)
        came = turned(state, name, value)
        if came.refused:
            assert came.state == state
            if fix := came.refused[1].fix:
                assert turned(state, "fix", fix).refused is None
            continue
        done += came.state != state
        state = came.state
        assert from_query(to_query(state), "receptive") == (state, [])
        assert stack_to_text(stack_from_text(state.text)) == state.text
    assert done > 5


@pytest.mark.parametrize("name", KNOWN)
def test_another_size_of_the_input_changes_no_layer_but_what_follows_from_it(name: str) -> None:
    """Where a window would not fit any more it is refused, with the nearest size that can be; and all comes back."""
    state = shown(name)
    if len(networked(state.layer).x_shape) == 1:
        return
    (size, *_), own = networked(state.layer).input_size, [row.layer for row in counted(networked(state.layer))]
    for wanted in (1, size // 4, size // 2, size + 8):
        came = turned(state, "input_size", wanted)
        if came.refused:
            (nearest,) = came.refused[1].fix.values()
            assert came.state == state and wanted < int(str(nearest)) <= size
            came = turned(state, "fix", came.refused[1].fix)
        assert came.refused is None
        after = [row.layer for row in counted(networked(came.state.layer))]
        for one, other in zip(own, after, strict=True):
            for part in ("kernel_size", "stride", "padding", "dilation") if getattr(one, "shared", False) else ():
                assert getattr(one, part, None) == getattr(other, part, None)
        back = turned(came.state, "input_size", size)
        assert back.refused is None and [row.layer for row in counted(networked(back.state.layer))] == own


def test_rows_come_go_and_change_places() -> None:
    network = Network([cv.Conv(9, 3), cv.ReLU(), cv.MaxPool(7, 2), cv.Conv(3, 2)])
    more: Any = added_row(network, 1, lambda shape: cv.Conv(shape[1:], 1))
    assert [row.layer.kind for row in counted(more)] == ["conv", "conv", "maxpool", "conv"]
    assert counted(removed_row(more, 2)) and stack_to_text(removed_row(more, 2)) == stack_to_text(network)
    swapped: Any = moved_row(network, 2, -1)
    assert [row.layer.kind for row in counted(swapped)] == ["maxpool", "conv", "conv"]
    assert [node.layer.kind for node in counted(swapped)[1].nodes] == ["conv", "relu"]
    with pytest.raises(LayerError, match="too small"):
        moved_row(Network([cv.Conv(9, 3), cv.MaxPool(7, 2), cv.Conv(3, 3)]), 2, -1)
    with pytest.raises(LayerError, match="cannot be removed"):
        removed_row(Network([cv.Conv(5, 3)]), 1)
    block: Any = stack_from_text("conv2d-i9-k3-p1~conv2d-i9-k3-p1~add@0.2")
    with pytest.raises(LayerError, match="cannot be moved there"):
        moved_row(block, 3, -1)
    with pytest.raises(LayerError):
        changed_row(block, 1, cv.Conv(9, 3))


def test_a_depthwise_layer_stays_one() -> None:
    network = Network([cv.Conv(5, 1, out_channels=4), cv.depthwise(5, 3, channels=4), cv.pointwise(3, 4, 2)])
    after: Any = changed_row(network, 1, cv.Conv(5, 1, out_channels=6))
    assert [layer.groups for layer in after.layers] == [1, 6, 1] and after.layers[1].out_channels == 6


CODE = "nn.Sequential(\n    nn.Conv2d(3, 64, 7, stride=2, padding=3), nn.ReLU(),\n    nn.Foo(), nn.MaxPool2d(2))"


@pytest.mark.parametrize("name", ["small_network", "resnet_torchvision", "dcgan", "unet"])
def test_whichever_row_is_chosen_as_many_places_of_the_panel_are_kept(name: str) -> None:
    """A layer without such a parameter keeps its place, so that nothing on the page moves."""
    (preset,) = [one for one in LESSONS["receptive"].presets if one.name == name]
    state = turned(opening("receptive"), "preset", preset.setting).state
    rows = counted(networked(state.layer))
    shown = [dials(replace(state, at=(row.number,))) for row in rows]
    assert len({tuple(dial["place"] for dial in one) for one in shown}) == 1
    assert len({sum(bool(dial.get("absent")) for dial in one) for one in shown}) > 1 or name == "dcgan"


def test_a_slider_of_channels_stops_at_few_numbers_and_at_the_one_that_is() -> None:
    state = replace(opening("receptive"), layer=Network([cv.Conv(5, 3, out_channels=37)]))
    (dial,) = [dial for dial in dials(state) if dial["name"] == "out_channels"]
    stops: Any = dial["stops"]
    assert [n for n, _ in stops if n in (37, 512)] == [37, 512] and len(stops) < 30
    assert stops == sorted(stops)


def test_pasted_code_is_shown_and_what_is_not_understood_is_named_with_its_place() -> None:
    asked = {"text": CODE, "input": "3x64x64"}
    came = turned(opening("receptive"), "paste", asked)
    assert came.refused is None
    assert came.state.text == "conv2d-i64-k7-s2-p3-c3-o64-b1~relu~maxpool2d-i32-k2-c64"
    for language in ("en", "zh"):
        ((text, line, _),) = problems(asked, language)
        assert line == 3 and "nn.Foo" in text


def test_a_pasted_error_is_drawn_and_what_mends_it_is_a_layer_that_can_be_shown() -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x25088 and 4096x1000)"
    came = turned(opening("receptive"), "paste", {"text": error, "input": ""})
    assert came.state.text.startswith("misfitdense") and came.state.seen == "misfit"
    (mends,) = [dial for dial in dials(came.state) if dial["name"] == "mend"]
    choices: Any = mends["choices"]
    assert len(choices) > 1
    for text, *_ in choices[1:]:
        mended = turned(came.state, "mend", text)
        assert mended.refused is None and mended.state.seen == "table"


def test_a_message_at_the_end_of_a_long_log_is_read() -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x25088 and 4096x1000)"
    came = turned(opening("receptive"), "paste", {"text": "epoch 1, loss 0.25\n" * 20_000 + error, "input": ""})
    assert came.state.text.startswith("misfitdense")


@pytest.mark.parametrize("text", ["", "hello", "(" * 5000, "nn.Conv2d(" * 900, "\0", "x" * 60_000])
def test_what_says_nothing_is_refused_and_the_last_picture_stays(text: str) -> None:
    state = opening("receptive")
    came = turned(state, "paste", {"text": text, "input": "a"})
    assert came.state == state and came.refused
    assert problems({"text": text}, "en")


@pytest.mark.parametrize("text", ["conv2d-i5-k3", *SMALL, *KNOWN])
def test_the_code_that_is_saved_is_a_module_of_python(text: str) -> None:
    tree = ast.parse(table_text(shown(text), ".py"))
    last = tree.body[-1]
    assert isinstance(tree.body[0], ast.ImportFrom | ast.Import)
    assert isinstance(last, ast.ClassDef) or ast.unparse(last).startswith("model = ")


def test_no_code_is_offered_of_what_pytorch_has_no_words_for() -> None:
    assert list(offered_tables(shown("conv2d-i5-k3"))) == [".csv", ".md", ".py"]
    assert list(offered_tables(shown("conv2d-i5-k3-f1"))) == [".csv", ".md"]
    assert not offered_tables(shown("misfitwindow2d-i2-k3", "misfit"))


def test_what_is_shown_of_a_text_is_counted_where_a_part_is_not_understood() -> None:
    def said(text: str, language: str = "en") -> str:
        return rest({"text": text, "input": "3x32x32"}, language)

    assert said("nn.Sequential(nn.Conv2d(3, 16, 3), nn.Foo(1), nn.ReLU())").endswith(": 2.")
    assert "2" in said("nn.Sequential(nn.Conv2d(3, 16, 3), nn.Foo(1), nn.ReLU())", "zh")
    assert said("nn.Conv2d(3, 16, 3)") == said("nn.Foo(1)") == said("nothing") == ""
    assert said("RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x25088 and 4096x1000)") == ""


def test_the_table_is_a_file_and_the_network_is_code() -> None:
    state = shown("lenet5")
    network: Any = state.layer
    assert len(table_text(state, ".csv").splitlines()) == len(network.nodes) + 1
    assert "| total |" in table_text(state, ".md")
    found = read(table_text(state, ".py"), network.x_shape)
    assert found.network is not None and not found.problems
    assert [node.layer for node in found.network.nodes] == [node.layer for node in network.nodes]
    (box,) = [dial for dial in dials(state) if dial["name"] == "paste"]
    codes: Any = box["codes"]
    assert [name for name, _ in codes] == ["PyTorch", "Keras"]
    again = turned(opening("receptive"), "paste", {"text": codes[0][1], "input": "1x32x32"}).state.layer
    plain = Network({node.name: (node.layer, list(node.inputs)) for node in network.nodes}, network.x_shape)
    assert stack_to_text(again) == stack_to_text(plain)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_challenge_says_the_numbers_of_its_goals_and_parts_thousands(language: str) -> None:
    told = tour(showing(opening("receptive", language), {"kind": "challenge", "n": 0}))
    goals: Any = told["goals"]
    for goal, shown_goal in zip(LESSONS["receptive"].challenge.goals, goals, strict=True):
        assert f"{goal.wanted:,}" in str(told["text"]) and shown_goal["text"].endswith(f"{goal.wanted:,}")
    assert not re.search(r"\d{4}", " ".join([str(told["text"]), *(goal["text"] for goal in goals)]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layer", [p.setting for p in LESSONS["receptive"].presets if p.setting.startswith("misfit")])
def test_where_something_does_not_fit_the_lesson_begins_with_the_message(layer: str, language: str) -> None:
    state = replace(opening("receptive", language), layer=setting(layer), view="misfit")
    told, plain = tour(state), tour(opening("receptive", language))
    assert f"PyTorch {'says: ' if language == 'en' else '报错：'}“{setting(layer).message}”" in str(told["text"])
    assert told["own"] and "own" not in plain and plain["text"] == say("lesson.receptive.intro", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_number_has_one_name_on_the_page(language: str) -> None:
    words, other = catalogue(language), {"en": r"weights?\b|MAC|ccumulate", "zh": "权重|参数的数量"}[language]
    parts = (
        "table.",
        "sentence.table",
        "lesson.receptive.",
        "view.table",
        "goal.macs",
        "goal.parameters",
        "cost.network",
    )
    kept = ("lesson.receptive.beat.error",)  # what an output multiplies its inputs by
    texts = {key: plain_words(text) for key, text in words.items() if key.startswith(parts) and key not in kept}
    assert {key for key, text in texts.items() if re.search(other, text)} == set()


def plain_words(text: str) -> str:
    """A text without the names of its places and roles."""
    return re.sub(r"\{\w+(:,)?[|}]|\[\w+\|", "", text)


def test_an_output_that_sees_less_than_its_field_is_told_apart() -> None:
    for place, words in (((0, 0), "sees 3 × 3 of the input; its receptive field is up to 5."), ((4, 4), "field is 5.")):
        assert shown("conv2d-i9-k3-p1~conv2d-i9-k3-p1", "field", (2, *place)).scene().sentence(1).endswith(words)


def test_a_single_output_has_no_neighbour_and_a_file_keeps_its_jump() -> None:
    state = shown("conv2d-i8-k3-p1-s2-o4~adaptiveavgpool2d-i4-o1-c4~flatten~dense-i4-o2")
    scene = state.scene()
    jumps = [row[6] for row in written(scene, 0)]
    assert jumps[-3:] == ["–"] * 3 and jumps[0] == "2"
    assert "jump –," in scene.sentence(scene.steps - 1)
    assert "–" not in table_text(state, ".csv")


def test_a_negative_number_has_its_own_sign_on_the_page_and_a_hyphen_in_files() -> None:
    state = shown("dcgan")
    assert any(text.startswith("−") for row in written(state.scene(), 0) for text in row)
    assert not any(re.match(r"-\d", text) for row in written(state.scene(), 0) for text in row)
    assert "−" not in table_text(state, ".csv") and ",-" in table_text(state, ".csv")
