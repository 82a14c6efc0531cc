"""The options of the command: those of a layer's parameters, and those of the picture and its file."""

from __future__ import annotations

import click

from convviz.export.formats import FORMATS, SPEEDS, listed
from convviz.kernels import KERNELS
from convviz.layers import Parameter
from convviz.scene.moments import PACES
from convviz.scene.views import VIEWS
from convviz.text import LANGUAGES, say
from convviz.themes import THEMES

NAMES = tuple(one.name for one in FORMATS)
"""What --format may be."""

NUMBERS = ("step_ms", "speed", "scale", "width", "step")
"""The options of the picture that are numbers."""

RESERVED = "o"
"""The letter of --out: a parameter that has it too is written out."""


def layer_option(parameter: Parameter, needed: bool) -> click.Option:
    """The option of a layer's parameter."""
    long = f"--{parameter.name.replace('_', '-')}"
    short = [f"-{parameter.letter}"] if parameter.letter != RESERVED else []
    words = say(f"cli.value_{parameter.kind}", choices=", ".join(parameter.choices))
    if parameter.kind == "flag":
        return click.Option([*short, f"{long}/--no-{long[2:]}", parameter.name], default=None, help=words)
    return click.Option([*short, long, parameter.name], required=needed, metavar="VALUE", help=words)


def picture_options() -> list[click.Parameter]:
    """The options of every command that draws a layer."""
    return [
        click.Option(["-o", "--out", "out"], help=say("cli.out", choices=listed())),
        click.Option(["--format", "kind"], help=say("cli.format", choices=", ".join(NAMES))),
        click.Option(["--view"], help=say("cli.view", choices=", ".join(VIEWS))),
        click.Option(["--theme"], default="light", help=say("cli.theme", choices=", ".join(THEMES))),
        click.Option(["--tones"], is_flag=True, help=say("cli.tones")),
        click.Option(["--language"], default="en", help=say("cli.language", choices=", ".join(LANGUAGES))),
        click.Option(["--step-ms"], help=say("cli.step_ms")),
        click.Option(["--pace"], help=say("cli.pace", choices=", ".join(PACES))),
        click.Option(["--speed"], default="1", help=say("cli.speed", choices=", ".join(f"{one:g}" for one in SPEEDS))),
        click.Option(["--scale"], help=say("cli.scale")),
        click.Option(["--width"], help=say("cli.width")),
        click.Option(["--transparent"], is_flag=True, help=say("cli.transparent")),
        click.Option(["--sum-line"], is_flag=True, help=say("cli.sum_line")),
        click.Option(["--step"], help=say("cli.step")),
        click.Option(["--kernel"], help=say("cli.kernel", choices=", ".join(KERNELS))),
        click.Option(["--seed"], default="0", help=say("cli.seed")),
        click.Option(["--once"], is_flag=True, help=say("cli.once")),
    ]
