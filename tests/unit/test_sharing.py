"""What sharing a kernel saves, told from the layer's own sizes and taps."""

from __future__ import annotations

import numpy as np
import pytest

import convviz as cv
from convviz.sharing import ALEXNET_FIRST, kernels, parameters


def test_the_first_layer_of_alexnet_with_and_without_sharing():
    assert ALEXNET_FIRST.output_size == (55, 55)
    assert parameters(ALEXNET_FIRST, 1) == 105_705_600
    assert parameters(ALEXNET_FIRST) == parameters(ALEXNET_FIRST, 55) == ALEXNET_FIRST.parameters == 34_944


@pytest.mark.parametrize("layer", [cv.Conv(6, 3), cv.Conv(7, 3, stride=2, in_channels=2, out_channels=3, bias=True)])
def test_nothing_shared_is_a_weight_for_every_tap_and_a_bias_for_every_output(layer):
    taps = layer.taps.flat_sources.size * layer.in_channels * layer.out_channels
    assert parameters(layer, 1) == taps + layer.bias * layer.out_channels * layer.taps.steps


def test_the_more_positions_share_the_fewer_weights_there_are():
    counts = [parameters(ALEXNET_FIRST, side) for side in range(1, 56)]
    assert counts == sorted(counts, reverse=True)
    assert [kernels(cv.Conv((9, 5), 2), side) for side in (1, 2, 3, 8)] == [32, 8, 6, 1]


def test_a_side_that_is_none_is_refused():
    with pytest.raises(cv.LayerError, match="side"):
        parameters(ALEXNET_FIRST, 0)
    assert np.isscalar(parameters(ALEXNET_FIRST))
