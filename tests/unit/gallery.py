"""The gallery: one picture of everything that a page can show, drawn once and gone through by every test that asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from convviz.errors import LayerError
from convviz.layers import (
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    MaxPool,
    PixelShuffle,
    Upsample,
)
from convviz.layers.elementwise import ReLU, Softmax
from convviz.layers.misfit import Misfit
from convviz.layers.notation import from_text
from convviz.layers.rearrange import Concat, Flatten
from convviz.lessons import LESSONS
from convviz.network import GatedConv, Network, spelled_of, stack_from_text, stack_to_text
from convviz.network.presets import BY_NAME
from convviz.page.values import Values
from convviz.run import Run, trace
from convviz.scene.build import scene
from convviz.scene.reader import reader_of
from convviz.scene.roles import SCALES
from convviz.scene.scene import Scene
from convviz.scene.views import VIEWS
from convviz.trace import Trace

OTHERS: tuple[Layer, ...] = (
    Conv((9,), 3, stride=2, padding="causal"),
    Conv((7,), 4, padding=((2, 1),), padding_mode="reflect", bias=True),
    Conv((5, 7), (2, 3), stride=(2, 1), padding=((0, 1), (2, 0)), dilation=(1, 2)),
    Conv(6, 4, stride=3, bias=True),
    Conv(4, 3, padding=2, padding_mode="circular", flip=True),
    Conv(4, 2, in_channels=2, out_channels=2, groups=2),
    Conv(4, 3, padding=1, in_channels=2, out_channels=3, bias=True),
    Conv((6,), 3, stride=2, in_channels=4, out_channels=4, groups=2),
    Conv(5, 2, dilation=2, in_channels=3, out_channels=3, groups=3, flip=True),
    Conv((3, 4, 3), 2),
    ConvTranspose((4,), 3, stride=2, padding=1, output_padding=1),
    ConvTranspose((2, 3), (3, 2), stride=(1, 3), bias=True),
    ConvTranspose(2, 2, stride=3, dilation=2),
    ConvTranspose(3, 2, stride=2, in_channels=2, out_channels=2),
    ConvTranspose((2, 2, 2), 2, stride=2, padding=1),
    MaxPool(5, 2),
    MaxPool(4, 3, stride=1, padding=1, channels=2),
    AvgPool(4, 3, stride=1, padding=1),
    AvgPool(4, 3, stride=1, padding=1, channels=2, count_include_pad=False),
    AdaptiveMaxPool(5, 3),
    AdaptiveMaxPool((4,), 6, channels=2),
    AdaptiveAvgPool((7, 5), (2, 1)),
    AdaptiveAvgPool((3, 4, 2), (2, 3, 1)),
    Upsample((3,), 3, "bilinear"),
    Upsample(3),
    Upsample((2, 3), (3, 2), "bilinear"),
    Upsample(3, 2, "bilinear", channels=2),
    Upsample((2, 1, 2), 2, "bilinear"),
    Upsample(11, 1, "bilinear"),
    PixelShuffle(2, 1),
    PixelShuffle((2, 3), 2, channels=2),
    Dense(4, 3),
)
"""What no lesson opens, but a link or Python can."""

PHOTOGRAPHED: tuple[Layer, ...] = (
    Conv(6, 3, padding=1),
    Conv((9,), 3, stride=2),
    Conv(5, 2, stride=2, in_channels=2),
    ConvTranspose(4, 3, stride=2, padding=1),
    MaxPool(6, 2),
    Upsample(4, 2, "bilinear"),
)
"""Layers that are also shown on a photograph, by every view that shows its pixels as greys."""

PHOTOGRAPH = Values("photo", (8, 86), tuple((7 + n, n * 255 // (SCALES["tone"] - 1)) for n in range(SCALES["tone"])))
"""A patch with pixels of every level, two of them typed over."""

STEPPED = tuple(view for view in VIEWS if not VIEWS[view].whole)
"""The views of traces; those of photographs are tested by themselves: see test_photo.py."""

TOLD = ("shuffle", "cost", "mobilenet")
"""Views that tell of a layer, but whose steps are not its own."""

POOLINGS = ("shift", "backward", "why")
"""Views of poolings that go by shifts, by what is handed back, or by what was measured."""

MOVED = ("moved", "follow", "shifts")
"""Views of a digit that is moved, which go by its places, or by how far it is moved."""
LEARNED = ("learning", "grouped")
"""Views of a kernel that is learned, whose steps are those of its training, or of a gradient: see test_learning.py."""

UNFIT = ("misfit",)
"""The view of what does not fit, whose steps are what mends it."""

MISFITS = (
    *("misfitwindow2d-i2-k3", "misfitwindow1d-i2-k3", "misfitwindow3d-i2-k3", "misfitwindow2d-i258x2-k3"),
    *("misfitwindow2d-i1024x2-k16", "misfitpool2d-i1-k2-c64", "misfitpool2d-i4-k7", "misfitpool3d-i1x4x4-k2"),
    *("misfitdense-i25088-f4096-o1000-n8", "misfitdense-i7-f25088-n7168", "misfitdense-i25088-f18432"),
    *("misfitdense-i30720-f512-o1000", "misfitdense-i12-f16-o4", "misfitmaps2d-i224-k7-c1-w3-o64"),
    *("misfitmaps2d-i24-k7-c6-w4-o64-g2", "misfitmaps2d-i424x3-k3-c361-w3-o10", "misfitmaps2d-i70-k7-c64-w1-o64"),
    *("misfitmaps2d-i24-k3-c6-w16-o8-t1", "misfitmaps1d-i24-k3-c4-w3", "misfitsum-a32-b30", "misfitsum-a56-b28"),
    *("misfitsum-a7-b8-d2", "misfitsum-a8-b16-d1", "misfitsum-a32-b30-d0", "misfitsum-a101-b20", "misfitsum-a4-b9"),
    *("misfitcat-a64-b56", "misfitcat-a4065-b4064", "misfitcat-a26-b27-n3", "misfitcat-a8-b9-d3-x1"),
    *("misfitcat-a2-b1-x0", "misfitcat-a9-b5", "misfitcat-a9-b5-d2-x3", "misfitcat-a6-b200-d0-x3"),
)
"""What does not fit, of every kind: along one axis or several, large and small, near and far apart."""

CHANNELS = ("channels", "slabs", "separable")
"""Views that take a layer of one channel, too, but are about several."""

NETWORKS = (
    Network([Conv((9,), 3, dilation=2), MaxPool((5,), 2, 1), ConvTranspose((4,), 2, stride=2)]),
    GatedConv((6,), 3, padding="causal", residual=True),
    GatedConv(4, 3, in_channels=2, out_channels=2, padding="same"),
    Network({"a": (Conv(4, 3, padding=1), "x"), "b": (MaxPool(4, 1), "x"), "both": (Concat(), ["a", "b"])}),
    Network([Conv(5, 3), ReLU(), Flatten(), Dense(9, 3), Softmax()]),
    Network([Upsample(3, 2, "bilinear"), Conv(6, 3, padding=1, out_channels=4), PixelShuffle(6, 2)]),
)
"""Networks that are no stack of a lesson: gates, residuals, branches, what has no window."""

BLOCKS = (
    GatedConv((6,), 2, in_channels=2, out_channels=2, padding="causal", residual=True, bias=True),
    GatedConv((9,), 3, stride=2, form="swapped"),
    GatedConv((6,), 3, padding="same", residual=True, form="tanh"),
    GatedConv(4, 3, padding=1, residual=True),
    GatedConv((3, 4), 2, form="one"),
)
"""Gated blocks that no lesson opens, in the views that they have."""

ROWS = ("strip", "paths", "versus", "needed", "curve")
"""The views of stacks along one axis: see test_strips.py."""

LEAST, MOST = 0, 5
"""The range of seeded inputs, as a page has it."""


@dataclass(frozen=True)
class Picture:
    """A layer (or a stack) in a view; x: the photograph that it is shown on, if any."""

    layer: Any
    view: str
    x: Values | None = None

    @cached_property
    def trace(self) -> Trace | Run:
        return trace(self.layer, None if self.x is None else self.x.array(self.layer.x_shape, LEAST, MOST))

    @cached_property
    def scene(self) -> Scene:
        return self.drawn()

    def drawn(self, language: str = "en") -> Scene:
        """The scene, laid out anew."""
        shown = self.trace if VIEWS[self.view].has_values(self.layer) else self.layer
        return scene(shown, self.view, language, **({} if self.x is None else {"pixels": True}))


FIXES = {"view", "stride", "layers", "padding", "residual", "form", "groups", "in_channels", "out_channels"}
"""What is set in place of a setting that a view has no place for."""


def _settings() -> list[Any]:
    texts = {preset.setting for lesson in LESSONS.values() if not lesson.photo for preset in lesson.presets}
    known = set(BY_NAME)  # too large for any view but those of tables and fields, which have tests of their own
    return [*map(stack_from_text, sorted(texts - known)), *OTHERS]


PLANNED = ("table", "field")
"""Views of whole networks, told from sizes alone: drawn for the settings of the lessons that edit networks."""

EDITED = {preset.setting for lesson in LESSONS.values() if lesson.edits for preset in lesson.presets}


def _apart(layer: Any, view: str) -> bool:
    """Whether a layer is drawn for the gallery in a view: those of several channels are for several channels, and the
    network that reads digits has larger pictures than its boards in a row."""
    if isinstance(layer, Misfit):
        return view in UNFIT
    if reader_of(layer):
        return view != "stack" and view not in PLANNED
    if view in PLANNED or (getattr(layer, "nodes", None) and stack_to_text(layer) in EDITED):
        return view in (*PLANNED, "coverage") and stack_to_text(layer) in EDITED
    return (
        view not in (*CHANNELS, *TOLD)
        or layer.layers[0].x_shape[0] > 1
        or getattr(layer.layers[-1], "y_shape", (1,))[0] > 1
    )


def _gallery() -> dict[str, Picture]:
    """Every setting in every view that has a place for it, under its name."""
    pictures = [Picture(layer, view) for layer in _settings() for view in STEPPED if _apart(layer, view)]
    pictures += [Picture(network, "stack") for network in NETWORKS]
    pictures += [Picture(block, view) for block in BLOCKS for view in STEPPED if view not in PLANNED]
    pictures += [Picture(layer, view, PHOTOGRAPH) for layer in PHOTOGRAPHED for view in STEPPED if VIEWS[view].pixels]
    pictures += [Picture(from_text(text), "misfit") for text in MISFITS]
    drawn = {}
    for picture in pictures:
        try:
            assert picture.scene.steps
        except LayerError as error:
            assert error.fix.keys() <= FIXES, error
            continue
        drawn[f"{named(picture.layer)}:{picture.view}{':photograph' if picture.x else ''}"] = picture
    return drawn


def named(layer: Any) -> str:
    """A layer's or a stack's text; of another network, the names of its nodes."""
    if isinstance(layer, Network) and not layer.sequence and not spelled_of(layer) and layer in NETWORKS:
        return "+".join(node.name for node in layer.nodes)
    return stack_to_text(layer)


GALLERY = _gallery()
