"""Lesson 1: what an output cell is made of, and how many there are."""

from convviz.lessons.lesson import QUESTION, Beat, Challenge, Goal, Lesson, Misconception, Prediction, Preset

OPENING = "conv2d-i5-k3"
BAR = "hbar"
EDGE = "kvertical"
DOT = "himpulse"

ON_FACE = "conv2d-i32-k3"
FACE = "p0"
"""The bundled face, as small as the input."""

LAST = -1
"""The step at which the whole map is there."""

CLASSICS = (
    Preset("no_padding_no_strides", "conv2d-i4-k3"),
    Preset("arbitrary_padding_no_strides", "conv2d-i5-k4-p2"),
    Preset("same_padding_no_strides", "conv2d-i5-k3-p1"),
    Preset("full_padding_no_strides", "conv2d-i5-k3-p2"),
    Preset("no_padding_strides", "conv2d-i5-k3-s2"),
    Preset("padding_strides", "conv2d-i5-k3-s2-p1"),
    Preset("padding_strides_odd", "conv2d-i6-k3-s2-p1"),
)

ADDED = Prediction("output", ("unweighted", "flipped"))
FITS = Prediction("size", ("fraction", "ceiled", "unstrided"))

LESSON = Lesson(
    name="convolution",
    layer="conv",
    opening=OPENING,
    presets=(
        Preset("first", OPENING),
        *CLASSICS,
        Preset("reflect", "conv2d-i5-k3-p1-mreflect"),
        Preset("replicate", "conv2d-i5-k3-p1-mreplicate"),
        Preset("circular", "conv2d-i5-k3-p1-mcircular"),
        Preset("asymmetric", "conv2d-i5-k3-p2.0x1"),
        Preset("same_tensorflow", "conv2d-i6-k3-s2-psame"),
        Preset("flipped", "conv2d-i5-k3-f1"),
    ),
    views=("flat", "isometric", "matrix", "coverage"),
    beats=(
        Beat("cell", OPENING, "flat", step=2, look="product", x=BAR, weight=EDGE, stops=(QUESTION, 0, 1), ask=ADDED),
        Beat("map", OPENING, "flat", step=LAST, look="output", x=BAR, weight=EDGE),
        Beat("meaning", ON_FACE, "flat", step=LAST, look="output", x=FACE, tries=("vertical", "gaussian", "sharpen")),
        Beat("stride", "conv2d-i5-k3-s2", "flat", step=1, look="window", stops=(0, 1, 2, LAST)),
        Beat("padding", "conv2d-i5-k3-p1", "flat", step=1, look="padding", stops=(0, 1, LAST)),
        Beat("same", "conv2d-i5-k3-p1", "flat", step=0, look="padding"),
        Beat("floor", "conv2d-i6-k3-s2", "flat", step=3, look="unread", ask=FITS),
        Beat("shared", "conv2d-i5-k3-s2", "matrix", step=2, look="kernel", stops=(0, 1, 2, LAST)),
        Beat("flip", "conv2d-i5-k3-f1", "flat", step=LAST, look="output", x=DOT, weight="kemboss"),
    ),
    misconceptions=(
        Misconception("fraction", "conv2d-i6-k3-s2", "flat", step=1, look="unread"),
        Misconception("divide", "conv2d-i5-k3-s2", "flat", step=1, look="window"),
        Misconception("ceil", "conv2d-i7-k2-s2", "flat", step=2, look="unread"),
        Misconception("used", "conv2d-i6-k3-s2-p1", "flat", step=2, look="idle"),
    ),
    challenge=Challenge(
        "half",
        "conv2d-i12-k3-s2",
        "flat",
        look="unread",
        goals=(
            Goal("input", "=", 12),
            Goal("output", "=", 6),
            Goal("unread", "=", 0),
        ),
    ),
    x=BAR,
    weight=EDGE,
    tones=True,
)
