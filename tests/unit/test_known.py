"""Known networks have the numbers that were published, and are told without arrays."""

from __future__ import annotations

import tracemalloc

import pytest

import convviz as cv
from convviz import LayerError
from convviz.known import KNOWN

WEIGHTS = {
    "lenet5_1998": 60_000,
    "lenet5": 61_706,
    "alexnet_2012": 60_965_224,
    "alexnet_slim": 50_303_912,
    "alexnet": 61_100_840,
    "vgg16": 138_357_544,
    "resnet18": 11_689_512,
    "resnet50": 25_557_032,
    "resnet50_slim": 25_557_032,
    "mobilenet_v1": 4_231_976,
    "mobilenet_v1_p1": 4_231_976,
    "unet": 31_030_658,
    "dcgan": 3_576_704,
}
"""The 1998 paper's trainable weights; torchvision's networks as PyTorch counts them; TensorFlow-Slim's; of MobileNet v1
those of its paper with batch normalisation; of U-Net with one input channel, two classes and biases."""

FIELDS = {
    "lenet5": (16, 4, 0),
    "alexnet_slim": (195, 32, 64),
    "alexnet": (195, 32, 66),
    "vgg16": (212, 32, 90),
    "mobilenet_v1": (315, 32, 126),
    "mobilenet_v1_p1": (315, 32, 157),
    "resnet50_slim": (483, 32, 239),
    "resnet50": (427, 32, 213),
}
"""Receptive field, jump and effective padding of the last feature map: of alexnet_v2, vgg_16, mobilenet_v1 and
resnet_v1_50 of TensorFlow-Slim at 224 (Araujo, Norris, Sim, Distill 2019), of the others as PyTorch builds them."""

BUILDERS = {
    "lenet5_1998": "LeCun",
    "alexnet_2012": "Krizhevsky",
    "alexnet_slim": "TensorFlow-Slim",
    "alexnet": "torchvision",
    "vgg16": "Simonyan",
    "resnet50": "torchvision",
    "resnet50_slim": "TensorFlow-Slim",
    "mobilenet_v1": "TensorFlow-Slim",
    "unet": "Ronneberger",
    "dcgan": "DCGAN",
}


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
    assert rows
    assert most < 2**20


def test_a_name_that_is_not_known_is_told_the_nearest():
    with pytest.raises(LayerError, match="try vgg16") as caught:
        cv.known("vgg19")
    assert cv.known(name=caught.value.fix["network"])


@pytest.mark.parametrize("name", BUILDERS)
def test_it_is_named_with_who_built_it_so(name):
    assert BUILDERS[name] in KNOWN[name].source


def test_lenets_layers_have_the_weights_that_its_paper_counts():
    """156, 12, 1,516, 32, 48,120 and 10,164: C3 reads maps in groups, with 1,516 weights instead of 2,416."""
    found = dict.fromkeys(("C1", "S2", "C3", "S4", "C5", "dense"), 0)
    for row in cv.known("lenet5_1998").summary():
        part = next(part for part in (*found, "") if row.name.startswith(part))
        found[part] = found.get(part, 0) + row.parameters
    assert found == {"C1": 156, "S2": 12, "C3": 1516, "S4": 32, "C5": 48_120, "dense": 10_164, "": 0}


def test_the_paper_of_alexnet_counts_34944_weights_in_its_first_layer():
    assert cv.known("alexnet_2012").summary()[0].parameters == 34_944


def test_unet_makes_388_of_572_and_tells_what_it_joins():
    """Figure 1 of arXiv 1505.04597: 570, 568, 284 ... 30, 28, and 56 to 392, 390, 388 on the way up."""
    net = cv.known("unet")
    rows = net.summary()
    assert net.x_shape == (1, 572, 572)
    assert net.output_shape == (2, 388, 388)
    sizes = [row.output_size[0] for row in rows if row.layer.kind in ("conv", "maxpool", "tconv")]
    assert sizes[:13] == [570, 568, 284, 282, 280, 140, 138, 136, 68, 66, 64, 32, 30]
    assert sizes[13:] == [28, 56, 54, 52, 104, 102, 100, 200, 198, 196, 392, 390, 388, 388]
    assert [row.output_size[0] for row in rows if row.layer.kind == "crop"] == [56, 104, 200, 392]


def test_the_generator_of_dcgan_makes_a_picture_of_64_by_64():
    net = cv.known("dcgan")
    assert net.x_shape == (100, 1, 1)
    assert net.output_shape == (3, 64, 64)


def test_a_residual_block_has_two_fields():
    """By its convolutions and by the skip beside them; the stem sees 11."""
    rows = {row.name: row for row in cv.known("resnet50").summary()}
    net = cv.known("resnet50")
    least = dict(zip([node.name for node in net.nodes], net.shortest(), strict=True))
    assert rows["stage1.1"].receptive_field == (19, 19)
    assert least["stage1.1"] == (11, 11)
    assert least["stage1.1.conv4"] == (19, 19)


@pytest.mark.parametrize(("name", "size", "shape"), [("resnet50", 112, (1000,)), ("unet", 188, (2, 4, 4))])
def test_it_reads_an_input_of_another_size(name, size, shape):
    net = cv.known(name, size)
    assert net.output_shape == shape
    assert net.parameters == cv.known(name).parameters


@pytest.mark.parametrize(("name", "size"), [("unet", 100), ("lenet5", 28), ("alexnet", 30), ("vgg16", 0), ("unet", 1)])
def test_a_size_that_does_not_fit_is_told_the_nearest_that_does(name, size):
    with pytest.raises(LayerError, match="try input_size") as caught:
        cv.known(name, size)
    fix = caught.value.fix["input_size"]
    if size:
        assert cv.known(name, fix).nodes
        if not KNOWN[name].fixed:
            with pytest.raises(LayerError):
                cv.known(name, fix - 1)
