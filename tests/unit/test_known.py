"""Known networks have the numbers that were published, and are told without arrays."""

from __future__ import annotations

import tracemalloc

import pytest

import convviz as cv
from convviz import LayerError
from convviz.known import KNOWN

WEIGHTS = {
    "lenet5": 61_706,
    "alexnet": 61_100_840,
    "vgg16": 138_357_544,
    "mobilenet_v1": 4_231_976,
    "resnet18": 11_689_512,
    "resnet50": 25_557_032,
}
"""Of torchvision's networks, as PyTorch counts them; of MobileNet v1, those of its paper with batch normalisation."""

FIELDS = {
    "lenet5": (16, 4, 0),
    "alexnet": (195, 32, 66),
    "vgg16": (212, 32, 90),
    "mobilenet_v1": (315, 32, 126),
    "resnet50": (427, 32, 213),
}
"""Receptive field, jump and effective padding of the last feature map (Araujo, Norris, Sim, Distill 2019)."""


@pytest.mark.parametrize("name", KNOWN)
def test_its_weights_are_those_that_were_published(name):
    assert cv.known(name).parameters == WEIGHTS[name]


@pytest.mark.parametrize("name", FIELDS)
def test_its_receptive_field_is_the_one_that_was_published(name):
    rows = cv.known(name).summary()
    row = [row for row in rows if getattr(row.layer, "shared", False) and row.output_size[0] > 1][-1]
    got = row.receptive_field, row.jump, row.padding
    assert got == tuple((number, number) for number in FIELDS[name])


def test_multiply_accumulates_are_those_that_were_published():
    counted = {name: cv.known(name).macs for name in ("vgg16", "mobilenet_v1", "resnet50")}
    assert counted == {"vgg16": 15_470_264_320, "mobilenet_v1": 568_740_352, "resnet50": 4_089_184_256}


@pytest.mark.parametrize("name", KNOWN)
def test_it_is_told_without_arrays(name):
    cv.known(name).summary()  # what is imported is not counted
    tracemalloc.start()
    rows = cv.known(name).summary()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows[-1].output_size in ((1000,), (10,))
    assert most < 2**20


def test_a_name_that_is_not_known_is_told_the_nearest():
    with pytest.raises(LayerError, match="try vgg16") as caught:
        cv.known("vgg19")
    assert cv.known(name=caught.value.fix["network"])
