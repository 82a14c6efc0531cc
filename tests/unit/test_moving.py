"""Lesson 9: a layer that shares its kernels in part, and a digit that is moved, show what the engine gives."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import depth
import numpy as np
import pytest

import convviz as cv
from convviz.digits import digits
from convviz.errors import LayerError
from convviz.layers.digit import HELD_OUT, SIZE, Digit
from convviz.layers.local import Local
from convviz.layers.notation import from_text, to_text
from convviz.lessons import LESSONS
from convviz.lessons.code import DIGITS_PYTORCH
from convviz.moving import FOLLOWED, MIDDLE, PLACES, answers, followed, inked, knowing, label_of, moved, shift_of
from convviz.page.dials import dials
from convviz.page.link import from_query, to_query
from convviz.page.state import opening
from convviz.page.turn import outcome
from convviz.player.packing import coded
from convviz.player.wire import wire
from convviz.recognised import measured, shipped
from convviz.recognising import FURTHEST, LEARNED, NAMES, field, network, split
from convviz.scene.views import VIEWS
from convviz.scene.views.shares import alexnet, costs
from convviz.sharing import ALEXNET_FIRST, parameters
from convviz.text import LANGUAGES

DIGIT = "digit2d-n64"
each_view = pytest.mark.parametrize("view", ["moved", "follow", "shifts"])


class TestLocal:
    def test_a_kernel_for_all_is_the_convolution(self) -> None:
        layer, plain = Local(7, 3, 2, 1, share=4), cv.Conv(7, 3, 2, 1)
        one, other = cv.trace(layer, seed=3), cv.trace(plain, seed=3)
        assert np.array_equal(one.output, other.output) and layer.weight_shape == plain.weight_shape
        assert layer.macs == plain.macs == Local(7, 3, 2, 1).macs, "sharing saves weights, not multiplications"

    @pytest.mark.parametrize("share", [1, 2, 3, 6])
    def test_each_output_is_made_with_the_kernel_of_its_block(self, share: int) -> None:
        layer = Local(8, 3, share=share)
        trace = cv.trace(layer, seed=share)
        for r, c in product(range(6), range(6)):
            own = trace.weight[(r // share) * (6 // share) + c // share, 0]
            assert trace.output[0, r, c] == (trace.x[0, r : r + 3, c : c + 3] * own).sum()
            assert trace[r * 6 + c].total == trace.output[0, r, c]

    def test_its_gradients_are_finite_differences(self) -> None:
        rng, layer = np.random.default_rng(0), Local(5, 2, padding=1, share=3)
        x, weight = rng.standard_normal(layer.x_shape), rng.standard_normal(layer.weight_shape)
        upstream = rng.standard_normal(layer.y_shape)
        found = cv.trace(layer, x, weight).backward(upstream)

        def loss(at: Any, to: Any) -> float:
            return float((cv.trace(layer, at, to).output * upstream).sum())

        for cell in np.ndindex(x.shape):
            step = np.zeros_like(x)
            step[cell] = 1e-6
            slope = (loss(x + step, weight) - loss(x - step, weight)) / 2e-6
            assert np.asarray(found.x)[cell] == pytest.approx(slope, rel=1e-6, abs=1e-8)
        for cell in np.ndindex(weight.shape):
            step = np.zeros_like(weight)
            step[cell] = 1e-6
            slope = (loss(x, weight + step) - loss(x, weight - step)) / 2e-6
            assert np.asarray(found.weight)[cell] == pytest.approx(slope, rel=1e-6, abs=1e-8)

    def test_what_does_not_divide_names_what_does(self) -> None:
        with pytest.raises(LayerError, match=r"share: 4 - must divide the output's size \(6, 6\) - try share 3"):
            Local(8, 3, share=4)
        with pytest.raises(LayerError, match="two axes"):
            Local((8,), 3)

    def test_its_text_is_read_back_and_no_stack_holds_it(self) -> None:
        layer = Local(8, 3, padding=1, share=4)
        assert from_text(to_text(layer)) == layer
        with pytest.raises(LayerError):
            from_text(to_text(layer), (cv.Conv,))

    def test_the_table_has_the_published_numbers_at_its_ends(self) -> None:
        assert [alexnet(Local(8, 3, share=share))[1] for share in (1, 6)] == [105_705_600, 34_944]
        between = [alexnet(Local(8, 3, share=share))[1] for share in (2, 3)]
        assert between == [parameters(ALEXNET_FIRST, side) for side in (19, 28)] == [9 * 34_944, 4 * 34_944]
        assert costs(Local(8, 3, share=3)) == (324, 36, 9)

    def test_the_kernel_that_is_shown_is_that_of_the_step(self) -> None:
        layer = Local(8, 3, share=2)
        trace = cv.trace(layer)
        scene = cv.scene(trace)
        assert scene.view == "shares"
        (kernel,) = (grid for grid in scene.grids if grid.name == "kernel")
        for t in range(len(trace)):
            texts = scene.texts_at(t)[kernel.first : kernel.first + kernel.count]
            own = trace.weight[layer.owners[t]].ravel().tolist()
            assert texts == [str(n).replace("-", "−") for n in own]
            sharing = {int(m) for m in scene.track["sharing"].marks[t] if m >= 0}
            assert len(sharing) == 4


class TestDigit:
    def test_its_numbers_are_those_of_the_networks(self) -> None:
        assert HELD_OUT == len(split()[1]) == len(digits().labels) - LEARNED
        assert network("global").x_shape == (1, SIZE, SIZE) == Digit().x_shape
        assert network(FOLLOWED).nodes[0].layer.kernel_size == Digit().kernel_size

    def test_there_is_no_digit_beyond_the_last(self) -> None:
        with pytest.raises(LayerError, match=f"at most {HELD_OUT}"):
            Digit(HELD_OUT + 1)

    @pytest.mark.parametrize("text", ["digit2d", "digit2d-n64", "digit2d-n3-u1"])
    def test_its_text_is_read_back(self, text: str) -> None:
        assert to_text(from_text(text)) == text

    @pytest.mark.parametrize("shuffled", [False, True])
    def test_every_answer_is_the_engine_s(self, shuffled: bool) -> None:
        for number, place in ((1, 0), (64, MIDDLE), (200, 14)):
            x = field(digits().images[split()[1][number - 1]], shift_of(place), shuffled)
            assert np.array_equal(moved(number, shuffled)[place], x[0])
            for n, name in enumerate(NAMES):
                wanted = cv.output(network(name), x, shipped(name, shuffled))
                assert np.allclose(answers(number, shuffled)[n, place], wanted, rtol=1e-9)

    def test_places_are_told_row_by_row_as_far_as_the_field_goes(self) -> None:
        assert [shift_of(place) for place in (0, 1, PLACES, MIDDLE)] == [(-2, -2), (-2, -1), (-1, -2), (0, 0)]
        assert PLACES == 2 * FURTHEST + 1 == 5
        assert all(set(np.flatnonzero(moved(9)[place])) <= set(inked()[place]) for place in range(PLACES**2))

    def test_the_lesson_s_digit_is_known_in_the_middle_by_all_and_moved_by_the_last_alone(self) -> None:
        assert knowing(64, MIDDLE) == 3 and knowing(64, 14) == 1 and label_of(64) == 3
        at = answers(64)[:, 14].argmax(axis=1)
        assert (at == 3).tolist() == [False, False, True]

    def test_the_map_is_the_engine_s_and_its_largest_value_stays(self) -> None:
        found = followed(64)
        weights = shipped(FOLLOWED)["conv1"]
        for place in (0, MIDDLE, 24):
            layer = cv.Conv(SIZE, 3, padding=1, bias=True)
            kernel, bias = weights[0][[found.number]], weights[1][[found.number]]
            sums = cv.output(layer, moved(64)[place][None], kernel, bias)[0]
            assert np.allclose(found.maps[place], np.maximum(sums, 0))
        assert np.ptp(found.largest) < 1e-12 and found.largest[0] > 0
        rows, columns = np.divmod(found.where, SIZE)
        assert [(rows[t] - rows[MIDDLE], columns[t] - columns[MIDDLE]) for t in (0, 14, 24)] == [
            (-2, -2),
            (0, 2),
            (2, 2),
        ]


@pytest.mark.oracle
def test_the_code_for_pytorch_is_what_the_lesson_asks() -> None:
    torch = depth.torch()
    made: dict[str, Any] = {}
    exec(DIGITS_PYTORCH.text, made)
    for name, ours in (("dense", "dense"), ("flatten", "flatten"), ("global_max", "global")):
        theirs = made[name].double()
        arrays = [torch.tensor(array) for pair in shipped(ours).values() for array in pair]
        for parameter, array in zip(theirs.parameters(), arrays, strict=True):
            parameter.data = array
        scores = theirs(torch.tensor(moved(64))[:, None]).detach().numpy()
        wanted = answers(64)[NAMES.index(ours)]
        shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        np.testing.assert_allclose(shares, wanted, rtol=1e-9, atol=1e-12)


class TestViews:
    @each_view
    @pytest.mark.parametrize("shuffled", [False, True])
    def test_they_show_digits_alone_and_digits_nothing_else(self, view: str, shuffled: bool) -> None:
        assert cv.scene(Digit(5, shuffled), view).view == view
        assert VIEWS[view].refuses(cv.Conv(5, 3)) is not None and VIEWS["flat"].refuses(Digit()) is not None

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_sentence_says_what_the_networks_answer(self, language: str) -> None:
        scene = cv.scene(Digit(64), "moved", language)
        for t in range(scene.steps):
            shares = answers(64)[:, t]
            numbers = re.findall(r"\d+", scene.sentence(t))[-6:]
            wanted = [n for row in shares for n in (int(row.argmax()), round(100 * float(row.max())))]
            assert numbers == [str(n) for n in wanted]

    def test_bars_are_as_long_as_the_probabilities(self) -> None:
        scene = cv.scene(Digit(12), "moved")
        for n, name in enumerate(NAMES):
            for label in range(10):
                (bar,) = (curve for curve in scene.curves if curve.name == f"{name}.{label}")
                long = np.ptp(bar.points[:, 0])
                for t in (0, 7, MIDDLE):
                    shown = np.ptp(bar.shown(t)[:, 0]) / long
                    assert shown == pytest.approx(answers(12)[n, t, label], abs=0.5 / 40 + 1e-9)

    def test_the_accuracies_are_those_that_were_measured(self) -> None:
        for shuffled in (False, True):
            scene = cv.scene(Digit(1, shuffled), "shifts")
            for far in range(FURTHEST + 1):
                for name in NAMES:
                    median = measured().by_distance[name][shuffled][far].median
                    assert f"{round(100 * median, 1):g}%" in scene.sentence(far)

    def test_an_open_question_shows_no_answer_and_keeps_the_digit(self) -> None:
        from convviz.page.asked import asked
        from convviz.page.tour import showing

        n = next(n for n, beat in enumerate(LESSONS["sharing"].beats) if beat.name == "moved")
        state = showing(opening("sharing"), {"kind": "beat", "n": n})
        said: Any = asked(state)
        scene, empty = state.scene(), set(said["hide"]["empty"])
        for grid in scene.grids:
            cells = set(range(grid.first, grid.first + grid.count))
            assert cells <= empty or (grid.name == "field" and not cells & empty)
        assert {curve.cell for curve in scene.curves} <= empty, "a bar goes with its cell"


class TestPage:
    def test_a_link_opens_a_digit_in_its_own_view(self) -> None:
        state, wrong = from_query({"v": "1", "layer": DIGIT}, "sharing")
        assert not wrong and state.view == "moved" and not state.has_values and not state.takes_values
        assert from_query(to_query(state), "sharing") == (state, [])
        local, _ = from_query({"v": "1"}, "sharing")
        assert local.has_values and local.takes_values

    def test_its_dials_are_those_of_what_is_shown(self) -> None:
        names = {dial["name"] for dial in dials(from_query({"v": "1", "layer": DIGIT}, "sharing")[0])}
        assert {"digit", "shuffled"} <= names and not names & {"share", "axes", "kernel", "compare", "tones"}
        own = {str(dial["name"]): dial for dial in dials(opening("sharing"))}
        assert own["share"]["stops"] == [
            (1, "1 position"),
            (2, "2 × 2 positions"),
            (3, "3 × 3 positions"),
            (6, "all 6 × 6 positions"),
        ]

    def test_another_digit_stays_where_it_is_looked_at(self) -> None:
        state, _ = from_query({"v": "1", "layer": DIGIT, "view": "follow"}, "sharing")
        after = outcome(state, {"turn": {"name": "digit", "value": 65, "commit": True}}).state
        assert after.text == "digit2d-n65" and after.view == "follow"
        back = outcome(after, {"turn": {"name": "preset", "value": "local2d-i8-k3", "commit": True}}).state
        assert back.seen == "shares"

    def test_what_cannot_be_has_a_fix_that_works(self) -> None:
        state, _ = from_query({"v": "1", "layer": "local2d-i8-k3-h2"}, "sharing")
        came = outcome(state, {"turn": {"name": "input_size", "value": 9, "commit": True}})
        assert came.refused is not None
        after = outcome(state, {"turn": {"name": "fix", "value": came.refused[1].fix, "commit": True}})
        assert after.refused is None and after.state.layer.output_size == (7, 7)


class TestWire:
    def test_few_different_texts_are_sent_as_letters(self) -> None:
        said = coded(["16", "", "", "", "16"], np.array([15, 8, 8, 8, 15]))
        assert said == {"d": "|16", "x": "ba3b", "w": "ip"}
        assert coded([str(n) for n in range(53)], None) is None
        assert coded(["1", "1"], np.array([1, 2])) is None, "one text with two tones"

    def test_a_bar_is_sent_by_its_ends_and_its_cell(self) -> None:
        sent: Any = wire(cv.scene(Digit(64), "moved"))
        assert sent["grip"] == 0 and all(curve["k"] == 41 for curve in sent["curves"])
        assert {curve["m"] for curve in sent["curves"]} == set(range(SIZE**2, SIZE**2 + 30))
        assert "x" in sent["told"][0] and "w" in sent["told"][0]
