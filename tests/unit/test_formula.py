"""A formula says, in symbols and in numbers, the size that the layer has."""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil, floor

import pytest
from drawn import avgpools, convs, layers, maxpools
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv

SIGNS = {"−": "-", "·": "*", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")"}


def value_of(text):
    """What a side of a formula comes to, exactly."""
    for sign, python in SIGNS.items():
        text = text.replace(sign, python)
    text = re.sub(r"\d+(\.\d+)?", lambda number: f"Fraction('{number[0]}')", text)
    return eval(text, {"floor": floor, "ceil": ceil, "Fraction": Fraction})


def text_of(terms):
    return "".join(term.text for term in terms)


class TestFormula:
    @settings(max_examples=400)
    @given(layers())
    def test_its_numbers_come_to_the_output_size_on_every_axis(self, layer):
        for axis, size in enumerate(layer.output_size):
            formula = layer.formula(axis)
            assert formula.value == size
            for text in (text_of(formula.numbers), *formula.steps):
                assert value_of(text) == size

    @settings(max_examples=200)
    @given(layers())
    def test_its_symbols_come_to_it_too(self, layer):
        for axis, size in enumerate(layer.output_size):
            formula = layer.formula(axis)
            pads = getattr(layer, "pads", ((0, 0),) * 3)[axis]
            symbols = text_of(formula.symbols).removeprefix("o = ").replace("2p", "2·p").replace("d(", "d·(")
            numbers = {
                "i": layer.input_size[axis],
                "k": layer.kernel_size[axis],
                "s": getattr(layer, "stride", (1,) * 3)[axis],
                "d": getattr(layer, "dilation", (1,) * 3)[axis],
                "a": getattr(layer, "extra", (0,) * 3)[axis],
                "p": pads[0],
                "p₁": pads[0],
                "p₂": pads[1],
                "o": size,
            }
            for symbol in sorted(numbers, key=len, reverse=True):
                symbols = symbols.replace(symbol, str(numbers[symbol]))
            assert value_of(symbols) == size

    @settings(max_examples=300)
    @given(layers())
    def test_it_holds_a_symbol_just_where_its_parameter_is_in_play(self, layer):
        if layer.kind in (
            "dense",
            "upsample",
            "pixelshuffle",
            "adaptivemaxpool",
            "adaptiveavgpool",
        ):  # sizes without a window
            return
        for axis in range(len(layer.output_size)):
            symbols = text_of(layer.formula(axis).symbols).removeprefix("o = ")
            before, after = layer.pads[axis]
            in_play = {
                "i": True,
                "k": True,
                "s": layer.stride[axis] != 1,
                "d": layer.dilation[axis] != 1,
                "2p": before == after != 0,
                "p₁": before != after and before != 0,
                "p₂": before != after and after != 0,
                "a": getattr(layer, "extra", (0,) * 3)[axis] != 0,
            }
            assert {symbol: symbol in symbols for symbol in in_play} == in_play

    def test_at_its_plainest_it_is_input_less_kernel_plus_one(self):
        assert cv.Conv(5, 3).formula().text() == "o = i − k + 1 = 5 − 3 + 1 = 3"
        assert cv.Conv(7, 3, dilation=2).formula().text() == "o = i − d(k − 1) = 7 − 2·(3 − 1) = 3"
        assert cv.ConvTranspose(3, 3).formula().text() == "o = i + k − 1 = 3 + 3 − 1 = 5"

    def test_what_does_not_divide_is_seen_before_it_is_rounded(self):
        assert cv.Conv(6, 3, 2).formula().text() == "o = ⌊(i − k) / s + 1⌋ = ⌊(6 − 3) / 2 + 1⌋ = ⌊2.5⌋ = 2"

    @settings(max_examples=200)
    @given(st.one_of(convs(), maxpools(), avgpools()))
    def test_floor_is_shown_just_where_no_window_reaches_the_end(self, layer):
        for axis, table in enumerate(layer.taps.axes):
            left_over = layer.padded_size[axis] - int(table.positions.max()) - 1
            if not getattr(layer, "ceil_mode", False):
                assert len(layer.formula(axis).steps) == (2 if left_over else 1)

    def test_what_is_rounded_is_shown(self):
        text = cv.Conv(6, 3, 2, 1).formula().text()
        assert text == "o = ⌊(i + 2p − k) / s + 1⌋ = ⌊(6 + 2·1 − 3) / 2 + 1⌋ = ⌊3.5⌋ = 3"

    def test_rounding_for_show_never_changes_the_size(self):
        assert cv.Conv((3_000_001,), 3, 1_000_000).formula().steps == ("⌊3.99999⌋", "3")
        assert cv.Conv((2_469_138,), 3, 2).formula().steps == ("⌊1234568.5⌋", "1234568")

    def test_a_last_window_that_would_start_in_the_padding_is_taken_off(self):
        assert cv.MaxPool(5, 2, 3, 1, ceil_mode=True).formula().steps == ("⌈2.66667⌉ − 1", "2")

    def test_each_term_bears_the_role_that_it_speaks_of(self):
        formula = cv.ConvTranspose(3, 3, 2, 1, 1).formula()
        assert [term.text for term in formula.symbols if term.role == "extra"] == ["a"]
        assert [term.text for term in formula.numbers if term.role == "padding"] == ["2·1"]
        assert formula.text() == "o = (i − 1) · s + k − 2p + a = (3 − 1) · 2 + 3 − 2·1 + 1 = 6"

    @pytest.mark.parametrize(("pads", "said"), [((1, 2), "i + p₁ + p₂"), ((0, 1), "i + p₂"), ((2, 0), "i + p₁")])
    def test_unequal_paddings_stand_apart_and_an_end_without_padding_is_left_out(self, pads, said):
        symbols = text_of(cv.Conv((5,), 3, padding=(pads,)).formula().symbols)
        assert symbols.startswith(f"o = {said} − k")
