"""Lesson 3: a wider field with the same weights, and the holes that a stack can leave."""

from convviz.lessons.lesson import QUESTION, Beat, Challenge, Goal, Lesson, Misconception, Prediction, Preset

OPENING = "conv2d-i7-k3-d2"

CLASSICS = (Preset("dilation", OPENING),)

GRIDDING = "conv2d-i13-k3-d2~conv2d-i9-k3-d2~conv2d-i5-k3-d2"
"""One rate three times: one output reads only every second input."""

COVERING = "conv2d-i17-k3~conv2d-i15-k3-d2~conv2d-i11-k3-d5"
"""Rates 1, 2, 5: one output reads every input of its field."""

SKIPS = Prediction("inputs", ("adjacent", "spanned"))
SPANS = Prediction("size", ("undilated", "multiplied"))

LESSON = Lesson(
    name="dilated",
    layer="conv",
    dials=("input_size", "kernel_size", "dilation", "padding"),
    more=("stride", "padding_mode", "bias", "flip"),
    opening=OPENING,
    presets=(
        *CLASSICS,
        Preset("dilation_none", "conv2d-i7-k3"),
        Preset("dilation_wide", "conv2d-i9-k3-d3"),
        Preset("gridding", GRIDDING),
        Preset("covering", COVERING),
    ),
    views=("flat", "isometric", "matrix", "coverage"),
    beats=(
        Beat("apart", OPENING, "flat", step=4, look="kernel", stops=(QUESTION, 0), ask=SKIPS),
        Beat("cost", "conv2d-i7-k3", "flat", step=12, look="product"),
        Beat("size", "conv2d-i8-k3-d2", "flat", step=5, look="window", stops=(QUESTION, 0, -1), ask=SPANS),
        Beat("filled", OPENING, "coverage", look="input"),
        Beat("gridding", GRIDDING, "coverage", step=-1, look="unread"),
        Beat("rates", COVERING, "coverage", step=-1, look="window"),
    ),
    misconceptions=(
        Misconception("zeros", OPENING, "flat", look="kernel"),
        Misconception("stride", OPENING, "flat", step=1, look="window"),
        Misconception("cost", "conv2d-i9-k3-d3", "flat", look="product"),
    ),
    challenge=Challenge(
        "same",
        OPENING,
        "flat",
        look="window",
        goals=(
            Goal("kernel", "=", 5),
            Goal("dilation", "=", 2),
            Goal("output", "=", "input"),
        ),
    ),
)
