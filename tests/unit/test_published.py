"""Numbers of sequences, channels and gates that were published, by the functions that the pages use."""

from __future__ import annotations

import depth
import numpy as np
import pytest
from depth import cases
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.network import stacked

BLOCK = [2**n for n in range(10)]
"""WaveNet's dilations, 1 to 512 (van den Oord et al., arXiv 1609.03499)."""


def test_wavenet_sees_16_then_1024_then_3070_samples() -> None:
    assert stacked(2, (1, 2, 4, 8), dims=1).receptive_field() == (16,)
    assert stacked(2, BLOCK, dims=1).receptive_field() == (1024,)
    assert stacked(2, 3 * BLOCK, dims=1).receptive_field() == (3070,)  # and not three times 1,024


def test_the_context_module_of_yu_and_koltun_sees_67() -> None:
    """Multi-Scale Context Aggregation by Dilated Convolutions, arXiv 1511.07122, table 1."""
    rates = (1, 1, 2, 4, 8, 16, 1)
    layers, size, fields = [], 67, []
    for rate in rates:
        layers.append(cv.Conv(size, 3, dilation=rate))
        size = layers[-1].output_size[0]
        fields.append(cv.Network(layers).receptive_field()[0])
    layers.append(cv.pointwise(size, 1, 1))
    assert [*fields, cv.Network(layers).receptive_field()[0]] == [3, 5, 9, 17, 33, 65, 67, 67]


@pytest.mark.parametrize(("rates", "holes"), [((1, 2, 5), False), ((1, 2, 9), True), ((2, 2, 2), True)])
def test_which_rates_leave_holes(rates: tuple[int, ...], holes: bool) -> None:
    (table,) = stacked(3, rates, dims=1).chains
    assert (table == 0).any() == holes


SAME = {"padding": "same"}


def test_both_ways_from_5x5x3_to_5x5x4() -> None:
    whole = cv.Conv(5, 3, in_channels=3, out_channels=4, **SAME)
    parts = cv.separable(5, 3, 3, 4, **SAME)
    assert (whole.parameters, whole.macs) == (108, 2700)
    assert [layer.parameters for layer in parts.layers] == [27, 12]
    assert (parts.parameters, parts.macs) == (39, 975)
    assert cv.trace(whole).output.shape == cv.trace(parts).output.shape == (4, 5, 5)


@settings(max_examples=cases(500))
@given(st.integers(1, 32), st.integers(1, 32), st.integers(1, 7), st.integers(1, 14))
def test_what_the_parts_cost_of_the_whole_is_one_by_n_and_one_by_k_squared(n: int, m: int, k: int, size: int) -> None:
    """Howard et al., "MobileNets", arXiv 1704.04861, section 3.1."""
    whole = cv.Conv(size, k, in_channels=m, out_channels=n, **SAME)
    parts = cv.separable(size, k, m, n, **SAME)
    for ratio in (parts.macs / whole.macs, parts.parameters / whole.parameters):
        assert ratio == pytest.approx(1 / n + 1 / k**2)


def test_one_layer_of_mobilenet() -> None:
    """The example of its table 6: 14x14x512, kernel 3."""
    whole = cv.Conv(14, 3, in_channels=512, out_channels=512, **SAME)
    parts = cv.separable(14, 3, 512, 512, **SAME)
    assert (round(whole.macs / 1e6, 1), round(parts.macs / 1e6, 2)) == (462.4, 52.28)
    assert (round(whole.parameters / 1e6, 3), round(parts.parameters / 1e6, 3)) == (2.359, 0.267)


def test_where_the_work_of_mobilenet_is() -> None:
    """Its table 2, whose 1.19 % for the last layer is a slip: its column does not add up to 100."""
    work = {"pointwise": 0, "depthwise": 0, "first": 0, "dense": 0}
    for row in cv.known("mobilenet_v1").summary():
        layer = row.layer
        if isinstance(layer, cv.Dense):
            work["dense"] += layer.macs
        elif isinstance(layer, cv.Conv):
            kind = "depthwise" if layer.groups > 1 else "pointwise" if layer.kernel_size == (1, 1) else "first"
            work[kind] += layer.macs
    total = sum(work.values())
    assert total == 568_740_352
    shares = {name: round(100 * macs / total, 2) for name, macs in work.items()}
    assert shares == {"pointwise": 94.86, "depthwise": 3.06, "first": 1.91, "dense": 0.18}


def gated(x: np.ndarray, value: np.ndarray, gate: np.ndarray, residual: bool) -> np.ndarray:
    """conv(x) * sigmoid(gate(x)) [+ x] along one axis, with kernels of 3 and zeros around, by NumPy alone."""
    padded = np.pad(x, ((0, 0), (1, 1)))
    windows = np.stack([padded[:, n : n + x.shape[1]] for n in range(3)], axis=-1)
    one, other = (np.einsum("ctk,ock->ot", windows, weight) for weight in (value, gate))
    return one / (1 + np.exp(-other)) + (x if residual else 0)


def drawn(channels: int, size: int, seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for shape in ((channels, size), *[(channels, channels, 3)] * 2)]


@settings(max_examples=cases(500))
@given(st.integers(1, 4), st.integers(1, 9), st.booleans(), st.integers(0, 10**6))
def test_a_gated_convolution_is_what_numpy_gives(channels: int, size: int, residual: bool, seed: int) -> None:
    x, value, gate = drawn(channels, size, seed)
    block = cv.GatedConv((size,), 3, channels, channels, residual=residual, padding="same")
    found = cv.trace(block, x, {"value": value, "gate": gate}).output
    np.testing.assert_allclose(found, gated(x, value, gate, residual), rtol=1e-12, atol=1e-12)


@settings(max_examples=cases(500))
@given(st.integers(1, 3), st.integers(1, 9), st.integers(0, 10**6))
def test_a_residual_passes_on_what_its_gate_does_not_transform(channels: int, size: int, seed: int) -> None:
    """X + Conv(X) s is X (1 - s) + W(X) s, where W(X) = Conv(X) + X, which is as good a linear map."""
    x, value, gate = drawn(channels, size, seed)
    run = cv.trace(
        cv.GatedConv((size,), 3, channels, channels, residual=True, padding="same"), x, {"value": value, "gate": gate}
    )
    share = run["sigmoid"]
    passed, transformed = x * (1 - share), (run["value"].output + x) * share
    np.testing.assert_allclose(
        passed + transformed, run.output, rtol=0, atol=1e-12 * max(1.0, np.abs(run.output).max())
    )


@pytest.mark.oracle
def test_a_gated_convolution_is_torchs_glu_over_both_halves() -> None:
    torch = depth.torch()
    for seed in range(cases(300)):
        channels, size = seed % 4 + 1, seed % 7 + 1
        x, value, gate = drawn(channels, size, seed)
        both = torch.tensor(np.concatenate([value, gate]))  # the first half is the value, the second the gate
        halves = torch.nn.functional.conv1d(torch.tensor(x)[None], both, padding=1)
        wanted = torch.nn.functional.glu(halves, dim=1)[0].numpy()
        block = cv.GatedConv((size,), 3, channels, channels, padding="same")
        found = cv.trace(block, x, {"value": value, "gate": gate}).output
        np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-12)
