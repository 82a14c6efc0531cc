"""Values laid on the taps of a layer: every kernel placement, what it reads, the products, the sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from convviz.arrays import as_array, small_integers
from convviz.errors import LayerError
from convviz.layers import Layer, is_layer
from convviz.layers.arguments import LARGEST, whole
from convviz.layers.linear import Array, divided, scattered, total
from convviz.layers.memory import refuse_more

TRACE_LIMIT = 2**24
"""Reads that one trace may record, over all its channels: 128 MiB of 64-bit values."""

SEEDED = {"x": (0, 5), "weight": (-1, 2), "bias": (-3, 3)}
"""The least and the greatest of the small integers that stand in an array that was left out."""


@dataclass(frozen=True, eq=False)
class Step:
    """One kernel placement.

    output: the spatial index written (in scatter order: (n, D), every output that the cell reaches; outside: cropped);
    reads: (n, D) input indices, which may lie outside (padding); taps: (n, D) kernel indices;
    products: (n,) what is multiplied, or (n, in_channels / groups, out_channels) where there are several channels;
    total: what it adds up to, with the bias: a number, or (out_channels,). For pooling, the values that compete or are
    averaged, and the winner or mean. value: what the step writes into the output: the total; where the trace has a
    divisor, the total is that of the products alone, exact, and the value is the total divided, with the bias. None in
    scatter order, where a step finishes no output.
    """

    output: object
    reads: Array
    taps: Array
    products: Array
    total: object
    value: object = None


def _refuse_beyond_floats(layer: Layer, arrays: dict[str, Any], divides: bool) -> None:
    """If the result is a float, every integer must be convertible to one."""
    if not layer.divides and not divides and not any(array.dtype.kind == "f" for array in arrays.values()):
        return
    for field, array in arrays.items():
        if array.dtype == object and max(array.max(), -array.min()) >= 2**1000:
            raise LayerError("numbers", field, None, value=array)


def trace(
    layer: Layer, x: object = None, weight: object = None, bias: object = None, seed: int = 0, divisor: int = 1
) -> Trace:
    """Run a layer on values and keep every step. Arrays left out are small integers that depend on `seed`.

    x: (channels, *input_size), no batch; weight: PyTorch's layout (`layer.weight_shape`); bias: (out_channels,).
    divisor: a whole number by which the total of the products is divided once; then the bias is added. The output is
    the same as with every weight divided, but the total stays exact. With one, the output is float64. Raises LayerError
    for a wrong shape, for values that are not finite numbers, and for more than TRACE_LIMIT reads.

    >>> import convviz as cv
    >>> t = cv.trace(cv.Conv(3, 2), x=[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], weight=[[[[1, 0], [0, -1]]]])
    >>> t.output.tolist()
    [[[-4, -4], [-4, -4]]]
    >>> t[1].reads.tolist(), t[1].products.tolist(), int(t[1].total)
    ([[0, 1], [0, 2], [1, 1], [1, 2]], [2, 0, 0, -6], -4)
    """
    divides = _divisor(layer, divisor)
    return Trace(layer, *arrays_of(layer, x, weight, bias, seed, TRACE_LIMIT, divides != 1), divides)


def _divisor(layer: Layer, given: object) -> int:
    """A divisor, checked: a layer without weights has no sum of products to divide."""
    divisor = whole("divisor", given)
    if divisor != 1 and is_layer(layer) and layer.weight_shape is None:
        raise LayerError("no_weight", "divisor", {"divisor": 1})
    return divisor


def arrays_of(
    layer: Layer, x: object, weight: object, bias: object, seed: int, most: int | None = None, divides: bool = False
) -> tuple[Any, object, object]:
    """The arrays of a layer, checked: x, weight and bias; None for what it has not.

    Those left out are small integers from `seed`. most: reads that a record of every step may have; divides: whether
    the sums are divided.
    """
    if not is_layer(layer):
        raise LayerError("no_layer", "layer", None, value=layer, nearest="Conv(5, 3)")
    if most is not None:
        refuse_more(layer, most)
    seed = whole("seed", seed, -LARGEST)
    shapes: dict[str, tuple[int, ...]] = {"x": layer.x_shape}
    if layer.weight_shape is not None:
        shapes["weight"] = layer.weight_shape
        if layer.bias:
            shapes["bias"] = layer.y_shape[:1]
    given = {"x": x, "weight": weight, "bias": bias}
    arrays: dict[str, object] = {}
    for place, (field, (least, greatest)) in enumerate(SEEDED.items()):
        if field in shapes:
            value, shape = given[field], shapes[field]
            seeded = value is None
            arrays[field] = (
                small_integers(shape, seed + place, least, greatest) if seeded else as_array(field, value, shape)
            )
        elif given[field] is not None:
            raise LayerError("no_weight", field, None)
    _refuse_beyond_floats(layer, arrays, divides)
    return arrays["x"], arrays.get("weight"), arrays.get("bias")


@dataclass(frozen=True, eq=False)
class Trace:
    """The record of a layer's run: `len(trace)` steps in raster order of the output, `trace[t]` one Step."""

    layer: Layer
    x: Array
    weight: Any
    bias: Any
    divisor: int = 1

    @cached_property
    def windows(self) -> Array:
        """(channels, steps, taps): the value that each step reads through each kernel cell; 0 where nothing stands."""
        rows = self.x.reshape(-1 if not self.layer.shared else len(self.x), prod(self.layer.input_size))
        padded = np.concatenate([rows, np.zeros((len(rows), 1), dtype=rows.dtype)], axis=1)
        return padded.take(self.layer.taps.flat_sources, axis=1)  # ABSENT, -1, is the zero put last

    @cached_property
    def totals(self) -> Array:
        """(channels, steps), or (1, steps) where no kernel is shared: what each step adds up to, before it is divided;
        with the bias where nothing is divided."""
        bias = self.bias if self.divisor == 1 else None
        return self.layer.combine(self.windows, self.weight, bias).reshape(-1, len(self))

    @cached_property
    def output(self) -> Array:
        """(channels, *output_size), or (out_features,): exact for integers, float64 for floats and with a divisor."""
        values = self.totals
        if self.divisor != 1:
            values = divided(values, self.divisor)
            if self.bias is not None:
                values = values + (self.bias[:, None] if self.layer.shared else self.bias).astype(np.float64)
        return values.reshape((-1, *self.layer.output_size) if self.layer.shared else (-1,))

    @cached_property
    def _part(self) -> Array:
        return self.layer.takes_part()

    def __len__(self) -> int:
        return self.layer.taps.steps

    def __getitem__(self, t: int) -> Step:
        if not -len(self) <= t < len(self):
            raise IndexError(f"step {t} of {len(self)}")
        t %= len(self)
        taps = self.layer.taps
        output = tuple(int(i) for i in np.unravel_index(t, taps.output_shape))
        part = self._part[t]
        reads, kernel = taps.gathered(output)
        kept = part[self.layer.taps.flat_exists[t]]
        if not self.layer.shared:
            kernel = np.insert(kernel, 0, t, axis=1)
        products = self.layer.products(self.windows[:, t], self.weight, t)[part]
        totals, values = (table.reshape(-1, len(self))[:, t] for table in (self.totals, self.output))
        single = products.shape[1:] == (1, 1)
        return Step(
            output,
            reads[kept],
            kernel[kept],
            products[:, 0, 0] if single else products,
            totals[0] if len(totals) == 1 else totals,
            values[0] if len(values) == 1 else values,
        )

    def __iter__(self) -> Iterator[Step]:
        return (self[t] for t in range(len(self)))

    def scatter(self) -> Scatter:
        """The same taps grouped by input cell: one Step an input cell, in raster order.

        >>> import convviz as cv
        >>> t = cv.trace(cv.ConvTranspose(2, 2, stride=2), x=[[[1, 2], [3, 4]]], weight=[[[[1, 1], [1, 5]]]])
        >>> t.scatter()[1].output.tolist(), t.scatter()[1].products.tolist()
        ([[0, 2], [0, 3], [1, 2], [1, 3]], [2, 2, 2, 10])
        """
        return Scatter(self)

    def backward(self, upstream: object) -> Gradient:
        """The gradients by the same taps: grouped by input cell for x, by kernel cell for the weight.

        upstream: how the loss changes with each output, in the output's shape. Raises LayerError for another shape.

        >>> import convviz as cv
        >>> t = cv.trace(cv.Conv(3, 2), x=[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], weight=[[[[1, 0], [0, -1]]]])
        >>> t.backward(np.ones_like(t.output)).weight.tolist()
        [[[[12, 16], [24, 28]]]]
        """
        layer = self.layer
        above = as_array("upstream", upstream, self.output.shape).reshape(self.output.size // len(self), len(self))
        through = above if self.divisor == 1 else divided(above, self.divisor)
        reads, weight = layer.pull_back(through, self.windows, self.weight)
        x = scattered(reads, layer.taps.flat_sources, prod(layer.input_size))
        bias = None if self.bias is None else total(above, axis=1 if layer.shared else 0)
        return Gradient(x.reshape(self.x.shape), weight, bias)


@dataclass(frozen=True, eq=False)
class Gradient:
    """How a loss changes with a layer's arrays: each in its array's own shape; None where the layer has none."""

    x: object
    weight: object
    bias: object


@dataclass(frozen=True, eq=False)
class Scatter:
    """A trace read by input cell: `len(scatter)` steps, `scatter[t]` what input cell t gives to the outputs."""

    gather: Trace

    @property
    def layer(self) -> Layer:
        return self.gather.layer

    @property
    def output(self) -> Array:
        return self.gather.output

    @cached_property
    def stamped(self) -> tuple[Any, tuple[int, ...]]:
        """The taps by which inputs reach outputs, cropped ones included, and the offset of the outputs."""
        return self.layer.stamps, self.layer.cropped

    def __len__(self) -> int:
        return prod(self.layer.input_size)

    def __getitem__(self, t: int) -> Step:
        if not -len(self) <= t < len(self):
            raise IndexError(f"step {t} of {len(self)}")
        cell = tuple(int(i) for i in np.unravel_index(t % len(self), self.layer.input_size))
        taps, offset = self.stamped
        outputs, kernel = taps.scattered(cell)
        flat = np.ravel_multi_index(tuple(kernel.T), taps.kernel_shape)
        values = self.gather.x.reshape(-1 if not self.layer.shared else len(self.gather.x), len(self))
        window = np.repeat(values[:, t % len(self), None], prod(taps.kernel_shape), axis=1)
        if self.layer.shared and not self.layer.placed:
            products = self.layer.products(window, self.gather.weight, 0)[flat]
        else:
            steps = np.ravel_multi_index(tuple(outputs.T), taps.output_shape)
            rows = [self.layer.products(window, self.gather.weight, int(step)) for step in steps]
            products = np.stack([row[k] for row, k in zip(rows, flat, strict=True)])
            kernel = kernel if self.layer.shared else np.concatenate([outputs, kernel], axis=1)
        single = products.shape[1:] == (1, 1)
        products = products[:, 0, 0] if single else products
        reads = np.tile(np.array(cell), (len(outputs), 1))
        return Step(outputs - np.array(offset), reads, kernel, products, total(products, axis=0))

    def __iter__(self) -> Iterator[Step]:
        return (self[t] for t in range(len(self)))
