"""The `convviz` command. Its options are made from the layers' parameters, its words come from the catalogue."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import click

from convviz.classics import CLASSICS
from convviz.errors import LayerError
from convviz.export.name import file_name
from convviz.export.save import save
from convviz.layers import REGISTRY, Layer, Parameter
from convviz.layers.notation import value_from_text
from convviz.network import Network, stack_from_text
from convviz.scene.build import scene
from convviz.scene.views import VIEWS
from convviz.text import LANGUAGES, say
from convviz.themes import THEMES
from convviz.trace import trace

ALIASES = {"conv-transpose": "tconv"}
"""Other names of layers; the first names are their kinds."""

READ = ("size", "padding", "count")
"""The kinds of parameters whose words are read as numbers; the others are given as they are."""

_RESERVED = "o"
"""The letter of --out: a parameter that has it too is written out."""


def main(args: list[str] | None = None) -> int:
    """Run the command with `args` (without: those of the process) and return its exit code: 0, or 2 for wrong input.

    >>> main(["gif", "conv2d-i5-k9", "-o", "never.gif"])
    2
    """
    try:
        code = command.main(args=args, prog_name="convviz", standalone_mode=False)
    except LayerError as error:
        click.echo(str(error), err=True)
        return 2
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 130
    except OSError as error:
        click.echo(say("cli.not_written", path=error.filename or "", why=error.strerror or str(error)), err=True)
        return 1
    return code if isinstance(code, int) else 0


@click.group(help=say("cli.help"), context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    pass


@command.command(help=say("cli.classics"))
@click.option("--out", "folder", type=click.Path(path_type=Path), required=True, help=say("cli.folder"))
def classics(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pictures = [(name, scene(layer, view="isometric", plain=True)) for name, layer in CLASSICS]
    frames = sum(picture.steps for _, picture in pictures)
    done = 0
    with _progress("classics") as progress:
        for name, picture in pictures:
            before = done

            def tell(frame: int, _: int, before: int = before) -> None:
                progress(before + frame, frames)

            save(picture, folder / f"{name}.gif", theme="classic", progress=tell)
            done += picture.steps


class Layers(click.Group):
    """A command for each kind of layer, and one for any layer's text."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*(kind.kind for kind in REGISTRY), *ALIASES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = ALIASES.get(cmd_name, cmd_name)
        kind = next((kind for kind in REGISTRY if kind.kind == name), None)
        if kind is not None:
            return _kind_command(cmd_name, kind)
        if any(letter.isdigit() for letter in cmd_name) or "-" in cmd_name:
            return click.Command(cmd_name, params=_picture_options(), callback=_text_callback(cmd_name))
        return None


@command.group(cls=Layers, help=say("cli.gif"), subcommand_metavar="LAYER [OPTIONS]")
def gif() -> None:
    pass


def _kind_command(name: str, kind: Any) -> click.Command:
    needed = {f.name for f in fields(kind) if f.default is MISSING}
    own: list[click.Parameter] = [_layer_option(p, p.name in needed) for p in kind.parameter_list]
    if kind.shared:
        own.append(click.Option(["--dims"], type=click.IntRange(1, 3), help=say("cli.dims")))

    def callback(dims: int | None = None, **given: Any) -> None:
        layer = from_options(kind, {p.name: given.pop(p.name) for p in kind.parameter_list}, dims)
        _draw(layer, **given)

    return click.Command(name, params=own + _picture_options(), callback=callback, help=say(f"cli.kind_{kind.kind}"))


def _layer_option(parameter: Parameter, needed: bool) -> click.Option:
    long = f"--{parameter.name.replace('_', '-')}"
    short = [f"-{parameter.letter}"] if parameter.letter != _RESERVED else []
    words = say(f"cli.value_{parameter.kind}", choices=", ".join(parameter.choices))
    if parameter.kind == "flag":
        return click.Option([*short, f"{long}/--no-{long[2:]}", parameter.name], default=None, help=words)
    return click.Option([*short, long, parameter.name], required=needed, metavar="VALUE", help=words)


def from_options(kind: Any, given: dict[str, Any], dims: int | None = None) -> Layer:
    """The layer of the options' words: of as many axes as asked for, or as a value has entries, or else of two.

    Raises LayerError that names the option which cannot be read.

    >>> from convviz.layers import Conv
    >>> from_options(Conv, {"input_size": "5x7", "kernel_size": "3", "bias": True}).input_size
    (5, 7)
    """
    said = {
        parameter: given[parameter.name] for parameter in kind.parameter_list if given.get(parameter.name) is not None
    }
    counts = [text.count("x") + 1 for parameter, text in said.items() if parameter.kind in ("size", "padding")]
    axes = dims or (min(max(counts), 3) if max(counts, default=1) > 1 else 2)
    arguments = {
        parameter.name: value_from_text(parameter, word, axes) if parameter.kind in READ else word
        for parameter, word in said.items()
    }
    layer: Layer = kind(**arguments)
    return layer


def _text_callback(text: str) -> Callable[..., None]:
    def callback(**given: Any) -> None:
        _draw(stack_from_text(text), **given)

    return callback


def _picture_options() -> list[click.Parameter]:
    return [
        click.Option(["-o", "--out", "out"], type=click.Path(path_type=Path), help=say("cli.out")),
        click.Option(["--view"], help=say("cli.view", choices=", ".join(VIEWS))),
        click.Option(["--theme"], default="light", help=say("cli.theme", choices=", ".join(THEMES))),
        click.Option(["--language"], default="en", help=say("cli.language", choices=", ".join(LANGUAGES))),
        click.Option(["--step-ms"], type=int, help=say("cli.step_ms")),
        click.Option(["--scale"], type=float, help=say("cli.scale")),
        click.Option(["--step"], type=int, help=say("cli.step")),
        click.Option(["--seed"], type=int, default=0, help=say("cli.seed")),
    ]


def _draw(layer: Layer | Network, out: Path | None, seed: int, **options: Any) -> None:
    out = out or Path(file_name(layer, ".gif", options["view"] or ""))
    with _progress(out.name) as progress:
        shown = layer if isinstance(layer, Network) else trace(layer, seed=seed)
        save(shown, out, progress=progress, **options)


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], object]]:
    """A progress bar on the terminal; silence where there is none."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show


if __name__ == "__main__":
    sys.exit(main())
