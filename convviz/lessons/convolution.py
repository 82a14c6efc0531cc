"""Lesson 1: what an output cell is made of, and how many there are."""

from convviz.lessons.lesson import Beat, Lesson, Misconception, Preset

OPENING = "conv2d-i5-k3-s2-p1"

ON_FACE = "conv2d-i18-k3"
FACE = "p0"
"""The bundled face, as small as the input."""

LAST = 255
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

LESSON = Lesson(
    name="convolution",
    layer="conv",
    opening=OPENING,
    presets=(
        *CLASSICS,
        Preset("reflect", "conv2d-i5-k3-p1-mreflect"),
        Preset("replicate", "conv2d-i5-k3-p1-mreplicate"),
        Preset("circular", "conv2d-i5-k3-p1-mcircular"),
        Preset("asymmetric", "conv2d-i5-k3-p2.0x1"),
        Preset("same_tensorflow", "conv2d-i6-k3-s2-psame"),
        Preset("flipped", "conv2d-i5-k3-s2-p1-f1"),
    ),
    views=("flat", "isometric", "matrix", "coverage"),
    beats=(
        Beat("sum", OPENING, "flat", step=4, look="product"),
        Beat("edges", ON_FACE, "flat", step=LAST, look="kernel", x=FACE, weight="kvertical"),
        Beat("blur", ON_FACE, "flat", step=LAST, look="kernel", x=FACE, weight="kgaussian"),
        Beat("stride", OPENING, "flat", step=5, look="window"),
        Beat("padding", OPENING, "flat", step=0, look="padding"),
        Beat("same", "conv2d-i5-k3-p1", "flat", step=0, look="padding"),
        Beat("floor", "conv2d-i6-k3-s2", "flat", step=3, look="unread"),
        Beat("shared", "conv2d-i5-k3-s2", "matrix", step=2, look="kernel"),
        Beat("flip", "conv2d-i5-k3-s2-p1-f1", "flat", step=4, look="kernel"),
    ),
    misconceptions=(
        Misconception("fraction", "conv2d-i6-k3-s2", "flat"),
        Misconception("divide", "conv2d-i5-k3-s2", "flat"),
        Misconception("ceil", "conv2d-i7-k2-s2", "flat"),
        Misconception("used", "conv2d-i6-k3-s2-p1", "flat"),
    ),
)
