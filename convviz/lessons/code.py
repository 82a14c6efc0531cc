"""Code to copy: what a lesson shows, in the words of the frameworks. Tests run each text and compare it with ours."""

from __future__ import annotations

from convviz.lessons.lesson import Code

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
