"""Lesson 12: what a kernel with a name does to a photograph."""

from convviz.lessons.lesson import Beat, Challenge, Goal, Lesson, Misconception, Prediction, Preset

OPENING = "conv2d-i256-k3-p1"
SMOOTH = "conv2d-i256-k5-p2"
STRIDED = "conv2d-i256-k4-s4-p1"
WRAPPED = "conv2d-i256-k3-p32-mcircular"
BARE = "conv2d-i256-k7-p3"
COLOURED = "conv2d-i256-k5-p2-c3-o3-g3"
MAN, CUP = "p3_0_0_512", "p4_0_0_400"
"""The bundled photographs, as small as the input."""

EDGE, BLUR, BOX, SAME = "kvertical", "kgaussian", "kbox", "kidentity"
EDGES, AGAIN = ("vertical", "horizontal", "outline"), ("sharpen", "emboss", "identity")
"""Kernels of which the weights add up to zero, and to one."""

MIDDLE = 20
"""The step at which the curtain stands in the middle."""

ON_EDGE = 121
"""A step that stops on an upright edge."""

CORNER = 0
"""The step that is nearest to a corner."""

ADDED = Prediction("output", ("unweighted", "flipped"))
SHRUNK = Prediction("size", ("fraction", "unstrided", "padded_out"))

LESSON = Lesson(
    name="filters",
    layer="conv",
    opening=OPENING,
    presets=(
        Preset("photo_edges", OPENING, MAN, EDGE),
        Preset("photo_blur", SMOOTH, MAN, BLUR),
        Preset("photo_colour", COLOURED, CUP, BLUR),
        Preset("photo_stride", "conv2d-i256-k3-s2-p1", MAN, BLUR),
        Preset("photo_zeros", BARE, MAN, BOX),
        Preset("photo_mirror", "conv2d-i256-k3-p32-mreflect", MAN, SAME),
        Preset("photo_wrap", WRAPPED, MAN, SAME),
        Preset("photo_dilated", "conv2d-i256-k3-p4-d4", MAN, "koutline"),
    ),
    views=("picture", "twice", "curtain"),
    beats=(
        Beat("window", OPENING, "picture", step=ON_EDGE, look="window", x=MAN, weight=EDGE, ask=ADDED),
        Beat("edges", OPENING, "picture", step=ON_EDGE, look="result", x=MAN, tries=EDGES),
        Beat("blur", SMOOTH, "curtain", step=MIDDLE, look="photo", x=MAN, weight=BLUR, stops=(0, MIDDLE, -1)),
        Beat("sharpen", OPENING, "picture", step=ON_EDGE, look="result", x=MAN, tries=AGAIN),
        Beat("twice", OPENING, "twice", step=ON_EDGE, look="result", x=MAN, weight=BLUR, then="vertical"),
        Beat("border", BARE, "picture", step=CORNER, look="window", x=MAN, weight=BOX, stops=(CORNER, ON_EDGE)),
        Beat("wrap", WRAPPED, "picture", step=ON_EDGE, look="result", x=MAN, weight=SAME),
        Beat("stride", STRIDED, "picture", step=ON_EDGE, look="result", x=MAN, weight=BOX, ask=SHRUNK),
        Beat("colour", COLOURED, "curtain", step=MIDDLE, look="photo", x=CUP, weight=BLUR),
    ),
    misconceptions=(
        Misconception("range", OPENING, "picture", step=ON_EDGE, look="result", x=MAN, weight=EDGE),
        Misconception("detail", OPENING, "curtain", step=MIDDLE, look="photo", x=MAN, weight="ksharpen"),
        Misconception("larger", SMOOTH, "picture", step=ON_EDGE, look="window", x=MAN, weight=BLUR),
    ),
    challenge=Challenge(
        "quarter",
        "conv2d-i256-k3-s4-p1",
        "picture",
        look="result",
        x=MAN,
        weight=BOX,
        goals=(
            Goal("input", "=", 256),
            Goal("output", "=", 64),
            Goal("unread", "=", 0),
        ),
    ),
    x=MAN,
    weight=EDGE,
    more=("dilation", "padding_mode", "flip"),
    photo=True,
    most=(("input_size", 1024), ("kernel_size", 9), ("padding", 64), ("stride", 8), ("dilation", 16)),
)
