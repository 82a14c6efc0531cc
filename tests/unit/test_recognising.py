"""The networks of lesson 9 to 11: what is shipped is what training makes, and held-out digits were never trained on."""

from __future__ import annotations

from itertools import islice
from time import process_time

import numpy as np
import pytest

import convviz as cv
from convviz import batches, recognised, recognising, training
from convviz.asset import asset
from convviz.batches import begun
from convviz.digits import digits, laid
from convviz.layers.elementwise import Softmax
from convviz.recognised import FILMED, SEEDS, SHIPPED, WEIGHTS, film, measured, shipped
from convviz.recognising import (
    CLASSES,
    EPOCHS,
    FURTHEST,
    INK,
    LEARNED,
    NAMES,
    PLAN,
    SIZE,
    accuracy,
    by_distance,
    field,
    fields,
    network,
    permutation,
    scoring,
    split,
    trained,
)
from tools import digits as tool

each_network = pytest.mark.parametrize("name", NAMES)
LEAST = {"dense": (0.95, 0), "flatten": (0.97, 0), "global": (0.9, 2)}
"""What each must reach on held-out digits, moved by so many pixels."""


class TestNetworks:
    def test_they_have_about_as_many_weights(self):
        counts = [network(name).parameters for name in NAMES]
        assert max(counts) < 1.1 * min(counts)

    def test_the_two_with_a_convolution_differ_in_how_they_end(self):
        kinds = {name: [node.layer.kind for node in network(name).nodes] for name in NAMES}
        assert kinds["flatten"] == ["conv", "relu", "maxpool", "flatten", "dense", "softmax"]
        assert kinds["global"] == ["conv", "relu", "adaptivemaxpool", "flatten", "dense", "softmax"]
        assert "conv" not in kinds["dense"]

    @each_network
    def test_what_is_trained_is_the_network_up_to_its_scores(self, name):
        x, weights = field(digits().images[3]), shipped(name)
        whole = cv.output(network(name), x, weights)
        assert np.allclose(Softmax().forward(cv.output(scoring(name), x, weights)), whole)
        assert whole.shape == (CLASSES,) and whole.sum() == pytest.approx(1)

    def test_another_name_is_refused(self):
        with pytest.raises(cv.LayerError, match="flatten"):
            network("flat")


class TestFields:
    def test_a_digit_is_moved_whole(self):
        image = digits().images[10]
        moved = field(image, (1, -2))[0]
        assert np.array_equal(moved[3 : 3 + INK, 0:INK] * 16, image) and moved.sum() * 16 == image.sum()
        assert np.array_equal(laid(image[None], SIZE, np.array([2, 2]))[0], field(image)[0])

    def test_a_digit_cannot_leave_its_field(self):
        with pytest.raises(ValueError, match="at most 2"):
            field(digits().images[0], (0, FURTHEST + 1))

    def test_shuffling_is_one_permutation_of_the_pixels_of_all_fields(self):
        images = digits().images[:4]
        plain, mixed = fields(images).reshape(4, -1), fields(images, shuffled=True).reshape(4, -1)
        assert np.array_equal(mixed, plain[:, permutation()]) and not np.array_equal(mixed, plain)


class TestSplit:
    @pytest.mark.parametrize("by_writer", [False, True], ids=["shuffled", "by writer"])
    def test_every_digit_is_learned_from_or_held_out(self, by_writer):
        own, held = split(by_writer)
        assert (len(own), len(held)) == (LEARNED, 360)
        assert sorted([*own, *held]) == list(range(len(digits().labels)))

    def test_the_file_s_order_goes_from_writer_to_writer_and_the_other_is_shuffled(self):
        assert split(True)[1].tolist() == list(range(LEARNED, 1797))
        assert np.corrcoef(split()[0], np.arange(LEARNED))[0, 1] < 0.1

    @each_network
    @pytest.mark.parametrize("by_writer", [False, True], ids=["shuffled", "by writer"])
    def test_held_out_digits_are_never_trained_on(self, name, by_writer, monkeypatch):
        """What goes through the network while it learns is taken down, and compared with what is held out."""
        seen: list[np.ndarray] = []

        def watched(net: object, weights: object, x: np.ndarray) -> batches.Passed:
            seen.append(x)
            return batches.forward(net, weights, x)

        monkeypatch.setattr(training, "forward", watched)
        assert len(list(islice(trained(name, by_writer=by_writer), 2))) == 2
        rows = [row.tobytes() for x in seen for row in np.ascontiguousarray(x)]
        own, held = (fields(digits().images[some]) for some in split(by_writer))
        assert sorted(rows) == sorted(one.tobytes() for one in own), "each once an epoch"
        assert not {one.tobytes() for one in held} & set(rows)


class TestTraining:
    @pytest.mark.long
    @each_network
    def test_each_is_reached_from_nothing_within_two_minutes(self, name):
        start = process_time()
        epochs = list(trained(name, SHIPPED))
        assert process_time() - start < 240, "two minutes on two cores"
        assert len(epochs) == EPOCHS + 1
        least, far = LEAST[name]
        assert accuracy(name, epochs[0], split()[1]) < 0.3
        assert by_distance(name, epochs[-1])[far] >= least
        assert accuracy(name, epochs[-1], split()[1]) == pytest.approx(measured().courses[name].held_out[-1], abs=0.02)

    @each_network
    def test_the_shipped_one_is_as_good(self, name):
        least, far = LEAST[name]
        assert by_distance(name, shipped(name))[far] >= least
        for part, some in zip(("held_out", "trained"), reversed(split()), strict=True):
            assert accuracy(name, shipped(name), some) == pytest.approx(
                getattr(measured().courses[name], part)[-1], abs=2e-3
            )

    def test_a_dense_network_does_not_mind_shuffled_pixels(self):
        """With the pixels' weights shuffled likewise at the start, it learns the same, and answers the same."""
        own, held = split()
        net, labels = scoring("dense"), digits().labels[own]
        plain = begun(net, np.random.default_rng(0))
        weight, bias = plain["dense2"]
        ends = []
        for shuffled, weights in ((False, plain), (True, plain | {"dense2": (weight[:, permutation()], bias)})):
            x = fields(digits().images[own], shuffled=shuffled)
            *_, last = islice(training.courses(net, weights, x, labels, PLAN, np.random.default_rng(1)), 3)
            ends.append(batches.forward(net, last, fields(digits().images[held], shuffled=shuffled)).output)
        assert np.allclose(*ends)


class TestFiles:
    def test_the_weights_are_small(self):
        assert asset(WEIGHTS).stat().st_size < 100_000

    def test_the_film_begins_as_training_does_and_ends_with_what_ships(self):
        first, second = islice(trained(FILMED, SHIPPED), 2)
        found = film()
        assert len(found.kernels) == len(found.biases) == len(found.course.held_out) == EPOCHS + 1
        for number, weights in enumerate((first, second)):
            assert np.allclose(found.kernels[number], weights["conv1"][0], atol=1e-4)
            assert np.allclose(found.biases[number], weights["conv1"][1], atol=1e-4)
        assert np.array_equal(found.kernels[-1], shipped(FILMED)["conv1"][0])
        assert np.array_equal(found.biases[-1], shipped(FILMED)["conv1"][1])

    def test_all_figures_are_there_and_of_this_setup(self, monkeypatch):
        found = measured()
        for name in NAMES:
            spreads = [one for spreads in found.by_distance[name].values() for one in spreads]
            assert len(spreads) == 2 * (FURTHEST + 1)
            assert all(0 <= one.low <= one.median <= one.high <= 1 for one in [*spreads, found.by_writer[name]])
        measured.cache_clear()
        monkeypatch.setattr(recognised, "SEEDS", SEEDS + 1)
        with pytest.raises(ValueError, match=r"tools/digits\.py"):
            measured()
        monkeypatch.undo()
        measured.cache_clear()

    def test_sharing_alone_is_not_what_makes_a_network_indifferent_to_a_shift(self):
        plain = {name: [one.median for one in measured().by_distance[name][False]] for name in NAMES}
        assert plain["dense"][1] < plain["flatten"][1] < plain["flatten"][0] - 0.2
        assert min(plain["global"]) > plain["global"][0] - 0.05 and plain["global"][2] >= 0.9

    def test_shuffled_pixels_cost_the_convolutions_and_not_the_dense_network(self):
        lost = {
            name: [one.median - other.median for one, other in zip(*measured().by_distance[name].values(), strict=True)]
            for name in NAMES
        }
        assert max(map(abs, lost["dense"])) < 0.015
        assert all(lost[name][0] > 0 and lost[name][1] > 0.1 for name in ("flatten", "global")), "in the middle, by one"

    def test_other_writers_are_harder(self):
        found = measured()
        assert all(found.by_writer[name].median < found.by_distance[name][False][0].median for name in NAMES)


def test_the_document_says_what_was_measured():
    assert tool.DOCUMENT.read_text("utf-8") == tool.document(), "python tools/digits.py makes it anew"


def test_the_figures_of_one_seed_come_out_again():
    """The dense network's, which is trained in a second."""
    *_, last = trained("dense", 0)
    low, _, high = measured().by_distance["dense"][False][0]
    assert low - 0.02 <= by_distance("dense", last)[0] <= high + 0.02
    assert len(measured().by_distance["dense"][False]) == recognising.FURTHEST + 1
