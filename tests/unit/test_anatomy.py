"""The lesson on a network that reads digits: pictures show the engine's values, and cones are what taps compose to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import convviz as cv
from convviz.digits import digits
from convviz.errors import LayerError
from convviz.handwriting import bitmap, digit
from convviz.layers.reader import CLASSES, MAPS, SIZE, DigitReader
from convviz.lessons import LESSONS
from convviz.network import Network, spelled, stack_from_text, stack_to_text
from convviz.page.dials import dials
from convviz.page.inked import cells, held_out, inked, label, one_of_each, written
from convviz.page.link import from_query, to_query
from convviz.page.offers import offered, standing
from convviz.page.sources import chosen
from convviz.page.state import State, opening, setting
from convviz.page.turn import outcome
from convviz.page.values import Values, values_from_text
from convviz.player.wire import payload, wire
from convviz.recognised import shipped
from convviz.recognising import field, network, split
from convviz.scene.reader import CONV, DENSE, FLAT, POOLED, RELU, SMALL, SOFTMAX, STAGES
from convviz.text import LANGUAGES

VIEWS = LESSONS["anatomy"].views
NET = spelled(DigitReader())
LINE = written(bitmap([[(16, 3), (15, 28)]], 3))
"""A drawing of one stroke."""

each_view = pytest.mark.parametrize("view", VIEWS)


def shown(view: str = "anatomy", x: str = "d7", followed: int = 2, language: str = "en") -> State:
    plain = replace(opening("anatomy", language), layer=setting(f"digits-m{followed}" if followed > 1 else "digits"))
    return replace(plain, view=view, x=values_from_text(x))


def board(scene: Any, name: str) -> list[int]:
    """The cells of a node's boards, in the order of its values."""
    grids = [grid for grid in scene.grids if grid.name.partition(".")[0] == name]
    return [grid.first + n for grid in grids for n in range(grid.count)]


def value(text: str) -> float:
    return float(text.replace("−", "-"))


class TestTheNetwork:
    def test_it_is_the_one_that_was_trained(self):
        trained = network("flatten")
        assert [(one.name, one.shape) for one in NET.nodes] == [(one.name, one.shape) for one in trained.nodes]
        assert [str(one.layer) for one in NET.nodes] == [str(one.layer) for one in trained.nodes]
        assert {name: weight.shape for name, (weight, _) in shipped("flatten").items()} == {
            node.name: node.layer.weight_shape for node in NET.nodes if node.parameters
        }

    @pytest.mark.parametrize("followed", range(1, MAPS + 1))
    def test_its_text_names_the_map_that_is_followed(self, followed):
        there = spelled(DigitReader(followed))
        assert stack_from_text(stack_to_text(there)) == there

    @pytest.mark.parametrize("wrong", [0, MAPS + 1, "two", 1.5])
    def test_a_map_that_it_does_not_have_is_refused_with_the_nearest(self, wrong):
        with pytest.raises(LayerError) as raised:
            DigitReader(wrong)
        assert DigitReader(**raised.value.fix)

    @each_view
    def test_its_views_are_for_it_alone(self, view):
        for other in (cv.Conv(12, 3), Network(NET.layers), cv.GatedConv((6,), 3, padding="same")):
            with pytest.raises(LayerError, match="view"):
                cv.scene(other, view)


class TestTheValues:
    @each_view
    @pytest.mark.parametrize("x", ["d7", "d210", "b", f"b{LINE}", "hbar", "p0_24_48_120", "s3"])
    def test_a_picture_shows_what_the_engine_gives(self, view, x):
        state = shown(view, x)
        scene, run = state.scene(), state.ran()
        wanted = cv.output(network("flatten"), run.x, shipped("flatten"))
        assert np.allclose(run.output, wanted, rtol=1e-12, atol=0) and run.x.min() >= 0 and run.x.max() <= 1
        texts = scene.at(scene.steps - 1).texts
        for name in STAGES:
            cells_of, values = board(scene, name), run.values[name].ravel()
            if len(cells_of) == values.size:
                told = np.array([value(texts[mark]) for mark in cells_of])
                share = 100 if name == SOFTMAX else 1
                assert np.allclose(told, share * values, atol=0.051 if name == SOFTMAX else 0.0051)

    def test_a_held_out_digit_is_what_the_networks_are_asked_about_and_was_never_learned_from(self):
        learned, held = split()
        assert held_out().tolist() == held.tolist() and not set(learned) & set(held)
        for number in (0, 7, 359):
            assert np.array_equal(
                Values("digit", (number,)).array((1, SIZE, SIZE), 0, 5), field(digits().images[held[number]])
            )
            assert label(number) == digits().labels[held[number]]

    def test_what_the_lesson_says_of_its_digits_is_so(self):
        told = {x: shown("anatomy", x).ran().output for x in ("d7", "d0", "d210")}
        labels = {x: label(int(x[1:])) for x in told}
        assert told["d7"].argmax() == labels["d7"] and np.sort(told["d7"])[-2] > 0.1, "two candidates"
        assert told["d0"].argmax() == labels["d0"] and told["d0"].max() > 0.99, "a clear case"
        assert told["d210"].argmax() != labels["d210"] and told["d210"].max() > 0.9, "sure, and wrong"

    def test_what_is_typed_over_an_input_or_a_weight_goes_through_the_network(self):
        state = replace(shown(), x=values_from_text("d7~0:1"), weight=Values(edits=((9 + 4, 5.0), (72 + 3, -1.5))))
        run = state.ran()
        weight, bias = shipped("flatten")["conv1"][0].copy(), shipped("flatten")["dense5"][0].copy()
        assert run.x.ravel()[0] == 1
        weight.flat[13], bias.flat[3] = 5, -1.5
        assert np.array_equal(run["conv1"].weight, weight) and np.array_equal(run["dense5"].weight, bias)

    def test_the_kernel_of_a_map_is_typed_where_it_stands(self):
        for view in ("feature", "cell"):
            (kernel,) = [grid for grid in shown(view, followed=3).scene().grids if grid.name == "kernel"]
            assert kernel.editable is not None and (kernel.editable.array, kernel.editable.first) == ("weight", 18)


class TestTheDrawing:
    @pytest.mark.parametrize("seed", range(20))
    def test_any_drawing_is_read_back_from_its_text(self, seed):
        rng = np.random.default_rng(seed)
        drawn = rng.random((32, 32)) < rng.random()
        assert np.array_equal(cells(written(drawn)), drawn)
        state = replace(shown(), x=values_from_text(f"b{written(drawn)}"))
        assert from_query(to_query(state), "anatomy") == (state, [])

    @pytest.mark.parametrize("text", ["b!", "b" + "." * 17, "d360", "d-1", "b_1", "d", "d1_2"])
    def test_a_text_of_none_is_refused(self, text):
        with pytest.raises(LayerError):
            values_from_text(text)

    def test_it_is_what_a_digit_is_made_into(self):
        drawn = bitmap([[(8, 4), (24, 4), (14, 28)]], 3)
        assert np.array_equal(inked(written(drawn)), field(digit(drawn))[0])
        assert not inked("").any()

    def test_a_stroke_of_the_pad_is_a_turn_and_so_is_a_pick(self):
        state = opening("anatomy")
        came = outcome(state, {"turn": {"name": "x", "value": f"b{LINE}", "commit": True}})
        assert came.kept and came.state.x.text() == f"b{LINE}" and not came.refused
        came = outcome(state, {"turn": {"name": "held", "value": 12, "commit": False}})
        assert not came.kept and came.state.x.text() == "d11"
        assert outcome(state, {"turn": {"name": "held", "value": 999, "commit": True}}).refused

    def test_other_lessons_take_a_digit_as_any_other_values(self):
        state = replace(opening("convolution"), x=values_from_text(f"b{LINE}"))
        assert state.scene().steps and 0 < state.ran().x.max() <= 1

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_pad_and_digits_stand_before_more_and_only_there(self, language):
        names = [dial["name"] for dial in dials(opening("anatomy", language)) if dial["place"] == "main"]
        assert names == ["pad", "held", "map"]
        assert not {"pad", "held"} & {dial["name"] for dial in dials(opening("pooling", language))}

    def test_one_of_each_digit_is_offered_and_what_is_chosen_is_marked(self):
        said = offered(opening("anatomy"))
        assert [one["value"] for one in said["sources"]] == [f"d{n}" for n in one_of_each()]
        state = chosen(opening("anatomy"), said["sources"][3]["value"])
        assert label(int(state.x.numbers[0])) == 3 and standing(state)["chosen"] == said["sources"][3]["value"]


class TestTheCones:
    """From a value back to the pixels: what is lit is what the taps of all layers compose to."""

    def composed(self) -> dict[str, np.ndarray]:
        """For each node a (values, pixels) table of what its taps reach, by matrices of ones and zeros."""
        reads = NET.nodes[0].layer.taps.flat_sources
        one = np.zeros((SIZE**2, SIZE**2), dtype=bool)
        for place, row in enumerate(reads):
            one[place, row[row >= 0]] = True
        conv = np.tile(one, (MAPS, 1))
        pool = np.zeros((SMALL**2, SIZE**2), dtype=bool)
        for place, row in enumerate(NET.nodes[2].layer.taps.flat_sources):
            pool[place, row] = True
        pooled = np.tile((pool.astype(int) @ one.astype(int)) > 0, (MAPS, 1))
        every = np.tile(pooled.any(axis=0), (CLASSES, 1))
        return {CONV: conv, RELU: conv, POOLED: pooled, FLAT: pooled, DENSE: every, SOFTMAX: every}

    def test_the_cone_of_every_value_is_what_composed_taps_name(self):
        scene = shown().scene()
        pixels = board(scene, "x")
        for name, table in self.composed().items():
            for mark, row in zip(board(scene, name), table, strict=True):
                cone = scene.cone(mark)
                assert {pixels[n] for n in np.flatnonzero(row)} == {m for m in cone if m in set(pixels)}
                assert {cone[pixels[n]] for n in np.flatnonzero(row)} == {STAGES.index(name) + 1}

    def test_a_pixel_feeds_what_reads_it(self):
        scene = shown().scene()
        pixels = board(scene, "x")
        fed = scene.cone(pixels[5 * SIZE + 5])
        for name, table in self.composed().items():
            cells_of = board(scene, name)
            assert {cells_of[n] for n in np.flatnonzero(table[:, 5 * SIZE + 5])} == {
                m for m in fed if m in set(cells_of)
            }

    @pytest.mark.parametrize("view", ["feature", "cell"])
    def test_a_sum_is_made_of_its_pixels_and_its_kernel(self, view):
        scene = shown(view, followed=4).scene()
        (kernel,) = [grid for grid in scene.grids if grid.name == "kernel"]
        t = scene.steps // 2
        track = "convolved" if view == "feature" else "current"
        mark = int(scene.track[track].marks[t, 0])
        cone = scene.cone(mark)
        assert {kernel.first + n for n in range(kernel.count)} <= cone.keys()


class TestTheSums:
    def test_every_value_of_a_way_has_its_arithmetic(self):
        scene = shown("feature", followed=5).scene()
        for t in (0, 13, 35):
            for track in ("current", "rectified", "convolved"):
                for mark in scene.track[track].marks[t].tolist():
                    text = scene.arithmetic(t, mark)
                    body, result = text.rsplit(" = ", 1)
                    plain = body.replace("·", "*").replace("−", "-")
                    assert eval(plain, {"max": max}) == pytest.approx(value(result), abs=0.01)
                    assert result == scene.texts_at(t)[mark]

    def test_a_score_is_what_the_maps_add_and_its_bias(self):
        scene = shown("votes").scene()
        for t in range(CLASSES):
            body, result = scene.arithmetic(t).rsplit(" = ", 1)
            assert eval(body.replace("−", "-")) == pytest.approx(value(result), abs=0.02)

    def test_the_products_of_a_score_add_up_to_its_maps(self):
        scene, run = shown("votes").scene(), shown("votes").ran()
        weights = run[DENSE].weight.reshape(CLASSES, MAPS, -1)
        products = weights * run.values[POOLED].reshape(MAPS, -1)
        for t in (0, 9):
            texts = scene.texts_at(t)
            sums = [value(texts[mark]) for mark in scene.track["sums"].marks[t]]
            assert sums == pytest.approx(products[t].sum(axis=1), abs=0.0051)

    def test_softmax_is_told_power_by_power_then_their_sum_then_each_share(self):
        scene, run = shown("softmax").scene(), shown("softmax").ran()
        assert scene.steps == 2 * CLASSES + 1
        for t in range(scene.steps):
            body, result = scene.arithmetic(t).rsplit(" = ", 1)
            plain = body.replace("·", "*").replace("÷", "/").replace("−", "-")
            assert eval(plain, {"exp": np.exp}) == pytest.approx(value(result), abs=0.11)
            assert scene.sentence(t).rstrip(".").endswith(result)
        assert [value(scene.texts_at(20)[mark]) for mark in board(scene, SOFTMAX)] == pytest.approx(
            (100 * run.output).tolist(), abs=0.051
        )


class TestTheMotion:
    @pytest.mark.parametrize("followed", [1, 8])
    def test_each_map_leads_to_its_own_way_and_the_way_to_a_cell(self, followed):
        scene = shown(followed=3).scene()
        turns = [dict(detail.turn) for detail in scene.details]
        assert turns == [
            *({"view": "feature", "map": n + 1} for n in range(MAPS)),
            {"view": "votes"},
            {"view": "softmax"},
        ]
        names = {scene.grids[n].name for n in scene.details[followed - 1].grids}
        assert names == {f"{name}.{followed}" for name in (CONV, RELU, POOLED)}
        way = shown("feature", followed=followed).scene()
        assert names <= {grid.name for grid in way.grids}, "the same boards, larger"
        assert [dict(detail.turn) for detail in way.details] == [{"view": "cell"}]

    def test_what_leads_closer_is_a_turn_that_the_page_takes(self):
        for detail in shown().scene().details:
            came = outcome(opening("anatomy"), {"turn": {"name": "fix", "value": dict(detail.turn), "commit": True}})
            assert not came.refused and came.state.view == detail.turn["view"]
            assert came.state.single.map == detail.turn.get("map", 2)

    @each_view
    def test_what_is_sent_is_small(self, view):
        assert len(payload(shown(view).scene())) < 80_000
        assert ("details" in wire(shown(view).scene())) == (view in ("anatomy", "feature"))
