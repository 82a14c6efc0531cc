"""The numbers of a digit that is moved, and of a layer that shares its kernels in part."""

from __future__ import annotations

from math import prod

from convviz.digits import SIZE as INK
from convviz.layers.digit import HELD_OUT, Digit
from convviz.layers.local import Local
from convviz.moving import label_of
from convviz.recognised import SEEDS, WAYS, measured
from convviz.recognising import FURTHEST, LEARNED, NAMES, SIZE, network
from convviz.scene.views.shares import alexnet, costs


def digit_facts(layer: Digit) -> dict[str, object]:
    """i, ink: pixels of the field and of the digit a side; k, cells, o, steps: of the convolution over the field.

    weights, macs: of one of its kernels; label: what the digit shows; networks: how many are asked; furthest: by how
    many pixels it can be moved; learned, held: digits that are learned from, and others; seeds: how often that was
    done; dense_weights and so on: of each network; dense_0, dense_0_shuffled and so on: of the held-out digits moved
    by so many pixels the recognised ones, in per cent.

    >>> from convviz.layers.digit import Digit
    >>> found = digit_facts(Digit(3))
    >>> found["i"], found["dense_weights"], found["networks"]
    (12, 2800, 3)
    """
    found: dict[str, object] = {"i": SIZE, "o": SIZE, "ink": INK, "k": layer.kernel_size[0], "steps": layer.taps.steps}
    found |= {"cells": prod(layer.kernel_size), "weights": layer.parameters, "macs": layer.macs, "inputs": SIZE**2}
    found |= {"label": label_of(layer.digit), "networks": len(NAMES), "furthest": FURTHEST}
    found |= {"learned": LEARNED, "held": HELD_OUT, "seeds": SEEDS}
    for name in NAMES:
        found[f"{name}_weights"] = network(name).parameters
        for shuffled, word in WAYS.items():
            end = f"_{word}" if shuffled else ""
            for far, spread in enumerate(measured().by_distance[name][shuffled]):
                found[f"{name}_{far}{end}"] = f"{round(100 * spread.median, 1):g}"
    return found


def local_facts(layer: Local) -> dict[str, object]:
    """i, k, s, p, d, o, steps, cells, inputs, weights, macs: as of any layer; share, kernels: the positions of a block
    a side, and how many blocks there are; own, one: weights with a kernel for each position, and with one for all;
    alex_own, alex_here, alex_one: the same of AlexNet's first layer, between them as the layer is.

    >>> from convviz.layers.local import Local
    >>> found = local_facts(Local(8, 3))
    >>> found["weights"], found["one"], found["alex_own"]
    (324, 9, 105705600)
    """
    sizes = {
        "i": layer.input_size[0],
        "k": layer.kernel_size[0],
        "s": layer.stride[0],
        "p": layer.pads[0][0],
        "d": layer.dilation[0],
    }
    found: dict[str, object] = sizes | {"o": layer.output_size[0], "steps": layer.taps.steps}
    found |= {"cells": prod(layer.kernel_size), "inputs": prod(layer.input_size), "share": layer.share}
    found |= {"weights": layer.parameters, "macs": layer.macs, "kernels": layer.weight_shape[0]}
    own, _, one = costs(layer)
    alex_own, alex_here, alex_one = alexnet(layer)
    return found | {"own": own, "one": one, "alex_own": alex_own, "alex_here": alex_here, "alex_one": alex_one}
