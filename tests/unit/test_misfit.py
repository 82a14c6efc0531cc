"""Error messages: read, drawn and mended. Each fix is tried by the engine, and by PyTorch where that is there."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from depth import cases, torch
from gallery import MISFITS
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.code.message import diagnosed, pooled
from convviz.errors import LayerError
from convviz.layers.elementwise import Add
from convviz.layers.misfit import Fix, Misfit
from convviz.layers.notation import MISFITS as KINDS
from convviz.layers.notation import from_text, to_text
from convviz.layers.overhanging import Placed, PoolMisfit, WindowMisfit
from convviz.layers.rearrange import Concat
from convviz.layers.unequal import Sides, SumMisfit
from convviz.layers.unjoined import CatMisfit
from convviz.layers.unmatched import MapsMisfit, Slabs
from convviz.layers.unweighted import DenseMisfit, Rows, shape_of, shapes_of
from convviz.network import Network
from convviz.scene.roles import ROLES
from convviz.scene.views import VIEWS
from convviz.text import LANGUAGES, catalogue

ALL: list[Any] = [from_text(text) for text in MISFITS]

TOLD = {
    "Calculated padded input size per channel: (2 x 2). Kernel size: (3 x 3). Kernel size can't be greater than actual "
    "input size": "misfitwindow2d-i2-k3",
    "mat1 and mat2 shapes cannot be multiplied (8x25088 and 4096x1000)": "misfitdense-i25088-f4096-o1000-n8",
    "Given groups=1, weight of size [64, 3, 7, 7], expected input[8, 1, 224, 224] to have 3 channels, but got 1 "
    "channels instead": "misfitmaps2d-i224-k7-c1-w3-o64-n8",
    "Given groups=2, weight of size [64, 2, 7, 7], expected input[8, 6, 24, 24] to have 4 channels, but got 6 channels "
    "instead": "misfitmaps2d-i24-k7-c6-w4-o64-g2-n8",
    "Given transposed=1, weight of size [16, 8, 3], expected input[8, 6, 24] to have 16 channels, but got 6 channels "
    "instead": "misfitmaps1d-i24-k3-c6-w16-o8-t1-n8",
    "Given input size: (64x1x1). Calculated output size: (64x0x0). Output size is too small": "misfitpool2d-i1-k2-c64",
    "Given input size: (64x2x9). Calculated output size: (64x0x4). Output size is too small": (
        "misfitpool2d-i2x9-k3-s2-c64"
    ),
    "Given input size: (64x1x1). Calculated output size: (64x-1x-1). Output size is too small": (
        "misfitpool2d-i1-k3-s1-c64"
    ),
    "Given input size: (64x1x1). Calculated output size: (64x1x0). Output size is too small": (
        "misfitpool2d-i1-k1x2-c64"
    ),
    "The size of tensor a (32) must match the size of tensor b (30) at non-singleton dimension 3": "misfitsum-a32-b30",
    "Sizes of tensors must match except in dimension 1. Expected size 64 but got size 56 for tensor number 1 in the "
    "list.": "misfitcat-a64-b56",
    # as older versions say it
    "Calculated padded input size per channel: (3 x 3). Kernel size: (4 x 4). Kernel size can't greater than actual "
    "input size at /pytorch/aten/src/THNN/generic/SpatialConvolutionMM.c:48": "misfitwindow2d-i3-k4",
    "size mismatch, m1: [2394 x 7], m2: [16758 x 2] at /opt/conda/work/aten/src/TH/generic/THTensorMath.cpp:2070": (
        "misfitdense-i7-f16758-o2-n2394"
    ),
    "Given groups=1, weight[64, 3, 7, 7], so expected input[8, 1, 224, 224] to have 3 channels, but got 1 channels "
    "instead": "misfitmaps2d-i224-k7-c1-w3-o64-n8",
    "Given groups=1, weight of size 64 3 7 7, expected input[8, 1, 224, 224] to have 3 channels, but got 1 channels "
    "instead": "misfitmaps2d-i224-k7-c1-w3-o64-n8",
    "input image (T: 1 H: 4 W: 4) smaller than kernel size (kT: 2 kH: 2 kW: 2)": "misfitpool3d-i1x4x4-k2",
    "invalid argument 0: Sizes of tensors must match except in dimension 1. Got 26 and 27 in dimension 3 at /opt/conda/"
    "work/aten/src/THC/generic/THCTensorMath.cu:71": "misfitcat-a26-b27-x3",
    "Sizes of tensors must match except in dimension 1. Got 4065 and 4064 in dimension 2 (The offending index is 1)": (
        "misfitcat-a4065-b4064"
    ),
}
"""Messages, and the choices that they stand for."""

TRACEBACK = """Traceback (most recent call last):
  File "train.py", line 71, in <module>
    out = model(images)
  File "/opt/lib/python3/site-packages/torch/nn/modules/module.py", line 1751, in _wrapped_call_impl
    return self._call_impl(*args, **kwargs)
RuntimeError: {said}
>>> """

size = st.integers(1, 40)
windows = st.integers(1, 3).flatmap(
    lambda dims: st.tuples(*(st.lists(size, min_size=dims, max_size=dims).map(tuple) for _ in range(2)))
)


@st.composite
def misfits(draw: Any) -> Any:
    """What does not fit, of any kind and with any numbers; None where the numbers fit after all."""
    one = st.integers(1, 300)
    sizes, kernel = draw(windows)
    groups = draw(st.integers(1, 3))
    made: list[Callable[[], Misfit]] = [
        lambda: WindowMisfit(sizes, kernel),
        lambda: PoolMisfit(sizes, kernel, draw(st.none() | st.integers(1, 9)), draw(one)),
        lambda: DenseMisfit(draw(st.integers(1, 10**5)), draw(st.integers(1, 10**5)), draw(one), draw(one)),
        lambda: MapsMisfit(sizes, kernel, draw(one), groups * draw(one), groups * draw(one), groups, rows=draw(size)),
        lambda: MapsMisfit(sizes, kernel, draw(one), draw(one), draw(one), transposed=True, rows=draw(size)),
        lambda: SumMisfit(draw(one), draw(one), draw(st.integers(0, 4))),
        lambda: CatMisfit(draw(one), draw(one), draw(st.integers(0, 4)), draw(st.integers(0, 4)), draw(size)),
    ]
    try:
        return draw(st.sampled_from(made))()
    except LayerError:
        return None


class TestMessages:
    @pytest.mark.parametrize("said", TOLD, ids=lambda said: TOLD[said])
    def test_a_message_is_read_whatever_stands_around_it(self, said: str) -> None:
        misfit = from_text(TOLD[said])
        broken = said.replace(". ", ".\n    ").replace("can't", "can’t")
        for text in (said, f"RuntimeError: {said}", TRACEBACK.format(said=said), f"  {broken}\n", said.upper()):
            assert diagnosed(text) == misfit

    @pytest.mark.parametrize("misfit", ALL, ids=MISFITS)
    def test_what_is_read_says_the_same_message(self, misfit: Misfit) -> None:
        found = diagnosed(TRACEBACK.format(said=misfit.message))
        assert found is not None and type(found) is type(misfit) and found.message == misfit.message

    @settings(max_examples=cases(2_000), deadline=None)
    @given(misfits())
    def test_any_numbers_are_read_as_they_are(self, misfit: Any) -> None:
        if misfit is None:
            return
        found: Any = diagnosed(misfit.message)
        assert found.message == misfit.message
        unsaid = ("kernel_size", "stride") if isinstance(misfit, PoolMisfit) else ("axis",)
        for parameter in misfit.parameter_list:
            if parameter.name not in unsaid or isinstance(misfit, WindowMisfit | MapsMisfit):
                assert getattr(found, parameter.name) == getattr(misfit, parameter.name)

    @settings(max_examples=cases(2_000), deadline=None)
    @given(misfits())
    def test_a_link_stands_for_just_its_misfit(self, misfit: Any) -> None:
        if misfit is not None:
            assert from_text(to_text(misfit)) == misfit

    def test_of_several_messages_the_last_one_counts(self) -> None:
        first, last = list(TOLD)[:2]
        assert diagnosed(f"{first}\n\nDuring handling of the above exception:\n\n{last}") == from_text(TOLD[last])
        assert diagnosed(f"{last}\n{first}") == from_text(TOLD[first])

    @pytest.mark.parametrize(
        "text",
        [
            *("", "all is well", "RuntimeError: CUDA out of memory.", "shapes cannot be multiplied (axb and 3x4)"),
            "mat1 and mat2 shapes cannot be multiplied (8x10 and 10x5)",
            "mat1 and mat2 shapes cannot be multiplied (0x10 and 12x5)",
            "mat1 and mat2 shapes cannot be multiplied (8x99999999999999999999 and 12x5)",
            "Calculated padded input size per channel: (2 x 2). Kernel size: (3). Kernel size can't be greater",
            "Calculated padded input size per channel: (4 x 4). Kernel size: (3 x 3). Kernel size can't be greater",
            "Given input size: (64x1x1). Calculated output size: (32x0x0). Output size is too small",
            "Given input size: (64). Calculated output size: (64). Output size is too small",
            "Given groups=1, weight of size [64], expected input[1] to have 3 channels, but got 1 channels instead",
            "Given groups=2, weight of size [9, 2, 3, 3], expected input[1, 3, 9, 9] to have 5 channels, but got 3 "
            "channels instead",
            "The size of tensor a (3) must match the size of tensor b (1) at non-singleton dimension 2",
            "The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 99",
            None,
            7,
        ],
    )
    def test_what_says_no_such_thing_is_not_read(self, text: Any) -> None:
        assert diagnosed(text) is None

    @pytest.mark.parametrize("part", [*TOLD, "(" * 50, "[1, ", "Given groups=1, weight ", "1x" * 40, "\n", " x"])
    def test_a_long_text_is_read_at_once(self, part: str) -> None:
        text = (part[:-3] + " ") * (10**6 // len(part))
        start = perf_counter()
        diagnosed(text)
        assert perf_counter() - start < 1

    def test_a_pooling_s_window_is_the_smallest_that_says_what_it_says(self) -> None:
        for kernel in range(1, 8):
            for stride in range(1, kernel + 1):
                for i in range(1, kernel):
                    output = (i - kernel) // stride + 1
                    (found, _), (step, _) = pooled((i, i), (output, output))
                    assert (i - found) // step + 1 == output and found <= kernel


class TestChoices:
    @pytest.mark.parametrize("text", MISFITS)
    def test_its_text_stands_for_it(self, text: str) -> None:
        assert to_text(from_text(text)) == text

    def test_the_gallery_has_every_kind(self) -> None:
        assert {type(misfit) for misfit in ALL} == set(KINDS)

    @pytest.mark.parametrize(
        "make",
        [
            lambda: WindowMisfit(3, 3),
            lambda: WindowMisfit(0, 3),
            lambda: PoolMisfit(4, 2),
            lambda: PoolMisfit((4,), 5),
            lambda: DenseMisfit(5, 5),
            lambda: DenseMisfit(5, "6"),
            lambda: MapsMisfit(5, 3, 2, 2),
            lambda: MapsMisfit(5, 3, 1, 3, groups=2),
            lambda: MapsMisfit((5, 5), (3,), 1, 3),
            lambda: SumMisfit(4, 4),
            lambda: SumMisfit(1, 4),
            lambda: SumMisfit(3, 4, 5),
            lambda: CatMisfit(4, 4),
            lambda: CatMisfit(4, 5, 2),
        ],
    )
    def test_what_fits_or_cannot_be_is_refused_with_what_works(self, make: Callable[[], Misfit]) -> None:
        with pytest.raises(LayerError) as raised:
            make()
        assert raised.value.fix
        for language in LANGUAGES:
            assert raised.value.text(language)

    def test_it_is_no_layer_that_could_be_run(self) -> None:
        with pytest.raises(LayerError, match="is not a layer"):
            cv.trace(ALL[0])
        with pytest.raises(LayerError):
            Network([ALL[0]])

    def test_maps_are_told_where_numbers_tell_them(self) -> None:
        for maps, side in ((512, 7), (256, 6), (16, 5), (2048, 7), (64, 7), (128, 3)):
            assert shape_of(maps * side**2) == (maps, side, side)
        for comes, wanted in ((25088, 18432), (1024, 256), (400, 256), (9, 4)):
            both = shapes_of(comes, wanted)
            assert both is not None
            assert [int(np.prod(shape)) for shape in both] == [comes, wanted] and both[0][0] == both[1][0]


def tried(misfit: Misfit, drawn: Any) -> None:
    """Make what is drawn of a misfit, or of a fix, with our own engine; raises LayerError where it does not fit."""
    if isinstance(drawn, Placed):
        pads, spare = (
            drawn.pads,
            drawn.output is not None and any(w > n for w, n in zip(drawn.window, drawn.padded, strict=True)),
        )
        if isinstance(misfit, PoolMisfit) and (spare or any(map(any, pads))):
            cv.MaxPool(drawn.size, drawn.window, misfit.stride, pads, ceil_mode=spare)
        else:
            cv.Conv(drawn.size, drawn.window, padding=pads)
    elif isinstance(drawn, Rows):
        Network([cv.Dense(drawn.comes, drawn.comes), cv.Dense(drawn.wanted, 2)])
    elif isinstance(drawn, Slabs):
        take = drawn.each * drawn.groups
        Network([cv.Conv(1, 1, in_channels=1, out_channels=drawn.channels), cv.Conv(1, 1, in_channels=take)])
    else:
        assert isinstance(drawn, Sides)
        alike: Any = Concat() if isinstance(misfit, CatMisfit) else Add()
        alike.output_shape((2, drawn.a), (2, drawn.b))


class TestFixes:
    @pytest.mark.parametrize("misfit", ALL, ids=MISFITS)
    def test_before_it_does_not_fit_and_with_each_fix_it_does(self, misfit: Misfit) -> None:
        with pytest.raises(LayerError):
            tried(misfit, misfit.drawn)
        fixes = misfit.fixes()
        assert fixes and len({fix.name for fix in fixes}) == len(fixes)
        for fix in fixes:
            tried(misfit, fix.drawn)
            assert type(fix.drawn) is type(misfit.drawn)

    @settings(max_examples=cases(1_000), deadline=None)
    @given(misfits())
    def test_any_misfit_is_mended_by_every_fix(self, misfit: Any) -> None:
        if misfit is None:
            return
        with pytest.raises(LayerError):
            tried(misfit, misfit.drawn)
        for fix in misfit.fixes():
            tried(misfit, fix.drawn)
            if isinstance(fix.drawn, Placed):
                layer: Any = fix.layer
                assert fix.drawn.output == layer.output_size and min(layer.output_size) > 0
            for language in LANGUAGES:
                assert fix.says(language) and fix.label(language)

    def test_what_a_fix_names_is_what_its_layer_has(self) -> None:
        padding, kernel, larger = WindowMisfit((258, 2), 3).fixes()
        assert padding.layer == cv.Conv((258, 2), 3, padding=(0, 1)) and "padding=(0, 1)" in padding.code
        assert kernel.layer == cv.Conv((258, 2), (3, 2)) and "kernel_size=(3, 2)" in kernel.code
        assert larger.layer == cv.Conv((258, 3), 3) and "258, 3)" in larger.code
        features, averaged = DenseMisfit(25088, 18432).fixes()
        assert features.layer == cv.Dense(25088, 10) and averaged.layer == cv.Dense(18432, 10)
        assert averaged.says().startswith("25,088 may be 512 × 7 × 7.")

    @pytest.mark.parametrize(
        ("misfit", "names"),
        [
            (WindowMisfit(2, 3), ["padding", "kernel", "input"]),
            (PoolMisfit(1, 2), ["without", "padding", "ceil", "input"]),
            (PoolMisfit(1, 3, 1), ["without", "padding", "input"]),
            (DenseMisfit(7, 25088, 10, 7168), ["flatten", "features"]),
            (DenseMisfit(30720, 512), ["features", "pooled"]),
            (DenseMisfit(12, 16), ["features", "between"]),
            (MapsMisfit(224, 7, 1, 3), ["channels", "repeated", "pointwise"]),
            (MapsMisfit((9, 3), 3, 9, 3), ["permuted", "channels", "first", "pointwise"]),
            (MapsMisfit(70, 7, 64, 1, 64), ["channels", "groups", "averaged_channels", "pointwise"]),
            (SumMisfit(32, 30), ["kept", "crop"]),
            (SumMisfit(7, 8, 2), ["kept_same", "crop"]),
            (SumMisfit(56, 28), ["strided", "crop"]),
            (SumMisfit(101, 20), ["resized", "crop"]),
            (SumMisfit(8, 16, 1), ["projected", "crop_channels"]),
            (CatMisfit(64, 56), ["crop", "padded", "resized"]),
            (CatMisfit(2, 3, 1, 0), ["crop_examples"]),
        ],
    )
    def test_each_is_offered_where_it_helps(self, misfit: Misfit, names: list[str]) -> None:
        assert [fix.name for fix in misfit.fixes()] == names

    def test_every_fix_that_has_words_is_offered_somewhere(self) -> None:
        offered = {fix.name for misfit in ALL for fix in misfit.fixes()}
        assert offered == {key.split(".")[2] for key in catalogue("en") if key.startswith("misfit.fix.")}


class TestView:
    @pytest.mark.parametrize("misfit", ALL, ids=MISFITS)
    def test_a_step_is_the_misfit_or_a_fix_and_says_so(self, misfit: Misfit) -> None:
        for language in LANGUAGES:
            scene = cv.scene(misfit, language=language)
            said = [misfit.says(language), *(fix.says(language) for fix in misfit.fixes())]
            assert (scene.view, scene.steps) == ("misfit", len(said))
            assert [scene.sentence(t) for t in range(scene.steps)] == said

    @pytest.mark.parametrize("misfit", [one for one in ALL if isinstance(one.drawn, Placed)], ids=lambda m: m.message)
    def test_what_hangs_over_the_edge_is_marked_and_with_a_fix_an_output_is(self, misfit: Misfit) -> None:
        scene = cv.scene(misfit)
        beyond = scene.track["current"].marks[0]
        assert {ROLES[scene.roles[mark]] for mark in beyond[beyond >= 0]} == {"beyond"}
        outlines = [{shape.role for shape, at in zip(scene.shapes, scene.points_at(t), strict=True) if at is not None}
                    for t in range(scene.steps)]  # fmt: skip
        assert outlines == [{"dropped"}, *[{"frame"}] * (scene.steps - 1)]
        for t in range(1, scene.steps):
            made = scene.track["current"].marks[t]
            assert [ROLES[scene.roles[mark]] for mark in made[made >= 0]] == ["output"]

    @pytest.mark.parametrize("misfit", ALL, ids=MISFITS)
    def test_what_has_no_partner_is_seen_and_marked_and_with_a_fix_nothing_is(self, misfit: Misfit) -> None:
        scene = cv.scene(misfit)
        for t in range(scene.steps):
            made = scene.track["current"].marks[t]
            roles = {ROLES[scene.roles[mark]] for mark in made[made >= 0]}
            assert roles and (roles <= {"beyond", "unread"}) == (t == 0), (t, roles)

    def test_a_small_window_has_just_its_cells(self) -> None:
        scene = cv.scene(WindowMisfit(2, 3))
        counts = [scene.track[name].marks[0] for name in ("window", "current", "dropped")]
        assert [int((marks >= 0).sum()) for marks in counts] == [4, 5, 9]
        assert (scene.track["window"].marks[1] >= 0).sum() == 9

    def test_cells_without_a_partner_are_as_many_as_there_are(self) -> None:
        for misfit in (DenseMisfit(12, 16), SumMisfit(3, 9, 1)):
            marks = cv.scene(misfit).track["current"].marks[0]
            assert (marks >= 0).sum() == misfit.numbers.get("left", misfit.numbers.get("lost"))
        rim = cv.scene(SumMisfit(9, 7)).track["current"].marks[0]
        assert (rim >= 0).sum() == 9 * 9 - 7 * 7

    @pytest.mark.parametrize("misfit", ALL, ids=MISFITS)
    def test_its_cells_are_few_whatever_the_sizes_and_do_not_overlap(self, misfit: Misfit) -> None:
        scene = cv.scene(misfit)
        assert scene.cells < 1_500 and (len(scene.covered) == 0 or isinstance(misfit, MapsMisfit))

    def test_huge_sizes_are_drawn_at_once(self) -> None:
        most = 10**12
        for misfit in (
            WindowMisfit(most - 1, most),
            PoolMisfit(most - 1, most, channels=most),
            DenseMisfit(most, most - 1, most, most),
            MapsMisfit(most, most, most, most - 1, most),
            SumMisfit(most, most - 1),
            CatMisfit(most, 1),
            CatMisfit(most, most - 1),
        ):
            start = perf_counter()
            scene = cv.scene(misfit)
            assert scene.cells < 1_500
            assert {ROLES[scene.roles[mark]] for mark in scene.track["current"].marks[0] if mark >= 0} <= {
                "beyond",
                "unread",
            }
            assert perf_counter() - start < 1

    def test_the_view_shows_nothing_else_and_nothing_else_shows_it(self) -> None:
        for name, view in VIEWS.items():
            assert (view.refuses(ALL[0]) is None) == (name == "misfit")
        for other in (cv.Conv(5, 3), Network([cv.Conv(5, 3), cv.Conv(3, 3)])):
            refused = VIEWS["misfit"].refuses(other)
            assert refused is not None and refused.fix.keys() == {"view"}
        with pytest.raises(LayerError) as raised:
            cv.scene(ALL[0], "flat")
        assert raised.value.fix == {"view": "misfit"}


class TestTorch:
    @staticmethod
    def run(code: str) -> str:
        """What PyTorch says of some code; "" where it runs."""
        there = torch()
        try:
            exec(code, {"torch": there, "nn": there.nn})  # the engine's own text
        except RuntimeError as error:
            return str(error)
        return ""

    @pytest.mark.oracle
    @pytest.mark.parametrize("misfit", ALL, ids=MISFITS)
    def test_its_code_raises_its_message_and_each_fix_runs(self, misfit: Misfit) -> None:
        assert self.run(misfit.code) == misfit.message
        for fix in misfit.fixes():
            assert self.run(fix.code) == "", fix.name

    @pytest.mark.oracle
    def test_random_misfits_are_what_torch_says_and_are_mended(self) -> None:
        rng = np.random.default_rng(5)
        done = 0
        while done < cases(300):
            misfit = random_misfit(rng)
            if misfit is None:
                continue
            assert self.run(misfit.code) == misfit.message, misfit
            for fix in misfit.fixes():
                assert self.run(fix.code) == "", (misfit, fix)
            done += 1

    @pytest.mark.oracle
    def test_the_layer_of_a_fix_has_the_shape_that_torch_gives(self) -> None:
        there = torch()
        for misfit in ALL:
            for fix in (fix for fix in misfit.fixes() if isinstance(fix.drawn, Placed)):
                room: dict[str, Any] = {"torch": there, "nn": there.nn}
                exec(fix.code, room)
                assert tuple(room["y"].shape[2:]) == fix.drawn.output

    @pytest.mark.oracle
    def test_the_current_forms_are_read(self) -> None:
        there = torch()
        zeros, nn = there.zeros, there.nn
        calls: dict[Callable[[], object], str] = {
            lambda: nn.Conv2d(1, 1, 3, padding=1, dilation=3)(zeros(1, 1, 2, 9)): "misfitwindow2d-i4x11-k7",
            lambda: nn.Conv1d(1, 1, 3)(zeros(1, 2)): "misfitwindow1d-i2-k3",
            lambda: nn.Linear(4096, 1000)(zeros(25088)): "misfitdense-i25088-f4096-o1000",
            lambda: nn.Linear(25088, 10)(zeros(2, 512, 7, 7)): "misfitdense-i7-f25088-n7168",
            lambda: nn.Conv2d(4, 64, 7, groups=2)(zeros(6, 24, 24)): "misfitmaps2d-i24-k7-c6-w4-o64-g2",
            lambda: nn.ConvTranspose2d(16, 8, 3)(zeros(8, 6, 24, 24)): "misfitmaps2d-i24-k3-c6-w16-o8-t1-n8",
            lambda: nn.AvgPool2d(2)(zeros(1, 64, 1, 1)): "misfitpool2d-i1-k2-c64",
            lambda: nn.MaxPool2d(3, 2)(zeros(1, 64, 2, 9)): "misfitpool2d-i2x9-k3-s2-c64",
            lambda: nn.AvgPool3d(2)(zeros(1, 64, 1, 4, 4)): "misfitpool3d-i1x4x4-k2",
            lambda: nn.AvgPool1d(2)(zeros(1, 64, 1)): "misfitpool2d-i1-k1x2-c64",
            lambda: zeros(1, 8, 32, 32) * zeros(1, 8, 30, 30): "misfitsum-a32-b30",
            lambda: zeros(1, 8, 32, 32) + zeros(1, 16, 32, 32): "misfitsum-a8-b16-d1",
            lambda: there.cat([zeros(1, 8, 64, 64), zeros(1, 9, 56, 56)], 1): "misfitcat-a64-b56",
        }
        for call, text in calls.items():
            with pytest.raises(RuntimeError) as raised:
                call()
            assert diagnosed(f"RuntimeError: {raised.value}") == from_text(text)


def random_misfit(rng: np.random.Generator) -> Misfit | None:
    """What does not fit, small enough to be tried; None where the numbers fit after all."""

    def n(most: int) -> int:
        return int(rng.integers(1, most + 1))

    dims = n(3)
    size, kernel = (tuple(n(6) for _ in range(dims)) for _ in range(2))
    groups, kind = n(3), int(rng.integers(len(KINDS)))
    made: list[Callable[[], Misfit]] = [
        lambda: WindowMisfit(size, kernel),
        lambda: PoolMisfit(size, kernel, n(4), n(4)),
        lambda: DenseMisfit(n(4) ** 2 * n(40), n(4) ** 2 * n(40), n(5), n(9)),
        lambda: MapsMisfit(size, kernel, n(6), groups * n(3), groups * n(3), groups, rows=n(3)),
        lambda: SumMisfit(n(40), n(40), n(5) - 1),
        lambda: CatMisfit(n(20), n(20), n(5) - 1, n(5) - 1, n(3)),
    ]
    try:
        return made[kind]()
    except LayerError:
        return None


def test_a_fix_is_a_plain_value() -> None:
    one, other = (WindowMisfit(2, 3).fixes()[0] for _ in range(2))
    assert isinstance(one, Fix) and one == other
