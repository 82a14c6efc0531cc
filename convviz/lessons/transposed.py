"""Lesson 2: from a small map to a large one, by sliding or by stamping."""

from convviz.lessons.lesson import QUESTION, Beat, Challenge, Goal, Lesson, Misconception, Prediction, Preset

OPENING = "tconv2d-i3-k3-s2"
CROPPED = "tconv2d-i3-k3-s2-p1"
SMALL = "tconv2d-i2-k3-s2"
"""As the opening, and small enough for pictures of several boards."""

DECODER = "conv2d-i11-k3-s2~conv2d-i5-k3-s2~tconv2d-i2-k3-s2~tconv2d-i5-k3-s2"
"""An encoder and the decoder that undoes its sizes."""

CLASSICS = (
    Preset("no_padding_no_strides_transposed", "tconv2d-i2-k3"),
    Preset("arbitrary_padding_no_strides_transposed", "tconv2d-i6-k4-p2"),
    Preset("same_padding_no_strides_transposed", "tconv2d-i5-k3-p1"),
    Preset("full_padding_no_strides_transposed", "tconv2d-i7-k3-p2"),
    Preset("no_padding_strides_transposed", "tconv2d-i2-k3-s2"),
    Preset("padding_strides_transposed", "tconv2d-i3-k3-s2-p1"),
    Preset("padding_strides_odd_transposed", "tconv2d-i3-k3-s2-p1-a1"),
)

FED = Prediction("outputs", ("stamped_close",))
CROPS = Prediction("size", ("padded_out", "uncropped", "cropped_once"))

LESSON = Lesson(
    name="transposed",
    layer="tconv",
    more=("output_padding", "dilation", "bias", "flip"),
    opening=OPENING,
    presets=(
        Preset("first", OPENING),
        *CLASSICS,
        Preset("checkerboard_uneven", "tconv2d-i4-k3-s2"),
        Preset("checkerboard_even", "tconv2d-i4-k4-s2-p1"),
        Preset("decoder", DECODER),
    ),
    stack_views=("stack", "coverage"),
    views=("stamp", "flat", "both", "isometric", "matrix", "coverage", "enlarge", "roundtrip"),
    beats=(
        Beat("stamp", OPENING, "stamp", step=4, look="product", stops=(QUESTION, 0, 1), ask=FED),
        Beat("crop", CROPPED, "stamp", step=0, look="cropped", ask=CROPS),
        Beat("spread", OPENING, "flat", step=16, look="inserted"),
        Beat("agree", SMALL, "both", step=12, look="current"),
        Beat("matrix", "tconv2d-i2-k3", "matrix", step=5, look="output"),
        Beat("back", DECODER, "stack", step=-1, look="output"),
        Beat("uneven", "tconv2d-i4-k3-s2", "coverage", look="heat"),
        Beat("even", "tconv2d-i4-k4-s2-p1", "coverage", look="heat"),
        Beat("otherwise", "tconv2d-i4-k3-s2", "enlarge", step=18, look="heat"),
    ),
    misconceptions=(
        Misconception("inverse", SMALL, "roundtrip", step=-1, look="output"),
        Misconception("padding", "tconv2d-i3-k3-s2-p2", "stamp", look="cropped"),
        Misconception("output_padding", "tconv2d-i3-k3-s2-p1-a1", "stamp", step=-1, look="extra"),
        Misconception("stride", OPENING, "flat", step=1, look="window"),
        Misconception("figures", SMALL, "both", step=12, look="current"),
    ),
    challenge=Challenge(
        "even",
        "tconv2d-i5-k3-s2",
        "coverage",
        look="heat",
        goals=(
            Goal("stride", "=", 2),
            Goal("output", "=", 10),
            Goal("overlap_most", "=", "overlap_least"),
        ),
    ),
)
