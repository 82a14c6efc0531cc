"""What the lesson on pooling says of a trained network is what its code measures, and the engine's own arithmetic."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

import convviz as cv
from convviz import generalising
from convviz.alike import measured as correlations
from convviz.alike import mixed_up, neighbours, told
from convviz.asset import asset
from convviz.batches import backward, begun, forward
from convviz.digits import FILE, digits
from convviz.generalising import (
    CLASSES,
    EPOCHS,
    MAPS,
    SEEDS,
    SIZE,
    TRAINED,
    course,
    features,
    measured,
    network,
    placed,
    split,
)
from convviz.lessons.facts import facts
from convviz.pictures import photograph

each_way = pytest.mark.parametrize("pooled", [False, True], ids=["plain", "pooled"])


class TestDigits:
    def test_they_are_the_uci_digits(self):
        found = digits()
        assert np.bincount(found.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
        assert found.images.min() == 0 and found.images.max() == 16
        rows = gzip.decompress(asset(FILE).read_bytes()).decode().split()
        assert found.images[7].ravel().tolist() == [float(v) for v in rows[7].split(",")[:-1]]

    def test_where_they_are_from_and_their_licence_stand_beside_them(self):
        said = asset("digits/README.md").read_text("utf-8")
        assert "CC BY 4.0" in said and "Alpaydin" in said

    def test_a_digit_lies_whole_in_its_field(self):
        fields = placed(3)
        assert np.allclose(fields.sum(axis=(1, 2)) * 16, digits().images.sum(axis=(1, 2)))
        assert len({tuple(np.argwhere(field)[0]) for field in fields[:50]}) > 3, "they lie in several places"


class TestTraining:
    @each_way
    def test_scores_and_gradients_are_those_of_the_engine(self, pooled):
        net, image = network(pooled), placed(5)[11][None]
        learned = begun(net, np.random.default_rng(5))
        run, passed = cv.trace(net, image, learned), forward(net, learned, image[None])
        assert np.allclose(passed.output[0], run.output)
        upstream = np.linspace(-1, 1, CLASSES)
        mine, own = backward(net, learned, passed, upstream[None]), run.backward(upstream)
        assert len(mine) == 2
        for name, (weight, bias) in mine.items():
            assert np.allclose(weight, own[name].weight) and np.allclose(bias, own[name].bias)

    @each_way
    def test_the_first_figures_of_the_file_come_out_again(self, pooled):
        again = course(pooled, epochs=EPOCHS[:2])
        for part in ("trained", "held_out"):
            told_, found = getattr(measured()[pooled], part)[:2], getattr(again, part)
            assert np.allclose(told_, found, atol=2e-3)

    def test_what_is_learned_from_is_not_held_out(self):
        own, others = split(4)
        assert not set(own) & set(others) and len(own) + len(others) == len(digits().labels)

    def test_the_file_has_all_figures_and_is_of_this_setup(self, monkeypatch):
        for found in measured().values():
            for spreads in found:
                assert len(spreads) == len(EPOCHS)
                assert all(0 <= low <= median <= high <= 1 for low, median, high in spreads)
        measured.cache_clear()
        monkeypatch.setattr(generalising, "SEEDS", SEEDS + 1)
        with pytest.raises(ValueError, match=r"tools/pooling\.py"):
            measured()
        monkeypatch.undo()
        measured.cache_clear()

    def test_both_know_what_they_learned_from_and_the_pooled_one_does_better_on_the_rest(self):
        plain, pooled = measured()[False], measured()[True]
        assert plain.trained[-1].median == pooled.trained[-1].median == 1
        assert pooled.held_out[-1].low > plain.held_out[-1].high, "the spreads do not even touch"

    def test_the_lesson_says_these_numbers(self):
        said = facts(cv.MaxPool(6, 2))
        assert said["plain_features"] == MAPS * SIZE**2 == features(False)
        assert said["pooled_dense"] == network(True).layers[-1].weight_shape[0] * features(True)
        assert said["digits"] == TRAINED == len(split(0)[0])
        assert float(str(said["pooled_held"])) == pytest.approx(100 * measured()[True].held_out[-1].median, abs=0.05)


class TestNeighbours:
    def test_the_correlation_is_pearsons_of_all_neighbours(self):
        picture = np.random.default_rng(0).integers(0, 9, (4, 5))
        pairs = [(picture[r, c], picture[r, c + 1]) for r in range(4) for c in range(4)]
        pairs += [(picture[r, c], picture[r + 1, c]) for r in range(3) for c in range(5)]
        one, other = np.array(pairs, dtype=float).T
        one, other = one - one.mean(), other - other.mean()
        assert neighbours(picture) == pytest.approx((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum()))

    def test_shuffled_pixels_are_the_same_ones_and_tell_nothing_of_one_another(self):
        picture = photograph()
        assert sorted(mixed_up(picture).ravel()) == sorted(picture.ravel())
        assert correlations()[0] > 0.9 and abs(correlations()[1]) < 0.02
        assert told() == (f"{correlations()[0]:.2f}", "0.00")
