"""The rows of a network say what its layers and their sizes say, in a form that other programs read."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction

import pytest
from depth import cases
from drawn import layers
from graphs import random_network
from hypothesis import given, settings
from hypothesis import strategies as st
from test_network_text import branching

import convviz as cv
from convviz.known import KNOWN
from convviz.layers.word import pytorch_word
from convviz.table import HEADINGS, OPERATIONS, as_csv, as_json, as_markdown, cells, rows, totals


@settings(max_examples=cases(300), deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_a_row_says_what_its_node_and_the_summary_say(seed, branches):
    network = (branching if branches else random_network)(seed)
    shapes = {"x": network.x_shape} | {node.name: node.shape for node in network.nodes}
    names = ["x", *(node.name for node in network.nodes)]
    for row, node, told in zip(rows(network), network.nodes, network.summary(), strict=True):
        assert names[row.number] == row.name == node.name
        assert [names[n] for n in row.reads] == list(node.inputs)
        assert row.shapes_in == tuple(shapes[name] for name in node.inputs)
        assert row.shape_out == node.shape
        assert (row.parameters, row.macs, row.field) == (told.parameters, told.macs, told.receptive_field)
        assert (row.jump, row.padding, row.centre) == (told.jump, told.padding, told.centre)
        assert all(least <= most for least, most in zip(row.shortest, row.field, strict=True))
        assert row.flops == 2 * row.macs
    whole = totals(rows(network))
    assert (whole.layers, whole.parameters, whole.macs) == (len(names) - 1, network.parameters, network.macs)
    assert whole.flops == OPERATIONS * network.macs


@pytest.mark.parametrize("name", KNOWN)
def test_its_files_hold_every_row(name):
    table = rows(cv.known(name))
    read = list(csv.reader(io.StringIO(as_csv(table))))
    assert read == [list(HEADINGS), *map(list, map(cells, table))]
    lines = as_markdown(table).splitlines()
    assert len(lines) == len(table) + 3
    assert {line.count(" | ") for line in lines} == {len(HEADINGS) - 1}
    found = json.loads(as_json(table))
    assert found["totals"]["parameters"] == sum(row["parameters"] for row in found["rows"]) == totals(table).parameters
    assert [row["name"] for row in found["rows"]] == [row.name for row in table]


def test_headings_and_the_word_for_the_totals_may_be_in_another_language():
    table = rows(cv.Network([cv.Conv(5, 3)]))
    others = [f"列{n}" for n in range(len(HEADINGS))]
    assert as_csv(table, others).startswith("列0,列1")
    assert "合计" in as_markdown(table, others, "合计").splitlines()[-1]


def test_a_bar_in_a_name_does_not_break_a_table():
    network = cv.Network({"a|b": (cv.Conv(5, 3), "x")})
    assert as_markdown(rows(network)).splitlines()[2].startswith(r"| 1 | a\|b |")


def test_fractions_are_told_exactly_as_text_and_as_decimals_in_json():
    table = rows(cv.Network([cv.ConvTranspose((4,), 4, 4)]))
    assert table[0].jump == (Fraction(1, 4),)
    assert cells(table[0])[11] == "1/4"
    assert json.loads(as_json(table))["rows"][0]["jump"] == [0.25]


def test_a_residual_block_has_a_shortest_field_of_its_own():
    found = {row.name: row for row in rows(cv.known("resnet50"))}
    assert (found["stage1.1"].field, found["stage1.1"].shortest) == ((19, 19), (11, 11))
    assert found["stage1.1"].branches
    assert not found["stage1.1.conv4"].branches
    assert not any(row.branches for row in rows(cv.known("vgg16")))


WORDS = [
    (cv.Conv(5, 3, bias=True), (1, 5, 5), "Conv2d(1, 1, 3)"),
    (cv.Conv((5,), 3, 2, ((0, 1),), 2), (1, 5), "Conv1d(1, 1, 3, stride=2, padding=(0, 1), dilation=2, bias=False)"),
    (cv.Conv(5, (3, 1), padding="same"), (1, 5, 5), "Conv2d(1, 1, (3, 1), padding='same', bias=False)"),
    (
        cv.ConvTranspose(3, 3, 2, 1, 1, bias=True),
        (1, 3, 3),
        "ConvTranspose2d(1, 1, 3, stride=2, padding=1, output_padding=1)",
    ),
    (cv.MaxPool(4, 2), (1, 4, 4), "MaxPool2d(2)"),
    (cv.MaxPool(4, 3, 2, ceil_mode=True), (1, 4, 4), "MaxPool2d(3, stride=2, ceil_mode=True)"),
    (
        cv.AvgPool((9,), 3, padding=1, count_include_pad=False),
        (1, 9),
        "AvgPool1d(3, padding=1, count_include_pad=False)",
    ),
    (cv.AdaptiveAvgPool(7, (1, 2)), (1, 7, 7), "AdaptiveAvgPool2d((1, 2))"),
    (cv.Upsample((4, 4, 4), 2, "bilinear"), (1, 4, 4, 4), "Upsample(scale_factor=2, mode='trilinear')"),
    (cv.PixelShuffle(4, 2), (4, 4, 4), "PixelShuffle(2)"),
    (cv.Dense(4, 2), (4,), "Linear(4, 2)"),
    (cv.BatchNorm(), (64, 8, 8), "BatchNorm2d(64)"),
    (cv.BatchNorm(), (64,), "BatchNorm1d(64)"),
    (cv.ReLU(), (1, 4), "ReLU()"),
    (cv.Crop((388, 388)), (1, 392, 392), "Crop(388)"),
    (cv.Select(range(3)), (6, 4), "Select((0, 1, 2))"),
]


@pytest.mark.parametrize(("layer", "given", "word"), WORDS, ids=[word for *_, word in WORDS])
def test_a_layer_in_pytorchs_words(layer, given, word):
    assert pytorch_word(layer, given) == word


@settings(max_examples=cases(500))
@given(layers())
def test_every_layer_has_a_word(layer):
    word = pytorch_word(layer, layer.x_shape)
    assert word.isprintable() and word.count("(") == word.count(")")


def test_rows_of_equal_networks_are_made_once():
    assert rows(cv.known("vgg16")) is rows(cv.known("vgg16"))
