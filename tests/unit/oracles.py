"""The layers once more, by other means: plain loops that share no code with convviz, SciPy, and ONNX's reference.

Arrays are channels first, without a batch; pads are (before, after) pairs; integers are Python's, so they are exact.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import ceil, floor, prod

import numpy as np
import onnx.helper as onnx_helper
import scipy.signal
from onnx import TensorProto
from onnx.reference import ReferenceEvaluator


def value_at(x, channel, place, mode="zeros"):
    """The value that stands at a place, which may lie outside the array."""
    inside = []
    for index, size in zip(place, x.shape[1:], strict=True):
        while not 0 <= index < size:
            if mode == "zeros":
                return 0
            if mode == "replicate":
                index = 0 if index < 0 else size - 1
            elif mode == "circular":
                index += size if index < 0 else -size
            elif mode == "reflect":
                index = -index if index < 0 else 2 * (size - 1) - index
        inside.append(index)
    return plain(x[(channel, *inside)])


def plain(value):
    """A NumPy number as Python's own."""
    return value.item() if isinstance(value, np.generic) else value


def array_of(cells, shape):
    """{index: value} as an array, of Python's integers or of floats."""
    table = np.zeros(shape, dtype=object)
    for index, value in cells.items():
        table[index] = value
    return table.astype(np.float64) if any(isinstance(v, float) for v in cells.values()) else table


def starts(size, pads, span, stride, ceil_mode=False):
    """Where windows start in the padded input, and nowhere if there is no place for one.

    A window must fit; or, for ceil_mode, it begins in the input or the padding before it, and a window one stride
    earlier would not have reached the end.
    """
    padded, found, start = size + sum(pads), [], 0
    while (start - stride + span < padded and start < size + pads[0]) if ceil_mode else start + span <= padded:
        found.append(start)
        start += stride
    return found


def cells(shape):
    return product(*map(range, shape))


def convolve(x, weight, bias, stride, pads, dilation, groups=1, mode="zeros", flip=False):
    """Cross-correlation: sum of x[s*o + d*k - p] * w[k], counted out one product at a time."""
    outs, ins, *kernel = weight.shape
    begin = [
        starts(i, p, d * (k - 1) + 1, s)
        for i, p, d, k, s in zip(x.shape[1:], pads, dilation, kernel, stride, strict=True)
    ]
    sums = {}
    for out in range(outs):
        first = (out // (outs // groups)) * ins
        for o in cells([len(b) for b in begin]):
            total = 0 if bias is None else plain(bias[out])
            for c, tap in product(range(ins), cells(kernel)):
                turned = [k - 1 - t if flip else t for t, k in zip(tap, kernel, strict=True)]
                place = [b[n] + d * t - p for b, n, d, t, (p, _) in zip(begin, o, dilation, turned, pads, strict=True)]
                total += value_at(x, first + c, place, mode) * plain(weight[(out, c, *tap)])
            sums[(out, *o)] = total
    return array_of(sums, (outs, *map(len, begin)))


def convolve_transposed(x, weight, bias, stride, pads, extra, dilation, groups=1, flip=False):
    """Every input stamps the kernel times its value; overlaps add up; then the sides are cropped."""
    ins, outs, *kernel = weight.shape
    full = [
        (i - 1) * s + d * (k - 1) + 1 + e
        for i, s, d, k, e in zip(x.shape[1:], stride, dilation, kernel, extra, strict=True)
    ]
    stamped = np.zeros((outs * groups, *full), dtype=object)
    for c, i in product(range(ins), cells(x.shape[1:])):
        group = c // (ins // groups)
        for out, tap in product(range(outs), cells(kernel)):
            turned = [k - 1 - t if flip else t for t, k in zip(tap, kernel, strict=True)]
            place = [s * n + d * t for s, n, d, t in zip(stride, i, dilation, turned, strict=True)]
            stamped[(group * outs + out, *place)] += plain(x[(c, *i)]) * plain(weight[(c, out, *tap)])
    cut = stamped[(slice(None), *(slice(b, size - a) for (b, a), size in zip(pads, full, strict=True)))]
    return cut if bias is None else cut + bias.astype(object).reshape(-1, *[1] * len(full))


def transposed_same(x, weight, bias, stride, dilation, lower, groups=1, flip=False):
    """TensorFlow's: the gradient of a convolution over input x stride cells, which is padded to give x's size.

    lower: of an odd number of cells of padding, the odd one stands before.
    """
    ins, outs, *kernel = weight.shape
    size = [i * s for i, s in zip(x.shape[1:], stride, strict=True)]
    before = []
    for i, s, k, d in zip(x.shape[1:], stride, kernel, dilation, strict=True):
        lacking = max((i - 1) * s + d * (k - 1) + 1 - i * s, 0)
        before.append(-(-lacking // 2) if lower else lacking // 2)
    gradient = np.zeros((outs * groups, *size), dtype=object)
    for c, o in product(range(ins), cells(x.shape[1:])):
        group = c // (ins // groups)
        for out, tap in product(range(outs), cells(kernel)):
            turned = [k - 1 - t if flip else t for t, k in zip(tap, kernel, strict=True)]
            place = [s * n + d * t - b for s, n, d, t, b in zip(stride, o, dilation, turned, before, strict=True)]
            if inside(place, size):
                gradient[(group * outs + out, *place)] += plain(x[(c, *o)]) * plain(weight[(c, out, *tap)])
    return gradient if bias is None else gradient + bias.astype(object).reshape(-1, *[1] * len(size))


def windows(size, kernel, stride, pads, dilation, ceil_mode):
    """(output index, the places that its window reads) of a pooling."""
    begin = [
        starts(i, p, d * (k - 1) + 1, s, ceil_mode)
        for i, p, d, k, s in zip(size, pads, dilation, kernel, stride, strict=True)
    ]
    for o in cells([len(b) for b in begin]):
        corner = [b[n] - p for b, n, (p, _) in zip(begin, o, pads, strict=True)]
        yield o, [tuple(c + d * t for c, d, t in zip(corner, dilation, tap, strict=True)) for tap in cells(kernel)]


def poolable(size, kernel, stride, pads, dilation, ceil_mode):
    """Whether a pooling has an output, half a kernel at most is padded, and each window reads an input."""
    places = [cells for _, cells in windows(size, kernel, stride, pads, dilation, ceil_mode)]
    half = all(2 * max(pair) <= k for pair, k in zip(pads, kernel, strict=True))
    return half and bool(places) and all(any(inside(p, size) for p in window) for window in places)


def inside(place, size):
    return all(0 <= n < i for n, i in zip(place, size, strict=True))


def pool(x, kernel, stride, pads, dilation, ceil_mode, mean=False, count_padding=True):
    """The largest input of each window; or its mean, where padding counts as zeros or not at all."""
    size, pooled = x.shape[1:], {}
    for o, places in windows(size, kernel, stride, pads, dilation, ceil_mode):
        inputs = [p for p in places if inside(p, size)]
        padded = [p for p in places if all(-b <= n < i + a for n, i, (b, a) in zip(p, size, pads, strict=True))]
        for c in range(len(x)):
            values = [plain(x[(c, *p)]) for p in inputs]
            pooled[(c, *o)] = sum(values) / len(padded if count_padding else inputs) if mean else max(values)
    return array_of(pooled, tuple(1 + max(index[n] for index in pooled) for n in range(1 + len(size))))


def adaptive(x, output, mean=False):
    """Window o of O reads the inputs from o*I/O, rounded down, to before (o+1)*I/O, rounded up."""
    made = {}
    for o in cells(output):
        ends = [(Fraction(n * i, m), Fraction((n + 1) * i, m)) for n, i, m in zip(o, x.shape[1:], output, strict=True)]
        places = list(product(*(range(floor(first), ceil(end)) for first, end in ends)))
        for c in range(len(x)):
            values = [plain(x[(c, *place)]) for place in places]
            made[(c, *o)] = sum(values) / len(values) if mean else max(values)
    return array_of(made, (len(x), *output))


def upsampled(x, factors, mode):
    """Each output's middle is laid on the input, as a fraction; it copies the cell it is in, or blends two an axis."""
    size, made = [i * f for i, f in zip(x.shape[1:], factors, strict=True)], {}
    for o in cells(size):
        if mode == "nearest":
            parts = [{n // f: Fraction(1)} for n, f in zip(o, factors, strict=True)]
        else:
            parts = [blend(n, f, i) for n, f, i in zip(o, factors, x.shape[1:], strict=True)]
        for c in range(len(x)):
            total = 0
            for place in product(*parts):
                share = prod((part[n] for part, n in zip(parts, place, strict=True)), start=Fraction(1))
                value = plain(x[(c, *place)])
                total += value if mode == "nearest" else share * Fraction(value)
            made[(c, *o)] = total if mode == "nearest" else float(total)
    return array_of(made, (len(x), *size))


def blend(output, factor, size):
    """{input: its share} of one output along an axis; what lies beyond the border counts as the border's cell."""
    middle = (Fraction(2 * output + 1, 2)) / factor - Fraction(1, 2)
    lower = middle.numerator // middle.denominator
    shares = {}
    for cell, share in ((lower, 1 - (middle - lower)), (lower + 1, middle - lower)):
        inside = min(max(cell, 0), size - 1)
        shares[inside] = shares.get(inside, 0) + share
    return {cell: share for cell, share in shares.items() if share}


def shuffled(x, factor):
    """Cell (row, column) of channel c comes from the channel that stands (row mod r, column mod r) in c's square."""
    channels, (height, width) = len(x) // factor**2, x.shape[1:]
    made = {}
    for c, row, column in cells((channels, height * factor, width * factor)):
        source = c * factor**2 + (row % factor) * factor + column % factor
        made[c, row, column] = plain(x[source, row // factor, column // factor])
    return array_of(made, (channels, height * factor, width * factor))


NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def regrouped(x, groups):
    """The channels of x, channel n of each group before channel n + 1 of any."""
    each = len(x) // groups
    return np.array([x[group * each + n] for n in range(each) for group in range(groups)])


def spread(array, factors):
    """Zeros between the entries of an array's last axes, as dilation puts between kernel cells."""
    lead = array.ndim - len(factors)
    shape = array.shape[:lead] + tuple((n - 1) * f + 1 for n, f in zip(array.shape[lead:], factors, strict=True))
    wide = np.zeros(shape, dtype=array.dtype)
    wide[(..., *(slice(None, None, f) for f in factors))] = array
    return wide


def scipy_convolve(x, weight, bias, stride, pads, dilation, groups=1, mode="zeros", flip=False):
    """The same by scipy.signal.correlate, over the padded input, the kernel with its zeros, thinned by the stride."""
    padded = np.pad(x, [(0, 0), *pads], mode=NUMPY_MODES[mode])
    wide = spread(weight, dilation)
    if flip:
        wide = np.flip(wide, tuple(range(2, wide.ndim)))
    outs, ins = weight.shape[:2]
    maps = []
    for out in range(outs):
        first = (out // (outs // groups)) * ins
        plane = scipy.signal.correlate(padded[first : first + ins], wide[out], mode="valid", method="direct")[0]
        maps.append(plane[tuple(slice(None, None, s) for s in stride)] + (0 if bias is None else bias[out]))
    return np.stack(maps)


def scipy_transposed(x, weight, bias, stride, pads, extra, dilation, groups=1, flip=False):
    """The same by scipy.signal.convolve, in full, of the spread input with the kernel."""
    ins, outs = weight.shape[:2]
    far, wide = spread(x, stride), spread(weight, dilation)
    if flip:
        wide = np.flip(wide, tuple(range(2, wide.ndim)))
    maps = []
    for out in range(outs * groups):
        group, channel = divmod(out, outs)
        members = range(group * (ins // groups), (group + 1) * (ins // groups))
        full = sum(scipy.signal.convolve(far[c], wide[c, channel], mode="full", method="direct") for c in members)
        full = np.pad(full, [(0, e) for e in extra])
        cut = full[tuple(slice(b, n - a) for (b, a), n in zip(pads, full.shape, strict=True))]
        maps.append(cut + (0 if bias is None else bias[out]))
    return np.stack(maps)


def onnx_run(operator, arrays, **attributes):
    """What ONNX's own reference implementation of one operator gives for float64 arrays."""
    names = "XWB"[: len(arrays)]
    inputs = [
        onnx_helper.make_tensor_value_info(name, TensorProto.DOUBLE, array.shape)
        for name, array in zip(names, arrays, strict=True)
    ]
    output = onnx_helper.make_tensor_value_info("Y", TensorProto.DOUBLE, None)
    node = onnx_helper.make_node(operator, list(names), ["Y"], **attributes)
    model = onnx_helper.make_model(
        onnx_helper.make_graph([node], "one", inputs, [output]), opset_imports=[onnx_helper.make_opsetid("", 19)]
    )
    feed = {name: array.astype(np.float64) for name, array in zip(names, arrays, strict=True)}
    return ReferenceEvaluator(model).run(None, feed)[0]


def onnx_pads(pads):
    return [before for before, _ in pads] + [after for _, after in pads]


def inner(a, b):
    """<a, b>, exactly."""
    return sum(plain(p) * plain(q) for p, q in zip(a.reshape(prod(a.shape)), b.reshape(prod(b.shape)), strict=True))
