"""Lesson 5: what a convolution does with many channels, and what is saved when it mixes fewer of them."""

from convviz.lessons.lesson import QUESTION, Beat, Challenge, Goal, Lesson, Misconception, Prediction, Preset

OPENING = "conv2d-i5-k3-p1-c3-o4"
COLOURED = "conv2d-i20-k3-p1-c3-o2"
ASTRONAUT = "p2"
"""A photograph in red, green and blue, and a layer as large as shows it."""

GROUPED = "conv2d-i5-k3-p1-c4-o4-g2"
DEPTHWISE = "conv2d-i5-k3-p1-c3-o3-g3"
SIX = "conv2d-i5-k1-c6-o6-g2"
"""Two groups of three channels each."""

POINTWISE = "conv2d-i5-k1-c3-o4"

COUNTED = Prediction("weights", ("one_channel", "one_map", "shared_kernel"))
THROUGH = Prediction("inputs", ("one_of_the_channels",))
DIAGONAL = Prediction("weights", ("shared_kernel", "ordinary"), offered=True)

LESSON = Lesson(
    name="channels",
    layer="conv",
    dials=("in_channels", "out_channels", "groups", "kernel_size"),
    more=("input_size", "stride", "padding", "dilation", "padding_mode", "flip"),
    opening=OPENING,
    presets=(
        Preset("ordinary", OPENING),
        Preset("grouped", GROUPED),
        Preset("depthwise", DEPTHWISE),
        Preset("pointwise", POINTWISE),
        Preset("groups_six", SIX),
        Preset("channels_four", "conv2d-i4-k2-c4-o4"),
        Preset("channels_eight", "conv2d-i5-k3-p1-c8-o8-g8"),
    ),
    views=("channels", "slabs", "separable", "shuffle", "cost", "mobilenet"),
    beats=(
        Beat("deep", COLOURED, "channels", step=-1, look="kernel", x=ASTRONAUT, ask=COUNTED),
        Beat("sum", OPENING, "channels", step=6, look="product"),
        Beat("pointwise", POINTWISE, "channels", step=6, look="window", stops=(QUESTION, 12), ask=THROUGH),
        Beat("depthwise", DEPTHWISE, "channels", step=6, look="kernel", ask=DIAGONAL),
        Beat("groups", GROUPED, "channels", step=6, look="kernel"),
        Beat("pair", OPENING, "separable", step=6, look="output"),
        Beat("shuffle", SIX, "shuffle", step=2, look="window"),
        Beat("ratio", OPENING, "cost", step=13, look="current"),
        Beat("mobilenet", OPENING, "mobilenet", step=0, look="current"),
    ),
    misconceptions=(
        Misconception("one_kernel", DEPTHWISE, "channels", step=6, look="kernel"),
        Misconception("nothing", GROUPED, "channels", step=6, look="kernel"),
        Misconception("averaged", OPENING, "channels", step=6, look="product"),
        Misconception("scales", POINTWISE, "channels", step=6, look="product"),
    ),
    challenge=Challenge(
        "fewer",
        "conv2d-i5-k3-p1-c4-o6",
        "channels",
        look="kernel",
        goals=(
            Goal("channels", "=", 4),
            Goal("maps", "=", 6),
            Goal("kernel", "≥", 3),
            Goal("each", "≥", 2),
            Goal("weights", "≤", 108),
        ),
    ),
)
