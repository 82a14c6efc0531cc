"""Pasted code: what is read of it, where it is not understood, and that nothing of it is ever run."""

from __future__ import annotations

import ast
import builtins
import pickle
import sys
from pathlib import Path

import hostile
import pytest
from depth import cases
from pasted import GIVEN, RESIDUAL, Pasted

import convviz as cv
import convviz.code
from convviz.code import CodeError, read
from convviz.code.lines import DEEPEST, LONGEST
from convviz.code.read import unguarded
from convviz.text import LANGUAGES


@pytest.mark.parametrize("name", GIVEN)
def test_a_pasted_text_is_read_right_or_refused_with_line_and_column(name: str) -> None:
    wanted: Pasted = GIVEN[name]
    found = read(wanted.text, wanted.input_size)
    assert tuple((p.line, p.column, p.error.key) for p in found.problems) == wanted.problems
    assert " ".join(node.name for node in (found.network.nodes if found.network else ())) == wanted.nodes
    assert not wanted.output or (found.network and found.network.output_shape == wanted.output)
    assert wanted.parameters < 0 or (found.network and found.network.parameters == wanted.parameters)
    assert found.framework == ("keras" if name.startswith("Keras") else "pytorch")


def test_there_are_as_many_texts_as_were_promised() -> None:
    assert len(GIVEN) >= 40
    assert len(hostile.TRICKS) + len(hostile.LARGE) < 200


class TestAnError:
    def test_says_what_why_and_what_works_in_both_languages(self) -> None:
        for given in GIVEN.values():
            for problem in read(given.text, given.input_size).problems:
                for language in LANGUAGES:
                    said = problem.text(language)
                    assert str(problem.line) in said and str(problem.column) in said

    def test_of_from_pytorch_says_the_place_and_survives_being_sent(self) -> None:
        with pytest.raises(cv.LayerError, match=r"^line 2, column 1: layer: nn\.Foo - is not among") as caught:
            cv.from_pytorch("nn.Conv2d(3, 8, 3)\nnn.Foo()")
        again = pickle.loads(pickle.dumps(caught.value))
        assert isinstance(again, CodeError) and str(again) == str(caught.value)
        assert again.problem.line == 2 and again.text("zh").startswith("第 2 行第 1 列：")

    def test_of_a_layer_is_the_engines_own(self) -> None:
        (problem,) = read("nn.Sequential(nn.Conv2d(3, 64, 3), nn.Conv2d(32, 8, 3))", 32).problems
        assert "takes (32, 30, 30) but the one before gives (64, 30, 30) - try in_channels 64" in str(problem.error)


class TestTheInput:
    text = "nn.Conv2d(3, 8, 3)"

    @pytest.mark.parametrize("given", [10, (10, 10), (3, 10, 10), [10, 10]])
    def test_may_be_given_as_a_side_as_sides_or_whole(self, given: object) -> None:
        assert cv.from_pytorch(self.text, given).output_shape == (8, 8, 8)

    @pytest.mark.parametrize("given", [0, -1, 1.5, "10", True, (), (1, 2, 3, 4, 5), (3, "a"), 10**9])
    def test_that_cannot_be_is_refused(self, given: object) -> None:
        assert read(self.text, given).problems
        with pytest.raises(cv.LayerError):
            cv.from_pytorch(self.text, given)

    def test_is_what_the_dense_layers_take_where_nobody_says_it(self) -> None:
        for side in (28, 32, 64, 224):
            features = 4 * (side // 2) ** 2
            text = (
                f"nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.MaxPool2d(2), nn.Flatten(), nn.Linear({features}, 2))"
            )
            assert cv.from_pytorch(text).x_shape == (3, side, side)

    def test_has_the_channels_that_a_later_layer_takes_where_the_first_takes_any(self) -> None:
        text = "nn.Sequential(nn.AvgPool2d(2), nn.ReLU(), nn.Conv2d(16, 4, 1))"
        assert cv.from_pytorch(text).x_shape == (16, 32, 32)
        assert cv.from_pytorch(text, 6).output_shape == (4, 3, 3)


@pytest.mark.parametrize("number", [-3, 0, 10**12 + 1, 1.5, True, "'a'", None, (1, 2)])
@pytest.mark.parametrize(
    "text",
    [
        *(
            "nn.Linear({}, 4)",
            "nn.Sequential(nn.Flatten(), nn.Linear({}, 4))",
            "nn.BatchNorm2d({})",
            "nn.Conv2d({}, 4, 3)",
        ),
        *("nn.Conv2d(4, {}, 3)", "nn.Upsample(scale_factor={})", "nn.PixelShuffle({})", "nn.AdaptiveAvgPool2d({})"),
        *("nn.ZeroPad2d({})", "nn.Unflatten(1, {})", "nn.MaxPool2d({})", "nn.ChannelShuffle({})", "nn.GLU({})"),
        *(
            "layers.Dense({})",
            "layers.Conv2D({}, 3)",
            "layers.Cropping2D({})",
            "layers.Reshape({})",
            "layers.Rescaling({})",
        ),
        *(
            "layers.UpSampling2D({})",
            "layers.DepthwiseConv2D(3, depth_multiplier={})",
            "keras.Input({})",
            "F.pad(x, {})",
        ),
        *(
            "x.view({}, {})",
            "x.chunk({}, 1)",
            "x.mean({})",
            "x[:, {}]",
            "x * {}",
            "torch.randn({}, 3, 8, 8)",
            "x.size({})",
        ),
    ],
)
def test_a_number_that_cannot_be_never_raises(text: str, number: object) -> None:
    line = text.replace("{}", str(number))
    for given in (
        line,
        f"nn.Sequential({line}, nn.ReLU())",
        f"y = nn.Conv2d(3, 4, 1)(x)\nx = y\nz = {line}\nnn.ReLU()(z)",
    ):
        for size in (None, 8, (3, 8, 8)):
            found = unguarded(given, size)
            assert found.network is None or min(found.network.x_shape) >= 1
            assert all(problem.text() for problem in found.problems)


def test_a_block_is_the_graph_that_its_forward_says() -> None:
    network = cv.from_pytorch(RESIDUAL, 5)
    assert network.nodes[-1].inputs == ("two", "x")
    assert network.output_shape == (8, 5, 5)


def test_a_text_that_is_no_text_is_refused() -> None:
    with pytest.raises(cv.LayerError, match="there are no layers in it"):
        cv.from_pytorch(None)  # type: ignore[arg-type]


class TestNothingIsRun:
    @pytest.fixture(autouse=True)
    def _no_evaluation(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whatever is evaluated or imported while a text is read fails, and leaves its mark."""
        hostile.RAN.clear()
        for name in ("eval", "exec", "open", "input", "breakpoint"):
            monkeypatch.setattr(builtins, name, lambda *given, name=name, **named: hostile.RAN.append(name))
        compiled = builtins.compile

        def compile_only(
            source: object, filename: str, mode: str, flags: int = 0, *more: object, **named: object
        ) -> object:
            if not flags & ast.PyCF_ONLY_AST:
                hostile.RAN.append("compile")
            return compiled(source, filename, mode, flags, *more, **named)  # type: ignore[call-overload]

        monkeypatch.setattr(builtins, "compile", compile_only)
        before = set(sys.modules)
        yield
        assert hostile.RAN == []
        assert set(sys.modules) == before

    def _refused(self, text: str) -> None:
        found = unguarded(text)
        assert found.network is not None or found.problems
        for problem in found.problems:
            assert problem.line >= 1 and problem.column >= 1
            assert len(problem.text()) < 1500

    @pytest.mark.parametrize("number", range(len(hostile.TRICKS)))
    def test_of_a_trick(self, number: int) -> None:
        self._refused(hostile.TRICKS[number])

    @pytest.mark.parametrize("number", range(len(hostile.LARGE)))
    def test_of_what_is_too_large_or_too_deep(self, number: int) -> None:
        self._refused(hostile.LARGE[number])

    def test_of_texts_that_are_spoiled(self) -> None:
        for text in hostile.mutated(cases(2000), [given.text for given in GIVEN.values()], 1):
            self._refused(text)

    def test_under_a_stack_that_is_deep_already(self) -> None:
        def below(levels: int) -> None:
            if levels:
                below(levels - 1)
            else:
                for text in (*hostile.LARGE[9:24], "a = nn.ReLU()\n" + "a = nn.Sequential(a)\n" * 200):
                    self._refused(text)

        below(400)


def test_what_is_too_much_is_refused_at_its_place() -> None:
    (long,) = read("x" * (LONGEST + 1)).problems
    assert (long.line, long.column, long.error.key) == (1, 1, "code_long")
    (deep,) = read("nn.ReLU()\n" + "(" * (DEEPEST + 1)).problems
    assert (deep.line, deep.column, deep.error.key) == (2, DEEPEST + 1, "code_deep")


def test_the_reader_has_no_way_to_run_anything() -> None:
    """No module of it calls what evaluates, imports or opens."""
    for path in Path(convviz.code.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "compile", "__import__", "open", "globals", "locals"}, path
