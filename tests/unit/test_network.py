"""A network's shapes, costs and receptive field follow from the taps of its layers."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from drawn import layers
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.network import stacked

DIMS = st.integers(1, 2)


@st.composite
def networks(draw, dims=DIMS, transposed=True):
    """Stacks without padding, made from the last layer to the first so that every size fits."""
    dims = draw(dims)
    size = tuple(draw(st.integers(1, 3)) for _ in range(dims))
    found = []
    for _ in range(draw(st.integers(1, 4))):
        k, d, s = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
        kind = draw(st.sampled_from(("conv", "maxpool", "avgpool", "tconv") if transposed else ("conv", "maxpool")))
        wide = tuple((n - 1) * s + d * (k - 1) + 1 for n in size)
        if kind == "tconv":
            pads = tuple((d * (k - 1) + s, draw(st.integers(0, 2))) for _ in size)
            # the smallest input whose output, cropped at both sides, still has the size that is wanted
            below = tuple(-(-(n + sum(p) - d * (k - 1) - 1) // s) + 1 for n, p in zip(size, pads, strict=True))
            pads = tuple(
                (b, (i - 1) * s + d * (k - 1) + 1 - n - b) for i, n, (b, _) in zip(below, size, pads, strict=True)
            )
            layer = cv.ConvTranspose(below, k, s, pads, dilation=d)
        elif kind == "avgpool":
            layer = cv.AvgPool(tuple((n - 1) * s + k for n in size), k, s)
        elif kind == "maxpool":
            layer = cv.MaxPool(wide, k, s, dilation=d)
        else:
            layer = cv.Conv(wide, k, s, dilation=d)
        assert layer.output_size == size
        size = layer.input_size
        found.append(layer)
    return cv.Network(found[::-1])


def extent(table):
    """From the first to the last input that an output is chained to; the most of any output."""
    reach = [np.flatnonzero(row) for row in table]
    return max((int(cells[-1] - cells[0]) + 1 for cells in reach if cells.size), default=0)


class TestCosts:
    def test_separable_needs_39_weights_against_108_and_975_multiplications_against_2700(self):
        parts = cv.separable(5, 3, 3, 4, padding="same")
        whole = cv.Conv(5, 3, padding="same", in_channels=3, out_channels=4)
        assert [layer.parameters for layer in parts.layers] == [27, 12]
        assert (parts.parameters, whole.parameters) == (39, 108)
        assert (parts.macs, whole.macs) == (975, 2700)
        assert (parts.input_size, parts.output_size) == ((5, 5), (5, 5))

    def test_separable_can_compute_what_an_ordinary_convolution_of_its_product_does(self):
        """Pointwise after depthwise is one convolution whose kernel is the outer product of both."""
        first, second = cv.separable(5, 3, 2, 3, padding="same").layers
        below = cv.trace(first)
        above = cv.trace(second, below.output)
        weight = above.weight[:, :, 0, 0, None, None] * below.weight[None, :, 0]
        whole = cv.Conv(5, 3, padding="same", in_channels=2, out_channels=3)
        assert cv.trace(whole, below.x, weight).output.tolist() == above.output.tolist()

    def test_mobilenets_first_block_costs_what_its_table_says(self):
        """arXiv 1704.04861, table 1: 112 x 112 x 32, depthwise 3 x 3, then 1 x 1 x 32 x 64."""
        block = cv.separable(112, 3, 32, 64, padding="same")
        assert [layer.macs for layer in block.layers] == [3_612_672, 25_690_112]
        assert block.parameters == 288 + 2048

    def test_a_network_costs_what_its_layers_cost(self):
        lenet = cv.Network(
            [
                cv.Conv(28, 5, padding=2, out_channels=6, bias=True),
                cv.AvgPool(28, 2, channels=6),
                cv.Conv(14, 5, in_channels=6, out_channels=16, bias=True),
                cv.AvgPool(10, 2, channels=16),
                cv.Dense(400, 120),
                cv.Dense(120, 84),
                cv.Dense(84, 10),
            ]
        )
        rows = lenet.summary()
        assert [row.parameters for row in rows] == [156, 0, 2416, 0, 48_120, 10_164, 850]
        assert lenet.parameters == sum(row.parameters for row in rows) == 61_706
        assert lenet.macs == sum(row.macs for row in rows)
        assert [row.receptive_field[0] for row in rows] == [5, 6, 14, 16, 32, 32, 32]
        assert [table.shape for table in lenet.chains] == [(1, 28), (1, 28)]
        assert all((table > 0).all() for table in lenet.chains)


class TestReceptiveField:
    @given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=5))
    def test_is_one_plus_the_sum_of_k_minus_1_times_d_times_the_strides_before(self, rows):
        size, found = 1, []
        for k, d, s in reversed(rows):
            size = (size - 1) * s + d * (k - 1) + 1
            found.append(cv.Conv((size,), k, s, dilation=d))
        network = cv.Network(found[::-1])
        wanted, jump = 1, 1
        for (k, d, s), row in zip(rows, network.summary(), strict=True):
            wanted += (k - 1) * d * jump
            jump *= s
            assert (row.receptive_field, row.jump) == ((wanted,), (jump,))
        assert network.receptive_field() == (wanted,) == network.input_size

    @settings(max_examples=200)
    @given(networks(transposed=False))
    def test_is_the_extent_of_the_chains_of_a_stack_without_padding(self, network):
        assert network.receptive_field() == tuple(extent(table) for table in network.chains)

    @settings(max_examples=200)
    @given(networks(transposed=True))
    def test_is_never_less_than_the_chains_reach_where_some_are_transposed(self, network):
        """At the borders inputs are missing, so that a short stack may not show the whole field."""
        fields = network.receptive_field()
        assert all(field >= extent(table) for field, table in zip(fields, network.chains, strict=True))

    @settings(max_examples=100)
    @given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
    def test_is_their_extent_where_the_input_is_wide_enough_to_have_no_border(self, k, s, d, above, below):
        layers_ = [cv.Conv((60,), below, 2)]
        layers_.append(cv.ConvTranspose(layers_[-1].output_size, k, s, dilation=d))
        layers_.append(cv.Conv(layers_[-1].output_size, above))
        network = cv.Network(layers_)
        assert network.receptive_field() == (extent(network.chains[0]),)

    def test_a_transposed_convolution_divides_the_jump(self):
        network = cv.Network([cv.Conv((8,), 2, 2), cv.ConvTranspose((4,), 2, 2), cv.ConvTranspose((8,), 2, 2)])
        assert [row.jump for row in network.summary()] == [(2,), (1,), (Fraction(1, 2),)]
        assert [row.receptive_field for row in network.summary()] == [(2,), (2,), (2,)]

    def test_grows_exponentially_with_doubled_dilations_and_linearly_without(self):
        """WaveNet's figure, arXiv 1609.03499, section 2.1."""
        dilated = [stacked(2, [2**n for n in range(depth)], 1).receptive_field()[0] for depth in range(1, 6)]
        plain = [stacked(2, [1] * depth, 1).receptive_field()[0] for depth in range(1, 6)]
        assert dilated == [2, 4, 8, 16, 32]
        assert plain == [2, 3, 4, 5, 6]

    def test_causal_never_reads_the_future(self):
        network = cv.Network([cv.Conv((16,), 2, padding="causal", dilation=d) for d in (1, 2, 4, 8)])
        (table,) = network.chains
        assert network.receptive_field() == (16,)
        assert not np.triu(table, 1).any()
        assert table[-1].all()

    def test_vgg_16_sees_212_pixels_and_resnets_first_layers_35(self):
        """Araujo, Norris, Sim, "Computing receptive fields of convolutional neural networks", Distill 2019."""
        size, vgg = 224, []
        for repeats in (2, 2, 3, 3, 3):
            vgg += [cv.Conv(size, 3, padding=1)] * repeats + [cv.MaxPool(size, 2)]
            size //= 2
        assert cv.Network(vgg).receptive_field() == (212, 212)
        assert cv.Network(vgg).summary()[-1].jump == (32, 32)
        stem = [cv.Conv(224, 7, 2, 3), cv.MaxPool(112, 3, 2, 1), *[cv.Conv(56, 3, padding=1)] * 3]
        assert cv.Network(stem).receptive_field() == (35, 35)


class TestChains:
    def test_gridding_leaves_inputs_unread(self):
        (table, _) = stacked(3, (2, 2, 2)).chains
        assert (table[0] > 0).tolist() == [n % 2 == 0 for n in range(13)]

    def test_dilations_without_a_common_factor_read_all(self):
        (table, _) = stacked(3, (1, 2, 5)).chains
        assert (table > 0).all()

    @settings(max_examples=60)
    @given(networks(dims=st.just(1)))
    def test_count_the_ways_from_an_input_to_an_output(self, network):
        ways = [{(i, i): 1 for i in range(network.input_size[0])}]
        for layer in network.layers:
            (axis,), above = layer.taps.axes, {}
            for o, k in product(range(axis.outputs), range(axis.kernel_size)):
                for i in range(network.input_size[0]):
                    count = ways[-1].get((int(axis.sources[o, k]), i), 0)
                    above[(o, i)] = above.get((o, i), 0) + count
            ways.append(above)
        (table,) = network.chains
        assert all(int(table[place]) == count for place, count in ways[-1].items())

    def test_an_output_changes_with_just_the_inputs_that_it_is_chained_to(self):
        network = stacked(3, (2, 2), 1)
        (table,) = network.chains
        ones = np.ones((1, 1, 3), dtype=int)
        for i in range(network.input_size[0]):
            x = np.eye(network.input_size[0], dtype=int)[i][None]
            for layer in network.layers:
                x = cv.trace(layer, x, ones).output
            assert x[0].tolist() == table[:, i].tolist()


class TestRefusals:
    @pytest.mark.parametrize(
        "wrong",
        [[], (), None, 5, "conv", "", [None], [cv.Conv(5, 3), "conv"], [cv.Conv], {}, cv.Conv(5, 3), [[cv.Conv(5, 3)]]],
    )
    def test_only_a_list_of_layers_is_a_network(self, wrong):
        with pytest.raises(cv.LayerError, match=r"is a list of one or more layers - try \[Conv"):
            cv.Network(wrong)

    @pytest.mark.parametrize(
        ("layers_", "advice"),
        [
            ([cv.Conv(5, 3), cv.Conv(5, 3)], "input_size 3"),
            ([cv.Conv((5,), 3), cv.Conv((5,), 3)], "input_size (3,)"),
            ([cv.Conv(5, 3, out_channels=4), cv.Conv(3, 3)], "in_channels 4"),
            ([cv.Conv(5, 3, out_channels=4), cv.MaxPool(4, 2)], "input_size 3, channels 4"),
            ([cv.Conv(5, 3, out_channels=4), cv.depthwise(3, 3, 3)], "in_channels 4, groups 1"),
            ([cv.Conv(5, 3), cv.Conv(5, 5)], "input_size 3, kernel_size 3"),
            ([cv.Conv(5, 3), cv.Dense(8, 2)], "in_features 9"),
            ([cv.Conv((5, 5, 5), 3), cv.Conv(3, 3)], "input_size (3, 3, 3), "),
            ([cv.Dense(4, 3), cv.Dense(4, 3)], "in_features 3"),
        ],
    )
    def test_layers_that_do_not_fit_are_refused_with_the_change_that_fits(self, layers_, advice):
        with pytest.raises(cv.LayerError, match="layer 2 takes") as caught:
            cv.Network(layers_)
        assert f" - try {advice}" in str(caught.value)
        cv.Network(**caught.value.fix)

    @settings(max_examples=200)
    @given(st.lists(layers(), min_size=1, max_size=4))
    def test_mending_one_layer_after_the_other_makes_a_network_of_any_layers(self, layers_):
        for _ in layers_:
            try:
                network = cv.Network(layers_)
                break
            except cv.LayerError as error:
                if error.key == "chain_axes":  # nothing makes one axis, or three, of two
                    assert any(isinstance(layer, cv.PixelShuffle) for layer in layers_)
                    return
                layers_ = error.fix["layers"]
        else:
            network = cv.Network(layers_)
        assert [type(row.layer) for row in network.summary()] == [type(layer) for layer in layers_]
        assert len(network.receptive_field()) == len(network.input_size)
        assert all(table.shape[1] == size for table, size in zip(network.chains, network.input_size, strict=True))

    @pytest.mark.parametrize("arguments", [("3", [1]), (3, ["1"]), (3, [0]), (None, [1]), (3, []), (3, [1], 4)])
    def test_a_stack_of_dilations_refuses_like_a_layer(self, arguments):
        with pytest.raises(cv.LayerError):
            stacked(*arguments)
