"""What is wrong with the words of the command, in the form of every other error: what, value, why, nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

import click

from convviz.errors import LayerError
from convviz.layers import REGISTRY
from convviz.text import DEFAULT, LANGUAGES

EXAMPLES = {
    "input_size": "5",
    "kernel_size": "3",
    "in_features": "4",
    "out_features": "3",
    "output_size": "2",
    "padding": "0",
    "output_padding": "0",
    "padding_mode": "zeros",
    "folder": "classics",
    "out": "out.gif",
    "format": "gif",
    "view": "flat",
    "theme": "light",
    "language": "en",
    "step_ms": "600",
    "scale": "44",
    "speed": "2",
    "width": "800",
    "step": "0",
    "seed": "0",
    "dims": "2",
    "source": "resnet50",
    "input": "3x224x224",
    "one": "conv2d-i5-k3",
    "other": "conv2d-i5-k3-s2",
}
"""What an option that lacks its value may be given; any other: 1."""


def spoken(given: list[str]) -> str:
    """The language that the options ask for.

    >>> spoken(["gif", "conv", "--language", "zh"]), spoken(["--language=zh"]), spoken(["--language", "fr"])
    ('zh', 'zh', 'en')
    """
    words = [*given, ""]
    asked = [after for word, after in pairwise(words) if word == "--language"]
    asked += [word.removeprefix("--language=") for word in words if word.startswith("--language=")]
    return next((word for word in asked if word in LANGUAGES), DEFAULT)


def unknown_command(word: str, names: Iterable[str], nearest: str = "") -> LayerError:
    """There is no such command; nearest: one that is known to work, or the name that is most alike."""
    known = list(names)
    closest = nearest or (get_close_matches(word, known, 1, 0.4) or known)[0]
    return LayerError("command", "command", None, value=word, nearest=closest)


def told(error: click.UsageError) -> LayerError:
    """What is wrong with the words of a command.

    >>> told(click.NoSuchOption("--veiw")).text()
    'option: --veiw - there is no such option here - try --help'
    """
    if isinstance(error, click.NoSuchOption):
        return _no_option(error)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        example = EXAMPLES.get(error.param.name or "", "1")
        return LayerError("option_missing", "option", None, value=error.param.opts[-1], nearest=example)
    if isinstance(error, click.BadOptionUsage):
        if error.option_name in _flags():
            return LayerError("option_flag", "option", None, value=error.option_name, nearest=error.option_name)
        example = EXAMPLES.get(_argument(error.option_name), "1")
        return LayerError("option_empty", "option", None, value=error.option_name, nearest=example)
    if isinstance(error.ctx and error.ctx.command, click.Group):
        path = error.ctx.command_path if error.ctx else ""
        nearest = "convviz gif conv -i 5 -k 3" if path else "--help"
        return LayerError("command_missing", "command", None, value=path, nearest=nearest)
    return LayerError("option_value", "option", None, value="", why=error.format_message())


def _no_option(error: click.NoSuchOption) -> LayerError:
    """A name is taken for the one that is most alike; a single letter is not, for all are alike."""
    params = error.ctx.command.params if error.ctx else []
    names = [name for option in params for name in (*option.opts, *option.secondary_opts) if len(name) > 2]
    close = get_close_matches(error.option_name, names, 1, 0.6) if len(error.option_name) > 2 else []
    return LayerError("option", "option", None, value=error.option_name, nearest=(close or ["--help"])[0])


def surplus(words: list[str]) -> LayerError:
    """A word that belongs to no option."""
    return LayerError("word_surplus", "option", None, value=words[0])


def _flags() -> set[str]:
    """The options that take no value."""
    found = {"--once", "--tones", "--transparent", "--sum-line", "--help", "-h", "--version"}
    for parameter in (p for kind in REGISTRY for p in kind.parameter_list if p.kind == "flag"):
        long = re.sub("_", "-", parameter.name)
        found |= {f"-{parameter.letter}", f"--{long}", f"--no-{long}"}
    return found


def _argument(option: str) -> str:
    """The argument that an option sets."""
    letters = {p.letter: p.name for kind in REGISTRY for p in kind.parameter_list} | {"o": "out"}
    return letters.get(option[1:], option.lstrip("-").replace("-", "_"))


def number(text: str | None) -> Any:
    """A number where the text is one; else the text, for whoever takes it to refuse.

    >>> number("3"), number("0.5"), number("three")
    (3, 0.5, 'three')
    """
    for kind in (int, float):
        with suppress(ValueError, TypeError):
            return kind(text)  # type: ignore[arg-type]
    return text


class Picture(click.Command):
    """A command that draws: a word too many is told as such."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if ctx.args:
            raise surplus(ctx.args)
        return rest
