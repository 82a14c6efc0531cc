"""Code to copy: what a lesson shows, in the words of the frameworks. Tests run each text and compare it with ours."""

from __future__ import annotations

from convviz.lessons.lesson import Code
from convviz.recognising import CLASSES, KERNEL, MAPS, POOL, SIZE, UNITS

GLU_PYTORCH = Code(
    "glu_pytorch",
    """\
from torch import nn
from torch.nn import functional as F


class GatedConv(nn.Module):
    def __init__(self, channels, kernel_size):
        super().__init__()
        self.past = kernel_size - 1
        self.both = nn.Conv1d(channels, 2 * channels, kernel_size, bias=False)

    def forward(self, x):
        halves = self.both(F.pad(x, (self.past, 0)))
        return F.glu(halves, dim=1)
""",
)

RESIDUAL_PYTORCH = Code(
    "residual_pytorch",
    GLU_PYTORCH.text.replace("class GatedConv", "class GatedBlock").replace("return F.glu", "return x + F.glu"),
)

GLU_TENSORFLOW = Code(
    "glu_tensorflow",
    """\
import tensorflow as tf


def gated_conv(x, w, v):
    x = tf.pad(x, [[0, 0], [w.shape[0] - 1, 0], [0, 0]])
    value = tf.nn.conv1d(x, w, stride=1, padding="VALID")
    gate = tf.nn.conv1d(x, v, stride=1, padding="VALID")
    return tf.multiply(value, tf.sigmoid(gate))
""",
)

DIGITS_PYTORCH = Code(
    "digits_pytorch",
    f"""\
from torch import nn

dense = nn.Sequential(
    nn.Flatten(),
    nn.Linear({SIZE**2}, {UNITS}),
    nn.ReLU(),
    nn.Linear({UNITS}, {CLASSES}),
)
flatten = nn.Sequential(
    nn.Conv2d(1, {MAPS["flatten"]}, {KERNEL}, padding={KERNEL // 2}),
    nn.ReLU(),
    nn.MaxPool2d({POOL}),
    nn.Flatten(),
    nn.Linear({MAPS["flatten"] * (SIZE // POOL) ** 2}, {CLASSES}),
)
global_max = nn.Sequential(
    nn.Conv2d(1, {MAPS["global"]}, {KERNEL}, padding={KERNEL // 2}),
    nn.ReLU(),
    nn.AdaptiveMaxPool2d(1),
    nn.Flatten(),
    nn.Linear({MAPS["global"]}, {CLASSES}),
)
""",
)

READER_PYTORCH = Code(
    "reader_pytorch",
    """\
from torch import nn

reader = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(288, 10),
    nn.Softmax(dim=1),
)
""",
)

LEARNED_NUMPY = Code(
    "learned_numpy",
    """\
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def learn(x, target, kernel, learning_rate, steps):
    for _ in range(steps):
        windows = sliding_window_view(x, kernel.shape)
        error = (windows * kernel).sum(axis=(-2, -1)) - target
        gradient = 2 * np.einsum("ij,ijkl->kl", error, windows)
        kernel = kernel - learning_rate * gradient
    return kernel
""",
)
