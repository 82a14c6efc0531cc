"""Lesson 4: convolution along one axis, causal layers, and how far a stack of them sees."""

from convviz.lessons.lesson import QUESTION, Beat, Challenge, Goal, Lesson, Misconception, Prediction, Preset

DOUBLED = tuple(2**n for n in range(10))
"""The rates of WaveNet's block (van den Oord et al., 2016)."""


def _causal(size: int, kernel_size: int, rates: tuple[int, ...]) -> str:
    """A stack whose layers read only the present and the past."""
    parts = [f"conv1d-i{size}-k{kernel_size}-pcausal" + (f"-d{rate}" if rate > 1 else "") for rate in rates]
    return "~".join(parts)


def _ending(kernel_size: int, rates: tuple[int, ...]) -> str:
    """A stack without padding that ends in one output."""
    size, parts = 1, []
    for rate in reversed(rates):
        size += rate * (kernel_size - 1)
        parts.append(f"conv1d-i{size}-k{kernel_size}" + (f"-d{rate}" if rate > 1 else ""))
    return "~".join(reversed(parts))


OPENING = _causal(16, 2, DOUBLED[:4])
WIDER = _causal(16, 3, DOUBLED[:3])
BLOCK = _causal(1024, 2, DOUBLED)
BLOCKS = _causal(3070, 2, DOUBLED * 3)
GAPS = _ending(3, (2, 2, 2))
FILLED = _ending(3, (1, 2, 5))
SERIES = "conv1d-i96-k9-psame"
CYCLE = "conv1d-i96-k3-pcausal~conv1d-i96-k2-pcausal-d3~conv1d-i96-k2-pcausal-d6"
"""Every year of twelve once: a little more than a cycle of the sun."""

ONES = "v7_1_1_1_1_1_1_1"
"""Every weight is one: what comes out is the sum of all that is seen."""

STOPS = Prediction("size", ("apart", "untouched"))
PAST = Prediction("inputs", ("centred", "onward"))
LEFT_OUT = Prediction("read", ("whole_field", "multiplied_kernels"))

LESSON = Lesson(
    name="sequences",
    layer="conv",
    dials=("input_size", "kernel_size", "stride", "dilation"),
    more=("padding", "padding_mode", "bias", "flip"),
    opening=OPENING,
    presets=(
        Preset("doubled", OPENING),
        Preset("even", _causal(16, 2, (1, 1, 1, 1))),
        Preset("sliding", "conv1d-i9-k3"),
        Preset("causal", "conv1d-i9-k3-pcausal"),
        Preset("strided", "conv1d-i16-k3-s2-psame~conv1d-i8-k3-s2-psame"),
        Preset("gaps", GAPS),
        Preset("filled", FILLED),
        Preset("block", BLOCK),
        Preset("blocks", BLOCKS),
    ),
    views=("strip", "flat", "curve", "paths", "matrix"),
    stack_views=("strip", "versus", "paths", "needed", "curve", "coverage"),
    beats=(
        Beat("slide", "conv1d-i9-k3", "strip", step=3, look="window", stops=(QUESTION, 0, -1), ask=STOPS),
        Beat("causal", "conv1d-i9-k3-pcausal", "flat", step=1, look="padding", stops=(QUESTION, 0), ask=PAST),
        Beat("stack", OPENING, "strip", step=-1, look="window"),
        Beat("linear", OPENING, "versus", step=-1, look="current"),
        Beat("paths", WIDER, "paths", step=-1, look="window"),
        Beat("gaps", GAPS, "strip", step=0, look="window", ask=LEFT_OUT),
        Beat("block", BLOCK, "strip", step=-1, look="current"),
        Beat("series", SERIES, "curve", step=60, look="window", x="y0", tries=("box", "gaussian", "vertical")),
        Beat("needed", OPENING, "needed", step=-1, look="unread"),
    ),
    misconceptions=(
        Misconception("blocks", BLOCKS, "strip", step=-1, look="current"),
        Misconception("equal", WIDER, "paths", step=-1, look="window"),
        Misconception("long", CYCLE, "curve", step=60, look="window", x="y0", weight=ONES),
    ),
    challenge=Challenge(
        "far",
        _causal(32, 2, (1, 1, 1, 1)),
        "strip",
        step=-1,
        look="window",
        goals=(
            Goal("field", "≥", 24),
            Goal("weights", "≤", 12),
            Goal("gaps", "=", 0),
            Goal("future", "=", 0),
        ),
    ),
    weight=ONES,
)
